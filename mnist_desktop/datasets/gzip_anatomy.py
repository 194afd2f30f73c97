"""Tell what the bytes of a gzip layer mean: its header and its last eight bytes (RFC 1952)."""

from __future__ import annotations

from datetime import UTC, datetime

from mnist_desktop.datasets.byte_group import ByteGroup, group_of

HEAD_BYTES = 4096
"""How much of a file's beginning is explained; a longer name or comment is told to go on."""

TRAILER_BYTES = 8

_HAS_CHECKSUM, _HAS_EXTRA, _HAS_NAME, _HAS_COMMENT = 2, 4, 8, 16
_PARTS = {
    1: "text",
    _HAS_CHECKSUM: "a checksum of this header",
    _HAS_EXTRA: "extra data",
    _HAS_NAME: "a name",
    _HAS_COMMENT: "a comment",
}
_EFFORT = {0: "effort: not told", 2: "effort: the most", 4: "effort: the least"}
_SYSTEMS = {
    0: "DOS or Windows",
    3: "Unix",
    7: "old Macintosh",
    10: "Windows",
    11: "Windows",
    19: "macOS",
    255: "not told",
}


def head_groups(head: bytes) -> tuple[ByteGroup, ...]:
    """Explain the header of the first gzip member.

    Parameters
    ----------
    head
        The beginning of the file, from the two bytes of gzip's mark on.
    """
    groups = [group_of(head, 0, 2, "gzip's mark")]
    groups.append(group_of(head, 2, 1, _method(head[2:3])))
    flags = head[3] if len(head) > 3 else 0
    groups.append(group_of(head, 3, 1, _flags(flags)))
    groups.append(group_of(head, 4, 4, _time(head[4:8])))
    effort = _EFFORT.get(head[8], "effort: unknown") if len(head) > 8 else ""
    groups.append(group_of(head, 8, 1, effort))
    system = _SYSTEMS.get(head[9], f"number {head[9]}") if len(head) > 9 else ""
    groups.append(group_of(head, 9, 1, f"system: {system}"))
    groups += _optional(head, flags)
    return tuple(group for group in groups if group.data)


def tail_groups(
    tail: bytes, *, size: int, begun: int, promised: int | None
) -> tuple[ByteGroup, ...]:
    """Explain the last eight bytes of the file as the end of a gzip member.

    Parameters
    ----------
    tail
        Those bytes.
    size
        The size of the file.
    begun
        How many bytes the header takes.
    promised
        The size of the unpacked content as its own header promises it, `None` if that is not known.

    Returns
    -------
    tuple of ByteGroup
        Empty for a file that ends before there can be any.
    """
    if size < begun + TRAILER_BYTES:
        return ()
    base = size - TRAILER_BYTES
    stored = int.from_bytes(tail[4:], "little")
    if promised is not None and promised % (1 << 32) == stored:
        checksum, words = "checksum of the content (CRC-32)", f"size unpacked: {stored:,} bytes"
    else:
        # A cut-off file ends anywhere, one of several members with the size of the last.
        checksum = "a checksum, if the file is whole"
        words = f"a size, if the file is whole: {stored:,} bytes"
    return (
        group_of(tail, 0, 4, checksum, base=base),
        group_of(tail, 4, 4, words, base=base),
    )


def _method(data: bytes) -> str:
    """Name the way of packing."""
    return "packed by deflate" if data == b"\x08" else "packed in an unknown way"


def _flags(flags: int) -> str:
    """Name what follows the fixed part of the header."""
    parts = [name for bit, name in _PARTS.items() if flags & bit]
    return f"with {', '.join(parts)}" if parts else "nothing but the header follows"


def _time(data: bytes) -> str:
    """Tell when the content was last changed, as it was packed."""
    seconds = int.from_bytes(data, "little")
    if not seconds:
        return "no time"
    return f"time: {datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _optional(head: bytes, flags: int) -> list[ByteGroup]:
    """Explain the parts of the header that the flags announce."""
    groups, offset = [], 10
    if flags & _HAS_EXTRA:
        length = int.from_bytes(head[offset : offset + 2], "little")
        groups.append(group_of(head, offset, 2 + length, f"extra data: {length:,} bytes"))
        offset += 2 + length
    for bit, word in ((_HAS_NAME, "name"), (_HAS_COMMENT, "comment")):
        if flags & bit:
            end = head.find(b"\0", offset)
            data = head[offset : end if end >= 0 else None]
            rest = "" if end >= 0 else " …"
            groups.append(group_of(head, offset, len(data) + 1, f"{word}: {_text(data)}{rest}"))
            offset += len(data) + 1
    if flags & _HAS_CHECKSUM:
        groups.append(group_of(head, offset, 2, "checksum of this header"))
    return groups


def _text(data: bytes) -> str:
    """Return a stored text, in Latin-1 as RFC 1952 asks for, without what controls a terminal."""
    text = data[:100].decode("latin-1")
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
