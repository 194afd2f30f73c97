"""The IDX format: read and write all six element types and any rank up to 8, plain or gzipped.

A file is two zero bytes, a type code, a rank, the sizes as 32-bit numbers, and the elements, all
big-endian. Nothing is allocated before the header was checked against the size of the file.
"""

from __future__ import annotations

import gzip
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.early import Filling
from mnist_desktop.datasets.faults import SNIFFED_BYTES, IdxError, NotIdxError
from mnist_desktop.datasets.gunzip import GZIP_MAGIC, Unpacker
from mnist_desktop.datasets.header import (
    ELEMENT_TYPES,
    IdxHeader,
    check_packed_size,
    check_plain_size,
    header_for,
    parse,
    too_long,
    too_short,
)
from mnist_desktop.errors import UserError
from mnist_desktop.files import replacing
from mnist_desktop.progress import Job, Progress, finish

__all__ = [
    "ELEMENT_TYPES",
    "IdxError",
    "IdxHeader",
    "NotIdxError",
    "begin",
    "check_size",
    "opened",
    "packing",
    "read_header",
    "read_idx",
    "read_idx_job",
    "write_idx",
    "write_idx_job",
    "write_pieces_job",
]

_PIECE = 1 << 20


def read_header(path: Path) -> IdxHeader:
    """Return the header of an IDX file, checked against the size of the file.

    Raises
    ------
    NotIdxError
        If the file is something else, named where it is known.
    IdxError
        If the header is damaged, or promises more or less than a plain file holds, or more than a
        gzip file of this size can.
    UserError
        If the file cannot be read.
    """
    path = Path(path)
    with opened(path) as stream:
        header, _ = begin(stream, path)
        check_size(header, stream, path)
        return header


def read_idx(path: Path) -> NDArray[Any]:
    """Return the elements of an IDX file, read-only, in the type and byte order of the file.

    A plain file is mapped into memory (`numpy.memmap`) and costs nothing until it is looked at; a
    gzip file, recognised by its content, is unpacked. Raises as `read_header`.
    """
    return finish(read_idx_job(path))


def read_idx_job(path: Path) -> Job[NDArray[Any]]:
    """Return the elements as `read_idx` does, reporting packed bytes on the way.

    The reports on a gzip file are `Filling`: they carry the items that are unpacked already.
    """
    path = Path(path)
    with opened(path) as stream:
        header, source = begin(stream, path)
        check_size(header, stream, path)
        if source is None:
            return _mapped(stream, header)
        return (yield from _unpack(source, header, path))


def write_idx(path: Path, array: NDArray[Any], *, compress: bool | None = None) -> None:
    """Write `array` as an IDX file, whole or not at all.

    Parameters
    ----------
    path
        Where to; replaced if it exists.
    array
        Of rank 0 to 8 and one of the six element types, in any byte order and memory layout.
    compress
        Whether to pack it with gzip; by default if the name ends in `.gz`. Equal arrays make equal
        files: no time or name is stored.

    Raises
    ------
    ValueError
        If IDX cannot hold the array.
    UserError
        If the system refuses to write.
    """
    finish(write_idx_job(path, array, compress=compress))


