"""The first bytes of any file are told apart and explained, damaged or not."""

from __future__ import annotations

import gzip
import struct
import zlib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.datasets.anatomy import TYPE_NAMES, idx_groups, read_anatomy
from mnist_desktop.datasets.byte_group import ByteGroup
from mnist_desktop.datasets.idx import ELEMENT_TYPES, write_idx
from tests.unit.datasets.patients import idx_bytes, put


def meanings(groups: tuple[ByteGroup, ...]) -> list[str]:
    return [group.meaning for group in groups]


@pytest.mark.parametrize("code", ELEMENT_TYPES)
@pytest.mark.parametrize("rank", range(1, 9))
def test_every_type_and_rank(code: int, rank: int) -> None:
    sizes = [3, 2, 4, 1, 1, 2, 1, 1][:rank]
    count = int(np.prod(sizes)) * ELEMENT_TYPES[code].itemsize
    head = idx_bytes(code, *sizes, data=bytes(range(1, 9)) + bytes(count))
    groups = idx_groups(head)
    assert meanings(groups)[:3] == [
        "always zero",
        f"type: {TYPE_NAMES[code]}",
        "rank: 1 size follows" if rank == 1 else f"rank: {rank} sizes follow",
    ]
    told = [int(group.meaning.rpartition(" ")[2]) for group in groups[3 : 3 + rank]]
    assert told == sizes
    assert [group.offset for group in groups] == [0, 2, 3, *range(4, 4 + 4 * rank, 4), 4 + 4 * rank]
    assert f"{count:,} bytes" in groups[-1].meaning
    assert groups[-1].data == head[4 + 4 * rank :][: min(8, count)]


def test_mnist_reads_like_its_description() -> None:
    head = idx_bytes(8, 60_000, 28, 28, data=bytes(20))
    lines = [f"{group.place} | {group.hexadecimal} | {group.meaning}" for group in idx_groups(head)]
    assert lines == [
        "0–1 | 00 00 | always zero",
        "2 | 08 | type: unsigned byte",
        "3 | 03 | rank: 3 sizes follow",
        "4–7 | 00 00 ea 60 | number of images: 60,000",
        "8–11 | 00 00 00 1c | rows of each image: 28",
        "12–15 | 00 00 00 1c | columns of each image: 28",
        "16–23 | 00 00 00 00 00 00 00 00 | the first of 47,040,000 bytes of elements",
    ]


@pytest.mark.parametrize(
    ("head", "last"),
    [
        (b"<!DOCTYPE html>", "not zero: no IDX file begins so"),
        (b"\0", "not zero: no IDX file begins so"),
        (b"\0\0\x07\x01", "rank: 1 size follows"),
        (b"\0\0\x08\x00\0\0\0\1", "no rank that makes sense"),
        (b"\0\0\x08\x63\0\0\0\1", "no rank that makes sense"),
        (b"\0\0\x08\x02\0\0\0\1\0\0", "cut off inside this size"),
    ],
)
def test_damage_is_explained_up_to_where_it_makes_sense(head: bytes, last: str) -> None:
    assert meanings(idx_groups(head))[-1] == last


def test_unknown_type_is_told() -> None:
    groups = idx_groups(idx_bytes(7, 5, data=bytes(5)))
    assert groups[1].meaning == "no type that IDX knows"
    assert groups[-1].meaning == "number of labels: 5"


any_head = st.one_of(st.binary(max_size=60), st.binary(max_size=50).map(lambda b: b"\0\0\x08" + b))


@given(head=any_head)
def test_groups_follow_one_another_without_a_gap(head: bytes) -> None:
    groups = idx_groups(head)
    assert b"".join(group.data for group in groups) == head[: sum(len(g.data) for g in groups)]
    assert all(group.data and group.meaning for group in groups)
    for before, after in pairwise(groups):
        assert after.offset == before.offset + len(before.data)
    assert bool(groups) == bool(head)


