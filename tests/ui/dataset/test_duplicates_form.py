"""What is chosen before duplicates are looked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from mnist_desktop.ui.dataset.duplicates_choices import DuplicatesChoices
from mnist_desktop.ui.dataset.duplicates_form import DuplicatesForm
from tests.ui.helpers import on_screen


@pytest.fixture
def form(app: QApplication) -> Iterator[DuplicatesForm]:
    """Return the form on the screen."""
    yield from on_screen(DuplicatesForm(), width=892, height=48)


def test_the_other_split_is_offered_where_there_is_one(form: DuplicatesForm) -> None:
    form.set_splits("MNIST · train", "MNIST · test")
    assert form.scope.currentText() == "With MNIST · test"
    assert form.choices().both
    form.scope.setCurrentIndex(1)
    assert not form.choices().both
    form.set_splits("other · train", "other · test")
    assert form.scope.currentText() == "Within this dataset"


def test_a_dataset_without_another_split_keeps_the_choice(form: DuplicatesForm) -> None:
    form.set_splits("one", "")
    assert [form.scope.itemText(0), form.scope.count()] == ["one", 1]
    assert form.choices().both
    form.set_splits("MNIST · train", "MNIST · test")
    assert form.scope.currentText() == "With MNIST · test"


def test_choices_survive_as_text() -> None:
    choices = DuplicatesChoices(both=False, level="alike", moved=True)

    assert DuplicatesChoices.from_text(choices.to_text()) == choices
    assert choices.threshold == 0.2


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"both": 1, "level": "exact", "moved": true}',
     '{"both": true, "level": ["exact"], "moved": true}',
     '{"both": true, "level": "no", "moved": true}', "null"],
)  # fmt: skip
def test_broken_settings_are_the_usual_choices(text: str) -> None:
    assert DuplicatesChoices.from_text(text) == DuplicatesChoices()
