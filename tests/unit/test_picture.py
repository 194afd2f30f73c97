"""A picture file becomes ink whatever its colours, and what is none is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from PIL import Image

from mnist_desktop.errors import UserError
from mnist_desktop.inference.picture import MAX_PIXELS, read_picture


def a_one(size: int = 40) -> np.ndarray:
    """Return (size, size) uint8 ink: a vertical stroke with soft sides."""
    ink = np.zeros((size, size), np.uint8)
    ink[8:-8, size // 2 - 2 : size // 2 + 2] = 255
    ink[8:-8, [size // 2 - 3, size // 2 + 2]] = 101
    return ink


def save(folder: Path, image: Image.Image, name: str = "数字.png", **options: object) -> Path:
    path = folder / name
    image.save(path, **options)
    return path


def test_light_ink_on_dark_and_dark_on_light_are_the_same_ink(tmp_path: Path) -> None:
    ink = a_one()
    pictures = {
        "white on black": Image.fromarray(ink),
        "black on white": Image.fromarray(255 - ink),
        "colour": Image.fromarray(np.repeat(255 - ink[..., None], 3, axis=2)),
        "palette": Image.fromarray(255 - ink).convert("P"),
        "bits": Image.fromarray(255 - np.where(ink > 127, 255, 0).astype(np.uint8)).convert("1"),
    }

    for what, picture in pictures.items():
        expected = np.where(ink > 127, 255, 0) if what == "bits" else ink
        np.testing.assert_array_equal(read_picture(save(tmp_path, picture)), expected, what)


@pytest.mark.parametrize("colour", [0, 255])
def test_transparent_parts_are_paper(tmp_path: Path, colour: int) -> None:
    ink = a_one()
    pixels = np.full((*ink.shape, 4), colour, np.uint8)
    pixels[..., 3] = ink

    read = read_picture(save(tmp_path, Image.fromarray(pixels, "RGBA")))

    np.testing.assert_allclose(read.astype(int), ink, atol=1)


def test_nothing_at_all_is_no_ink(tmp_path: Path) -> None:
    for pixels in (np.zeros((5, 7, 4), np.uint8), np.full((5, 7, 4), 200, np.uint8)):
        assert not read_picture(save(tmp_path, Image.fromarray(pixels, "RGBA"))).any()


def test_sixteen_bits_are_scaled(tmp_path: Path) -> None:
    ink = a_one()

    read = read_picture(save(tmp_path, Image.fromarray(ink.astype(np.uint16) * 257)))

    np.testing.assert_array_equal(read, ink)


@given(npst.arrays(np.uint8, st.tuples(st.integers(3, 9), st.integers(3, 9))))
def test_a_framed_lossless_picture_stays_exact(
    tmp_path_factory: pytest.TempPathFactory, inner: np.ndarray
) -> None:
    ink = np.pad(inner, 2)
    path = save(tmp_path_factory.getbasetemp(), Image.fromarray(ink))

    np.testing.assert_array_equal(read_picture(path), ink)


def test_the_grain_of_a_photo_is_no_ink(tmp_path: Path) -> None:
    ink = a_one(60).astype(np.float64)
    grain = np.random.default_rng(0).normal(0, 4, ink.shape)
    photo = np.clip(205 - 0.7 * ink + grain, 0, 255).astype(np.uint8)

    read = read_picture(save(tmp_path, Image.fromarray(photo), "photo.jpg", quality=80))

    rows, columns = np.nonzero(read)
    assert read[:6].max() == read[:, :20].max() == 0
    assert 7 <= rows.min() <= 9
    assert 25 <= columns.min() <= 29
    assert read.max() > 150


def test_a_turned_photo_is_turned_back(tmp_path: Path) -> None:
    ink = a_one()
    ink[:20] = 0
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera lay on its right side: turn clockwise to show it
    path = save(tmp_path, Image.fromarray(np.rot90(ink)), exif=exif)

    np.testing.assert_array_equal(read_picture(path), ink)


def test_what_is_no_picture_is_told(tmp_path: Path) -> None:
    text = tmp_path / "page.png"
    text.write_text("<html>not found</html>")
    with pytest.raises(UserError, match="no picture of a format known here"):
        read_picture(text)

    with pytest.raises(UserError, match="could not be read"):
        read_picture(tmp_path / "missing.png")

    whole = save(tmp_path, Image.fromarray(a_one(200)), "cut.png")
    whole.write_bytes(whole.read_bytes()[:120])
    with pytest.raises(UserError, match="cut"):
        read_picture(whole)


def test_a_huge_picture_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    side = 7100
    assert side * side > MAX_PIXELS
    path = save(tmp_path, Image.new("1", (side, side)))

    with pytest.raises(UserError, match="million pixels"):
        read_picture(path)
