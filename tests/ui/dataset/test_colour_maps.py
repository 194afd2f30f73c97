"""Pictures are shown in the colours that were chosen, and only they."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib import colormaps
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.captions import Captions
from mnist_desktop.ui.dataset.cells import lay_out_cell
from mnist_desktop.ui.dataset.colour_maps import ColourMap, colour_table
from mnist_desktop.ui.dataset.grid import SampleGrid
from mnist_desktop.ui.dataset.page import DatasetPage
from tests.ui.dataset.dataset_helpers import picture

GridMaker = Callable[..., SampleGrid]


def parts(colour: np.uint32) -> tuple[int, int, int]:
    """Return red, green and blue."""
    value = int(colour)
    return value >> 16 & 255, value >> 8 & 255, value & 255


def test_viridis_is_the_one_of_matplotlib(app: QApplication) -> None:
    table = colour_table(ColourMap.VIRIDIS, theme.LIGHT)
    ours = np.array([parts(colour) for colour in table])
    theirs = np.rint(colormaps["viridis"](np.arange(256))[:, :3] * 255)
    assert np.abs(ours - theirs).max() <= 5


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
def test_inverted_exchanges_paper_and_ink(app: QApplication, colours: theme.Theme) -> None:
    table = colour_table(ColourMap.INVERTED, colours)
    assert parts(table[0]) == colours.ink.toTuple()[:3]
    assert parts(table[255]) == colours.paper.toTuple()[:3]


@pytest.mark.parametrize("colour_map", list(ColourMap))
@pytest.mark.parametrize("cell_size", [16, 40, 96, 4096])
def test_each_picture_has_its_colours_and_the_rest_is_paper(
    make_grid: GridMaker, colour_map: ColourMap, cell_size: int
) -> None:
    images = np.zeros((5, 28, 28), np.uint8)
    images[:, 14:] = 255
    grid = make_grid(images)
    grid.set_captions(False)
    grid.set_cell_size(cell_size)
    grid.set_colour_map(colour_map)
    shown, geometry = picture(grid), grid.layout_geometry
    table = colour_table(colour_map, theme.LIGHT)
    is_paper = np.ones(shown.shape[:2], bool)
    for position in geometry.visible_positions(grid.scroll()):
        box, place = geometry.box(position, grid.scroll()), geometry.cell.picture
        left, top = box.x + place.x, box.y + place.y
        is_paper[top : top + place.height, left : left + place.width] = False
        if position == 0:
            # It has a frame.
            is_paper[box.y : box.bottom, box.x : box.right] = False
        assert tuple(shown[top + 3, left + 3]) == parts(table[0])
        assert tuple(shown[top + place.height - 3, left + 3]) == parts(table[255])
    paper = theme.LIGHT.paper.toTuple()[:3]
    assert (shown[is_paper] == paper).all()


def test_captions_keep_their_colours(make_grid: GridMaker) -> None:
    labels = np.arange(12, dtype=np.int64) % 10
    grid = make_grid(np.zeros((12, 28, 28), np.uint8), labels)
    before = picture(grid)
    grid.set_colour_map(ColourMap.VIRIDIS)
    after, cell = picture(grid), grid.layout_geometry.cell
    box = grid.layout_geometry.box(1, grid.scroll())
    words = slice(box.y + cell.caption.y, box.bottom), slice(box.x, box.right)
    assert np.array_equal(before[words], after[words])
    assert not np.array_equal(before, after)


def test_page_shows_one_map_everywhere(qtbot: QtBot, filled: DatasetPage) -> None:
    before = filled.inspector.view.grab().toImage()
    filled.view_bar.colours.actions_by_map[ColourMap.VIRIDIS].trigger()
    assert filled.view_state().colours == "viridis"
    assert filled.inspector.view.grab().toImage() != before
    violet = parts(colour_table(ColourMap.VIRIDIS, theme.LIGHT)[0])
    assert (picture(filled.grid) == violet).all(axis=2).any()


# Captions


def test_caption_tells_what_a_sample_was_taken_for(app: QApplication) -> None:
    cell = lay_out_cell(image_size=(28, 28), cell_size=200, caption_height=16)
    made = Captions(
        ("a", "b"), answers=("a", "b"), count=20, cell=cell, font=theme.font(11), ratio=1
    )
    same = np.zeros(4, np.int64)
    captions = made.of(same, np.array([0, 0, 1, -1]), np.array([-1, 1, -1, 1]))
    assert captions.shape == (4, cell.caption.height, cell.width)
    assert len({caption.tobytes() for caption in captions}) == 4, "a, a → b, b, → b"
    plain = made.of(same, np.array([0, 0, 1, -1]))
    assert np.array_equal(plain[0], plain[1])
    assert np.array_equal(plain[0], captions[0])
    assert not np.array_equal(plain[1], captions[1])
    assert made.of(np.zeros(0, np.int64), None).shape == (0, 16, cell.width)


def test_many_classes_cost_only_what_is_seen(app: QApplication) -> None:
    cell = lay_out_cell(image_size=(28, 28), cell_size=64, caption_height=16)
    names = [str(value) for value in range(100_000)]
    made = Captions(names, count=20, cell=cell, font=theme.font(11), ratio=1)
    captions = made.of(np.arange(2), np.array([7, 99_999]))
    assert captions.any(axis=(1, 2)).all()
    assert len(made._drawn) == 2
