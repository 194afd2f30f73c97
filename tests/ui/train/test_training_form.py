"""The form of a training, driven as a person would."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.files import user_folder
from mnist_desktop.trainer.progress import TrainingSettings
from mnist_desktop.trainer.recipes import RECIPES
from mnist_desktop.ui.train.controls import State
from mnist_desktop.ui.train.page import TrainPage
from tests.ui.train.page_helpers import LEFT, click, result, start
from tests.ui.train.training_reports import reports


def test_without_a_dataset_the_page_offers_to_choose_one(qtbot: QtBot, page: TrainPage) -> None:
    assert not page.controls.start_button.isEnabled()
    assert page.form.dataset_name.full_text() == "No dataset is open"
    with qtbot.waitSignal(page.dataset_wanted):
        click(qtbot, page.form.choose_button)


def test_start_asks_for_what_the_form_says(
    qtbot: QtBot, page: TrainPage, digits: Dataset, tmp_path: Path
) -> None:
    page.set_dataset(digits)
    page.form.recipes.choose("quick")
    qtbot.mouseClick(page.form.fold, LEFT)
    fields = page.form.advanced
    assert fields.isVisible()
    fields.epochs.setValue(3)
    fields.seed.setValue(41)
    fields.threads.setValue(1)
    fields.validation.setValue(20)
    fields.output.selectAll()
    qtbot.keyClicks(fields.output, str(tmp_path / "mine.onnx"))
    settings = start(qtbot, page)
    assert settings == TrainingSettings(
        dataset=digits,
        output=tmp_path / "mine.onnx",
        recipe=RECIPES["quick"],
        seed=41,
        epochs=3,
        threads=1,
        validation=0.2,
    )
    assert page.state is State.STARTING


def test_untouched_fields_leave_the_choice_to_the_recipe(
    qtbot: QtBot, page: TrainPage, digits: Dataset
) -> None:
    page.set_dataset(digits)
    settings = start(qtbot, page)
    assert (settings.epochs, settings.threads, settings.validation) == (None, None, None)
    assert settings.recipe == RECIPES["standard"]
    assert settings.output.parent == user_folder() / "models"
    assert "standard" in settings.output.name


def test_what_goes_on_from_a_model_is_not_offered_where_none_is_chosen(page: TrainPage) -> None:
    offered = set(page.form.recipes.recipes)
    assert offered == {name for name, recipe in RECIPES.items() if not recipe.goes_on}
    assert "fine-tune" in RECIPES.keys() - offered


def test_a_click_on_a_summary_chooses_the_recipe(qtbot: QtBot, page: TrainPage) -> None:
    rows = page.form.recipes.findChildren(QWidget, "recipe_summary")
    summary = next(w for w in rows if w.label.text() == RECIPES["thorough"].summary)
    qtbot.mouseClick(summary, LEFT)
    chosen = page.form.recipes.chosen()
    assert chosen is not None
    assert chosen.name == "thorough"
    assert page.form.advanced.epochs.text().startswith(str(RECIPES["thorough"].epochs))


def test_a_file_that_exists_is_not_suggested_and_is_warned_of(
    page: TrainPage, digits: Dataset
) -> None:
    page.set_dataset(digits)
    first = page.form.advanced.output_path()
    first.parent.mkdir(parents=True)
    first.write_bytes(b"a model")
    page.form.renew_output()
    assert page.form.advanced.output_path() == first.with_stem(first.stem + "-2")
    page.form.advanced.output.setText(str(first))
    assert "will be replaced" in page.form.advanced.output_problem.text()
    assert page.controls.start_button.isEnabled()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Name the file"),
        ("model.txt", "end in .onnx"),
        ("relative.onnx", "whole path"),
        ("{folder}/a.onnx", "a folder"),
        ("{folder}/file/m.onnx", "is a file"),
    ],
)
def test_an_output_that_cannot_be_written_is_told_beside_the_field(
    page: TrainPage, digits: Dataset, tmp_path: Path, name: str, said: str
) -> None:
    (tmp_path / "a.onnx").mkdir()
    (tmp_path / "file").write_bytes(b"")
    page.set_dataset(digits)
    page.form.advanced.output.setText(name.format(folder=tmp_path))
    problem = page.form.advanced.output_problem
    assert said in problem.text()
    assert problem.isVisible()
    assert not page.controls.start_button.isEnabled()


def test_datasets_that_teach_nothing_are_told_beside_the_name(
    page: TrainPage, digits: Dataset
) -> None:
    page.set_dataset(replace(digits, labels=None))
    assert "no labels" in page.form.dataset_problem.text()
    assert not page.controls.start_button.isEnabled()
    page.set_dataset(digits.select(np.flatnonzero(digits.labels == 3)))
    assert "one class" in page.form.dataset_problem.text()
    page.set_dataset(digits)
    assert not page.form.dataset_problem.isVisible()
    assert page.controls.start_button.isEnabled()


def test_training_on_a_test_split_is_warned_of(page: TrainPage, digits: Dataset) -> None:
    page.set_dataset(replace(digits, split="test"))
    assert "test split" in page.form.dataset_problem.text()
    assert page.controls.start_button.isEnabled()


def test_images_too_small_for_a_recipe_are_told(page: TrainPage) -> None:
    labels = np.arange(40) % 2
    tiny = Dataset("tiny", np.zeros((40, 3, 3), np.uint8), labels, ("a", "b"))
    page.form.recipes.choose("keras-rmsprop")
    page.set_dataset(tiny)
    assert "at least" in page.form.recipe_problem.text()
    assert not page.controls.start_button.isEnabled()
    page.form.recipes.choose("standard")
    assert not page.form.recipe_problem.isVisible()


def test_only_a_fitting_test_split_is_used(qtbot: QtBot, page: TrainPage, digits: Dataset) -> None:
    page.set_dataset(digits)
    page.set_test_dataset(replace(digits, class_names=tuple("abcdefghij")))
    assert "No test split" in page.form.dataset_facts.text()
    test = digits.select(slice(0, 50))
    page.set_test_dataset(test)
    assert "Tested at the end on 50" in page.form.dataset_facts.text()
    assert start(qtbot, page).test is test


def test_an_autoencoder_needs_no_labels_but_fitting_images(
    qtbot: QtBot, page: TrainPage, digits: Dataset
) -> None:
    page.set_dataset(replace(digits, labels=None))
    page.form.recipes.choose("autoencoder")
    assert not page.form.dataset_problem.isVisible()
    odd = Dataset("odd", np.zeros((40, 27, 30), np.uint8), None, ("a", "b"))
    page.set_dataset(odd)
    assert page.form.recipe_problem.isVisible()
    assert not page.controls.start_button.isEnabled()
    page.set_dataset(digits)
    page.set_test_dataset(digits.select(slice(0, 50)))
    assert start(qtbot, page).test is None
    page.on_started()
    for report in reports(validation=lambda e: None):
        page.on_progress(report)
    assert not page.training_chart.curves.answers
    page.on_finished(result(test_accuracy=None, validation_accuracy=None, decoder=Path("d.onnx")))
    assert "pad" not in page.message._advice.text()


def test_choices_come_back_at_the_next_start(
    qtbot: QtBot, page: TrainPage, digits: Dataset
) -> None:
    page.set_dataset(digits)
    page.form.recipes.choose("thorough")
    page.form.advanced.epochs.setValue(7)
    page.form.advanced.validation.setValue(0)
    page.form.advanced.seed.setValue(5)
    with qtbot.waitSignal(page.choices_changed) as told:
        start(qtbot, page)
    later = TrainPage()
    qtbot.addWidget(later)
    later.set_choices(told.args[0])
    assert later.form.choices() == page.form.choices()
    assert later.form.choices().epochs == 7


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[1]",
        '{"epochs": "many", "recipe": 3}',
        '{"seed": 1e99}',
        f'{{"seed": {10**30}}}',
        "{" * 9999,
    ],
)
def test_broken_choices_count_as_never_made(page: TrainPage, text: str) -> None:
    before = page.form.choices()
    page.set_choices(text)
    assert page.form.choices() == before
