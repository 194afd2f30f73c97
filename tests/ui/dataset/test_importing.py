"""Import a folder of pictures: dropped or chosen, looked through, previewed, made into files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.export import ExportOptions, Part, export_job, split_part
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.progress import finish
from mnist_desktop.ui.dataset.import_dialog import ImportDialog
from mnist_desktop.ui.dataset.page import DatasetPage
from mnist_desktop.ui.program import Program
from mnist_desktop.ui.wiring.exporting import SHOW_FOLDER
from mnist_desktop.ui.wiring.importing import SHOW_SKIPPED
from tests.ui.helpers import drop

Start = Callable[..., Program]


@pytest.fixture
def digits() -> Dataset:
    return sample_dataset(50)


@pytest.fixture
def pictures(digits: Dataset, tmp_path: Path) -> Path:
    """Return a folder of fifty pictures and one file that is none."""
    finish(export_job(digits, tmp_path / "my digits"))
    (tmp_path / "my digits" / "3" / "notes.txt").write_text("no picture")
    return tmp_path / "my digits"


def form_for(program: Program, qtbot: QtBot, folder: Path) -> ImportDialog:
    """Drop a folder on the window, and wait until it was looked through."""
    drop(program.window, folder)
    dialog = program.importing.dialog
    assert dialog is not None
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: dialog.request() is not None)
    qtbot.waitUntil(lambda: len(dialog.strip.pictures) > 0)
    return dialog


def run(program: Program, qtbot: QtBot) -> None:
    dialog = program.importing.dialog
    assert dialog is not None
    QTest.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not program.importing.runner.is_running)


def test_a_dropped_folder_becomes_the_dataset(
    start: Start, qtbot: QtBot, pictures: Path, digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = start(page="draw")
    dialog = form_for(program, qtbot, pictures)
    assert program.window.page_name == "dataset"
    assert dialog.found_line.text() == "51 files · 10 classes · classes by folders"
    assert "my-digits-labels-idx1-ubyte.gz" in dialog.plan.text()
    dialog.recipe.setCurrentIndex(dialog.recipe.findData("none"))
    assert dialog.size.text() == "the size they have"
    run(program, qtbot)
    qtbot.waitUntil(lambda: program.core.dataset is not None)
    made = program.core.dataset
    assert made is not None
    assert made.images_path == pictures.parent / "my-digits-images-idx3-ubyte.gz"
    assert made.class_counts().tolist() == digits.class_counts().tolist()
    strip = program.importing.strip
    assert strip.message() == "Imported 50 pictures of 28 × 28, 10 classes; 1 skipped"
    assert strip.kind == "careful"
    strip.chosen.emit(SHOW_SKIPPED)
    listed = program.importing.skipped_list
    assert listed is not None
    assert "notes.txt is no picture" in listed.text.toPlainText()
    shown = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    strip.chosen.emit(SHOW_FOLDER)
    assert shown == [str(pictures.parent)]
    assert "none" in program.settings.picture_import


def test_the_preview_is_what_the_recipe_makes(start: Start, qtbot: QtBot, pictures: Path) -> None:
    program = start(page="dataset")
    dialog = form_for(program, qtbot, pictures)
    before = dialog.strip.pictures
    assert all(picture.shape == (28, 28) for picture in before)
    dialog.size.setValue(14)
    qtbot.waitUntil(lambda: dialog.strip.pictures[0].shape == (14, 14))
    assert dialog.strip.grab().toImage().pixelColor(28, 28).isValid()


def test_splits_are_imported_together(
    start: Start, qtbot: QtBot, digits: Dataset, tmp_path: Path
) -> None:
    parts = split_part(Part(digits), 0.2, seed=0)
    finish(export_job(parts, tmp_path / "p", ExportOptions("png")))
    program = start(page="dataset")
    dialog = form_for(program, qtbot, tmp_path / "p")
    assert dialog.found_line.text().startswith("50 files (train 40, test 10)")
    run(program, qtbot)
    qtbot.waitUntil(lambda: program.core.test_dataset is not None)
    assert program.core.dataset is not None
    assert (len(program.core.dataset), len(program.core.test_dataset)) == (40, 10)  # type: ignore[arg-type]


def test_labels_may_come_from_elsewhere(start: Start, qtbot: QtBot, pictures: Path) -> None:
    program = start(page="dataset")
    dialog = form_for(program, qtbot, pictures)
    dialog.source.setCurrentIndex(dialog.source.findData("none"))
    qtbot.waitUntil(lambda: dialog.found_line.text() == "51 files · no labels")
    dialog.source.setCurrentIndex(dialog.source.findData("table"))
    qtbot.waitUntil(lambda: "could not be read as a table" in dialog.found_line.text())
    assert dialog.found_line.property("role") == "bad"
    assert not dialog.start_button.isEnabled()


def test_a_folder_can_be_chosen_from_the_empty_page(
    start: Start, qtbot: QtBot, pictures: Path
) -> None:
    program = start(page="dataset")
    page = program.window.page("dataset")
    assert isinstance(page, DatasetPage)
    QTest.mouseClick(page.empty.import_link, Qt.MouseButton.LeftButton)
    dialog = program.importing.dialog
    assert dialog is not None
    assert not dialog.start_button.isEnabled()
    QTest.mouseClick(dialog.folder.browse_button, Qt.MouseButton.LeftButton)
    asks = dialog.findChild(QFileDialog, "file_dialog")
    assert asks is not None
    asks.fileSelected.emit(str(pictures))
    asks.close()
    qtbot.waitUntil(lambda: dialog.start_button.isEnabled())
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_folder_without_pictures_is_told(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    program = start(page="dataset")
    drop(program.window, tmp_path)
    dialog = program.importing.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: "holds no files" in dialog.found_line.text())
    (tmp_path / "a.png").write_bytes(b"broken")
    dialog.set_folder(tmp_path)
    qtbot.waitUntil(lambda: dialog.start_button.isEnabled())
    run(program, qtbot)
    assert "No picture in" in program.importing.strip.message()
    assert program.importing.strip.kind == "bad"
    assert program.core.dataset is None


def test_an_import_is_cancelled_in_the_status_bar(
    start: Start, qtbot: QtBot, pictures: Path
) -> None:
    program = start(page="dataset")
    dialog = form_for(program, qtbot, pictures)
    qtbot.waitUntil(lambda: not program.core.jobs.running())
    before = sorted(path.name for path in pictures.parent.iterdir())
    QTest.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
    program.importing.runner.pause()
    program.window.status_bar.cancel_clicked.emit()
    qtbot.waitUntil(lambda: not program.importing.runner.is_running)
    assert program.importing.strip.message() == "The import was cancelled"
    assert sorted(path.name for path in pictures.parent.iterdir()) == before


def test_looking_through_a_folder_can_be_cancelled(
    start: Start, qtbot: QtBot, pictures: Path
) -> None:
    program = start(page="dataset")
    program.importing.open_dialog(pictures)
    program.importing.scans.runner.pause()
    program.window.status_bar.cancel_clicked.emit()
    qtbot.waitUntil(lambda: not program.importing.scans.runner.is_running)
    dialog = program.importing.dialog
    assert dialog is not None
    assert "not looked through" in dialog.found_line.text()
    dialog.set_folder(pictures)
    qtbot.waitUntil(lambda: dialog.start_button.isEnabled())


def test_files_that_are_there_are_named_before_they_go(
    start: Start, qtbot: QtBot, pictures: Path
) -> None:
    (pictures.parent / "my-digits-labels-idx1-ubyte.gz").write_bytes(b"precious")
    program = start(page="dataset")
    dialog = form_for(program, qtbot, pictures)
    assert dialog.plan.text().startswith("Replaces ")
    assert dialog.start_button.text() == "Replace and import"


def test_pictures_in_many_sizes_are_shown(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    from mnist_desktop.datasets.png import png_bytes

    (tmp_path / "p").mkdir()
    for side in (5, 28, 300):
        ink = np.zeros((side, side), np.uint8)
        ink[side // 4 : side // 2, side // 3 : side // 2] = 255
        (tmp_path / "p" / f"{side}.png").write_bytes(png_bytes(ink))
    program = start(page="dataset")
    dialog = form_for(program, qtbot, tmp_path / "p")
    dialog.recipe.setCurrentIndex(dialog.recipe.findData("none"))
    qtbot.waitUntil(lambda: [len(p) for p in dialog.strip.pictures] == [5, 28, 300])
    run(program, qtbot)
    assert "An IDX file" not in program.importing.strip.message()
    assert "pixels, but" in program.importing.strip.message()
