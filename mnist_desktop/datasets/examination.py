"""Read a file to its end and beyond: what is whole, what is behind the promise, what is blank."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from mnist_desktop.datasets.faults import IdxError
from mnist_desktop.datasets.gunzip import CutOffError, GarbledError
from mnist_desktop.datasets.header import by_sizes, too_long, too_short
from mnist_desktop.datasets.idx import check_size
from mnist_desktop.datasets.uncover import PIECE, Content
from mnist_desktop.progress import Job, Progress

MOST_BEHIND = 256 << 20
"""How far a gzip file is read behind its promise, in bytes: a bomb has nothing to find there."""


@dataclass(frozen=True)
class Finding:
    """What reading a file to its end has shown.

    Parameters
    ----------
    whole
        Whole items from the beginning, those behind the promise included.
    faults
        What keeps the file from being read as it is, in the order of its bytes; often nothing.
    filled
        Up to where there is anything but zeros, in bytes of the elements promised.
    is_doubtful
        Whether gzip data is damaged, so that what is whole may hold wrong values.
    """

    whole: int
    faults: tuple[IdxError, ...]
    filled: int
    is_doubtful: bool


def examine(
    content: Content, *, partner_count: int | None, use: Callable[[bytes], object] | None = None
) -> Job[Finding]:
    """Read to the end of the promise or of the data, and a little behind.

    Parameters
    ----------
    content
        What to read, at its beginning.
    partner_count
        How many items the file has that belongs with it, if there is one.
    use
        Called with every piece of what the header promises.
    """
    size_fault = _size_fault(content)
    reading = _Reading(content, use)
    more, end_fault = 0, None
    try:
        yield from reading.promised()
        more, end_fault = yield from _behind(content, partner_count)
    except IdxError as error:
        end_fault = error
    # Of a plain file both say the same; of a packed one the sizes cannot be right to begin with.
    first = size_fault if size_fault is not None and not more else end_fault
    faults = (content.fault, first or end_fault)
    return Finding(
        whole=reading.whole + more,
        faults=tuple(fault for fault in faults if fault is not None),
        filled=reading.filled,
        is_doubtful=isinstance(end_fault, GarbledError),
    )


def _size_fault(content: Content) -> IdxError | None:
    """Return what is wrong if a file of this size cannot hold what its header promises."""
    if content.layers > 1:  # how far content packed twice may shrink, nobody can tell
        return None
    try:
        check_size(content.header, content.stream, content.path)
    except IdxError as error:
        return error
    return None


class _Reading:
    """Read what a header promises, and count what is whole."""

    def __init__(self, content: Content, use: Callable[[bytes], object] | None) -> None:
        self._content, self._use = content, use
        self.there = self.filled = 0

    @property
    def whole(self) -> int:
        """Return how many whole items were there."""
        size = self._content.item_bytes
        return self.there // size if size else self._content.header.item_count

    def promised(self) -> Job[None]:
        """Read to the end of the promise; raise `IdxError` where the data ends before."""
        content = self._content
        header = content.header
        content.begin()
        for piece in content.pieces(header.data_bytes):
            used = len(piece.rstrip(b"\0"))
            self.filled = self.there + used if used else self.filled
            self.there += len(piece)
            if self._use is not None:
                self._use(piece)
            yield Progress(self.there, header.data_bytes, f"Examining {content.path.name}")
        if self.there < header.data_bytes:
            raise too_short(header, header.data_offset + self.there, content.path)


def _behind(content: Content, partner_count: int | None) -> Job[tuple[int, IdxError | None]]:
    """Look behind the promise: return how many more items stand there, and what to say of it."""
    header, path = content.header, content.path
    try:
        first = content.read(min(PIECE, content.item_bytes or 1))
    except CutOffError as error:
        return 0, _without_ending(error)
    if not first:
        return 0, None
    extra = None
    if content.source is None:
        extra = os.fstat(content.stream.fileno()).st_size - header.data_offset - header.data_bytes
    elif content.item_bytes and any(first):
        extra = yield from _counted(content, len(first))
    more = _items_behind(content, extra, partner_count) if extra and any(first) else 0
    if not more:
        end = None if extra is None else header.data_offset + header.data_bytes + extra
        return 0, too_long(header, end, path)
    count = header.item_count
    return more, IdxError(
        path,
        f"promises {by_sizes(header.shape)} in its header, but {more:,} more stand behind them",
        offset=4,
        expected=f"{count + more:,}",
        found=f"{count:,}",
        advice="Only the number in its header is wrong: save it anew with the right one.",
    )


def _without_ending(fault: CutOffError) -> IdxError:
    """Return what to say of gzip data that has all it should but its last bytes."""
    return IdxError(
        fault.path,
        "lacks the ending of its gzip data, though all else is there",
        offset=fault.offset,
        expected="the checksum and the length",
        found=fault.found,
        advice="Save it anew. No checksum vouches for it: if you can, download it again.",
    )


def _counted(content: Content, seen: int) -> Job[int | None]:
    """Return how many bytes there are behind the promise, read to the end; `None` if too many.

    Raises
    ------
    GarbledError
        If it is damaged, so that nobody knows what stands there.
    """
    try:
        while piece := content.read(PIECE):
            seen += len(piece)
            if seen > MOST_BEHIND:
                return None
            yield Progress(0, 0, f"Examining {content.path.name}")
    except GarbledError:
        raise
    except IdxError:
        pass  # cut off: what is whole before that counts all the same
    return seen


def _items_behind(content: Content, extra: int, partner_count: int | None) -> int:
    """Return how many of the bytes behind the promise are items.

    What belongs with the file decides where it can. Otherwise a whole number of pictures or rows
    is taken for what it looks like; single bytes behind labels may be anything.
    """
    count = content.header.item_count
    if not (content.item_bytes and content.header.shape):
        return 0
    more, rest = divmod(extra, content.item_bytes)
    if partner_count is not None and partner_count >= count:
        return min(more, partner_count - count)
    return more if rest == 0 and len(content.header.shape) > 1 else 0
