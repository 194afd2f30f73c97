"""Duplicates looked for in the real window, from the menu to the written files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import open_dataset
from mnist_desktop.ui.dataset.duplicates_view import DuplicatesView
from mnist_desktop.ui.dataset.page import DatasetPage
from mnist_desktop.ui.program import Program
from tests.unit.datasets.twins import planted
from tests.unit.test_cli_duplicates import write

Button = Qt.MouseButton


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Return the images files of two splits with planted duplicates."""
    train, test = planted()
    return write(tmp_path, train, "train"), write(tmp_path, test, "t10k")


@pytest.fixture
def opened(start: Callable[..., Program], qtbot: QtBot, files: tuple[Path, Path]) -> Program:
    """Return the window with the training split open, and its test split known."""
    program = start(page="dataset", files=[files[0]])
    qtbot.waitUntil(lambda: program.core.test_dataset is not None, timeout=20_000)
    return program


def page_of(program: Program) -> DatasetPage:
    page = program.window.page("dataset")
    assert isinstance(page, DatasetPage)
    return page


def choose(program: Program, text: str) -> DuplicatesView:
    """Choose from the page's menu, and return the view that is shown then."""
    actions = {action.text(): action for action in page_of(program).bar.menu.actions()}
    actions[text].trigger()
    view = program.duplicates.view
    assert view is not None
    assert view.isVisible()
    return view


def look(program: Program, qtbot: QtBot) -> DuplicatesView:
    """Find the planted duplicates."""
    view = choose(program, "Find duplicates…")
    qtbot.mouseClick(view.form.start_button, Button.LeftButton)
    qtbot.waitUntil(lambda: view.found is not None, timeout=20_000)
    return view


def test_from_the_menu_to_the_pairs_and_back(opened: Program, qtbot: QtBot) -> None:
    view = look(opened, qtbot)

    assert view.headline.text().startswith("5 exact duplicates, ")
    assert "2 leaks train → test" in view.headline.text()
    assert not page_of(opened).bar.chips.isVisible()
    qtbot.keyClick(view.list, Qt.Key.Key_Escape)
    assert page_of(opened).grid.isVisible()
    assert page_of(opened).bar.chips.isVisible()
    again = choose(opened, "Find duplicates…")
    assert again.found is not None  # it was not forgotten


def test_a_sample_is_shown_in_its_split(opened: Program, qtbot: QtBot) -> None:
    view = look(opened, qtbot)
    view.list.choose(0, 1)

    qtbot.keyClick(view.list, Qt.Key.Key_Return)

    page = page_of(opened)
    assert page.grid.isVisible()
    assert page.dataset is not None
    assert (page.dataset.split, page.grid.current_index()) == ("test", 11)
    choose(opened, "Find duplicates…")
    assert page.dataset is opened.core.dataset
    assert view.found is not None


def test_the_test_split_finds_its_training_split(
    start: Callable[..., Program], qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    program = start(page="dataset", files=[files[1]])
    qtbot.waitUntil(lambda: program.core.dataset is not None, timeout=20_000)

    view = look(program, qtbot)

    assert view.found is not None
    assert [split.split for split in view.found.splits] == ["train", "test"]
    assert view.found.splits[1] is program.core.dataset


def test_another_dataset_forgets_the_pairs(opened: Program, qtbot: QtBot) -> None:
    view = look(opened, qtbot)

    opened.core.open_samples()
    qtbot.waitUntil(
        lambda: opened.core.dataset is not None and opened.core.dataset.images_path is None,
        timeout=20_000,
    )

    assert view.found is None
    assert page_of(opened).grid.isVisible()
    choose(opened, "Find duplicates…")
    assert view.form.scope.count() == 1


def test_cancelled_it_can_start_again(opened: Program, qtbot: QtBot) -> None:
    view = choose(opened, "Find duplicates…")
    runner = opened.duplicates.runner

    with qtbot.waitSignal(runner.cancelled, timeout=20_000):
        qtbot.mouseClick(view.form.start_button, Button.LeftButton)
        qtbot.mouseClick(view.form.cancel_button, Button.LeftButton)

    assert view.form.start_button.isVisible()
    assert look(opened, qtbot).found is not None


def test_what_was_chosen_is_remembered(
    opened: Program, start: Callable[..., Program], qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    view = choose(opened, "Find duplicates…")
    view.form.level.setCurrentIndex(0)
    view.form.scope.setCurrentIndex(1)
    look(opened, qtbot)
    opened.settings.save()

    other = start(page="dataset", files=[files[0]])
    qtbot.waitUntil(lambda: other.core.test_dataset is not None, timeout=20_000)
    choices = choose(other, "Find duplicates…").form.choices()

    assert (choices.level, choices.both) == ("exact", False)


def test_all_pairs_are_written_as_a_table(opened: Program, qtbot: QtBot, tmp_path: Path) -> None:
    view = look(opened, qtbot)
    qtbot.mouseClick(view.save_button, Button.LeftButton)
    dialog = opened.window.findChild(QFileDialog, "file_dialog")
    assert dialog is not None
    table = tmp_path / "pairs.csv"

    dialog.fileSelected.emit(str(table))
    dialog.close()
    strip = page_of(opened).notice_strip
    qtbot.waitUntil(lambda: "“pairs.csv” written" in strip.message(), timeout=20_000)

    assert len(table.read_text(encoding="utf-8").splitlines()) == len(view.list) + 1


def test_a_split_is_written_without_its_copies(
    opened: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    look(opened, qtbot)
    target = tmp_path / "unique-train-images-idx3-ubyte.gz"

    opened.duplicates.write_split(0, target)
    strip = page_of(opened).notice_strip
    qtbot.waitUntil(lambda: "written" in strip.message(), timeout=20_000)

    kept = open_dataset(target)
    assert len(kept) == 118
    assert kept.labels is not None


def test_a_table_that_cannot_be_written_is_told_on_the_page(
    opened: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    look(opened, qtbot)

    opened.duplicates.write_table(tmp_path / "no" / "where.csv")

    strip = page_of(opened).error_strip
    qtbot.waitUntil(lambda: "could not be written" in strip.message(), timeout=20_000)


def test_splits_that_do_not_fit_are_told_on_the_page(
    opened: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    _, test = planted()
    opened.core.test_dataset = test.select(slice(0, 5)).turned()
    object.__setattr__(opened.core.test_dataset, "images", test.images[:, :20])
    view = choose(opened, "Find duplicates…")

    qtbot.mouseClick(view.form.start_button, Button.LeftButton)

    strip = page_of(opened).error_strip
    qtbot.waitUntil(lambda: "cannot be compared" in strip.message(), timeout=20_000)
    assert view.form.start_button.isVisible()
