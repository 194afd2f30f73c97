"""Turn whatever an IDX file holds into pictures: (n, height, width) uint8, ink high."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.faults import IdxError
from mnist_desktop.progress import Job, Progress

_PIECE = 1 << 22  # elements looked at between two reports
_SMALLEST_SIDE = 4  # a row of fewer than 16 values is a table, not a picture
_CHANNELS = (1, 2, 3, 4)
_LUMA = (0.299, 0.587, 0.114)  # red, green, blue as the eye weighs them: ITU-R BT.601


def to_pictures(array: NDArray[Any], path: Path) -> Job[tuple[NDArray[np.uint8], tuple[str, ...]]]:
    """Return pictures, and notes on what was done to the stored values to show them.

    Parameters
    ----------
    array
        Of any rank and element type. Bytes of rank 3 come back as they are, as a view.
    path
        The file, for errors.

    Returns
    -------
    tuple
        (n, height, width) uint8 pictures and sentences for the person.

    Raises
    ------
    IdxError
        If these values are no pictures.
    """
    notes: list[str] = []
    if array.ndim == 4:
        array = _without_channels(array, path, notes)
    elif array.ndim == 2 and math.isqrt(array.shape[1]) >= _SMALLEST_SIDE:
        array = _unrolled(array, path, notes)
    if array.ndim != 3 or 0 in array.shape[1:]:
        raise _no_pictures(array, path)
    if array.dtype != np.uint8:
        array = yield from _scaled(array, notes)
    return array, tuple(notes)


def _no_pictures(array: NDArray[Any], path: Path) -> IdxError:
    """Return the error for values that cannot be shown as pictures."""
    sizes = " × ".join(f"{size:,}" for size in array.shape)
    return IdxError(
        path,
        "holds values, no pictures",
        offset=3,
        expected="rank 3 (images × rows × columns)",
        found=f"rank {array.ndim} ({sizes})",
        advice="Open the images file that belongs with it.",
    )


def _unrolled(array: NDArray[Any], path: Path, notes: list[str]) -> NDArray[Any]:
    """Roll rows of values up into square pictures."""
    side = math.isqrt(array.shape[1])
    if side * side != array.shape[1]:
        raise _no_pictures(array, path)
    notes.append(f"Each row of {side * side:,} values is shown as a picture of {side} × {side}.")
    return array.reshape(len(array), side, side)


def _without_channels(array: NDArray[Any], path: Path, notes: list[str]) -> NDArray[Any]:
    """Make one grey channel of several, which stand last or right behind the count."""
    if array.shape[3] in _CHANNELS:
        channels = [array[..., i] for i in range(array.shape[3])]
    elif array.shape[1] in _CHANNELS:
        channels = [array[:, i] for i in range(array.shape[1])]
    else:
        raise _no_pictures(array, path)
    if len(channels) == 1:
        return channels[0]
    notes.append(f"The {len(channels)} channels are shown as one grey one.")
    if len(channels) == 2:  # grey and opacity
        return channels[0]
    grey = np.zeros(channels[0].shape, np.float32)
    with np.errstate(all="ignore"):
        for weight, channel in zip(_LUMA, channels, strict=False):
            grey += np.float32(weight) * channel
    return np.rint(grey).astype(np.uint8) if array.dtype == np.uint8 else grey


def _scaled(array: NDArray[Any], notes: list[str]) -> Job[NDArray[np.uint8]]:
    """Scale values of another type to bytes, by the range they were most likely meant in."""
    step = max(1, _PIECE // max(1, math.prod(array.shape[1:])))
    lowest, highest, odd = math.inf, -math.inf, 0
    for start in range(0, len(array), step):
        piece = array[start : start + step]
        finite = piece[np.isfinite(piece)]
        odd += piece.size - finite.size
        if finite.size:
            lowest = min(lowest, float(finite.min()))
            highest = max(highest, float(finite.max()))
        yield Progress(start, 2 * len(array), "Looking for the range of values")
    low, high = _meant_range(lowest, highest)
    result = np.empty(array.shape, np.uint8)
    for start in range(0, len(array), step):
        result[start : start + step] = _as_bytes(array[start : start + step], low, high)
        yield Progress(len(array) + start, 2 * len(array), "Scaling the values")
    if (low, high) != (0.0, 255.0) or array.dtype.kind == "f":
        notes.append(
            f"The stored values ({array.dtype.newbyteorder('=')}, {lowest:g} to {highest:g}) are "
            f"shown as 0 to 255: {low:g} is paper, {high:g} is full ink."
        )
    if odd:
        notes.append(f"Stored values without a finite number, shown as 0 or 255: {odd:,}.")
    return result


def _as_bytes(piece: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    """Scale values so that `low` becomes 0 and `high` 255; what lies outside is clipped."""
    with np.errstate(all="ignore"):  # stored bits may be anything, signalling NaN too
        # Halves, because the difference of two large numbers may be beyond float64.
        half = piece.astype(np.float64) * 0.5 - low * 0.5
        scaled = half * (255.0 / (high * 0.5 - low * 0.5))
    np.nan_to_num(scaled, copy=False, nan=0.0, posinf=255.0, neginf=0.0)
    return np.rint(np.clip(scaled, 0.0, 255.0)).astype(np.uint8)


def _meant_range(lowest: float, highest: float) -> tuple[float, float]:
    """Return which values stand for blank paper and for full ink, by the range they lie in."""
    for low, high in ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0)):
        if low <= lowest and highest <= high:
            return low, high
    return (lowest, highest) if lowest < highest else (0.0, 255.0)
