"""Find the elements of an IDX file where the reader stops: packed several times, or back to front.

What is read here comes out as IDX has it, big-endian, whatever the file did to it.
"""

from __future__ import annotations

import math
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from mnist_desktop.datasets.faults import MAX_RANK, SNIFFED_BYTES, IdxError, NotIdxError
from mnist_desktop.datasets.gunzip import GZIP_MAGIC, Unpacker
from mnist_desktop.datasets.header import (
    ELEMENT_TYPES,
    LARGEST,
    IdxHeader,
    SizesReversedError,
    parse,
    sizes_reversed,
)
from mnist_desktop.datasets.idx import begin, check_size

MAX_LAYERS = 5
"""How often content may be packed; more is no accident."""
PIECE = 1 << 20
_LAYER_ALLOWANCE = 64 << 20
"""Bytes that any layer of gzip inside another may have: what is packed hardly shrinks again."""


@dataclass(frozen=True)
class Content:
    """The elements of an opened file, and what had to be overcome to find them.

    Parameters
    ----------
    stream, path
        The file.
    source
        What unpacks the innermost layer of gzip, standing at the beginning; `None` for a plain
        file.
    header
        As it should be: big-endian, with the right sizes.
    layers
        How often it is packed with gzip.
    back_to_front
        Whether the numbers in the file are little-endian.
    fault
        Why the reader refuses it already at its beginning, or `None`.
    """

    stream: BinaryIO
    path: Path
    source: Unpacker | None
    header: IdxHeader
    layers: int
    back_to_front: bool
    fault: IdxError | None

    @property
    def item_bytes(self) -> int:
        """Return how many bytes one item takes."""
        return self.header.item_bytes

    def begin(self) -> None:
        """Go to the first element."""
        if self.source is None:
            self.stream.seek(self.header.data_offset)
        else:
            self.source.skip(self.header.data_offset)

    def read(self, size: int) -> bytes:
        """Return some of the next `size` bytes as they are stored, none at the end.

        Raises
        ------
        IdxError
            Where gzip data is cut off or damaged.
        """
        return self.stream.read(size) if self.source is None else self.source.read(size)

    def pieces(self, size: int) -> Iterator[bytes]:
        """Yield the next `size` bytes in big-endian order, or what there is of them.

        Raises as `read`, after all that could be read was given.
        """
        rest = b""
        width = self.header.dtype.itemsize if self.back_to_front else 1
        while size and (piece := self.read(min(PIECE, size))):
            size -= len(piece)
            if width == 1:
                yield piece
                continue
            piece = rest + piece
            whole = len(piece) - len(piece) % width
            rest = piece[whole:]
            yield np.frombuffer(piece[:whole], f"u{width}").byteswap().tobytes()


def uncover(stream: BinaryIO, path: Path) -> Content:
    """Return what is in a file; `stream` stands at its beginning.

    Raises
    ------
    IdxError
        If no header can be made out; as the reader's, with what is inside told.
    """
    try:
        header, source = begin(stream, path)
    except IdxError as error:
        return _uncover_damaged(stream, path, error)
    try:
        check_size(header, stream, path)
    except SizesReversedError as fault:
        right = replace(header, shape=fault.sizes)
        return Content(stream, path, source, right, int(header.compressed), True, fault)
    except IdxError:
        pass  # told when all that is there has been read
    return Content(stream, path, source, header, int(header.compressed), False, None)


def _uncover_damaged(stream: BinaryIO, path: Path, fault: IdxError) -> Content:
    """Return what is in a file that the reader refuses at once."""
    stream.seek(0)
    head = stream.read(SNIFFED_BYTES)
    stream.seek(0)
    source, layers = None, 0
    reader: BinaryIO = stream
    while head.startswith(GZIP_MAGIC):
        if layers == MAX_LAYERS:
            raise NotIdxError(
                path,
                f"is packed with gzip more than {MAX_LAYERS} times",
                advice="Unpack it until something else comes out.",
            )
        layers += 1
        source = Unpacker(reader, path)
        try:
            head = source.peek(SNIFFED_BYTES)
        except IdxError as inner:
            raise _within(fault, inner, layers) from inner
        if layers > 2:
            times = f"is packed with gzip {layers} times"
            fault = NotIdxError(path, times, advice=str(fault.advice))
        reader = cast("BinaryIO", _Layer(source, stream, path))
    found = _header_back_to_front(head, packed=layers > 0)
    if found is not None:
        return Content(stream, path, source, found, layers, True, fault)
    try:
        header = parse(head, path, compressed=layers > 0)
    except IdxError as inner:
        raise _within(fault, inner, layers) from inner
    return Content(stream, path, source, header, layers, False, fault)


def _within(fault: IdxError, inner: IdxError, layers: int) -> IdxError:
    """Return the error that tells both layers where something is wrong inside another."""
    if layers < 2:
        return fault
    kind = NotIdxError if isinstance(inner, NotIdxError) else IdxError
    return kind(
        inner.path,
        f"{fault.problem}, and what is inside {inner.problem}",
        offset=inner.offset,
        expected=inner.expected,
        found=inner.found,
        advice=inner.advice,
    )


def _header_back_to_front(head: bytes, *, packed: bool) -> IdxHeader | None:
    """Return the header that a little-endian computer wrote as it keeps its own numbers.

    Either all of it, or only the sizes, behind a magic number that was written byte by byte.
    """
    if len(head) < 4:
        return None
    whole = head[2:4] == b"\0\0" and head[1] in ELEMENT_TYPES
    code, rank = (head[1], head[0]) if whole else (head[2], head[3])
    if code not in ELEMENT_TYPES or not 1 <= rank <= MAX_RANK or len(head) < 4 + 4 * rank:
        return None
    shape = struct.unpack(f"<{rank}I", head[4 : 4 + 4 * rank])
    if not whole and sizes_reversed(struct.unpack(f">{rank}I", head[4 : 4 + 4 * rank])) is None:
        return None
    if math.prod(size or 1 for size in shape) * 8 > LARGEST:
        return None
    return IdxHeader(ELEMENT_TYPES[code], shape, 4 + 4 * rank, packed)


class _Layer:
    """Let an unpacker read what another one unpacks, within bounds.

    Parameters
    ----------
    source
        The outer unpacker.
    stream, path
        The file.
    """

    def __init__(self, source: Unpacker, stream: BinaryIO, path: Path) -> None:
        self._source, self._stream, self._path = source, stream, path
        self._left = max(_LAYER_ALLOWANCE, 4 * os.fstat(stream.fileno()).st_size)

    def fileno(self) -> int:
        """Return the number of the file, whose size is the measure of progress."""
        return self._stream.fileno()

    def read(self, size: int) -> bytes:
        """Return some of the next unpacked bytes."""
        piece = self._source.read(size)
        self._left -= len(piece)
        if self._left < 0:
            raise IdxError(
                self._path,
                "holds gzip data in gzip data that has no end",
                advice="It is no dataset; it may be meant to do harm.",
            )
        return piece
