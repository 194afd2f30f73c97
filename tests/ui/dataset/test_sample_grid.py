"""The grid paints, selects, zooms and finds, driven by real events."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.geometry import DEFAULT_CELL, LARGEST_CELL, SMALLEST_CELL, ZOOM_STEPS
from mnist_desktop.ui.dataset.grid import SampleGrid
from mnist_desktop.ui.dataset.shown import NOTHING, Shown
from tests.ui.dataset.dataset_helpers import (
    ReadCounter,
    make_dataset,
    move_mouse,
    overlapping_images,
    turn_wheel,
)

Key, Button = Qt.Key, Qt.MouseButton
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
GridMaker = Callable[..., SampleGrid]


@pytest.fixture
def grid(make_grid: GridMaker) -> SampleGrid:
    dataset = make_dataset()
    return make_grid(dataset.images, dataset.labels)


def centre(grid: SampleGrid, position: int) -> QPoint:
    """Return the middle of a cell in the view."""
    ratio = grid.devicePixelRatioF()
    box = grid.layout_geometry.box(position, grid.scroll())
    return QPoint(round((box.x + box.width / 2) / ratio), round((box.y + box.height / 2) / ratio))


def click(qtbot: QtBot, grid: SampleGrid, position: int, keys: Qt.KeyboardModifier = NONE) -> None:
    qtbot.mouseClick(grid.viewport(), Button.LeftButton, keys, centre(grid, position))


def picture(grid: SampleGrid) -> np.ndarray:
    """Return what the view shows as (h, w, 3) uint8."""
    image = grid.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return lines[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def selected(grid: SampleGrid) -> list[int]:
    return grid.selected_indices().tolist()


# Painting


def test_only_visible_images_are_read(make_grid: GridMaker) -> None:
    images = make_dataset(60_000).images.view(ReadCounter)
    grid = make_grid(images)
    for scroll in (0, 20_000, grid.layout_geometry.max_scroll):
        grid.scroll_to(scroll)
        ReadCounter.read = 0
        picture(grid)
        visible = len(grid.layout_geometry.visible_positions(grid.scroll()))
        assert 0 < visible <= ReadCounter.read <= visible + 2 * grid.layout_geometry.columns


@pytest.mark.parametrize(("height", "width"), [(28, 28), (27, 30), (30, 27), (31, 29), (5, 9)])
def test_pictures_of_any_width_are_not_sheared(
    make_grid: GridMaker, height: int, width: int
) -> None:
    rng = np.random.default_rng(height)
    images = rng.choice(np.array([0, 255], np.uint8), (40, height, width))
    grid = make_grid(images)
    grid.set_captions(False)
    # At seven eighths of the cell the longer side is shown at a whole multiple of its size.
    longest = max(height, width)
    grid.set_cell_size(next(s for s in range(64, 999) if (s - s // 8) % longest == 0))
    shown, table = picture(grid), (theme.LIGHT.paper.red(), theme.LIGHT.ink.red())
    cell, geometry = grid.layout_geometry.cell, grid.layout_geometry
    times = cell.picture.width // width
    assert times == cell.picture.height // height
    for position in range(1, geometry.columns):  # the first has the frame of the current one
        box = geometry.box(position, grid.scroll())
        left, top = box.x + cell.picture.x, box.y + cell.picture.y
        part = shown[top : top + cell.picture.height, left : left + cell.picture.width, 0]
        enlarged = np.repeat(np.repeat(images[position], times, 0), times, 1)
        assert np.array_equal(part, np.where(enlarged == 255, table[1], table[0]))


def test_ink_follows_the_scheme(app: QApplication, grid: SampleGrid) -> None:
    dataset = make_dataset(4)
    grid.set_shown(Shown(dataset.images | np.uint8(255), dataset.labels, dataset.class_names))
    for scheme in ("dark", "light"):
        theme.apply_theme(app, scheme)
        colours = theme.current()
        shown, middle = picture(grid), centre(grid, 1)
        assert tuple(shown[middle.y(), middle.x()]) == colours.ink.toTuple()[:3]
        assert tuple(shown[-1, -1]) == colours.paper.toTuple()[:3]


def test_captions_show_label_and_index(make_grid: GridMaker) -> None:
    blank = np.zeros((60, 28, 28), np.uint8)
    grid = make_grid(blank, np.arange(60) % 10)
    grid.set_cell_size(96)
    with_captions = picture(grid)
    cell, geometry = grid.layout_geometry.cell, grid.layout_geometry
    parts = []
    for position in (1, 11, 2):
        box = geometry.box(position, grid.scroll())
        top = box.y + cell.caption.y
        parts.append(with_captions[top : box.bottom, box.x : box.right])
    half = cell.width // 2
    assert np.array_equal(parts[0][:, :half], parts[1][:, :half]), "both are labelled 1"
    assert not np.array_equal(parts[0][:, half:], parts[1][:, half:]), "1 is not 11"
    assert not np.array_equal(parts[0][:, :half], parts[2][:, :half]), "1 is not 2"
    grid.set_captions(False)
    frameless = picture(grid)[grid.layout_geometry.cell.height :]
    assert (frameless == theme.LIGHT.paper.red()).all()


def test_empty_grid_paints_paper_and_knows_no_sample(make_grid: GridMaker) -> None:
    grid = make_grid(NOTHING.images)
    assert (picture(grid) == theme.LIGHT.paper.red()).all()
    assert grid.current_index() is None
    assert not grid.go_to(0)
    assert "Nothing" in grid.accessibleDescription()


def test_814000_images_need_no_memory_of_their_own(qtbot: QtBot, make_grid: GridMaker) -> None:
    images = overlapping_images(814_000)
    grid = make_grid(images, np.arange(814_000) % 10)
    picture(grid)
    tracemalloc.start()
    try:
        for place in range(40):
            grid.scroll_to(grid.layout_geometry.max_scroll * place // 39)
            picture(grid)
        qtbot.keyClick(grid, Key.Key_End)
        grown, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert grid.current_index() == 813_999
    assert grown < 8e6
    assert peak < 16e6


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
