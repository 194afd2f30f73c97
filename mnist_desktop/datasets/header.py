"""The header of an IDX file: what it promises, and whether its file can keep that."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.faults import DOWNLOAD_AGAIN, MAX_RANK, IdxError, NotIdxError, sniff
from mnist_desktop.datasets.gunzip import MAX_RATIO

ELEMENT_TYPES: dict[int, np.dtype[Any]] = {
    0x08: np.dtype(">u1"),
    0x09: np.dtype(">i1"),
    0x0B: np.dtype(">i2"),
    0x0C: np.dtype(">i4"),
    0x0D: np.dtype(">f4"),
    0x0E: np.dtype(">f8"),
}
"""Type code → NumPy type as it is stored."""

_CODES = {kind: code for code, kind in ELEMENT_TYPES.items()}
LARGEST = (1 << 63) - 1  # NumPy counts bytes in a signed 64-bit number


@dataclass(frozen=True)
class IdxHeader:
    """What the first bytes of an IDX file promise.

    Parameters
    ----------
    dtype
        Element type, big-endian.
    shape
        Sizes, the first is the number of items; none for a single value.
    data_offset
        Where the elements begin, in bytes of the unpacked content.
    compressed
        Whether the file is packed with gzip.
    """

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    data_offset: int
    compressed: bool

    @property
    def item_count(self) -> int:
        """Return the first size: how many images or labels there are; 1 for a single value."""
        return self.shape[0] if self.shape else 1

    @property
    def item_bytes(self) -> int:
        """Return how many bytes one item takes."""
        return math.prod(self.shape[1:]) * self.dtype.itemsize

    @property
    def data_bytes(self) -> int:
        """Return how many bytes all elements take."""
        return math.prod(self.shape) * self.dtype.itemsize

    def to_bytes(self) -> bytes:
        """Return the header as it stands in a file."""
        sizes = struct.pack(f">{len(self.shape)}I", *self.shape)
        return bytes((0, 0, _CODES[self.dtype], len(self.shape))) + sizes


class SizesReversedError(IdxError):
    """The sizes stand back to front behind a magic number that does not.

    Parameters
    ----------
    path
        The file.
    shape, sizes
        What the header says, and what is meant.
    """

    def __init__(self, path: Path, shape: tuple[int, ...], sizes: tuple[int, ...]) -> None:
        super().__init__(
            path,
            "has its sizes written with their bytes in the reverse order (little-endian)",
            offset=4,
            expected=by_sizes(sizes),
            found=by_sizes(shape),
            advice="It can be saved anew in the right order.",
        )
        self.sizes = sizes


def header_for(array: NDArray[Any]) -> IdxHeader:
    """Return the header that describes `array`."""
    dtype = array.dtype.newbyteorder(">")
    if dtype not in _CODES:
        raise ValueError(f"IDX has no element type for {array.dtype}")
    if array.ndim > MAX_RANK:
        raise ValueError(f"IDX files here have rank 0 to {MAX_RANK}, not {array.ndim}")
    if max(array.shape, default=0) >= 1 << 32:
        raise ValueError(f"a size of {max(array.shape):,} does not fit into 32 bits")
    return IdxHeader(dtype, array.shape, 4 + 4 * array.ndim, False)


def parse(head: bytes, path: Path, *, compressed: bool) -> IdxHeader:
    """Read the header at the beginning of `head`, which may hold more, or less if the file ends.

    Raises `NotIdxError` for anything else than an IDX file, `IdxError` for a damaged header.
    """
    something_else = sniff(head)
    if something_else is not None:
        kind = IdxError if something_else.idx else NotIdxError
        raise kind(path, something_else.problem, advice=something_else.advice)
    where = "the unpacked content" if compressed else "the file"
    if len(head) >= 4:
        _check_magic(head, path)
    if len(head) < 4 or len(head) < 4 + 4 * head[3]:
        raise IdxError(
            path,
            "is cut off inside its header",
            offset=len(head),
            expected=f"{4 + 4 * head[3] if len(head) >= 4 else 4} bytes of header",
            found=f"the end of {where}",
            advice=DOWNLOAD_AGAIN,
        )
    rank = head[3]
    shape = struct.unpack(f">{rank}I", head[4 : 4 + 4 * rank])
    header = IdxHeader(ELEMENT_TYPES[head[2]], shape, 4 + 4 * rank, compressed)
    # NumPy refuses sizes whose product is beyond it, even when another size is 0; eight bytes an
    # element, because what has been read is turned into other types.
    if math.prod(size or 1 for size in shape) * 8 > LARGEST:
        _refuse_reversed(header, path)
        raise IdxError(
            path,
            "promises more data than any computer can address",
            offset=4,
            expected="sizes of a real dataset",
            found=by_sizes(shape),
            advice="Its header is damaged. " + DOWNLOAD_AGAIN,
        )
    return header


def _check_magic(head: bytes, path: Path) -> None:
    """Refuse a type code or a rank that does not exist."""
    code, rank = head[2], head[3]
    kind = IdxError if code in ELEMENT_TYPES or 1 <= rank <= MAX_RANK else NotIdxError
    if code not in ELEMENT_TYPES:
        raise kind(
            path,
            "has an element type that IDX does not know",
            offset=2,
            expected="08, 09, 0B, 0C, 0D or 0E",
            found=f"{code:02X}",
            advice="Choose a file in the format MNIST was published in.",
        )
    if rank > MAX_RANK:
        raise kind(
            path,
            "has a rank that makes no sense",
            offset=3,
            expected=f"0 to {MAX_RANK}",
            found=str(rank),
            advice="Its header is damaged. " + DOWNLOAD_AGAIN,
        )


def check_plain_size(header: IdxHeader, size: int, path: Path) -> None:
    """Compare what the header promises with the size of a plain file."""
    promised = header.data_offset + header.data_bytes
    if size < promised:
        _refuse_reversed(header, path, size)
        raise too_short(header, size, path)
    if size > promised:
        raise too_long(header, size, path)


def check_packed_size(header: IdxHeader, size: int, path: Path) -> None:
    """Refuse a promise that gzip data of this size cannot keep, before memory is taken for it."""
    promised = header.data_offset + header.data_bytes
    if promised > size * MAX_RATIO:
        _refuse_reversed(header, path)
        raise IdxError(
            path,
            "promises more than it can hold",
            offset=4,
            expected=f"at most {size * MAX_RATIO:,} bytes from {size:,} packed ones",
            found=f"a header for {by_sizes(header.shape)}, {promised:,} bytes",
            advice="Its header is damaged or its download was interrupted. " + DOWNLOAD_AGAIN,
        )


def sizes_reversed(shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return sizes with their bytes in the reverse order, if that makes sense of them.

    It does where each becomes smaller, and none is left that no dataset has: what was 28 and was
    written back to front reads as 469,762,048.
    """
    if not shape:
        return None
    if not shape:
        return None
    reversed_sizes = tuple(int.from_bytes(size.to_bytes(4, "big"), "little") for size in shape)
    sensible = all(0 < new < old for new, old in zip(reversed_sizes, shape, strict=True))
    return reversed_sizes if sensible and max(reversed_sizes) < 1 << 24 else None


