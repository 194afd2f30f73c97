"""Read a mapped file from end to end without keeping its pages in memory."""

from __future__ import annotations

import mmap
from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds
from numpy.typing import NDArray


def give_back(part: NDArray[Any]) -> None:
    """Let the system drop the pages behind `part` of an array, if they are mapped from a file.

    They are read again when they are looked at again, mostly from the system's own cache. Without
    this, a walk through a file of a gigabyte would count as a gigabyte of the program's memory.
    Nothing happens to an array in ordinary memory, and on systems that know no such advice.
    """
    source = _mapping(part)
    if source is None or not part.size or not hasattr(mmap, "MADV_DONTNEED"):
        return
    low, high = byte_bounds(part)
    start = int(np.frombuffer(source, np.uint8).ctypes.data)
    # Whole pages only: what lies on one with the neighbours stays.
    first = -(-(low - start) // mmap.PAGESIZE) * mmap.PAGESIZE
    if first < high - start:
        source.madvise(mmap.MADV_DONTNEED, first, high - start - first)


def _mapping(array: NDArray[Any]) -> mmap.mmap | None:
    """Return the file mapping that an array looks at, None for one in ordinary memory."""
    owner: object = array
    while isinstance(owner, np.ndarray):
        owner = owner.base
    if isinstance(owner, memoryview):
        owner = owner.obj
    return owner if isinstance(owner, mmap.mmap) else None
