"""Turn whatever an IDX file holds into pictures: (n, height, width) uint8, ink high."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.axes import DEFAULT, MIXED, Axes, Reading, understand
from mnist_desktop.datasets.early import Filling
from mnist_desktop.datasets.faults import IdxError
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Job, Progress, translated

_PIECE = 1 << 22  # elements looked at between two reports
_DIM = 32  # pictures that reach no further are not meant as 0 to 255: nobody would see them
_LUMA = (0.299, 0.587, 0.114)  # red, green, blue as the eye weighs them: ITU-R BT.601

Pictures = tuple[NDArray[np.uint8], tuple[str, ...]]
"""(n, height, width) uint8 pictures, and sentences for the person on how they came about."""


def axes_of(shape: tuple[int, ...], path: Path, reading: Reading = DEFAULT) -> Axes:
    """Return which axes of a file are pictures; see `understand`.

    Raises
    ------
    IdxError
        If values of this shape are no pictures.
    UserError
        If the file has not what `reading` names.
    """
    try:
        axes = understand(shape, reading)
    except ValueError as error:
        raise UserError(
            f"“{path}” cannot be shown like this: it has no {error}",
            "Open it again to choose from what it has.",
        ) from error
    if axes is not None:
        return axes
    sizes = " × ".join(f"{size:,}" for size in shape)
    raise IdxError(
        path,
        "holds values, no pictures",
        offset=3,
        expected="rank 3 (images × rows × columns)",
        found=f"rank {len(shape)}" + (f" ({sizes})" if sizes else ""),
        advice="Open the images file that belongs with it.",
    )


def is_direct(axes: Axes, dtype: np.dtype[Any]) -> bool:
    """Tell whether the stored bytes are the pictures, with nothing to mix or to scale."""
    mixed = axes.channels > 1 and axes.reading.channel == MIXED
    return dtype == np.uint8 and not mixed


def to_pictures(array: NDArray[Any], axes: Axes) -> Job[Pictures]:
    """Return the pictures in an array, and notes on what was done to the values to show them.

    Parameters
    ----------
    array
        Of any rank and element type. Bytes that need no mixing come back as they are, as a view;
        others are turned into bytes piece by piece.
    axes
        What `axes_of` says of its shape.

    Yields
    ------
    Filling
        With the pictures that are there already. Those of the first reports are scaled by their
        own range, until it was looked for everywhere.
    """
    notes = axes.notes()
    source = axes.arrange(array)
    if is_direct(axes, array.dtype):
        return source, tuple(notes)
    result, ready = _glimpse(source, len(source))
    shown = _locked(result)
    low, high = 0.0, 255.0
    if source.dtype != np.uint8:
        ranging = _range(source, notes)
        low, high = yield from translated(ranging, lambda p: _filling(p, shown, ready))
    for start, stop in _pieces(source):
        result[start:stop] = _as_bytes(_mixed(source[start:stop]), low, high)
        yield Filling(stop, len(source), "Scaling the values", array=shown, ready=stop)
    return shown, tuple(notes)


def pictures_so_far(axes: Axes) -> Callable[[Progress], Progress]:
    """Return what turns reports of a file that is unpacked into reports of its pictures.

    It makes of a `Filling` with the file's items one with pictures, (n, height, width) uint8. Where
    values have to be scaled or mixed there are only a few of them, scaled by their own range.
    """
    seen: list[tuple[NDArray[np.uint8], int]] = []

    def translate(progress: Progress) -> Progress:
        if not isinstance(progress, Filling):
            return progress
        ready = axes.pictures_of(progress.ready)
        if not ready:
            return Progress(progress.done, progress.total, progress.what)
        direct = is_direct(axes, progress.array.dtype)
        if not seen:
            source = axes.arrange(progress.array)
            pictures = (source, ready) if direct else _glimpse(source, ready)
            seen.append((_locked(pictures[0]), pictures[1]))
        array, count = seen[0]
        return _filling(progress, array, ready if direct else count)

    return translate


def _filling(progress: Progress, array: NDArray[Any], ready: int) -> Filling:
    """Return a report with the pictures that are there."""
    return Filling(progress.done, progress.total, progress.what, array=array, ready=ready)


def _locked(array: NDArray[Any]) -> NDArray[Any]:
    """Return a read-only view."""
    view = array.view()
    view.flags.writeable = False
    return view


def _pieces(source: NDArray[Any]) -> list[tuple[int, int]]:
    """Return where pieces of pictures begin and end."""
    step = max(1, _PIECE // max(1, math.prod(source.shape[1:])))
    return [(start, min(start + step, len(source))) for start in range(0, len(source), step)]


def _mixed(piece: NDArray[Any]) -> NDArray[Any]:
    """Return grey pictures, mixed of channels where the last of four axes has some."""
    if piece.ndim == 3:
        return piece
    if piece.shape[3] == 2:  # grey and opacity
        return piece[..., 0]
    grey = np.zeros(piece.shape[:3], np.float32)
    with np.errstate(all="ignore"):
        for place, weight in enumerate(_LUMA):
            grey += np.float32(weight) * piece[..., place]
    return grey


def _glimpse(source: NDArray[Any], ready: int) -> tuple[NDArray[np.uint8], int]:
    """Return room for all pictures with some of the first `ready` in it, and how many those are.

    They are scaled by their own range. What is not filled takes no memory yet.
    """
    room = np.zeros(source.shape[:3], np.uint8)
    count = min(ready, _pieces(source)[0][1]) if len(source) else 0
    first = _mixed(source[:count])
    whole = source.dtype == np.uint8
    lowest, highest, _ = (0.0, 255.0, 0) if whole else _extent(first)
    room[:count] = _as_bytes(first, *_meant_range(lowest, highest))
    return room, count


def _range(source: NDArray[Any], notes: list[str]) -> Job[tuple[float, float]]:
    """Look for the range of values, and return what stands for paper and for full ink."""
    lowest, highest, odd = math.inf, -math.inf, 0
    for start, stop in _pieces(source):
        low, high, without = _extent(_mixed(source[start:stop]))
        lowest, highest, odd = min(lowest, low), max(highest, high), odd + without
        yield Progress(stop, len(source), "Looking for the range of values")
    low, high = _meant_range(lowest, highest)
    if lowest <= highest and ((low, high) != (0.0, 255.0) or source.dtype.kind == "f"):
        notes.append(
            f"The stored values ({source.dtype.newbyteorder('=')}, {lowest:g} to {highest:g}) are "
            f"shown as 0 to 255: {low:g} is paper, {high:g} is full ink."
        )
    if odd:
        notes.append(f"Stored values without a finite number, shown as 0 or 255: {odd:,}.")
    return low, high


def _extent(piece: NDArray[Any]) -> tuple[float, float, int]:
    """Return the lowest and highest finite value, and how many values are not finite."""
    finite = piece[np.isfinite(piece)]
    if not finite.size:
        return math.inf, -math.inf, piece.size
    return float(finite.min()), float(finite.max()), piece.size - finite.size


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
    for low, high in ((0.0, 1.0), (-1.0, 1.0)):
        if low <= lowest and highest <= high:
            return low, high
    if lowest >= 0 and _DIM < highest <= 255:
        return 0.0, 255.0
    return (lowest, highest) if lowest < highest else (0.0, 255.0)
