"""Whatever a file promises, examining and saving it takes little memory and comes to an end."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest

from mnist_desktop.datasets.doctor import diagnose, diagnose_job
from mnist_desktop.datasets.idx import IdxError, read_idx, write_idx
from mnist_desktop.datasets.rescue import rescue_job
from mnist_desktop.progress import Progress, finish
from tests.unit.datasets.patients import idx_bytes, put, told


def test_many_labels_take_little_memory(tmp_path: Path) -> None:
    labels = np.tile(np.arange(10, dtype=np.uint8), 1 << 21)
    labels[-1] = 77
    write_idx(tmp_path / "my-labels", labels)
    del labels
    tracemalloc.start()
    diagnosis = diagnose(tmp_path / "my-labels")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "1 of 20,971,520 labels lie far from all others: number 20,971,519 is 77" in told(
        diagnosis
    )
    assert peak < 64 << 20
    numbers = np.arange(300_000, dtype=np.int32)
    numbers[5] = -1
    write_idx(tmp_path / "other-labels", numbers)
    assert diagnose(tmp_path / "other-labels").problems == ()  # no classes at all


def bomb(head: bytes, *, megabytes: int) -> bytes:
    """Return gzip data that unpacks to `head` and very many zeros, right to the last byte.

    What deflate writes between two full flushes can be repeated, so that nothing is packed twice.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    zeros = bytes(1 << 20)
    repeated = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = zlib.crc32(head)
    for _ in range(megabytes):
        checksum = zlib.crc32(zeros, checksum)
    trailer = struct.pack("<II", checksum, len(head) + (megabytes << 20) & 0xFFFFFFFF)
    start = gzip.compress(b"", mtime=0)[:10]
    return start + first + repeated * megabytes + packer.flush() + trailer


def test_a_bomb_stops_at_its_promise(tmp_path: Path) -> None:
    assert gzip.decompress(bomb(b"x", megabytes=2)) == b"x" + bytes(2 << 20)
    path = put(tmp_path, "bomb-images.gz", bomb(idx_bytes(8, 10, 28, 28), megabytes=1024))
    assert path.stat().st_size < 2 << 20
    tracemalloc.start()
    try:
        with pytest.raises(IdxError, match="goes on behind"):
            read_idx(path)
        reports: list[Progress] = []
        diagnosis = finish(diagnose_job(path), reports.append)
        finish(rescue_job(path, tmp_path / "saved"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (diagnosis.verdict, diagnosis.recoverable) == ("damaged", 10)
    assert max(report.done for report in reports) <= 7840
    assert (tmp_path / "saved").stat().st_size == 16 + 7840
    assert peak < 8 << 20


def test_a_bomb_in_a_bomb_stops(tmp_path: Path) -> None:
    # Empty stored blocks: deflate data without end that unpacks to nothing, and packs well itself.
    inner = gzip.compress(b"")[:10] + b"\0\0\0\xff\xff" * (15 << 20)
    path = put(tmp_path, "x.gz", gzip.compress(inner, 1))
    diagnosis = diagnose(path)
    assert diagnosis.verdict == "damaged"
    assert "has no end" in told(diagnosis)
