"""A recipe of a person's own: opened, trained by, read anew, remembered, refused where wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QRadioButton
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.trainer.recipe_file import read_recipe
from mnist_desktop.trainer.recipes import RECIPES
from mnist_desktop.trainer.runs import list_runs
from mnist_desktop.ui.program import Program
from mnist_desktop.ui.train.controls import State
from mnist_desktop.ui.train.page import FORM_WIDTH, TrainPage
from mnist_desktop.ui.train.runs_list import run_texts
from tests.ui.train.page_helpers import LEFT, click, start

MINE = 'based_on = "quick"\nname = "mine"\nsummary = "for a lesson"\nepochs = 3\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file with a recipe."""
    path = tmp_path / "나의.toml"
    path.write_text(MINE, encoding="utf-8")
    return path


def test_open_a_recipe_then_train_by_it(
    qtbot: QtBot, page: TrainPage, digits: Dataset, file: Path
) -> None:
    page.set_dataset(digits)
    click(qtbot, page.form.recipes.open_button)
    dialog = page.findChild(QFileDialog, "file_dialog")
    with qtbot.waitSignal(page.choices_changed):
        dialog.fileSelected.emit(str(file))
    dialog.close()

    row = page.form.recipes._own_row
    assert row.isVisible()
    assert (row.button.text(), row.summary.label.text()) == ("mine", "나의.toml: for a lesson")
    assert page.form.advanced.epochs.text().startswith("3,")
    settings = start(qtbot, page)
    assert settings.recipe == read_recipe(file)
    assert settings.output.name.endswith("-mine.onnx")


def test_the_recipes_that_came_along_can_still_be_chosen(
    qtbot: QtBot, page: TrainPage, file: Path
) -> None:
    file.write_text(MINE.replace("mine", "standard"))  # a name that one of them has, too
    recipes = page.form.recipes
    recipes.open_file(file)
    assert recipes.own_is_chosen()
    recipes.choose("standard")
    assert recipes.chosen() == RECIPES["standard"]
    qtbot.mouseClick(recipes._own_row.summary, LEFT)
    assert recipes.chosen() == read_recipe(file)


def test_a_wrong_file_is_told_and_changes_nothing(
    page: TrainPage, digits: Dataset, file: Path
) -> None:
    page.set_dataset(digits)
    file.write_text(MINE.replace("epochs", "epoch"))
    page.form.recipes.open_file(file)
    assert page.message.kind == "bad"
    assert "epoch: there is no such field" in page.message.message()
    assert page.form.recipes.chosen() == RECIPES["standard"]
    assert not page.form.recipes._own_row.isVisible()
    file.write_text(MINE)
    page.form.recipes.open_file(file)
    assert page.message.message() == ""


def test_many_faults_are_told_without_cutting_words_off(
    qtbot: QtBot, page: TrainPage, file: Path
) -> None:
    page.resize(950, 680)  # what a window of 1024×700 leaves
    layers = '{ kind = "convolution", filters = "many", size = 0.5 },' * 9
    file.write_text(f'based_on = "quick"\nnetwork = [{layers}]')
    page.form.recipes.open_file(file)
    assert "and 15 more" in page.message.message()
    label, chart = page.message._message, page.training_chart.parentWidget()
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()))
    qtbot.waitUntil(lambda: page.message.geometry().bottom() < chart.y())


def test_the_file_is_read_as_it_is_when_the_training_starts(
    qtbot: QtBot, page: TrainPage, digits: Dataset, file: Path
) -> None:
    page.set_dataset(digits)
    page.form.recipes.open_file(file)
    file.write_text("epochs = what")
    with qtbot.assertNotEmitted(page.start_requested):
        click(qtbot, page.controls.start_button)
    assert page.message.kind == "bad"
    assert page.state is State.IDLE
    file.write_text(MINE.replace("epochs = 3", "epochs = 4"))
    assert start(qtbot, page).recipe.epochs == 4
    assert page.form.advanced.epochs.text().startswith("4,")


def test_long_names_do_not_make_the_form_wider(page: TrainPage, file: Path) -> None:
    file.write_text(MINE.replace("mine", "W" * 40).replace("for a lesson", "w" * 200))
    page.form.recipes.open_file(file)
    recipes = page.form.recipes
    assert recipes.minimumSizeHint().width() < FORM_WIDTH - 20
    button = recipes._own_row.findChild(QRadioButton)
    assert button.text().endswith("…")
    assert button.accessibleName() == "W" * 40


def later(qtbot: QtBot, text: str) -> TrainPage:
    """Return the page of a later start."""
    made = TrainPage()
    qtbot.addWidget(made)
    with qtbot.assertNotEmitted(made.choices_changed):  # what is half restored is not remembered
        made.set_choices(text)
    return made


