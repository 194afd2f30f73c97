"""Files without pictures are shown as values, and what is counted of them is right."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mnist_desktop.datasets import values as values_module
from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.idx import ELEMENT_TYPES, write_idx
from mnist_desktop.datasets.values import Figures, Values, figures_job, open_job, values_job
from mnist_desktop.errors import UserError
from mnist_desktop.progress import finish


def opened(path: Path, array: npt.ArrayLike) -> Values:
    """Write an array and open it as whatever it is, which must be values."""
    write_idx(path, np.asarray(array))
    found = finish(open_job(path))
    assert isinstance(found, Values)
    return found


def figures(values: Values, column: int = 0) -> Figures:
    """Return the figures of a column."""
    return finish(figures_job(values, column))


def test_labels_without_images_are_shown(tmp_path: Path) -> None:
    values = opened(tmp_path / "train-labels-idx1-ubyte", np.array([3, 1, 3, 0], np.uint8))
    assert values.table.tolist() == [[3], [1], [3], [0]]
    assert values.column(0).name == "label"
    assert "their images are not beside them" in values.notes[0]
    found = figures(values)
    assert found.counts == {0: 1, 1: 1, 3: 2}
    assert (found.lowest, found.highest, found.mean, found.odd) == (0, 3, 1.75, 0)


def test_labels_beside_their_images_are_a_dataset(tmp_path: Path) -> None:
    write_idx(tmp_path / "a-images", np.zeros((3, 4, 4), np.uint8))
    write_idx(tmp_path / "a-labels", np.array([1, 0, 1], np.uint8))
    assert isinstance(finish(open_job(tmp_path / "a-labels")), Dataset)
    values = finish(values_job(tmp_path / "a-labels"))
    assert values.notes == ()
    assert values.table.ravel().tolist() == [1, 0, 1]


def test_labels_have_names_where_they_are_known(tmp_path: Path) -> None:
    letters = opened(tmp_path / "emnist-letters-test-labels-idx1-ubyte", np.array([1, 26], "u1"))
    assert letters.class_names[26] == "Z"
    assert (letters.title, letters.recognised) == ("EMNIST letters · test", False)
    (tmp_path / "mapping.txt").write_text("0 65\n1 66\n")
    mapped = opened(tmp_path / "labels", np.array([1, 0], np.int16))
    assert mapped.class_names == {0: "A", 1: "B"}
    (tmp_path / "mapping.txt").write_text("A\n")
    assert "mapping file was not used" in opened(tmp_path / "labels", np.zeros(2, "u1")).notes[-1]


@pytest.mark.parametrize(
    ("array", "shape"),
    [
        (np.float64(2.5), (1, 1)),
        (np.arange(5, dtype=np.int16), (5, 1)),
        (np.zeros((5, 10), np.float32), (5, 10)),
        (np.zeros((0, 10), np.float32), (0, 10)),
        (np.zeros((3, 0, 28), np.uint8), (3, 0)),
        (np.zeros((2, 3, 4, 0, 5), np.uint8), (2, 0)),
    ],
)
def test_any_rank_without_pictures_is_a_table(
    tmp_path: Path, array: npt.ArrayLike, shape: tuple[int, int]
) -> None:
    for name in ("values", "values.gz"):
        values = opened(tmp_path / name, array)
        assert values.table.shape == shape
        assert np.array_equal(values.table.ravel(), np.asarray(array).ravel())
        assert values.notes == ()


def test_pictures_are_a_dataset(tmp_path: Path) -> None:
    for shape in ((3, 784), (3, 5, 7), (3, 5, 7, 3), (2, 3, 9, 8, 7)):
        write_idx(tmp_path / "x", np.zeros(shape, np.uint8))
        assert isinstance(finish(open_job(tmp_path / "x")), Dataset)


def test_who_names_labels_wants_a_dataset(tmp_path: Path) -> None:
    write_idx(tmp_path / "x", np.zeros((3, 10), np.uint8))
    write_idx(tmp_path / "y", np.zeros(3, np.uint8))
    with pytest.raises(UserError, match="no pictures"):
        finish(open_job(tmp_path / "x", labels_path=tmp_path / "y"))


def test_a_plain_table_is_not_copied(tmp_path: Path) -> None:
    base: Any = opened(tmp_path / "x", np.zeros((3, 10), np.float32)).table
    while base is not None and not isinstance(base, np.memmap):
        base = base.base
    assert isinstance(base, np.memmap)


@pytest.fixture
def qmnist(shared_data: Path) -> Values:
    """Return QMNIST's labels of the test images."""
    found = finish(open_job(shared_data / "odd" / "qmnist-test-labels-idx2-int.gz"))
    assert isinstance(found, Values)
    return found


