"""Whatever a file holds is shown as pictures, and what was done to it is told."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.idx import ELEMENT_TYPES, IdxError, write_idx
from mnist_desktop.errors import UserError
from tests.unit.datasets.patients import idx_bytes, put


def save(folder: Path, images: np.ndarray[Any, Any]) -> Path:
    """Write an images file and return its path."""
    path = folder / "my-images"
    write_idx(path, images)
    return path


def told(dataset: Dataset) -> str:
    """Return all notes as one text."""
    return "\n".join(dataset.notes)


@pytest.mark.parametrize(
    ("stored", "expected", "words"),
    [
        (np.array([0.0, 0.5, 1.0], np.float32), [0, 128, 255], "0 is paper, 1 is full ink"),
        (np.array([-1.0, 0.0, 1.0], np.float64), [0, 128, 255], "-1 is paper"),
        (np.array([0.0, 9.0, 255.0], np.float32), [0, 9, 255], "0 to 255"),
        (np.array([0, 100, 255], np.int32), [0, 100, 255], ""),
        (np.array([0, 8, 16], np.int16), [0, 128, 255], "16 is full ink"),
        (np.array([-300, 0, 300], np.int16), [0, 128, 255], "-300 is paper, 300 is full ink"),
        (np.array([np.nan, 0, np.inf, 1], np.float32), [0, 0, 255, 255], "0 or 255: 2."),
        (np.array([-3e38, 3e38], np.float32), [0, 255], "full ink"),
        (np.array([-1.7e308, 0.0, 1.7e308], np.float64), [0, 128, 255], "1.7e+308 is full ink"),
        (np.array([0x7FA00000, 0x3F800000], ">u4").view(">f4"), [0, 255], "0 or 255: 1."),
        (np.array([7, 7], np.int16), [7, 7], ""),
    ],
)
def test_other_types_are_scaled_and_told(
    tmp_path: Path, stored: np.ndarray[Any, Any], expected: list[int], words: str
) -> None:
    dataset = open_dataset(save(tmp_path, stored.reshape(1, 1, -1)))
    assert dataset.images.ravel().tolist() == expected
    assert words in told(dataset)


def test_other_ranks_are_shown_as_pictures_or_refused(tmp_path: Path) -> None:
    rows = open_dataset(save(tmp_path, np.zeros((3, 784), np.uint8)))
    assert rows.images.shape == (3, 28, 28)
    for shape in ((2, 5, 7, 3), (2, 3, 5, 7)):
        colour = np.full(shape, 200, np.uint8)
        dataset = open_dataset(save(tmp_path, colour))
        assert dataset.images.shape == (2, 5, 7)
        assert dataset.images.min() == dataset.images.max() == 200
        assert "3 channels" in told(dataset)
    single = open_dataset(save(tmp_path, np.zeros((2, 5, 7, 1), np.uint8)))
    assert single.images.shape == (2, 5, 7)
    for shape in ((3, 10), (), (3, 0, 28)):
        with pytest.raises(IdxError, match="no pictures"):
            open_dataset(save(tmp_path, np.zeros(shape, np.uint8)))


@settings(max_examples=300, deadline=None)
@given(
    code=st.sampled_from([8, 9, 11, 12, 13, 14]),
    sizes=st.lists(st.sampled_from([0, 1, 2, 3, 16, 28]), max_size=6).filter(
        lambda sizes: math.prod(sizes) <= 100_000
    ),
    data=st.data(),
)
def test_any_values_are_shown_or_refused_in_words(
    code: int, sizes: list[int], data: st.DataObject
) -> None:
    count = min(math.prod(sizes), 300) * ELEMENT_TYPES[code].itemsize
    stored = data.draw(st.binary(min_size=count, max_size=count))
    whole = stored.ljust(math.prod(sizes) * ELEMENT_TYPES[code].itemsize, b"\x7f")
    with tempfile.TemporaryDirectory() as folder:
        path = put(Path(folder), "my-images", idx_bytes(code, *sizes, data=whole))
        put(Path(folder), "my-labels", idx_bytes(code, *sizes[:1], data=stored))
        try:
            dataset = open_dataset(path)
        except UserError as error:
            dataset = None
            told_why = error.message
        if dataset is None:
            assert "no pictures" in told_why
        else:
            assert dataset.axes is not None
            count = dataset.axes.pictures_of(sizes[0])
            assert len(dataset) == len(dataset.images) == count
            assert dataset.class_counts().sum() == (0 if dataset.labels is None else count)
        del dataset  # a mapped file cannot be removed on Windows
