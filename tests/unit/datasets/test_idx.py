"""The IDX reader and writer, byte by byte."""

from __future__ import annotations

import errno
import gzip
import math
import os
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mnist_desktop.datasets.idx import (
    ELEMENT_TYPES,
    IdxError,
    read_header,
    read_idx,
    read_idx_job,
    write_idx,
    write_idx_job,
)
from mnist_desktop.errors import UserError
from mnist_desktop.progress import finish
from tests.unit.datasets.patients import idx_bytes, put

KINDS = [np.dtype(kind) for kind in ("u1", "i1", "<i2", ">i2", "<i4", ">i4", "f4", ">f8")]

arrays = st.sampled_from(KINDS).flatmap(
    lambda kind: hnp.arrays(kind, hnp.array_shapes(min_dims=0, max_dims=8, min_side=0, max_side=3))
)


def read_or_refusal(path: Path) -> np.ndarray[Any, Any] | UserError:
    """Return what a file holds, or the words that say why it cannot be read."""
    try:
        return read_idx(path)
    except UserError as error:
        return error


@pytest.mark.parametrize("packed", [False, True])
@settings(deadline=None)
@given(array=arrays)
def test_what_was_written_is_read(packed: bool, array: np.ndarray[Any, Any]) -> None:
    with tempfile.TemporaryDirectory(prefix="数字") as folder:
        path = Path(folder) / "digits"
        write_idx(path, array, compress=packed)
        header = read_header(path)
        back = read_idx(path)
        assert header.compressed == packed
        assert header.shape == back.shape == array.shape
        assert back.dtype == array.dtype.newbyteorder(">")
        assert not back.flags.writeable
        assert back.astype(array.dtype).tobytes() == array.tobytes()
        del back  # a mapped file cannot be removed on Windows


@settings(max_examples=400, deadline=None)
@given(
    head=st.one_of(
        st.binary(max_size=40),
        st.builds(
            lambda code, sizes, data: idx_bytes(code, *sizes, data=data),
            st.sampled_from([0, 1, 8, 9, 10, 11, 12, 13, 14, 255]),
            st.lists(st.sampled_from([0, 1, 2, 28, 60_000, 2**31, 2**32 - 1]), max_size=10),
            st.binary(max_size=64),
        ),
    ),
    packed=st.booleans(),
    cut=st.integers(0, 20),
)
def test_any_bytes_are_read_or_refused_in_words(head: bytes, packed: bool, cut: int) -> None:
    content = gzip.compress(head, mtime=0) if packed else head
    with tempfile.TemporaryDirectory() as folder:
        path = put(Path(folder), "x.gz", content[: len(content) - cut])
        tracemalloc.start()
        outcome = read_or_refusal(path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        if isinstance(outcome, UserError):
            assert path.name in outcome.message
        else:
            assert outcome.nbytes <= len(head)
        del outcome
        assert peak < 4 << 20


def test_plain_file_is_mapped_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_idx(path, np.arange(12, dtype=np.int16).reshape(3, 4))
    array = read_idx(path)
    assert isinstance(array, np.memmap)
    assert array.dtype == ">i2"
    assert array.tolist() == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]


def test_bytes_are_those_of_the_format(tmp_path: Path) -> None:
    path = tmp_path / "a.idx"
    write_idx(path, np.array([[1, -2]], dtype="<i4"))
    assert path.read_bytes() == bytes.fromhex("00000C02 00000001 00000002 00000001 FFFFFFFE")


def test_turned_view_is_written_as_it_looks(tmp_path: Path) -> None:
    images = np.arange(2 * 3 * 5, dtype=np.uint8).reshape(2, 3, 5).swapaxes(1, 2)
    write_idx(tmp_path / "a", images)
    assert np.array_equal(read_idx(tmp_path / "a"), images)


def test_ending_decides_packing_and_same_data_makes_same_file(tmp_path: Path) -> None:
    for name in ("a.GZ", "b.gz"):
        write_idx(tmp_path / name, np.zeros(100, np.uint8))
    assert (tmp_path / "a.GZ").read_bytes()[:2] == b"\x1f\x8b"
    assert (tmp_path / "a.GZ").read_bytes() == (tmp_path / "b.gz").read_bytes()
    write_idx(tmp_path / "c.gz", np.zeros(100, np.uint8), compress=False)
    assert read_header(tmp_path / "c.gz").compressed is False


def test_several_gzip_members_and_padding_are_one_content(tmp_path: Path) -> None:
    content = idx_bytes(8, 5, data=b"abcde")
    packed = b"".join(gzip.compress(content[i : i + 4]) for i in range(0, len(content), 4))
    path = put(tmp_path, "a.gz", packed + bytes(300_000))
    assert bytes(read_idx(path)) == b"abcde"


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros(3, np.uint16), "uint16"),
        (np.zeros(3, np.int64), "int64"),
        (np.zeros(3, bool), "bool"),
        (np.zeros((1,) * 9, np.uint8), "rank"),
    ],
)
def test_what_the_format_cannot_hold_is_refused(
    tmp_path: Path, array: np.ndarray[Any, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        write_idx(tmp_path / "a", np.asarray(array))
    assert os.listdir(tmp_path) == []


def test_every_type_code_has_a_type() -> None:
    assert sorted(ELEMENT_TYPES) == [0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E]
    assert [kind.itemsize for _, kind in sorted(ELEMENT_TYPES.items())] == [1, 1, 2, 4, 4, 8]


def test_unpacking_stops_at_the_promise(tmp_path: Path) -> None:
    bomb = gzip.compress(idx_bytes(8, 10, data=bytes(50 << 20)))
    path = put(tmp_path, "a.gz", bomb)
    tracemalloc.start()
    with pytest.raises(IdxError, match="goes on behind"):
        read_idx(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


def test_unpacking_reports_packed_bytes(tmp_path: Path) -> None:
    array = np.random.default_rng(0).integers(0, 256, (3000, 28, 28), dtype=np.uint8)
    path = tmp_path / "a.gz"
    write_idx(path, array)
    seen = []
    back = finish(read_idx_job(path), seen.append)
    assert np.array_equal(back, array)
    fractions = [progress.fraction for progress in seen]
    assert len(fractions) > 2
    assert fractions == sorted(fractions)
    assert fractions[-1] > 0.99


def test_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    for name in ("a", "a.gz"):
        with pytest.raises(UserError, match="No space left"):
            write_idx(tmp_path / name, np.zeros((10, 10), np.uint8))
    assert os.listdir(tmp_path) == []


def test_cancelled_writing_keeps_the_old_file(tmp_path: Path) -> None:
    path = put(tmp_path, "a.gz", b"old")
    job = write_idx_job(path, np.zeros((4 << 20, 1), np.uint8))
    next(job)
    job.close()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.gz"]


def test_published_files(shared_data: Path) -> None:
    images = read_idx(shared_data / "mnist" / "train-images-idx3-ubyte.gz")
    labels = read_idx(shared_data / "mnist" / "train-labels-idx1-ubyte.gz")
    assert images.shape == (60_000, 28, 28)
    assert labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert math.isclose(float(images.mean()) / 255, 0.1307, abs_tol=1e-4)
    columns = read_idx(shared_data / "odd" / "qmnist-test-labels-idx2-int.gz")
    assert (columns.dtype, columns.shape) == (np.dtype(">i4"), (60_000, 8))
    assert set(np.unique(columns[:, 0]).tolist()) == set(range(10))
