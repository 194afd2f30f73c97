"""The grid selects, zooms and finds, driven by real events."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from mnist_desktop.ui.dataset.geometry import DEFAULT_CELL, LARGEST_CELL, SMALLEST_CELL, ZOOM_STEPS
from mnist_desktop.ui.dataset.grid import SampleGrid
from mnist_desktop.ui.dataset.shown import Shown
from tests.ui.dataset.dataset_helpers import (
    centre,
    make_dataset,
    move_mouse,
    picture,
    turn_wheel,
)

Key, Button = Qt.Key, Qt.MouseButton
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
GridMaker = Callable[..., SampleGrid]


def click(qtbot: QtBot, grid: SampleGrid, position: int, keys: Qt.KeyboardModifier = NONE) -> None:
    qtbot.mouseClick(grid.viewport(), Button.LeftButton, keys, centre(grid, position))


def selected(grid: SampleGrid) -> list[int]:
    return grid.selected_indices().tolist()


# Selection


def test_click_shift_and_ctrl(qtbot: QtBot, grid: SampleGrid) -> None:
    click(qtbot, grid, 2)
    assert (selected(grid), grid.current_index()) == ([2], 2)
    click(qtbot, grid, 5, SHIFT)
    assert selected(grid) == [2, 3, 4, 5]
    click(qtbot, grid, 4, CTRL)
    click(qtbot, grid, 8, CTRL)
    assert (selected(grid), grid.current_index()) == ([2, 3, 5, 8], 8)


def test_click_beside_the_cells_selects_nothing(qtbot: QtBot, make_grid: GridMaker) -> None:
    grid = make_grid(make_dataset(3).images)
    click(qtbot, grid, 1)
    qtbot.mouseClick(grid.viewport(), Button.LeftButton, NONE, QPoint(300, 390))
    assert (selected(grid), grid.current_index()) == ([], 1)


def test_dragging_selects_a_rectangle(qtbot: QtBot, grid: SampleGrid) -> None:
    view, columns = grid.viewport(), grid.layout_geometry.columns
    click(qtbot, grid, columns * 3)
    qtbot.mousePress(view, Button.LeftButton, CTRL, centre(grid, 1))
    for position in (2, 2 + columns):
        move_mouse(view, centre(grid, position), held=Button.LeftButton)
    rectangle = [1, 2, columns + 1, columns + 2]
    assert selected(grid) == [*rectangle, columns * 3]
    band = picture(grid)
    qtbot.mouseRelease(view, Button.LeftButton, CTRL, centre(grid, 2 + columns))
    assert selected(grid) == [*rectangle, columns * 3]
    assert grid.current_index() == 2 + columns
    assert not np.array_equal(band, picture(grid)), "the rectangle is drawn only while dragging"


def test_dragging_beyond_the_edge_scrolls(qtbot: QtBot, grid: SampleGrid) -> None:
    view = grid.viewport()
    qtbot.mousePress(view, Button.LeftButton, NONE, centre(grid, 0))
    move_mouse(view, QPoint(100, view.height() + 60), held=Button.LeftButton)
    qtbot.waitUntil(lambda: grid.scroll() > grid.layout_geometry.cell.height)
    qtbot.mouseRelease(view, Button.LeftButton, NONE, QPoint(100, view.height() + 60))
    stopped = grid.scroll()
    assert len(selected(grid)) > 6
    QApplication.processEvents()
    assert grid.scroll() == stopped


def test_keys_move_and_bring_into_view(qtbot: QtBot, grid: SampleGrid) -> None:
    columns = grid.layout_geometry.columns
    expected = 0
    for key, place in (
        (Key.Key_Right, 1),
        (Key.Key_Down, 1 + columns),
        (Key.Key_Left, columns),
        (Key.Key_Up, 0),
        (Key.Key_PageDown, grid.layout_geometry.rows_in_view * columns),
        (Key.Key_End, 299),
        (Key.Key_PageUp, 299 - grid.layout_geometry.rows_in_view * columns),
        (Key.Key_Home, 0),
    ):
        qtbot.keyClick(grid, key)
        expected = place
        assert grid.current_index() == expected, key
        assert selected(grid) == [expected]
        assert expected in grid.layout_geometry.visible_positions(grid.scroll())


def test_shift_extends_ctrl_walks_and_space_toggles(qtbot: QtBot, grid: SampleGrid) -> None:
    qtbot.keyClick(grid, Key.Key_Right, SHIFT)
    qtbot.keyClick(grid, Key.Key_Right, SHIFT)
    assert selected(grid) == [0, 1, 2]
    qtbot.keyClick(grid, Key.Key_Right, CTRL)
    assert (selected(grid), grid.current_index()) == ([0, 1, 2], 3)
    qtbot.keyClick(grid, Key.Key_Space)
    assert selected(grid) == [0, 1, 2, 3]
    qtbot.keyClick(grid, Key.Key_A, CTRL)
    assert len(selected(grid)) == 300
    qtbot.keyClick(grid, Key.Key_Escape)
    assert selected(grid) == []


def test_enter_and_double_click_open(qtbot: QtBot, grid: SampleGrid) -> None:
    with qtbot.waitSignal(grid.sample_activated) as opened:
        qtbot.keyClick(grid, Key.Key_Return)
    assert opened.args == [0]
    with qtbot.waitSignal(grid.sample_activated) as opened:
        qtbot.mouseDClick(grid.viewport(), Button.LeftButton, NONE, centre(grid, 7))
    assert opened.args == [7]


def test_figures_g_and_copy_ask(qtbot: QtBot, grid: SampleGrid) -> None:
    with qtbot.waitSignal(grid.class_key_pressed) as pressed:
        qtbot.keyClick(grid, Key.Key_7)
    assert pressed.args == [7]
    with qtbot.waitSignal(grid.go_to_requested):
        qtbot.keyClick(grid, Key.Key_G)
    with qtbot.waitSignal(grid.copy_requested):
        qtbot.keyClick(grid, Key.Key_C, CTRL)


def test_go_to_selects_and_shows(grid: SampleGrid) -> None:
    assert grid.go_to(250)
    assert (grid.current_index(), selected(grid)) == (250, [250])
    assert 250 in grid.layout_geometry.visible_positions(grid.scroll())
    assert not grid.go_to(300)
    assert grid.current_index() == 250


def test_filtered_samples_keep_their_index(qtbot: QtBot, grid: SampleGrid) -> None:
    grid.go_to(42)
    dataset = grid.shown
    sevens = np.flatnonzero(dataset.labels == 7)
    grid.set_shown(Shown(dataset.images, dataset.labels, dataset.class_names, sevens))
    assert grid.current_index() == 7
    assert not grid.look_at(42), "42 is no 7"
    qtbot.keyClick(grid, Key.Key_Right)
    assert (grid.current_index(), selected(grid)) == (17, [17])
    grid.set_shown(Shown(dataset.images, dataset.labels, dataset.class_names))
    assert grid.look_at(17)
    assert (grid.current_index(), selected(grid)) == (17, [])


# Zoom


def test_ctrl_and_wheel_zoom_around_the_pointer(make_grid: GridMaker) -> None:
    grid = make_grid(make_dataset(5_000).images)
    grid.scroll_to(9_000)
    point = centre(grid, grid.layout_geometry.visible_positions(grid.scroll())[20])
    position = grid.layout_geometry.position_at(point.x(), point.y(), grid.scroll())
    assert position is not None
    turn_wheel(grid.viewport(), 0.5, at=point, keys=CTRL)
    assert grid.cell_size == DEFAULT_CELL, "half a notch is no notch"
    turn_wheel(grid.viewport(), 0.5, at=point, keys=CTRL)
    assert grid.cell_size > DEFAULT_CELL
    box = grid.layout_geometry.box(position, grid.scroll())
    assert box.y <= point.y() < box.bottom
    turn_wheel(grid.viewport(), -1, at=point, keys=CTRL)
    assert grid.cell_size == DEFAULT_CELL


def test_wheel_alone_scrolls(grid: SampleGrid) -> None:
    turn_wheel(grid.viewport(), -1, at=QPoint(50, 50), keys=NONE)
    assert grid.scroll() > 0
    assert grid.cell_size == DEFAULT_CELL


def test_keys_zoom_from_contact_sheet_to_single_image(qtbot: QtBot, grid: SampleGrid) -> None:
    sizes = []
    grid.zoom_changed.connect(sizes.append)
    for _ in range(20):
        qtbot.keyClick(grid, Key.Key_Plus, CTRL)
    assert grid.cell_size == LARGEST_CELL
    for _ in range(20):
        qtbot.keyClick(grid, Key.Key_Minus, CTRL)
    assert grid.cell_size == SMALLEST_CELL
    assert set(sizes) == set(ZOOM_STEPS)
    qtbot.keyClick(grid, Key.Key_0, CTRL)
    assert grid.cell_size == DEFAULT_CELL


def test_the_largest_zoom_shows_a_single_image(qtbot: QtBot, grid: SampleGrid) -> None:
    grid.go_to(42)
    grid.set_cell_size(LARGEST_CELL)
    seen = []
    grid.current_changed.connect(seen.append)

    def visible() -> list[int]:
        return list(grid.layout_geometry.visible_positions(grid.scroll()))

    assert visible() == [42]
    turn_wheel(grid.viewport(), -1, at=QPoint(50, 50), keys=NONE)
    assert visible() == [43]
    turn_wheel(grid.viewport(), 3, at=QPoint(50, 50), keys=NONE)
    assert visible() == [40]
    for key, there in (
        (Key.Key_Right, 41),
        (Key.Key_Down, 42),
        (Key.Key_PageUp, 41),
        (Key.Key_End, 299),
        (Key.Key_Home, 0),
    ):
        qtbot.keyClick(grid, key)
        assert visible() == [there], key
    grid.verticalScrollBar().setValue(123)
    assert visible() == [123]
    assert seen == [43, 40, 41, 42, 41, 299, 0, 123], "what is seen is the current one"
    grid.resize(411, 333)
    qtbot.waitUntil(lambda: grid.layout_geometry.view_height < 340)
    assert visible() == [123]
    turn_wheel(grid.viewport(), -1, at=QPoint(50, 50), keys=CTRL)
    assert grid.cell_size < LARGEST_CELL
    assert 123 in visible()


def test_wheel_zooms_into_the_image_under_the_pointer(grid: SampleGrid) -> None:
    grid.set_cell_size(ZOOM_STEPS[-4])
    turn_wheel(grid.viewport(), 5, at=centre(grid, 1), keys=CTRL)
    assert grid.shows_single
    assert grid.current_index() == 1


def test_zooming_by_keys_leaves_the_current_image_whole(qtbot: QtBot, grid: SampleGrid) -> None:
    grid.go_to(0)
    grid.set_cell_size(SMALLEST_CELL)
    for _ in ZOOM_STEPS:
        qtbot.keyClick(grid, Key.Key_Plus, CTRL)
        box = grid.layout_geometry.box(0, grid.scroll())
        assert box.y == 0


def test_no_picture_is_larger_than_the_view(grid: SampleGrid) -> None:
    grid.resize(300, 200)
    grid.set_cell_size(ZOOM_STEPS[-2])
    geometry = grid.layout_geometry
    assert geometry.cell.height <= geometry.view_height
    assert geometry.cell.width <= geometry.view_width
    grid.go_to(7)
    grid.resize(500, 190)
    box = grid.layout_geometry.box(7, grid.scroll())
    assert box.y >= 0
    assert box.bottom <= grid.layout_geometry.view_height


def test_selection_is_inverted(qtbot: QtBot, grid: SampleGrid) -> None:
    click(qtbot, grid, 3)
    qtbot.keyClick(grid, Key.Key_I, CTRL)
    assert selected(grid) == [index for index in range(300) if index != 3]
    qtbot.keyClick(grid, Key.Key_I, CTRL)
    assert selected(grid) == [3]


def test_resizing_keeps_what_is_looked_at(qtbot: QtBot, grid: SampleGrid) -> None:
    grid.go_to(200)
    grid.resize(330, 420)
    qtbot.waitUntil(lambda: grid.layout_geometry.view_height > 400)
    assert 200 in grid.layout_geometry.visible_positions(grid.scroll())


# What cannot be seen


def test_current_sample_is_told_to_screen_readers(qtbot: QtBot, grid: SampleGrid) -> None:
    qtbot.keyClick(grid, Key.Key_Right)
    assert grid.accessibleName() == "Samples"
    assert grid.accessibleDescription() == "index 1, label 1, 2 of 300 shown"


def test_tooltip_tells_index_and_label(grid: SampleGrid) -> None:
    place = centre(grid, 8)
    there = grid.viewport().mapToGlobal(place)
    QApplication.sendEvent(grid.viewport(), QHelpEvent(QEvent.Type.ToolTip, place, there))
    assert QToolTip.text() == "index 8, label 8"
    QToolTip.hideText()
