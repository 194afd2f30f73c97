"""The images of one or several datasets as rows of bytes under one numbering."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.mapped_memory import give_back
from mnist_desktop.progress import Job, Progress

PIECE_BYTES = 1 << 20
"""About how much is read at once, so that memory does not grow with the file."""

_PICKED_BYTES = 1 << 24  # picked from here and there until pages of mapped files are given back


class ImageRows:
    """Images one after the other, read from their arrays only when they are asked for.

    What was read of mapped files is given back to the system.

    Parameters
    ----------
    parts
        Arrays of (n, h, w) uint8, all of one height and width; they may be mapped from files.

    Raises
    ------
    ValueError
        When the images are not of one size.
    """

    def __init__(self, parts: Sequence[NDArray[np.uint8]]) -> None:
        if len({part.shape[1:] for part in parts}) != 1:
            raise ValueError("images of one size, please")
        self._parts = tuple(parts)
        self.height, self.width = parts[0].shape[1:]
        self.starts = np.cumsum([0, *(len(part) for part in parts)])
        self.piece = max(1, PIECE_BYTES // max(1, self.size))
        self._picked = 0

    def __len__(self) -> int:
        return int(self.starts[-1])

    @property
    def size(self) -> int:
        """Return the number of pixels of an image."""
        return int(self.height * self.width)

    def in_pieces(self) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """Yield all rows in order: the number of the first, and (m, h·w) uint8, in one block."""
        for start, part in zip(self.starts, self._parts, strict=False):
            for first in range(0, len(part), self.piece):
                images = np.ascontiguousarray(part[first : first + self.piece])
                yield int(start) + first, images.reshape(len(images), self.size)
                give_back(part[first : first + self.piece])

    def pick(self, numbers: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Return the rows with these numbers, in that order, as (m, h·w) uint8."""
        self._picked += len(numbers) * self.size
        if self._picked > _PICKED_BYTES:
            self._picked = 0
            for part in self._parts:
                give_back(part)
        if len(self._parts) == 1:
            return np.ascontiguousarray(self._parts[0][numbers]).reshape(len(numbers), self.size)
        rows = np.empty((len(numbers), self.height, self.width), np.uint8)
        places = self.part_of(numbers)
        for place, part in enumerate(self._parts):
            here = np.flatnonzero(places == place)
            rows[here] = part[numbers[here] - self.starts[place]]
        return rows.reshape(len(numbers), self.size)

    def part_of(self, numbers: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Return which of the arrays each row comes from, (m,) int64."""
        return np.searchsorted(self.starts[1:], numbers, side="right").astype(np.int64)


def equal_rows_job(rows: ImageRows) -> Job[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Find the rows that are equal, by their checksums and then byte by byte.

    Returns
    -------
    copies
        (p, 2) int64: the first of some equal rows and, once for each of them, a later one; rising
        by the later one. Blank rows are left out.
    blank
        (b,) int64, rising: rows whose pixels all have one value.
    """
    sums = np.empty(len(rows), np.uint64)
    is_blank = np.empty(len(rows), bool)
    for first, piece in rows.in_pieces():
        here = slice(first, first + len(piece))
        sums[here] = checksums(piece)
        is_blank[here] = piece.min(axis=1) == piece.max(axis=1)
        yield Progress(first + len(piece), len(rows), "Reading images")
    written = np.flatnonzero(~is_blank)
    suspected = _first_of_each(sums[written], written)
    copies = [np.empty((0, 2), np.int64)]
    for start in range(0, len(suspected), rows.piece):
        some = suspected[start : start + rows.piece]
        same = (rows.pick(some[:, 0]) == rows.pick(some[:, 1])).all(axis=1)
        if not same.all():  # two images with one checksum of 64 bits: hardly ever
            copies = [_among_suspected(rows, suspected)]
            break
        copies.append(some)
        yield Progress(start + len(some), len(suspected), "Comparing equal images")
    found = np.concatenate(copies)
    return found[np.argsort(found[:, 1], kind="stable")], np.flatnonzero(is_blank)


def checksums(piece: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return a checksum of 64 bits for each row of (m, k) uint8 in one block."""
    return np.frombuffer(b"".join([blake2b(row, digest_size=8).digest() for row in piece]), "<u8")


def _first_of_each(sums: NDArray[np.uint64], numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return pairs (first, later) of the numbers whose sums are equal, (p, 2) int64."""
    order = np.argsort(sums, kind="stable")
    sums, numbers = sums[order], numbers[order]
    begins = np.ones(len(sums), bool)
    begins[1:] = sums[1:] != sums[:-1]
    firsts = numbers[np.maximum.accumulate(np.where(begins, np.arange(len(sums)), 0))]
    return np.stack([firsts, numbers], axis=1)[~begins]


def _among_suspected(rows: ImageRows, suspected: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the pairs of really equal rows among those with equal checksums."""
    firsts: dict[bytes, int] = {}
    pairs = []
    for number in np.unique(suspected).tolist():
        first = firsts.setdefault(rows.pick(np.array([number])).tobytes(), number)
        if first != number:
            pairs.append((first, number))
    return np.array(pairs, np.int64).reshape(-1, 2)
