"""Recognise a published dataset by the checksum of its content, which may take a while."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.idx import IdxHeader
from mnist_desktop.datasets.known import Family, by_checksum, content_hash
from mnist_desktop.progress import Job, Progress, finish

_PIECE = 1 << 20


def recognise(header: IdxHeader, array: NDArray[Any], path: Path) -> Family | None:
    """Return the published dataset that a file is a part of, by the checksum of its content.

    Parameters
    ----------
    header, array, path
        The file's header, its elements as they are stored, and where it is.

    Returns
    -------
    Family | None
        With its split; `None` for anything that is not exactly a published file. Only files with a
        published number of items are hashed, so others lose no time.
    """
    return finish(recognise_job(header, array, path))


def recognise_job(header: IdxHeader, array: NDArray[Any], path: Path) -> Job[Family | None]:
    """Return what `recognise` does, reporting bytes on the way.

    A file that is mapped into memory is read again instead, so that it does not come to stand in
    memory whole; what can no longer be read is not recognised.
    """
    digest = content_hash(header)
    if digest is None:
        return None
    what, done = f"Comparing {path.name} with the published datasets", 0
    try:
        for piece in _content(header, array, path):
            digest.update(piece)
            done += len(piece)
            yield Progress(done, header.data_bytes, what)
        return by_checksum(digest.hexdigest(), path, packed=header.compressed)
    except OSError:
        return None


def _content(header: IdxHeader, array: NDArray[Any], path: Path) -> Iterator[memoryview]:
    """Yield the stored elements as bytes, piece by piece; each is valid until the next."""
    if not isinstance(array, np.memmap):
        content = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
        for start in range(0, len(content), _PIECE):
            yield content[start : start + _PIECE]
        return
    room = bytearray(_PIECE)
    with path.open("rb") as stream:
        stream.seek(header.data_offset)
        while size := stream.readinto(room):
            yield memoryview(room)[:size]