def test_the_file_is_there_at_the_next_start(qtbot: QtBot, page: TrainPage, file: Path) -> None:
    page.form.advanced.seed.setValue(7)
    page.form.recipes.open_file(file)
    text = page.form.choices().to_text()
    again = later(qtbot, text)
    assert again.form.recipes.chosen() == read_recipe(file)
    assert again.form.choices() == page.form.choices()

    page.form.recipes.choose("quick")
    beside = later(qtbot, page.form.choices().to_text())
    assert beside.form.recipes.chosen() == RECIPES["quick"]
    assert beside.form.recipes.file == file
    assert beside.form.choices() == page.form.choices()


def test_a_file_that_is_gone_at_the_next_start_is_told_where_it_was_chosen(
    qtbot: QtBot, page: TrainPage, file: Path
) -> None:
    page.form.recipes.open_file(file)
    chosen = page.form.choices().to_text()
    page.form.recipes.choose("quick")
    beside = page.form.choices().to_text()
    file.unlink()

    again = later(qtbot, chosen)
    assert again.message.kind == "bad"
    assert again.form.recipes.chosen() == RECIPES["standard"]
    quiet = later(qtbot, beside)
    assert quiet.message.message() == ""
    assert quiet.form.recipes.chosen() == RECIPES["quick"]
    assert quiet.form.recipes.file is None


def test_a_recipe_can_be_dropped_on_the_window_and_its_run_resumed(
    program: Program, qtbot: QtBot, file: Path, start: Callable[..., Program]
) -> None:
    program.core.open_samples()
    qtbot.waitUntil(lambda: program.core.dataset is not None, timeout=20_000)
    file.write_text(MINE.replace("epochs = 3", "epochs = 60"))
    program.core.open_files([file])
    page = program.window.page("train")
    assert isinstance(page, TrainPage)
    assert program.window.page_name == "train"
    page.form.advanced.threads.setValue(1)
    QTest.mouseClick(page.controls.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(run.epochs_done for run in list_runs()), timeout=60_000)
    QTest.mouseClick(page.controls.stop_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.state is State.IDLE, timeout=60_000)
    (run,) = page.runs.runs
    assert run_texts(run)[1] == "mine"
    file.unlink()
    page.runs.table.selectRow(0)
    QTest.mouseClick(page.runs.resume_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.state is State.RUNNING, timeout=60_000)
    QTest.mouseClick(page.controls.finish_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.state is State.IDLE, timeout=60_000)
    assert page.message.kind == "good", page.message.message()


@pytest.fixture
def files(tmp_path: Path, digits: Dataset) -> Path:
    """Return the images of a training split in files, with a test split beside."""
    assert digits.labels is not None
    for prefix, part in (("train", slice(0, 200)), ("t10k", slice(200, 300))):
        write_idx(tmp_path / f"{prefix}-images-idx3-ubyte", digits.images[part])
        labels = digits.labels[part].astype("uint8")
        write_idx(tmp_path / f"{prefix}-labels-idx1-ubyte", labels)
    return tmp_path / "train-images-idx3-ubyte"


@pytest.mark.parametrize("lost", [False, True])
def test_a_run_goes_on_with_its_test_split_while_no_dataset_is_open(
    program: Program,
    qtbot: QtBot,
    files: Path,
    start: Callable[..., Program],
    lost: bool,
) -> None:
    program.core.open_dataset(files)
    qtbot.waitUntil(lambda: program.core.test_dataset is not None, timeout=20_000)
    page = program.window.show_page("train")
    assert isinstance(page, TrainPage)
    page.form.recipes.choose("quick")
    page.form.advanced.epochs.setValue(200)
    page.form.advanced.threads.setValue(1)
    QTest.mouseClick(page.controls.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(run.epochs_done for run in list_runs()), timeout=60_000)
    QTest.mouseClick(page.controls.stop_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.state is State.IDLE, timeout=60_000)
    if lost:
        files.with_name("t10k-images-idx3-ubyte").unlink()

    later = start(page="train").window.page("train")
    assert isinstance(later, TrainPage)
    assert later.form.dataset is None
    later.runs.table.selectRow(0)
    QTest.mouseClick(later.runs.resume_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: later.state is State.RUNNING, timeout=60_000)
    assert ("is gone" in later.message.message()) is lost
    QTest.mouseClick(later.controls.finish_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: later.state is State.IDLE, timeout=60_000)
    assert later.message.kind == "good", later.message.message()
    (run,) = list_runs()
    assert (run.test_accuracy is None) is lost
