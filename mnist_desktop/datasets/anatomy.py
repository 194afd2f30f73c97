"""Take the first bytes of a file apart and tell what each of them means, in plain words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from mnist_desktop.datasets.byte_group import ByteGroup, group_of
from mnist_desktop.datasets.faults import MAX_RANK, IdxError
from mnist_desktop.datasets.gunzip import GZIP_MAGIC, Unpacker
from mnist_desktop.datasets.gzip_anatomy import HEAD_BYTES, TRAILER_BYTES, head_groups, tail_groups
from mnist_desktop.datasets.header import ELEMENT_TYPES
from mnist_desktop.datasets.idx import opened

TYPE_NAMES = {
    0x08: "unsigned byte",
    0x09: "signed byte",
    0x0B: "16-bit integer",
    0x0C: "32-bit integer",
    0x0D: "32-bit float",
    0x0E: "64-bit float",
}
"""The element types as people call them, by the code in the file."""

_SIZES = {
    1: ("number of labels",),
    2: ("number of rows", "values in each row"),
    3: ("number of images", "rows of each image", "columns of each image"),
}
_DATA_BYTES = 8


@dataclass(frozen=True)
class Anatomy:
    """What the first bytes of a file say.

    Parameters
    ----------
    packing
        The header and the trailer of the gzip layer, by offset in the file; empty for a plain file.
    content
        The header of the IDX file and the first bytes of its elements, by offset in the unpacked
        content; empty when that cannot be unpacked.
    """

    packing: tuple[ByteGroup, ...]
    content: tuple[ByteGroup, ...]


def read_anatomy(path: Path) -> Anatomy:
    """Read the first bytes of a file, and the last ones of a packed one, and explain them.

    Damage is explained as far as the bytes can be understood, never raised.

    Raises
    ------
    UserError
        If the file cannot be read.
    """
    path = Path(path)
    with opened(path) as stream:
        start = stream.read(HEAD_BYTES)
        if not start.startswith(GZIP_MAGIC):
            return Anatomy((), idx_groups(start))
        size = stream.seek(0, 2)
        stream.seek(max(0, size - TRAILER_BYTES))
        tail = stream.read(TRAILER_BYTES)
        stream.seek(0)
        try:
            content = idx_groups(Unpacker(stream, path).peek(HEAD_BYTES))
        except IdxError:
            content = ()
    promised = _promised(content)
    packing = head_groups(start)
    begun = sum(len(group.data) for group in packing)
    packing += tail_groups(tail, size=size, begun=begun, promised=promised)
    return Anatomy(packing, content)


def idx_groups(head: bytes) -> tuple[ByteGroup, ...]:
    """Explain the first bytes of an IDX file, up to where they stop making sense.

    Parameters
    ----------
    head
        The beginning of the unpacked content, of any length.

    Returns
    -------
    tuple of ByteGroup
        Without a gap, from offset 0; empty for no bytes.
    """
    zeros = head[:2] == b"\0\0"
    groups = [group_of(head, 0, 2, "always zero" if zeros else "not zero: no IDX file begins so")]
    if zeros and len(head) > 2:
        code = head[2]
        known = TYPE_NAMES.get(code)
        groups.append(group_of(head, 2, 1, f"type: {known}" if known else "no type that IDX knows"))
    if zeros and len(head) > 3:
        rank = head[3]
        sound = 1 <= rank <= MAX_RANK
        sizes = "rank: 1 size follows" if rank == 1 else f"rank: {rank} sizes follow"
        groups.append(group_of(head, 3, 1, sizes if sound else "no rank that makes sense"))
        if sound:
            groups += _sizes(head, rank)
    return tuple(group for group in groups if group.data)


def _sizes(head: bytes, rank: int) -> list[ByteGroup]:
    """Explain the sizes and where the elements begin."""
    names = _SIZES.get(rank)
    groups, sizes = [], []
    for axis in range(rank):
        offset = 4 + 4 * axis
        data = head[offset : offset + 4]
        if len(data) < 4:
            groups.append(group_of(head, offset, 4, "cut off inside this size"))
            return groups
        sizes.append(int.from_bytes(data, "big"))
        name = names[axis] if names else f"size {axis + 1} of {rank}"
        groups.append(group_of(head, offset, 4, f"{name}: {sizes[-1]:,}"))
    kind = ELEMENT_TYPES.get(head[2])
    if kind is not None:
        count = math.prod(sizes) * kind.itemsize
        start = 4 + 4 * rank
        words = f"the first of {count:,} bytes of elements"
        groups.append(group_of(head, start, min(_DATA_BYTES, count), words))
    return groups


def _promised(groups: tuple[ByteGroup, ...]) -> int | None:
    """Return how many bytes the explained header promises in all, None for a damaged one."""
    head = b"".join(group.data for group in groups)
    if len(head) < 4 or head[2] not in ELEMENT_TYPES or not 1 <= head[3] <= MAX_RANK:
        return None
    start = 4 + 4 * head[3]
    if len(head) < start:
        return None
    sizes = [int.from_bytes(head[place : place + 4], "big") for place in range(4, start, 4)]
    return start + math.prod(sizes) * ELEMENT_TYPES[head[2]].itemsize
