"""The grid paints what is in view, and paints it right."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.grid import SampleGrid
from mnist_desktop.ui.dataset.shown import NOTHING, Shown
from tests.ui.dataset.dataset_helpers import (
    ReadCounter,
    centre,
    make_dataset,
    overlapping_images,
    picture,
)

Key = Qt.Key
GridMaker = Callable[..., SampleGrid]


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
