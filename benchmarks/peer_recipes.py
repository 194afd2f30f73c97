"""How other programs bring a drawing to 28×28, each as its source does it, for comparison."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.inference.ink import prepare
from mnist_desktop.inference.resampling import resample

Picture = NDArray[np.uint8]
SIDE = 28


def plain(raster: Picture) -> Picture:
    """Resize the whole pad."""
    return _bytes(resample(raster, SIDE, SIDE))


def onnxjs_demo(raster: Picture) -> Picture:
    """Cut the ink's box with 20 pixels around it, made square, and resize."""
    return _cut_and_resize(raster, lambda side: side + 40.0)


def burn_web(raster: Picture) -> Picture:
    """Cut a square 1.2 times the ink's box, and resize."""
    return _cut_and_resize(raster, lambda side: 1.2 * side)


def typegpu(raster: Picture) -> Picture:
    """Shift the ink's centre of mass into the middle, without scaling, and resize."""
    total = float(raster.sum())
    rows, columns = (np.arange(n) + 0.5 for n in raster.shape)
    down = raster.shape[0] / 2 - float(raster.sum(axis=1) @ rows) / total
    right = raster.shape[1] / 2 - float(raster.sum(axis=0) @ columns) / total
    return plain(np.asarray(_moved(raster, round(down), round(right))))


def original(raster: Picture) -> Picture:
    """Go MNIST's own way, as this program does."""
    return prepare(raster).picture


PEERS: dict[str, Callable[[Picture], Picture]] = {
    "plain resize": plain,
    "onnxjs-demo (box + 20 px)": onnxjs_demo,
    "Burn web (1.2 × box)": burn_web,
    "TypeGPU (centre of mass)": typegpu,
    "MNIST's own recipe (ours)": original,
}
"""What each is called in the table, and what it does to (h, w) uint8 with ink high."""


def _cut_and_resize(raster: Picture, side_for: Callable[[float], float]) -> Picture:
    """Cut a square around the middle of the ink's box, blank beyond the pad, and resize."""
    rows, columns = np.flatnonzero(raster.any(axis=1)), np.flatnonzero(raster.any(axis=0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    side = max(1, round(side_for(float(max(bottom - top, right - left)))))
    y, x = (top + bottom - side) // 2, (left + right - side) // 2
    room = np.zeros((side, side), np.uint8)
    a, b = max(0, y), max(0, x)
    part = raster[a : max(0, y + side), b : max(0, x + side)]
    room[a - y : a - y + part.shape[0], b - x : b - x + part.shape[1]] = part
    return _bytes(resample(room, SIDE, SIDE))


def _moved(raster: Picture, down: int, right: int) -> Picture:
    """Return the raster moved by whole pixels, blank where nothing comes from."""
    moved = np.zeros_like(raster)
    height, width = raster.shape
    to_y, to_x = (
        slice(max(0, down), height + min(0, down)),
        slice(max(0, right), width + min(0, right)),
    )
    from_y = slice(max(0, -down), height + min(0, -down))
    from_x = slice(max(0, -right), width + min(0, -right))
    moved[to_y, to_x] = raster[from_y, from_x]
    return moved


def _bytes(values: NDArray[np.floating]) -> Picture:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
