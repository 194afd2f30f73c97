"""Every fault is called by its name, with the byte where it was found."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from mnist_desktop.datasets.gunzip import CutOffError, GarbledError
from mnist_desktop.datasets.idx import IdxError, NotIdxError, read_header, read_idx
from mnist_desktop.errors import UserError
from tests.unit.datasets.patients import idx_bytes, put

WHOLE = idx_bytes(8, 2, 2, 2, data=b"12345678")
PACKED = gzip.compress(WHOLE, mtime=0)
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 4714707\n" % 7
PAGE = b"\r\n<!DOCTYPE html>\n<html><head><title>404</title>"


@pytest.mark.parametrize(
    ("content", "words", "offset", "kind"),
    [
        (b"", "is empty", 0, NotIdxError),
        (PAGE, "web page", 0, NotIdxError),
        (gzip.compress(PAGE, mtime=0), "web page", 0, NotIdxError),
        (LFS, "Git LFS pointer.* 4,714,707 bytes", 0, NotIdxError),
        (gzip.compress(PACKED, mtime=0), "gzip twice", 0, NotIdxError),
        (gzip.compress(b"", mtime=0), "is empty", 0, NotIdxError),
        (bytes(600), "zeros alone", 0, NotIdxError),
        (bytes.fromhex("03080000 02000000"), "reverse order", 0, IdxError),
        (b"PK\x03\x04....", "ZIP archive", 0, NotIdxError),
        (b"label,pixel0\n", "a text that begins “label,pixel0”", 0, NotIdxError),
        (b"\x80\x04\x95abc", "pickle", 0, NotIdxError),
        (b"\x07\x06\x05\x00", "not an IDX file", 0, NotIdxError),
        (b"\0\0\x63\x00", "element type", 2, NotIdxError),
        (idx_bytes(0x0A, 1, data=b"x"), "element type.*found 0A", 2, IdxError),
        (idx_bytes(0x08), "cut off: its header promises 1 value", 4, IdxError),
        (idx_bytes(0x08, data=b"ab"), "goes on behind the 1 value", 5, IdxError),
        (idx_bytes(0x08, *[1] * 9, data=b"x"), "rank that makes no sense", 3, IdxError),
        (b"\0", "inside its header", 1, IdxError),
        (WHOLE[:9], "inside its header", 9, IdxError),
        (WHOLE[:-3], r"cut off.*2 × 2 × 2 .*24 bytes, found 21", 21, IdxError),
        (WHOLE + b"!!", "goes on behind.*2 bytes more", 24, IdxError),
        (gzip.compress(WHOLE[:-3], mtime=0), "cut off: its header", 21, IdxError),
        (gzip.compress(WHOLE + b"!!", mtime=0), "goes on behind the", 24, IdxError),
        (PACKED[:-1], "gzip data stops after 24", len(PACKED) - 1, CutOffError),
        (PACKED[:-12], "gzip data stops", len(PACKED) - 12, CutOffError),
        (PACKED[:-8] + bytes(8), "checksum of its gzip data", len(PACKED) - 5, GarbledError),
        (PACKED[:-1] + b"\x01", "checksum of its gzip data", len(PACKED) - 1, GarbledError),
        (PACKED[:10] + b"\xff" * 30, "gzip data is garbled", 10, GarbledError),
        (PACKED + b"junk", "behind the end of its gzip data", len(PACKED), IdxError),
        (idx_bytes(8, 0, 2**32 - 1, 2**32 - 1), "any computer", 4, IdxError),
        (idx_bytes(8, 0, 2**31, 2**30), "any computer", 4, IdxError),
        (idx_bytes(14, *[2**32 - 1] * 8), "any computer", 4, IdxError),
        (
            gzip.compress(idx_bytes(8, 60_000, 28, 28), mtime=0),
            "more than it can hold",
            4,
            IdxError,
        ),
    ],
)
def test_each_fault_is_called_by_its_name(
    tmp_path: Path, content: bytes, words: str, offset: int, kind: type[IdxError]
) -> None:
    path = put(tmp_path, "train-images-idx3-ubyte.gz", content)
    with pytest.raises(IdxError, match=words) as caught:
        read_idx(path)
    error = caught.value
    assert type(error) is kind
    assert (error.path, error.offset) == (path, offset)
    assert error.advice.endswith(".")


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a folder"):
        read_idx(tmp_path)
    with pytest.raises(UserError, match="does not exist"):
        read_header(tmp_path / "無い")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="no ordinary file"):
        read_idx(tmp_path / "pipe")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("kmnist-t10k-images-idx3-ubyte.TRUNCATED-at-32768.gz", "stops after 8.,... unpacked"),
        ("git-lfs-pointer-emnist-balanced-test-images-idx3-ubyte.gz", "Git LFS pointer"),
    ],
)
def test_real_patients(shared_data: Path, name: str, words: str) -> None:
    with pytest.raises(IdxError, match=words):
        read_idx(shared_data / "odd" / name)
