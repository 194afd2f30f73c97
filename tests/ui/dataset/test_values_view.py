"""A file without pictures on the page: table, counts, curve, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.axes import APART
from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.datasets.values import Values, values_job
from mnist_desktop.progress import finish
from mnist_desktop.ui.dataset import values_table
from mnist_desktop.ui.dataset.page import DatasetPage
from mnist_desktop.ui.dataset.values_table import ValuesTable
from mnist_desktop.ui.dataset.values_view import ValuesView
from mnist_desktop.ui.program import Program
from tests.ui.helpers import destroy, on_screen


@pytest.fixture
def view(app: QApplication) -> Iterator[ValuesView]:
    """Return a view of values on the screen, empty."""
    yield from on_screen(ValuesView(), width=940, height=620)


def stored(folder: Path, array: npt.ArrayLike, name: str = "values") -> Values:
    """Write an array and open it as values."""
    write_idx(folder / name, np.asarray(array))
    return finish(values_job(folder / name))


def shown(view: ValuesView, values: Values, qtbot: QtBot) -> ValuesView:
    """Show values and wait until they are counted."""
    view.set_values(values)
    qtbot.waitUntil(lambda: view.panel.figures is not None, timeout=10_000)
    return view


def cells(table: ValuesTable, row: int) -> list[str]:
    """Return what is written in a row of the table."""
    model = table.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_labels_are_listed_with_names_and_counted(
    view: ValuesView, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "mapping.txt").write_text("0 65\n1 66\n2 67\n")
    values = stored(tmp_path, np.array([2, 0, 2, 1, 2], np.uint8), "labels")
    shown(view, values, qtbot)
    assert view.facts.text() == "5 values · unsigned byte"
    assert cells(view.table, 0) == ["2", "C"]
    assert view.table.model().headerData(1, Qt.Orientation.Horizontal) == "class name"
    assert view.panel.bars.isVisible()
    assert not view.panel.curve.isVisible()
    assert [view.panel.bars.words(place) for place in range(3)] == [
        "0 A: 1 time (20.0 %)",
        "1 B: 1 time (20.0 %)",
        "2 C: 3 times (60.0 %)",
    ]
    rows = []
    for _ in range(4):
        view.panel.bars.class_clicked.emit(2)
        rows.append(view.table.current_row())
    assert rows == [2, 4, 0, 2]


def test_many_values_are_drawn_as_a_curve(view: ValuesView, tmp_path: Path, qtbot: QtBot) -> None:
    wave = np.sin(np.arange(20_000) / 1000).astype(np.float32)
    wave[7] = np.nan
    shown(view, stored(tmp_path, wave), qtbot)
    assert view.panel.curve.isVisible()
    assert not view.panel.bars.isVisible()
    area = view.panel.curve.area()
    middle = QPoint(round(area.center().x()), round(area.center().y()))
    qtbot.mouseClick(view.panel.curve, Qt.MouseButton.LeftButton, pos=middle)
    row = view.table.current_row()
    assert row is not None
    assert abs(row - 10_000) < 200
    assert view.row.text() == str(row)
    picture = view.panel.curve.grab().toImage()
    colours = {picture.pixelColor(middle.x(), y).name() for y in range(picture.height())}
    assert len(colours) > 1


def test_columns_of_a_table_are_counted_one_by_one(
    view: ValuesView, tmp_path: Path, qtbot: QtBot
) -> None:
    table = np.stack([np.arange(300) % 3, np.arange(300)], axis=1).astype(np.int32)
    shown(view, stored(tmp_path, table), qtbot)
    assert view.facts.text() == "300 rows × 2 columns · 32-bit integer"
    assert view.panel.bars.isVisible()
    view.panel.column.setCurrentIndex(1)
    qtbot.waitUntil(lambda: view.panel.figures is not None, timeout=10_000)
    assert view.panel.curve.isVisible()
    assert view.panel.figures is not None
    assert view.panel.figures.highest == 299


def test_a_single_value_and_none_at_all(view: ValuesView, tmp_path: Path, qtbot: QtBot) -> None:
    shown(view, stored(tmp_path, np.float64(0.1)), qtbot)
    assert view.facts.text() == "a single value · 64-bit float"
    assert cells(view.table, 0) == ["0.1"]
    view.set_values(stored(tmp_path, np.zeros((0, 3), np.uint8), "none"))
    assert view.facts.text() == "0 rows × 3 columns · unsigned byte"
    assert view.table.model().rowCount() == 0
    assert not view.panel.bars.isVisible()


def test_rows_are_found_and_copied(view: ValuesView, tmp_path: Path, qtbot: QtBot) -> None:
    shown(view, stored(tmp_path, np.arange(600, dtype=np.int16).reshape(200, 3)), qtbot)
    qtbot.keyClick(view.table, Qt.Key.Key_G)
    assert view.row.hasFocus()
    qtbot.keyClicks(view.row, "150")
    qtbot.keyClick(view.row, Qt.Key.Key_Return)
    assert view.table.current_row() == 150
    assert view.table.hasFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(view.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(view.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "450\t451\n453\t454"
    qtbot.keyClick(view.table, Qt.Key.Key_G)
    qtbot.keyClicks(view.row, "200")
    qtbot.keyClick(view.row, Qt.Key.Key_Return)
    assert view.table.current_row() == 151
    assert view.row.toolTip() == "A number from 0 to 199"


def test_a_table_longer_than_qt_allows_is_shown_in_parts(
    app: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(values_table, "WINDOW", 100)
    table = ValuesTable()
    table.set_values(stored(tmp_path, np.arange(1000, dtype=np.int16)))
    model = table.model()
    assert model.rowCount() == 100
    for row in (0, 99, 500, 999, 420, 3):
        assert table.go_to(row)
        assert table.current_row() == row
        assert table.currentIndex().data() == str(row)
        assert table.model().rowCount() == 100
    assert not table.go_to(1000)
    assert model.headerData(3, Qt.Orientation.Vertical) == "3"
    destroy(table)


def opened_page(program: Program) -> DatasetPage:
    """Return the dataset page of the window."""
    page = program.window.page("dataset")
    assert isinstance(page, DatasetPage)
    return page


def test_the_window_shows_values_and_leads_back(
    start: Callable[..., Program], qtbot: QtBot, tmp_path: Path
) -> None:
    program = start(page="dataset")
    page = opened_page(program)
    write_idx(tmp_path / "a-labels", (np.arange(500) % 7).astype(np.uint8))
    program.core.open_dataset(tmp_path / "a-labels")
    qtbot.waitUntil(lambda: bool(page.findChildren(ValuesView)), timeout=10_000)
    (view,) = page.findChildren(ValuesView)
    qtbot.waitUntil(lambda: view.panel.figures is not None, timeout=10_000)
    assert view.isVisible()
    assert not view.back.isVisible()
    assert "their images are not beside them" in page.notice_strip.message()
    assert program.core.dataset is None
    assert program.settings.recent[0] == tmp_path / "a-labels"
    program.core.open_samples()
    qtbot.waitUntil(lambda: program.core.dataset is not None, timeout=10_000)
    assert not view.isVisible()
    assert page.browser.isVisible()
    program.core.open_dataset(tmp_path / "a-labels")
    qtbot.waitUntil(view.isVisible, timeout=10_000)
    assert program.core.dataset is not None
    assert view.back.text() == f"Back to {program.core.dataset.name}"
    page.go_to(7)
    view.back.click()
    assert page.browser.isVisible()
    assert page.grid.current_index() == 7
    assert page.notice_strip.message() == ""


def test_the_labels_of_a_dataset_can_be_seen_as_a_table(
    start: Callable[..., Program], qtbot: QtBot, tmp_path: Path
) -> None:
    program = start(page="dataset")
    page = opened_page(program)
    write_idx(tmp_path / "a-images", np.zeros((4, 5, 6), np.uint8))
    write_idx(tmp_path / "a-labels", np.array([[3, 10], [1, 11], [2, 12], [0, 13]], np.int32))
    program.core.open_dataset(tmp_path / "a-images")
    qtbot.waitUntil(lambda: program.core.dataset is not None, timeout=10_000)
    (action,) = [a for a in page.bar.menu.actions() if a.objectName() == "labels_as_table"]
    page.bar.menu.aboutToShow.emit()
    assert action.isEnabled()
    action.trigger()
    qtbot.waitUntil(lambda: bool(page.findChildren(ValuesView)), timeout=10_000)
    (view,) = page.findChildren(ValuesView)
    qtbot.waitUntil(lambda: view.panel.figures is not None, timeout=10_000)
    assert cells(view.table, 1) == ["1", "11"]
    program.core.open_samples()
    qtbot.waitUntil(lambda: page.browser.isVisible(), timeout=10_000)
    page.bar.menu.aboutToShow.emit()
    assert not action.isEnabled()


def test_channels_and_axes_are_chosen_on_the_page(
    start: Callable[..., Program], qtbot: QtBot, tmp_path: Path
) -> None:
    program = start(page="dataset")
    page = opened_page(program)
    colours = np.random.default_rng(0).integers(0, 256, (6, 4, 9, 8, 3), dtype=np.uint8)
    write_idx(tmp_path / "stack", colours)
    program.core.open_dataset(tmp_path / "stack")
    qtbot.waitUntil(lambda: program.core.dataset is not None, timeout=10_000)
    assert page.grid.shown.count == 24
    bar = page.bar.axes_bar
    assert bar is not None
    assert bar.isVisible()
    assert "(6 × 4) are laid out one after the other" in page.notice_strip.accessibleName()
    before = program.core.dataset
    bar.channel.setCurrentIndex(bar.channel.findData(1))
    qtbot.waitUntil(lambda: program.core.dataset is not before, timeout=10_000)
    assert np.array_equal(page.grid.shown.images, colours[..., 1].reshape(24, 9, 8))
    before = program.core.dataset
    bar.indices[1].setValue(2)
    qtbot.waitUntil(lambda: program.core.dataset is not before, timeout=10_000)
    assert np.array_equal(page.grid.shown.images, colours[:, 2, ..., 1])
    assert bar.channel.currentData() == 1
    before = program.core.dataset
    bar.channel.setCurrentIndex(bar.channel.findData(APART))
    qtbot.waitUntil(lambda: program.core.dataset is not before, timeout=10_000)
    assert page.grid.shown.count == 18
    program.core.open_samples()
    qtbot.waitUntil(lambda: program.core.dataset.images_path is None, timeout=10_000)
    assert not bar.isVisible()
