"""Export from the page: the form, the job in the status bar, what is told at the end."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import open_dataset
from mnist_desktop.ui.dataset.export_dialog import ExportDialog
from mnist_desktop.ui.dataset.page import DatasetPage
from mnist_desktop.ui.program import Program
from mnist_desktop.ui.wiring.exporting import SHOW_FOLDER

Start = Callable[..., Program]


@pytest.fixture
def opened(start: Start, qtbot: QtBot) -> Program:
    """Return the window with the sample digits open."""
    program = start(page="dataset")
    program.core.open_samples()
    qtbot.waitUntil(lambda: program.core.dataset is not None)
    return program


def page_of(program: Program) -> DatasetPage:
    page = program.window.page("dataset")
    assert isinstance(page, DatasetPage)
    return page


def open_form(program: Program) -> ExportDialog:
    """Open the form by its key, which the window in front gets."""
    program.window.activateWindow()
    QTest.keyClick(page_of(program).grid, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = program.exporting.dialog
    assert dialog is not None
    assert dialog.isVisible()
    return dialog


def choose(field: QComboBox, value: str) -> None:
    field.setCurrentIndex(field.findData(value))


def run(program: Program, qtbot: QtBot) -> None:
    """Press the button that starts, and wait for the end."""
    dialog = program.exporting.dialog
    assert dialog is not None
    QTest.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not program.exporting.runner.is_running)


def test_everything_as_idx_files(opened: Program, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = open_form(opened)
    assert dialog.what["everything"].isChecked()
    choose(dialog.form.format, "idx")
    dialog.target.set_path(tmp_path / "mine")
    qtbot.waitUntil(lambda: "mine-labels-idx1-ubyte.gz" in dialog.preview.text())
    assert dialog.preview.text().startswith("2 files, about ")
    run(opened, qtbot)
    assert not dialog.isVisible()
    assert opened.core.dataset is not None
    back = open_dataset(tmp_path / "mine-images-idx3-ubyte.gz")
    assert np.array_equal(back.images, opened.core.dataset.images)
    strip = opened.exporting.strip
    assert strip.kind == "good"
    assert f"Exported {len(back):,} images: mine-images" in strip.message()


def test_only_what_a_format_knows_is_shown(opened: Program) -> None:
    dialog = open_form(opened)
    form = dialog.form
    fields = (form.packed, form.scale, form.flat, form.arrangement, form.columns)
    seen = {}
    for name in ("idx", "npz", "npy", "csv", "text", "png", "sheet"):
        choose(form.format, name)
        seen[name] = [field.isVisible() for field in fields]
        assert form.explanation.text()
    assert seen == {
        "idx": [True, False, False, False, False],
        "npz": [False, True, True, False, False],
        "npy": [False, True, True, False, False],
        "csv": [False] * 5,
        "text": [False] * 5,
        "png": [False, False, False, True, False],
        "sheet": [False, False, False, False, True],
    }


def test_a_selection_and_what_is_shown(opened: Program, qtbot: QtBot, tmp_path: Path) -> None:
    page = page_of(opened)
    QTest.keyClick(page.grid, Qt.Key.Key_7)
    sevens = page.grid.shown.count
    dialog = open_form(opened)
    assert dialog.what["shown"].isChecked()
    assert dialog.what["shown"].text() == f"Shown: {sevens} images"
    assert not dialog.what["selected"].isEnabled()
    # The form stays open while something is selected.
    QTest.keyClick(page.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: dialog.what["selected"].text() == "Selected: 2 images")
    dialog.what["selected"].click()
    choose(dialog.form.format, "npz")
    choose(dialog.form.scale, "unit")
    dialog.target.set_path(tmp_path / "two.npz")
    run(opened, qtbot)
    with np.load(tmp_path / "two.npz") as archive:
        assert archive["x"].shape == (2, 28, 28)
        assert archive["x"].max() <= 1
        assert archive["y"].tolist() == [7, 7]
    assert "Exported 2 images: two.npz" in opened.exporting.strip.message()


def test_two_parts_by_share_and_seed(opened: Program, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = open_form(opened)
    choose(dialog.form.format, "csv")
    assert not dialog.form.share.isEnabled()
    dialog.form.is_split.click()
    dialog.form.share.setValue(10)
    dialog.target.set_path(tmp_path / "a.csv")
    run(opened, qtbot)
    assert sorted(os.listdir(tmp_path)) == ["a-test.csv", "a-train.csv"]
    assert opened.core.dataset is not None
    total = len(opened.core.dataset)
    lines = (tmp_path / "a-test.csv").read_text("ascii").splitlines()
    assert len(lines) == 1 + round(total / 10)


def test_the_target_follows_the_format(opened: Program, tmp_path: Path) -> None:
    dialog = open_form(opened)
    dialog.target.set_path(tmp_path / "digits")
    for name, ending in (
        ("idx", "-images-idx3-ubyte.gz"),
        ("npz", ".npz"),
        ("png", ""),
        ("sheet", ".png"),
    ):
        choose(dialog.form.format, name)
        assert dialog.target.path() == tmp_path / f"digits{ending}"
    choose(dialog.form.format, "idx")
    dialog.form.packed.click()
    assert dialog.target.path() == tmp_path / "digits-images-idx3-ubyte"


def test_files_that_are_there_are_named_before_they_go(
    opened: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "a-labels.npy").write_bytes(b"precious")
    dialog = open_form(opened)
    choose(dialog.form.format, "npy")
    dialog.target.set_path(tmp_path / "a.npy")
    qtbot.waitUntil(lambda: "a-labels.npy" in dialog.warning.text())
    assert dialog.start_button.text() == "Replace and export"


@pytest.mark.parametrize(
    ("format", "name", "told"),
    [
        ("csv", "nowhere/a.csv", "There is no folder"),
        ("csv", "", "Name a file"),
        ("png", "full", "not an empty folder"),
        ("csv", "folder.csv", "is a folder"),
        ("csv", "x" * 300, "name is too long"),
        ("csv", "~nobody-of-this-name/a", "There is no folder"),
        ("idx", "labels-idx1-ubyte", ""),
    ],
)
def test_what_cannot_be_written_is_said_before(
    opened: Program, qtbot: QtBot, tmp_path: Path, format: str, name: str, told: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").write_bytes(b"")
    (tmp_path / "folder.csv").mkdir()
    dialog = open_form(opened)
    choose(dialog.form.format, format)
    dialog.target.edit.setText(str(tmp_path / name) if name else "")
    if told:
        qtbot.waitUntil(lambda: told in dialog.preview.text())
        assert not dialog.start_button.isEnabled()
        assert dialog.preview.property("role") == "bad"
    else:
        qtbot.waitUntil(lambda: "images" in dialog.preview.text())
        assert dialog.start_button.isEnabled()


def test_a_mere_name_lies_in_the_folder_before(opened: Program, tmp_path: Path) -> None:
    dialog = open_form(opened)
    choose(dialog.form.format, "csv")
    dialog.target.set_path(tmp_path / "a.csv")
    dialog.target.edit.setText("b")
    request = dialog.request()
    assert request is not None
    assert request.target == tmp_path / "b.csv"


def test_choices_are_remembered(
    opened: Program, qtbot: QtBot, tmp_path: Path, start: Start
) -> None:
    dialog = open_form(opened)
    choose(dialog.form.format, "npy")
    choose(dialog.form.scale, "standardised")
    dialog.form.one_hot.click()
    dialog.target.set_path(tmp_path / "a.npy")
    run(opened, qtbot)
    opened.settings.save()
    again = start(page="dataset")
    again.core.open_samples()
    qtbot.waitUntil(lambda: again.core.dataset is not None)
    form = open_form(again)
    assert form.form.choices().scale == "standardised"
    assert form.form.one_hot.isChecked()
    assert form.target.path() is not None
    assert form.target.path().parent == tmp_path  # type: ignore[union-attr]


def test_a_failure_is_told_and_leaves_nothing(
    opened: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = open_form(opened)
    choose(dialog.form.format, "csv")
    dialog.target.set_path(tmp_path / "a.csv")

    def refuse(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    run(opened, qtbot)
    assert "No space left" in opened.exporting.strip.message()
    assert opened.exporting.strip.kind == "bad"
    assert os.listdir(tmp_path) == []
    opened.exporting.action.trigger()
    assert dialog.start_button.isEnabled()


def test_an_export_is_cancelled_in_the_status_bar(
    opened: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = open_form(opened)
    choose(dialog.form.format, "png")
    dialog.target.set_path(tmp_path / "pictures")
    QTest.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
    opened.exporting.runner.pause()
    assert opened.exporting.runner.is_running
    opened.window.status_bar.cancel_clicked.emit()
    qtbot.waitUntil(lambda: not opened.exporting.runner.is_running)
    assert opened.exporting.strip.message() == "The export was cancelled"
    assert os.listdir(tmp_path) == []


def test_show_in_folder(
    opened: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    dialog = open_form(opened)
    choose(dialog.form.format, "csv")
    dialog.target.set_path(tmp_path / "a.csv")
    run(opened, qtbot)
    opened.exporting.strip.chosen.emit(SHOW_FOLDER)
    assert shown == [str(tmp_path)]


def test_the_target_can_be_chosen(opened: Program, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = open_form(opened)
    choose(dialog.form.format, "npz")
    QTest.mouseClick(dialog.target.browse_button, Qt.MouseButton.LeftButton)
    asks = dialog.findChild(QFileDialog, "file_dialog")
    assert asks is not None
    asks.fileSelected.emit(str(tmp_path / "chosen"))
    asks.close()
    assert dialog.target.path() == tmp_path / "chosen.npz"


def test_every_field_has_a_name_and_the_menu_has_the_action(opened: Program) -> None:
    dialog = open_form(opened)
    for kind in (QComboBox, QSpinBox):
        for field in dialog.findChildren(kind):
            assert field.accessibleName(), field
    assert dialog.target.edit.accessibleName()
    assert isinstance(dialog.focusWidget(), QWidget)
    assert isinstance(dialog.target.edit, QLineEdit)
    texts = [action.text() for action in page_of(opened).bar.menu.actions()]
    assert {"Export…", "Import a folder of pictures…"} <= set(texts)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_without_a_dataset_there_is_no_form(start: Start) -> None:
    program = start(page="dataset")
    action = program.window.findChild(QAction, "export_dataset")
    assert action is not None
    action.trigger()
    assert program.exporting.dialog is None
