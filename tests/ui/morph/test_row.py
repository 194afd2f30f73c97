"""The row of steps: its layout, what is painted, and the file it is written to."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from mnist_desktop.errors import UserError
from mnist_desktop.inference.way import FINENESS, Way
from mnist_desktop.ui import theme
from mnist_desktop.ui.morph.answer import leading_classes
from mnist_desktop.ui.morph.picture import EDGE
from mnist_desktop.ui.morph.row_painter import STEPS, paint_row, row_layout
from mnist_desktop.ui.morph.saving import MARGIN, RATIO, save_row


def turning_way(turn: int = 40) -> Way:
    """Return a way of growing ink whose answer turns from 0 to 1 behind the picture `turn`."""
    count = FINENESS + 1
    pictures = np.zeros((count, 28, 28), np.uint8)
    pictures[:, 10:18, 10:18] = np.linspace(50, 250, count).astype(np.uint8)[:, None, None]
    rows = np.full((count, 3), 0.05, np.float32)
    rows[: turn + 1, 0] = rows[turn + 1 :, 1] = 0.9
    return Way(pictures, rows, ("zero", "one", "two"))


@pytest.mark.parametrize("width", [700, 892, 1788, 3000])
@pytest.mark.parametrize("pixels", [20, 28, 33])
def test_pictures_have_whole_pixels_and_do_not_touch(width: int, pixels: int) -> None:
    layout = row_layout(width, most=600, pixels=pixels)

    assert (layout.side - 2 * EDGE) % pixels == 0
    assert layout.height <= 600
    rooms = [layout.picture(step) for step in range(STEPS)]
    assert rooms[0].left() >= 0
    assert rooms[-1].right() <= width
    assert all(b.left() - a.right() >= 8 for a, b in pairwise(rooms))
    for step, room in enumerate(rooms):
        assert room.center().x() == pytest.approx(layout.x(step / (STEPS - 1)))


def test_images_too_large_for_the_row_are_made_smaller() -> None:
    layout = row_layout(900, most=200, pixels=300)

    assert 50 < layout.side < 900 / STEPS


def painted(way: Way, width: int, *, current: int = -1) -> QImage:
    layout = row_layout(width, most=400, pixels=28)
    image = QImage(width, round(layout.height), QImage.Format.Format_RGB32)
    image.fill(theme.LIGHT.window)
    with QPainter(image) as painter:
        paint_row(painter, way, layout, current=current, colours=theme.LIGHT)
    return image


def test_turn_is_marked_by_a_line_at_its_place(app: QApplication) -> None:
    way = turning_way(40)
    image, layout = painted(way, 900), row_layout(900, most=400, pixels=28)
    x = round(layout.x(way.turns()[0].place))

    accent = theme.LIGHT.accent.rgb()
    columns = {
        column for column in range(900) for line in (0, 1) if image.pixel(column, line) == accent
    }

    assert columns == {x}


def test_chosen_step_is_framed(app: QApplication) -> None:
    layout = row_layout(900, most=400, pixels=28)
    accent = theme.LIGHT.accent.rgb()
    image = painted(turning_way(), 900, current=3)
    for step in range(STEPS):
        room = layout.picture(step)
        framed = image.pixel(round(room.left()) + 1, round(room.center().y())) == accent
        assert framed == (step == 3)


def test_ink_of_each_step_is_painted(app: QApplication) -> None:
    way, layout = turning_way(), row_layout(900, most=400, pixels=28)
    image = painted(way, 900)
    darkness = [
        255 - (image.pixelColor(layout.picture(step).center().toPoint()).red())
        for step in range(STEPS)
    ]
    assert darkness == sorted(darkness)
    assert darkness[-1] - darkness[0] > 150


def test_file_holds_the_row_on_white_whatever_the_scheme(app: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "変形.png"
    save_row(path, turning_way())
    light = path.read_bytes()
    theme.apply_theme(app, "dark")
    save_row(path, turning_way())

    assert path.read_bytes() == light
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("L"))
    assert (pixels[: RATIO * (MARGIN - 1)] == 255).all()
    assert (pixels < 60).any()
    assert pixels.shape[1] == RATIO * (128 * STEPS + 2 * MARGIN)


def test_file_that_cannot_be_written_leaves_nothing(app: QApplication, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="could not be written"):
        save_row(tmp_path / "missing" / "row.png", turning_way())
    assert list(tmp_path.iterdir()) == []


def test_bars_are_for_the_classes_that_matter_in_their_order() -> None:
    rows = np.array(
        [[0.01, 0.5, 0.01, 0.2, 0.28, 0.0], [0.01, 0.05, 0.6, 0.04, 0.04, 0.26]], np.float32
    )
    way = Way(np.zeros((2, 4, 4), np.uint8), rows, tuple("abcdef"))

    assert leading_classes(way) == [1, 2, 4, 5]
    assert leading_classes(Way(way.pictures)) == []