def test_qmnist_columns_have_their_meaning(qmnist: Values) -> None:
    assert qmnist.table.shape == (60_000, 8)
    assert (qmnist.title, qmnist.recognised) == ("QMNIST · test", True)
    names = [qmnist.column(place).name for place in range(8)]
    assert names[:3] == ["class", "HSF series", "writer"]
    assert all(qmnist.column(place).meaning for place in range(8))
    counts = [figures(qmnist, place).counts for place in range(8)]
    assert counts[0] is not None
    assert sorted(counts[0]) == list(range(10))
    assert sum(counts[0].values()) == 60_000
    assert counts[1] is not None
    assert set(counts[1]) <= {0, 1, 4}
    assert counts[2] is None
    assert counts[4] is not None
    assert set(counts[4]) <= set(range(30, 40))
    assert (list(counts[6] or {}), list(counts[7] or {})) == ([0], [0])


kinds = st.sampled_from(list(ELEMENT_TYPES.values()))


@settings(deadline=None)
@given(
    stored=kinds.flatmap(lambda kind: hnp.arrays(kind, st.integers(0, 60))),
    size=st.sampled_from([1, 7, 1 << 20]),
    bins=st.sampled_from([1, 5, 800]),
)
def test_figures_are_those_of_the_whole_column(
    stored: np.ndarray[Any, Any], size: int, bins: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(values_module, "_PIECE", size)
        patch.setattr(values_module, "BINS", bins)
        path = Path(folder) / "x"
        write_idx(path, stored)
        values = finish(values_job(path))
        found = figures(values)
        del values  # a mapped file cannot be removed on Windows
    with np.errstate(all="ignore"):
        numbers = stored.astype(np.float64)
    finite = numbers[np.isfinite(numbers)]
    assert found.odd == len(stored) - len(finite)
    unique, times = np.unique(finite, return_counts=True)
    assert found.counts == dict(zip(unique.tolist(), times.tolist(), strict=True))
    if not len(finite):
        assert math.isnan(found.lowest)
        return
    assert (found.lowest, found.highest) == (finite.min(), finite.max())
    expected = math.fsum((finite / len(finite)).tolist())
    assert found.mean == pytest.approx(expected, rel=1e-9, abs=1e-9 * np.abs(finite).max())
    assert found.bounds.shape[1] <= bins
    for place in range(found.bounds.shape[1]):
        part = numbers[place * found.rows_per_bin :][: found.rows_per_bin]
        part = part[np.isfinite(part)]
        if len(part):
            assert found.bounds[:, place].tolist() == [part.min(), part.max()]
    assert found.bounds.shape[1] * found.rows_per_bin >= len(stored)


def test_many_different_values_are_not_counted_one_by_one(tmp_path: Path) -> None:
    values = opened(tmp_path / "x", np.arange(1000, dtype=np.int32))
    assert figures(values).counts is None
    wide = opened(tmp_path / "y", np.array([-(2**31), 2**31 - 1, 5], np.int32))
    assert figures(wide).counts == {-(2**31): 1, 5: 1, 2**31 - 1: 1}