def _refuse_reversed(header: IdxHeader, path: Path, size: int | None = None) -> None:
    """Raise `SizesReversedError` if that is why a file cannot keep its promise.

    A single size may be reversed by chance (65,536 is 256): it then has to fit a plain file of
    `size` bytes exactly.
    """
    sizes = sizes_reversed(header.shape)
    if sizes is None:
        return
    fits = header.data_offset + math.prod(sizes) * header.dtype.itemsize == size
    if len(sizes) > 1 or size is None or fits:
        raise SizesReversedError(path, header.shape, sizes)


def too_short(header: IdxHeader, size: int, path: Path) -> IdxError:
    """Return the error for a file whose data ends before its promise."""
    return IdxError(
        path,
        f"is cut off: its header promises {by_sizes(header.shape)}",
        offset=size,
        expected=f"{header.data_offset + header.data_bytes:,} bytes",
        found=f"{size:,}",
        advice="Its download was interrupted. " + DOWNLOAD_AGAIN,
    )


def too_long(header: IdxHeader, size: int | None, path: Path) -> IdxError:
    """Return the error for a file with data behind its promise; `size` is None if not counted."""
    promised = header.data_offset + header.data_bytes
    return IdxError(
        path,
        f"goes on behind the {by_sizes(header.shape)} its header promises",
        offset=promised,
        expected="the end of the data",
        found="more data" if size is None else _more(size - promised),
        advice="Its header is wrong or something was appended. " + DOWNLOAD_AGAIN,
    )


def _more(count: int) -> str:
    """Write how many bytes there are too many."""
    return "1 byte more" if count == 1 else f"{count:,} bytes more"


def by_sizes(shape: tuple[int, ...]) -> str:
    """Write sizes as people do: 60,000 × 28 × 28."""
    return " × ".join(f"{size:,}" for size in shape) or "1 value"