def write_idx_job(path: Path, array: NDArray[Any], *, compress: bool | None = None) -> Job[None]:
    """Write as `write_idx` does, reporting items on the way."""
    header = header_for(array)
    step = max(1, _PIECE // max(1, header.item_bytes))
    array = np.atleast_1d(array)
    # Piece by piece: a turned view of a large file must not be copied whole.
    pieces = (array[start : start + step] for start in range(0, header.item_count, step))
    yield from write_pieces_job(path, header, pieces, compress=compress)


def write_pieces_job(
    path: Path,
    header: IdxHeader,
    pieces: Iterable[NDArray[Any]],
    *,
    compress: bool | None = None,
) -> Job[None]:
    """Write as `write_idx` does what is never in memory at once, reporting items on the way.

    Parameters
    ----------
    path, compress
        As `write_idx`.
    header
        Of all items together.
    pieces
        Arrays of some items each, in order, which add up to the header's shape.
    """
    path = Path(path)
    packed = path.suffix.lower() == ".gz" if compress is None else compress
    done = 0
    with replacing(path) as stream, packing(stream, packed) as write:
        write(header.to_bytes())
        for piece in pieces:
            write(np.ascontiguousarray(piece, header.dtype).tobytes())
            done += len(piece)
            yield Progress(done, header.item_count, f"Writing {path.name}")


@contextmanager
def packing(stream: BinaryIO, packed: bool) -> Iterator[Callable[[bytes], object]]:
    """Give the function that writes to `stream`, through gzip if asked."""
    if not packed:
        yield stream.write
        return
    with gzip.GzipFile("", "wb", compresslevel=6, fileobj=stream, mtime=0) as packer:
        yield packer.write


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open an ordinary file for reading; say in plain words why it cannot be."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UserError(f"“{path}” is a folder", "Choose one of the files in it.")
        if not stat.S_ISREG(mode):
            raise UserError(f"“{path}” is no ordinary file", "Choose an IDX file.")
        with path.open("rb") as stream:
            yield stream
    except FileNotFoundError as error:
        raise UserError(
            f"“{path}” does not exist", "It may have been moved or renamed; choose it again."
        ) from error
    except OSError as error:
        raise UserError(
            f"“{path}” could not be read: {error.strerror or error}",
            "Check that you may read it and that its disk is connected.",
        ) from error


def begin(stream: BinaryIO, path: Path) -> tuple[IdxHeader, Unpacker | None]:
    """Return the header, and for gzip content its unpacker, which stands at the beginning.

    Nothing is compared with the size of the file yet. Raises as `parse`.
    """
    start = stream.read(SNIFFED_BYTES)
    stream.seek(0)
    if not start.startswith(GZIP_MAGIC):
        return parse(start, path, compressed=False), None
    source = Unpacker(stream, path)
    return parse(source.peek(SNIFFED_BYTES), path, compressed=True), source


def check_size(header: IdxHeader, stream: BinaryIO, path: Path) -> None:
    """Raise `IdxError` if a file of this size cannot hold what its header promises."""
    size = os.fstat(stream.fileno()).st_size
    (check_packed_size if header.compressed else check_plain_size)(header, size, path)


def _mapped(stream: BinaryIO, header: IdxHeader) -> NDArray[Any]:
    """Map the elements of a plain file into memory."""
    if not header.data_bytes:  # an empty range cannot be mapped
        return _read_only(np.empty(header.shape, header.dtype))
    return np.memmap(stream, header.dtype, "r", header.data_offset, header.shape)


def _unpack(source: Unpacker, header: IdxHeader, path: Path) -> Job[NDArray[Any]]:
    """Unpack exactly what the header promises, and check that nothing follows."""
    try:
        # Untouched pages cost nothing, so a false promise takes no memory before it is found out.
        content = np.empty(header.data_bytes, np.uint8)
    except MemoryError as error:
        raise UserError(
            f"“{path}” needs {header.data_bytes:,} bytes, more memory than there is",
            "Close other programs, or unpack the file: a plain one is not loaded whole.",
        ) from error
    result = _read_only(content.view(header.dtype).reshape(header.shape))
    items, item_bytes = np.atleast_1d(result), header.item_bytes
    source.skip(header.data_offset)
    filled = 0
    while filled < content.size:
        piece = source.read(min(_PIECE, content.size - filled))
        if not piece:
            raise too_short(header, header.data_offset + filled, path)
        content[filled : filled + len(piece)] = np.frombuffer(piece, np.uint8)
        filled += len(piece)
        what = f"Unpacking {path.name}"
        ready = filled // item_bytes
        yield Filling(source.consumed, source.size, what, array=items, ready=ready)
    if source.read(1):
        raise too_long(header, None, path)
    return result


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Lock `array` and return it."""
    array.flags.writeable = False
    return array
