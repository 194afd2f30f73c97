"""Measure the ink of one picture: how much of each value, where it lies, where its middle is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BIN_WIDTH = 15
"""Values in a bar of the histogram: 1 to 255 are 17 times 15."""


@dataclass(frozen=True)
class InkBox:
    """The smallest rectangle that holds all ink.

    Parameters
    ----------
    left, top
        The first column and line with ink.
    right, bottom
        The last ones.
    """

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Return how many columns it is wide."""
        return self.right - self.left + 1

    @property
    def height(self) -> int:
        """Return how many lines it is high."""
        return self.bottom - self.top + 1


@dataclass(frozen=True, eq=False)
class InkMeasures:
    """What can be measured of a picture's ink.

    Parameters
    ----------
    shape
        Height and width of the picture.
    counts
        (256,) int64: how many pixels have each value.
    box
        Where the ink lies; `None` for blank paper.
    centre
        Column and line of the ink's centre of mass, each pixel weighing as much as its value; a
        pixel's own middle has whole numbers. `None` for blank paper.
    """

    shape: tuple[int, int]
    counts: NDArray[np.int64]
    box: InkBox | None
    centre: tuple[float, float] | None

    @property
    def pixels(self) -> int:
        """Return how many pixels there are."""
        return int(self.counts.sum())

    @property
    def paper(self) -> int:
        """Return how many pixels are blank."""
        return int(self.counts[0])

    @property
    def mean(self) -> float:
        """Return the mean value, 0 to 255."""
        return float(self.counts @ np.arange(256)) / max(1, self.pixels)

    @property
    def bars(self) -> NDArray[np.int64]:
        """Return how many pixels have the values of each bar, (17,) int64, blank ones left out.

        Blank paper is most of nearly every picture; beside it no other bar could be seen.
        """
        bars: NDArray[np.int64] = self.counts[1:].reshape(-1, BIN_WIDTH).sum(axis=1)
        return bars


def bar_values(place: int) -> tuple[int, int]:
    """Return the lowest and the highest value in a bar of the histogram."""
    return 1 + place * BIN_WIDTH, (place + 1) * BIN_WIDTH


def measure_ink(picture: NDArray[np.uint8]) -> InkMeasures:
    """Measure the ink of a picture.

    Parameters
    ----------
    picture
        (h, w) uint8, ink high.
    """
    height, width = picture.shape
    counts = np.bincount(picture.reshape(-1), minlength=256).astype(np.int64)
    rows, columns = picture.sum(axis=1, dtype=np.float64), picture.sum(axis=0, dtype=np.float64)
    total = float(rows.sum())
    if not total:
        return InkMeasures((height, width), counts, None, None)
    down, across = np.flatnonzero(rows), np.flatnonzero(columns)
    box = InkBox(int(across[0]), int(down[0]), int(across[-1]), int(down[-1]))
    centre = float(columns @ np.arange(width)) / total, float(rows @ np.arange(height)) / total
    return InkMeasures((height, width), counts, box, centre)
