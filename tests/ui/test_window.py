"""The real window: pages, files, colours, what it remembers, how it closes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.progress import Job, Progress
from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.page import DatasetPage
from mnist_desktop.ui.draw.page import DrawPage
from mnist_desktop.ui.program import Program
from mnist_desktop.ui.settings import Settings
from tests.ui.helpers import a_digit, answer_to, draw_by_mouse, drop

Start = Callable[..., Program]


@pytest.fixture
def idx_files(tmp_path: Path) -> Path:
    """Write a small training and test split, and return the training images."""
    for stem, seed in (("train", 1), ("t10k", 2)):
        dataset = sample_dataset(60, seed=seed)
        assert dataset.labels is not None
        write_idx(tmp_path / f"{stem}-images-idx3-ubyte.gz", np.ascontiguousarray(dataset.images))
        write_idx(tmp_path / f"{stem}-labels-idx1-ubyte.gz", dataset.labels.astype(np.uint8))
    return tmp_path / "train-images-idx3-ubyte.gz"


def dataset_page(program: Program) -> DatasetPage:
    page = program.window.page("dataset")
    assert isinstance(page, DatasetPage)
    return page


def test_the_names_that_stay(program: Program) -> None:
    window = program.window
    assert window.objectName() == "main_window"
    for name in ("navigation", "drawing_pad", "prediction_panel"):
        assert window.findChild(QWidget, name) is not None, name
    assert window.findChild(QAction, "clear_pad") is not None


def test_pages_are_made_when_first_shown(start: Start) -> None:
    window = start(page="draw").window
    assert [name for name in window.page_names if window.page(name)] == ["draw"]
    for place, name in enumerate(window.page_names, 1):
        QTest.keyClick(window, getattr(Qt.Key, f"Key_{place}"), Qt.KeyboardModifier.ControlModifier)
        assert window.page_name == name
        assert window.stack.currentWidget().isVisible()


def test_the_rail_shows_a_page_at_a_click(program: Program) -> None:
    buttons = program.window.navigation.findChildren(QToolButton)
    (to_dataset,) = [button for button in buttons if button.text() == "Dataset"]
    QTest.mouseClick(to_dataset, Qt.MouseButton.LeftButton)
    assert program.window.page_name == "dataset"
    assert to_dataset.isChecked()


def test_a_dropped_dataset_is_shown_with_its_labels(
    program: Program, qtbot: QtBot, idx_files: Path
) -> None:
    drop(program.window, idx_files)
    qtbot.waitUntil(lambda: program.core.dataset is not None)
    dataset = program.core.dataset
    assert dataset is not None
    assert len(dataset) == 60
    assert dataset.labels is not None
    assert program.window.page_name == "dataset"
    assert dataset_page(program).dataset is dataset
    assert "60" in program.window.status_bar.dataset_button.text()
    qtbot.waitUntil(lambda: program.core.test_dataset is not None)
    assert program.settings.recent == [idx_files]


def test_a_bad_file_leaves_the_dataset_as_it_was(
    program: Program, qtbot: QtBot, idx_files: Path, tmp_path: Path
) -> None:
    program.core.open_dataset(idx_files)
    qtbot.waitUntil(lambda: program.core.dataset is not None)
    before = program.core.dataset
    bad = tmp_path / "page.gz"
    bad.write_text("<!DOCTYPE html><html>404</html>")
    drop(program.window, bad)
    qtbot.waitUntil(lambda: dataset_page(program).error_strip.message() != "")
    assert "page.gz" in dataset_page(program).error_strip.message()
    assert program.core.dataset is before
    assert dataset_page(program).dataset is before
    assert program.settings.recent == [idx_files]


def test_a_dropped_picture_is_put_on_the_pad(
    program: Program, draw_page: DrawPage, qtbot: QtBot, tmp_path: Path
) -> None:
    draw_by_mouse(draw_page.pad, a_digit(8))
    file = tmp_path / "acht.png"
    assert draw_page.pad.picture().save(str(file))
    draw_page.pad.clear()
    drop(program.window, file)
    assert answer_to(draw_page, qtbot) == "8"


def test_the_colour_scheme_is_switched_and_remembered(program: Program, app: QApplication) -> None:
    dark = program.window.findChild(QAction, "scheme_dark")
    dark.trigger()
    assert theme.current() is theme.DARK
    assert dark.isChecked()
    assert Settings().scheme == "dark" or program.settings.scheme == "dark"
    ground = program.window.grab().toImage().pixelColor(program.window.width() - 4, 60)
    assert ground == theme.DARK.window


def test_brush_page_and_place_are_remembered(program: Program, qtbot: QtBot, start: Start) -> None:
    draw_page = program.window.page("draw")
    assert isinstance(draw_page, DrawPage)
    draw_page.toolbar.size.setValue(56)
    dataset = program.window.show_page("dataset")
    assert isinstance(dataset, DatasetPage)
    dataset.view_bar.captions.click()
    captions = dataset.view_bar.captions.isChecked()
    program.window.resize(900, 650)
    with qtbot.waitSignal(program.core.closing.ready):
        program.window.close()
    again = start()
    assert again.window.page_name == "dataset"
    assert dataset_page(again).view_bar.captions.isChecked() is captions
    assert (again.window.width(), again.window.height()) == (900, 650)
    page = again.window.show_page("draw")
    assert isinstance(page, DrawPage)
    assert page.pad.brush == 56


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe garbage",
        b"[window]\ngeometry=1\npage=nowhere\nscheme=7\n[draw]\nbrush=x",
    ],
)
def test_a_broken_settings_file_does_not_matter(start: Start, home: Path, content: bytes) -> None:
    (home / "settings.ini").write_bytes(content)
    window = start().window
    assert window.page_name == "draw"
    assert window.isVisible()


def test_recent_files_are_in_the_menu(program: Program, qtbot: QtBot, idx_files: Path) -> None:
    program.core.open_dataset(idx_files)
    qtbot.waitUntil(lambda: program.core.dataset is not None)
    (entry,) = program.window.recent_menu.actions()
    assert idx_files.name in entry.text()
    other = idx_files.with_name("gone.gz")
    program.settings.add_recent(other)
    program.core.open_files([other])
    qtbot.waitUntil(lambda: program.settings.recent == [idx_files])


def test_the_dataset_page_offers_recent_files_that_are_no_models(
    program: Program, qtbot: QtBot, idx_files: Path, tmp_path: Path
) -> None:
    program.settings.add_recent(tmp_path / "model.onnx")
    program.core.open_dataset(idx_files)
    qtbot.waitUntil(lambda: program.core.dataset is not None)
    assert program.looking._recent_datasets() == [idx_files]
    program.core.open_samples()
    qtbot.waitUntil(lambda: program.core.dataset.images_path is None)
    dataset_page(program).open_requested.emit(idx_files)
    qtbot.waitUntil(lambda: program.core.dataset.images_path == idx_files)


def test_a_program_that_quits_without_closing_ends_its_threads(
    program: Program, qtbot: QtBot
) -> None:
    def endless() -> Job[None]:
        while True:
            yield Progress(0, 0)

    program.core.training.start(endless)
    program.core.end_all()
    assert not program.core.jobs.running()
    assert not program.core.training.is_running


def test_help_opens_and_names_every_page(program: Program) -> None:
    program.menus.show_help()
    sheet = program.window.findChild(QWidget, "help_sheet")
    assert sheet.isVisible()
    sheet.close()


def test_the_newest_of_several_files_wins(program: Program, qtbot: QtBot, idx_files: Path) -> None:
    other = idx_files.with_name("t10k-images-idx3-ubyte.gz")
    for path in (idx_files, other, idx_files, other):
        program.core.open_dataset(path)
    qtbot.waitUntil(lambda: program.core.dataset is not None)
    qtbot.waitUntil(lambda: not program.core.jobs.running())
    assert program.core.dataset.images_path == other
