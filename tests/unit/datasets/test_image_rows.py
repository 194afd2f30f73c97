"""Rows of several arrays under one numbering, and products that one core computes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_desktop.datasets import image_rows
from mnist_desktop.datasets.idx import read_idx, write_idx
from mnist_desktop.datasets.image_rows import ImageRows
from mnist_desktop.datasets.products import ONE_CORE, multiply, multiply_tiles


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=3), st.integers(0, 99))
def test_rows_are_those_of_the_arrays_in_order(counts: list[int], seed: int) -> None:
    generator = np.random.default_rng(seed)
    parts = [generator.integers(0, 256, (count, 3, 5), dtype=np.uint8) for count in counts]
    rows = ImageRows(parts)
    rows.piece = 7
    everything = np.concatenate(parts).reshape(-1, 15)

    assert len(rows) == sum(counts)
    pieces = list(rows.in_pieces())
    assert [first for first, _ in pieces] == np.cumsum(
        [0, *(len(piece) for _, piece in pieces)]
    ).tolist()[:-1]
    assert b"".join(piece.tobytes() for _, piece in pieces) == everything.tobytes()
    chosen = generator.integers(0, max(1, len(rows)), 20 if len(rows) else 0)
    assert np.array_equal(rows.pick(chosen), everything[chosen])
    places = np.repeat(np.arange(len(counts)), counts)
    assert np.array_equal(rows.part_of(chosen), places[chosen])


def test_arrays_of_different_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="one size"):
        ImageRows([np.zeros((2, 3, 4), np.uint8), np.zeros((2, 4, 3), np.uint8)])


def test_a_mapped_file_is_given_back_and_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_back = []
    original = image_rows.give_back
    monkeypatch.setattr(
        image_rows, "give_back", lambda part: (given_back.append(len(part)), original(part))
    )
    images = np.random.default_rng(0).integers(0, 256, (3000, 28, 28), dtype=np.uint8)
    write_idx(tmp_path / "images-idx3-ubyte", images)
    rows = ImageRows([read_idx(tmp_path / "images-idx3-ubyte")])

    for _ in range(2):
        read = np.concatenate([piece.copy() for _, piece in rows.in_pieces()])
        assert np.array_equal(read, images.reshape(3000, -1))
    order = np.random.default_rng(1).permutation(3000)
    for _ in range(10):
        assert np.array_equal(rows.pick(order), images.reshape(3000, -1)[order])

    assert sum(given_back) >= 2 * 3000 + 3000


@pytest.mark.parametrize("shape", [(1, 1, 1), (70, 784, 29), (3, 20_000, 29), (5, 7, 0), (0, 4, 3)])
def test_a_product_in_slabs_is_the_product(shape: tuple[int, int, int]) -> None:
    rows, deep, columns = shape
    generator = np.random.default_rng(0)
    left = generator.standard_normal((rows, deep)).astype(np.float32)
    right = generator.standard_normal((deep, columns)).astype(np.float32)

    expected = left.astype(np.float64) @ right
    assert multiply(left, right) == pytest.approx(expected, abs=1e-2)


def test_a_product_in_tiles_is_the_product() -> None:
    generator = np.random.default_rng(0)
    left = generator.standard_normal((16, 5)).astype(np.float32)
    right = generator.standard_normal((12, 5)).astype(np.float32)

    tiles = multiply_tiles(left, right, rows=8, columns=4)

    assert tiles.shape == (2, 3, 8, 4)
    assert tiles.transpose(0, 2, 1, 3).reshape(16, 12) == pytest.approx(left @ right.T, abs=1e-5)


def test_tiles_too_large_for_one_core_are_refused() -> None:
    values = np.zeros((ONE_CORE, 2), np.float32)

    with pytest.raises(ValueError, match="too large"):
        multiply_tiles(values, values, rows=ONE_CORE, columns=1)
