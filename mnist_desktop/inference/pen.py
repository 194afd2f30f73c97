"""Draw pen strokes as ink, without a window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Stroke:
    """The way of a round pen from down to up.

    Parameters
    ----------
    points
        (k, 2) float32, x to the right and y down, in pixels of the raster; the middle of the first
        pixel is (0.5, 0.5). One point is a dot. Points may lie outside the raster.
    width
        Diameter of the pen in pixels.
    erase
        Whether the pen takes ink away instead.

    Raises
    ------
    ValueError
        When the points are not pairs of finite numbers or the width is not positive.
    """

    points: np.ndarray
    width: float
    erase: bool = False

    def __post_init__(self) -> None:
        """Keep the points as float32 and refuse what no pen can do."""
        points = np.asarray(self.points, dtype=np.float32)
        if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
            raise ValueError(f"points of shape {points.shape} are not (k, 2) finite numbers")
        if not (np.isfinite(self.width) and self.width > 0):
            raise ValueError(f"a pen of width {self.width} draws nothing")
        object.__setattr__(self, "points", points)


def draw(strokes: Iterable[Stroke], size: tuple[int, int]) -> np.ndarray:
    """Return the ink that `strokes` leave on blank paper, one after the other, anti-aliased.

    A pixel's ink is how far it lies inside the pen's round edge, over the width of one pixel; where
    strokes cross it is the greater ink, not the sum.

    Parameters
    ----------
    strokes
        In the order in which they were made.
    size
        Height and width of the raster in pixels.

    Returns
    -------
    numpy.ndarray
        (height, width) uint8, ink high.
    """
    ink = np.zeros(size, np.float32)
    for stroke in strokes:
        lay(ink, stroke)
    drawn: np.ndarray = np.rint(ink * 255.0).astype(np.uint8)
    return drawn


def lay(ink: np.ndarray, stroke: Stroke) -> None:
    """Add what a stroke leaves, or wipe what it takes away, as `draw` does.

    The pieces of a stroke one after the other leave the same as the whole.

    Parameters
    ----------
    ink
        (height, width) float32, 0 to 1; changed in place.
    """
    points = stroke.points
    ends = points[1:] if len(points) > 1 else points
    for start, end in zip(points, ends, strict=False):
        _draw_segment(ink, start, end, stroke)


def _draw_segment(ink: np.ndarray, start: np.ndarray, end: np.ndarray, stroke: Stroke) -> None:
    """Lay one straight piece of `stroke` into `ink`, touching only the pixels it can reach."""
    reach = stroke.width / 2 + 0.5
    height, width = ink.shape
    left, top = np.clip(np.floor(np.minimum(start, end) - reach), 0, (width, height)).astype(int)
    right, bottom = np.clip(np.ceil(np.maximum(start, end) + reach), 0, (width, height)).astype(int)
    if left >= right or top >= bottom:
        return
    x = np.arange(left, right, dtype=np.float32) + 0.5 - start[0]
    y = (np.arange(top, bottom, dtype=np.float32) + 0.5 - start[1])[:, None]
    way_x, way_y = end - start
    length = float(way_x) ** 2 + float(way_y) ** 2
    if length > 1e-12:  # a shorter way is a dot, and its square vanishes in float32
        # How far along the piece its nearest point lies, 0 at the start and 1 at the end.
        along = np.clip((x * way_x + y * way_y) / length, 0.0, 1.0)
        distance = np.hypot(x - along * way_x, y - along * way_y)
    else:
        distance = np.hypot(x, y)
    cover = np.clip(reach - distance, 0.0, 1.0)
    part = ink[top:bottom, left:right]
    if stroke.erase:
        np.minimum(part, 1.0 - cover, out=part)
    else:
        np.maximum(part, cover, out=part)
