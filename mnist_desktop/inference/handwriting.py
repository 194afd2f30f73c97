"""Draw strokes as people draw them on the pad: at any size and place, with any pen and slant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.inference.contract import InkRecipe
from mnist_desktop.inference.ink import prepare
from mnist_desktop.inference.pen import Stroke, draw

PAD = 280
"""Side of the pad's raster, in pixels."""


@dataclass(frozen=True)
class Habits:
    """How differently people draw the same digit on the pad.

    Parameters
    ----------
    size
        The longer side of the drawing, as a part of the pad: smallest and largest.
    pens
        The pen's width in pixels of the raster: thinnest and thickest.
    slant
        Degrees by which a drawing leans to either side at most, beside how it was written.
    """

    size: tuple[float, float] = (0.35, 0.8)
    pens: tuple[int, int] = (10, 30)
    slant: float = 0.0


def lay_out(
    strokes: Sequence[NDArray[np.floating]],
    random: np.random.Generator,
    habits: Habits = Habits(),
) -> list[Stroke]:
    """Put strokes somewhere on the pad, in a size and with a pen drawn by `random`.

    Parameters
    ----------
    strokes
        (k, 2) each, x to the right and y down, in any unit.

    Returns
    -------
    list
        The strokes on a pad of `PAD` × `PAD` pixels, their box wholly on it.
    """
    lean = np.tan(np.radians(random.uniform(-habits.slant, habits.slant)))
    leaning = [np.stack([p[:, 0] - lean * p[:, 1], p[:, 1]], axis=1) for p in strokes]
    points = np.concatenate(leaning)
    corner = points.min(axis=0)
    extent = float((points.max(axis=0) - corner).max())
    side = PAD * random.uniform(*habits.size)
    scale = side / extent if extent > 0 else 0.0
    corner = corner - random.uniform(0.0, PAD - side, 2) / (scale or 1.0)
    pen = float(random.integers(habits.pens[0], habits.pens[1] + 1))
    return [Stroke(((p - corner) * (scale or 1.0)).astype(np.float32), pen) for p in leaning]


def picture_of(
    strokes: Sequence[NDArray[np.floating]],
    random: np.random.Generator,
    habits: Habits = Habits(),
    *,
    recipe: InkRecipe = "mnist",
    size: int = 28,
) -> NDArray[np.uint8]:
    """Return what a network gets when somebody draws these strokes, (size, size) uint8, ink high.

    The parameters are those of `lay_out` and of `ink.prepare`.
    """
    return prepare(draw(lay_out(strokes, random, habits), (PAD, PAD)), recipe, size=size).picture