def packed(content: bytes, *, flags: int = 0, time: int = 0, optional: bytes = b"") -> bytes:
    """Write a gzip file by hand."""
    squeezer = zlib.compressobj(wbits=-15)
    body = squeezer.compress(content) + squeezer.flush()
    head = b"\x1f\x8b\x08" + struct.pack("<BIBB", flags, time, 2, 3) + optional
    if flags & 2:
        head += struct.pack("<H", zlib.crc32(head) & 0xFFFF)
    return head + body + struct.pack("<II", zlib.crc32(content), len(content))


def test_gzip_layer_with_everything_it_can_hold(tmp_path: Path) -> None:
    content = idx_bytes(8, 3, data=b"\1\2\3")
    optional = b"\x02\x00ab" + b"train-l\xe4bels\0" + b"made\x1bby hand\0"
    path = put(
        tmp_path, "labels.gz", packed(content, flags=31, time=885_827_245, optional=optional)
    )
    anatomy = read_anatomy(path)
    told = meanings(anatomy.packing)
    assert told == [
        "gzip's mark",
        "packed by deflate",
        "with text, a checksum of this header, extra data, a name, a comment",
        "time: 1998-01-26 15:07:25 UTC",
        "effort: the most",
        "system: Unix",
        "extra data: 2 bytes",
        "name: train-läbels",
        "comment: made\ufffdby hand",
        "checksum of this header",
        "checksum of the content (CRC-32)",
        "size unpacked: 11 bytes",
    ]
    whole = path.read_bytes()
    for group in anatomy.packing:
        assert whole[group.offset : group.offset + len(group.data)] == group.data
    assert meanings(anatomy.content)[-1] == "the first of 3 bytes of elements"


def test_our_own_gzip_files_tell_nothing_of_when_and_where(tmp_path: Path) -> None:
    path = tmp_path / "images.gz"
    write_idx(path, np.zeros((2, 3, 4), np.uint8))
    told = meanings(read_anatomy(path).packing)
    assert "no time" in told
    assert "nothing but the header follows" in told
    assert told[-1] == "size unpacked: 40 bytes"


def test_a_cut_off_download_does_not_claim_a_size(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, 5000, dtype=np.uint8).tobytes()
    whole = packed(idx_bytes(8, 5000, data=noise))
    anatomy = read_anatomy(put(tmp_path, "cut.gz", whole[:3000]))
    assert anatomy.packing[-1].meaning.startswith("a size, if the file is whole")
    assert meanings(anatomy.content)[3] == "number of labels: 5,000"


@pytest.mark.parametrize("size", range(0, 30))
def test_gzip_cut_off_anywhere_is_explained(tmp_path: Path, size: int) -> None:
    whole = packed(idx_bytes(8, 3, data=b"\1\2\3"), flags=8, optional=b"a name\0")
    anatomy = read_anatomy(put(tmp_path, "cut.gz", whole[:size]))
    ends = [group.offset + len(group.data) for group in anatomy.packing]
    begins = [group.offset for group in anatomy.packing]
    assert all(end <= begin for end, begin in zip(ends[:-1], begins[1:], strict=True))
    assert max(ends, default=0) <= size
    assert bool(anatomy.packing) == (size >= 2)


def test_a_plain_file_has_no_packing(tmp_path: Path) -> None:
    path = put(tmp_path, "labels", idx_bytes(8, 3, data=b"\1\2\3"))
    anatomy = read_anatomy(path)
    assert anatomy.packing == ()
    assert len(anatomy.content) == 5


def test_something_else_in_gzip(tmp_path: Path) -> None:
    path = put(tmp_path, "page.gz", gzip.compress(b"<html>nothing here</html>"))
    anatomy = read_anatomy(path)
    assert meanings(anatomy.content) == ["not zero: no IDX file begins so"]
    assert anatomy.packing[0].hexadecimal == "1f 8b"
