"""The blocks in which near pairs are looked for, and the nearest found so far; see `nearness`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.ink_rows import InkRows, dots
from mnist_desktop.datasets.products import multiply, multiply_tiles

MARGIN = 1e-4
"""Share of |a|² + |b|² that the bound on D² is moved by, and of |a|² that r² is enlarged by.

A product of two rows of 32 float32 is wrong by at most 32 · 2⁻²⁴ = 2e-6 of what is summed, and a
projection, a sum over an image's pixels, by some √pixels · 2⁻²⁴: 2e-6 for MNIST's and 6e-5 for
images of a million pixels. This is more than all of it together, and still little beside the
square of any threshold that is in use.
"""

ROWS, COLUMNS = 64, 128
"""Size of a tile: with `ink_rows.DIRECTIONS` just what one core multiplies."""

HIGH, WIDE = 512, 4096
"""Rows and columns of a block, whole tiles; its products, 8 MB, stay in the cache."""

MOVES = ((0, 1), (1, 0), (1, 1), (1, -1))
"""Pixels down and right; with the other image moved instead they make all eight directions."""

STILL = (0, 0)


@dataclass(frozen=True, eq=False)
class NearPairs:
    """Pairs of images that differ little.

    Parameters
    ----------
    numbers
        (p, 2) int64, the lower number first.
    distance
        (p,) float64, D from 0 to 1.
    complete_to
        Every pair that differs by less is there: the threshold that was asked for, or less where
        there were more pairs than were wanted.
    """

    numbers: NDArray[np.int64]
    distance: NDArray[np.float64]
    complete_to: float


@dataclass(frozen=True)
class Block:
    """Images `first` to `last`, moved, to be compared with `start` to `end` as they stand."""

    first: int
    last: int
    start: int
    end: int
    move: tuple[int, int]

    @property
    def area(self) -> int:
        """Return how many comparisons these are."""
        return (self.last - self.first) * (self.end - self.start)

    def parts(self) -> Iterator[Block]:
        """Yield the block in parts that are not too wide."""
        for start in range(self.start, self.end, WIDE):
            yield replace(self, start=start, end=min(self.end, start + WIDE))


class Nearest:
    """Keep the pairs within a threshold, or so many of the nearest: then the threshold sinks.

    Parameters
    ----------
    threshold
        Largest D.
    limit
        Most pairs to keep.
    """

    def __init__(self, threshold: float, limit: int) -> None:
        self.bound = threshold**2
        self._complete_to = threshold
        self._limit = limit
        self._pairs = [np.empty((0, 2), np.int64)]
        self._squares = [np.empty(0)]
        self._count = 0

    def add(self, pairs: NDArray[np.int64], squares: NDArray[np.float64]) -> None:
        """Keep those of some (m, 2) pairs whose D², (m,), is small enough."""
        near = squares <= self.bound
        if near.any():
            self._pairs.append(np.sort(pairs[near], axis=1))
            self._squares.append(squares[near])
            self._count += int(near.sum())
            if self._count > 2 * self._limit:
                self._shrink()

    def result(self) -> NearPairs:
        """Return the pairs that were found."""
        self._shrink()
        return NearPairs(self._pairs[0], np.sqrt(self._squares[0]), self._complete_to)

    def _shrink(self) -> None:
        """Keep each pair once, at its least distance, and of all those the nearest."""
        pairs, squares = np.concatenate(self._pairs), np.concatenate(self._squares)
        order = np.lexsort((squares, pairs[:, 1], pairs[:, 0]))
        pairs, squares = pairs[order], squares[order]
        new = np.ones(len(pairs), bool)
        new[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
        pairs, squares = pairs[new], squares[new]
        if len(pairs) > self._limit:
            nearest = np.argsort(squares, kind="stable")[: self._limit]
            pairs, squares = pairs[nearest], squares[nearest]
            self.bound = float(squares[-1])
            self._complete_to = math.sqrt(self.bound)
        self._pairs, self._squares, self._count = [pairs], [squares], len(pairs)


class Search:
    """Images sorted by norm, with their projections.

    Parameters
    ----------
    ink
        The images.
    numbers, norms
        (m,) int64, their numbers and their Σ a_i², rising.
    nearest
        Gets the pairs that are found, and knows how far to look.
    """

    def __init__(
        self,
        ink: InkRows,
        numbers: NDArray[np.int64],
        norms: NDArray[np.int64],
        *,
        nearest: Nearest,
    ) -> None:
        self._ink, self._numbers, self._norms = ink, numbers, norms
        self._lengths = np.sqrt(norms)
        self._nearest = nearest
        # Pa, r, 1, |a|²: what stands at the right of the products. Ink is 0 to 1 here. Blocks are
        # filled up with images that resemble none, not even themselves.
        shape = -(-len(numbers) // HIGH) * HIGH, ink.directions.shape[1] + 3
        self._right = np.zeros(shape, np.float32)
        self._right[:, -2:] = 1

    def project(self, first: int, last: int) -> None:
        """Fill in the projections of images `first` to `last`; before anything is compared."""
        row = self._right[first:last]
        row[:, :-2] = self._projected(self._ink.pick(self._numbers[first:last]))
        row[:, -1] = self._norms[first:last] / 255.0**2

    def _projected(self, ink: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return Pa and r of some ink, (m, k + 1) float32."""
        values = ink.astype(np.float32) / np.float32(255)
        along = multiply(values, self._ink.directions)
        whole = np.einsum("ij,ij->i", values, values)
        rest = whole - np.einsum("ij,ij->i", along, along)
        # Where little remains, rounding could make it too little.
        remains = np.sqrt(np.maximum(rest, 0) + np.float32(MARGIN) * whole)
        return np.column_stack([along, remains])

    def blocks(self, move: tuple[int, int]) -> Iterator[Block]:
        """Yield all blocks that the norms leave for images moved in this way."""
        apart = _length_ratio(self._nearest.bound)
        lengths = self._lengths
        for first in range(0, len(lengths), HIGH):
            longest = lengths[min(len(lengths), first + HIGH) - 1]
            end = int(np.searchsorted(lengths, longest / apart, side="right"))
            # This one moved and that one not, or the other way round, are two comparisons.
            start = (
                first if move == STILL else int(np.searchsorted(lengths, lengths[first] * apart))
            )
            whole = start // COLUMNS * COLUMNS, -(-end // COLUMNS) * COLUMNS
            yield Block(first, first + HIGH, *whole, move)

    def left(self, block: Block) -> NDArray[np.float32]:
        """Return what stands at the left of the products: a pair may be near where they are ≥ 0."""
        here = slice(block.first, block.last)
        left = self._right[here].copy()
        if block.move != STILL:
            moved = self._projected(self._ink.pick(self._numbers[here], block.move))
            left[: len(moved), :-2] = moved
        share = (1 - self._nearest.bound - MARGIN) / 2
        left[:, -2] = -share * left[:, -1]
        left[:, -1] = -share
        return left

    def suspected(
        self, left: NDArray[np.float32], block: Block
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield the pairs of a block that may be near, some at once, by their places."""
        right = self._right[block.start : block.end]
        tiles = multiply_tiles(left, right, rows=ROWS, columns=COLUMNS) >= 0
        if not tiles.any():
            return
        places = np.flatnonzero(tiles)  # much faster than np.nonzero of four axes
        high, wide, row, column = np.unravel_index(places, tiles.shape)
        rows = block.first + high * ROWS + row
        columns = block.start + wide * COLUMNS + column
        wanted = rows < columns if block.move == STILL else rows != columns
        rows, columns = rows[wanted], columns[wanted]
        size = self._ink.rows.piece
        for start in range(0, len(rows), size):
            yield rows[start : start + size], columns[start : start + size]

    def check(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64], move: tuple[int, int]
    ) -> None:
        """Compute D² of some pairs exactly, and keep the near ones."""
        first, second = self._numbers[rows], self._numbers[columns]
        norms = self._norms[rows] + self._norms[columns]
        products = dots(self._ink.pick(first, move), self._ink.pick(second))
        self._nearest.add(np.stack([first, second], axis=1), (norms - 2 * products) / norms)

    def result(self) -> NearPairs:
        """Return the pairs that were found."""
        return self._nearest.result()


def _length_ratio(bound: float) -> float:
    """Return the least |a| / |b| that two images within D² ≤ `bound` can have, |a| ≤ |b|.

    The smaller root q of (1 − q)² = D² (1 + q²), a little less for rounding.
    """
    share = 1 - bound
    return (1 - math.sqrt(1 - share**2)) / share * (1 - 1e-9)
