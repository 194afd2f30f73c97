"""Pictures are put together without shearing, mixing or losing pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.ui.dataset import tiles
from mnist_desktop.ui.dataset.cells import lay_out_cell
from mnist_desktop.ui.dataset.halving import can_halve, halved
from mnist_desktop.ui.dataset.tiles import Composer, ramp, resampling


@given(source=st.integers(1, 60), target=st.integers(1, 200), offset=st.integers(0, 9))
def test_resampling_keeps_a_flat_line_flat(source: int, target: int, offset: int) -> None:
    matrix = resampling(source=source, target=target, length=target + 12, offset=offset)
    flat = np.full(source, 200, np.float32) @ matrix
    assert np.allclose(flat[offset : offset + target], 200, rtol=1e-5)
    assert not flat[:offset].any()
    assert not flat[offset + target :].any()


def test_whole_multiples_repeat_pixels_exactly() -> None:
    matrix = resampling(source=3, target=9, length=9, offset=0)
    line = np.array([0, 255, 7], np.float32) @ matrix
    assert np.allclose(line, [0, 0, 0, 255, 255, 255, 7, 7, 7])


def test_halving_averages_neighbours() -> None:
    matrix = resampling(source=4, target=2, length=2, offset=0)
    assert np.allclose(np.array([10, 20, 30, 50], np.float32) @ matrix, [15, 40])


@pytest.mark.parametrize(("height", "width"), [(28, 28), (30, 27), (27, 30), (1, 5), (9, 2)])
def test_every_picture_stands_in_its_cell(height: int, width: int) -> None:
    rng = np.random.default_rng(5)
    images = rng.integers(0, 256, (7, height, width), dtype=np.uint8)
    # A picture of exactly its own size is copied pixel by pixel.
    longest = max(height, width)
    size = next(s for s in range(longest, 99) if s - max(1, s // 8) == longest)
    cell = lay_out_cell(image_size=(height, width), cell_size=size, caption_height=5)
    canvas = Composer().compose(images, cell=cell, columns=3)
    assert canvas.shape == (3 * cell.height, 3 * cell.width)
    picture = cell.picture
    blank = np.ones(canvas.shape, bool)
    for place, image in enumerate(images):
        top = place // 3 * cell.height + picture.y
        left = place % 3 * cell.width + picture.x
        part = (slice(top, top + picture.height), slice(left, left + picture.width))
        assert np.array_equal(canvas[part], image)
        blank[part] = False
    assert not canvas[blank].any()


def test_captions_stand_under_their_pictures() -> None:
    cell = lay_out_cell(image_size=(28, 28), cell_size=32, caption_height=6)
    images = np.zeros((5, 28, 28), np.uint8)
    captions = np.arange(5, dtype=np.uint8)[:, None, None] + np.full((5, 6, 32), 10, np.uint8)
    canvas = Composer().compose(images, cell=cell, columns=2, captions=captions)
    cells = canvas.reshape(3, cell.height, 2, cell.width).transpose(0, 2, 1, 3).reshape(6, -1, 32)
    for place in range(5):
        assert (cells[place, cell.caption.y : cell.caption.bottom] == 10 + place).all()
        assert not cells[place, : cell.caption.y].any()
    assert not cells[5].any()


def test_full_ink_stays_full_at_every_size() -> None:
    images = np.full((1, 28, 28), 255, np.uint8)
    for size in range(16, 400):
        cell = lay_out_cell(image_size=(28, 28), cell_size=size, caption_height=0)
        canvas = Composer().compose(images, cell=cell, columns=1)
        assert set(np.unique(canvas)) == {0, 255}


def test_ramp_runs_from_paper_to_ink() -> None:
    colours = ramp((255, 255, 255), (27, 27, 26))
    assert colours.dtype == np.uint32
    assert (hex(colours[0]), hex(colours[255])) == ("0xffffffff", "0xff1b1b1a")


def test_memory_of_the_last_frame_does_not_show_through() -> None:
    composer = Composer()
    cell = lay_out_cell(image_size=(28, 28), cell_size=32, caption_height=4)
    composer.compose(np.full((9, 28, 28), 255, np.uint8), cell=cell, columns=3)
    blank = np.zeros((4, 28, 28), np.uint8)
    assert not composer.compose(blank, cell=cell, columns=3).any()


def test_large_products_are_cut_without_changing_them() -> None:
    images = np.random.default_rng(0).integers(0, 256, (2, 300, 200), dtype=np.uint8)
    cell = lay_out_cell(image_size=(300, 200), cell_size=768, caption_height=0)
    canvas = Composer().compose(images, cell=cell, columns=2)
    across = resampling(
        source=200, target=cell.picture.width, length=cell.width, offset=cell.picture.x
    )
    down = resampling(
        source=300, target=cell.picture.height, length=cell.height, offset=cell.picture.y
    )
    whole = np.concatenate([down.T @ image.astype(np.float32) @ across for image in images], axis=1)
    assert np.abs(canvas - whole).max() <= 0.51


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("size", [(28, 28), (4, 8), (12, 20), (64, 4)])
def test_halving_is_the_mean_of_four(turned: bool, size: tuple[int, int]) -> None:
    images = np.random.default_rng(5).integers(0, 256, (33, *size), dtype=np.uint8)
    images[:3], images[3:6] = 255, np.arange(size[1]) % 2
    images = images.swapaxes(1, 2) if turned else images
    count, height, width = images.shape
    assert can_halve(images, width=width // 2, height=height // 2)
    blocks = images.reshape(count, height // 2, 2, width // 2, 2).sum(axis=(2, 4), dtype=int)
    assert np.array_equal(halved(images), (blocks + 1) // 4)
    chosen = images[np.array([5, 0, 32, 7])]
    assert can_halve(chosen, width=width // 2, height=height // 2)
    assert np.array_equal(halved(chosen), halved(images)[[5, 0, 32, 7]])


def test_only_what_is_even_and_close_together_is_halved() -> None:
    for images in (
        np.zeros((3, 28, 30), np.uint8),
        np.zeros((3, 28, 32), np.uint8)[:, :, :28],
        np.zeros((3, 26, 28), np.uint8),
    ):
        _, height, width = images.shape
        assert not can_halve(images, width=width // 2, height=height // 2)
    assert not can_halve(np.zeros((3, 28, 28), np.uint8), width=14, height=13)


@pytest.mark.parametrize("count", [1, 5, 6, 7])
def test_halved_cells_are_those_of_any_other_way(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = np.random.default_rng(count).integers(0, 256, (count, 28, 28), dtype=np.uint8)
    cell = lay_out_cell(image_size=(28, 28), cell_size=16, caption_height=0)
    composer = Composer()
    composer.compose(np.full((9, 28, 28), 255, np.uint8), cell=cell, columns=3)
    halves = composer.compose(images, cell=cell, columns=3).copy()
    monkeypatch.setattr(tiles, "can_halve", lambda *_, **__: False)
    assert np.array_equal(halves, composer.compose(images, cell=cell, columns=3))
