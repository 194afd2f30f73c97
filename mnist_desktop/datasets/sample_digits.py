"""Generated handwriting: a dataset that needs no file and no network.

Each digit is a pen's way (`digit_shapes`) written by an imagined hand: its points are displaced,
bent, slanted, turned and stretched, a smooth curve is laid through them, a round pen of changing
pressure draws it, and the picture is put into its frame as MNIST's were. Everything is drawn for
many digits at once and follows from the seed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.digit_shapes import MANNERS, Manner
from mnist_desktop.datasets.judgement import Certainty, Identity, Orientation

_SIDE = 28
_BOX = 20  # MNIST's digits are 20 pixels at their longest side, in a frame of 28
_DOTS = 112  # points of the pen's way per digit, at most 0.8 pixels apart
_SOFTNESS = 1.15  # width of the edge of a line, pixels, as in MNIST
_AT_ONCE = 250


def sample_dataset(count: int = 2000, *, seed: int = 0) -> Dataset:
    """Return `count` generated digits, ten classes in equal shares and mixed order.

    The images are (count, 28, 28) uint8, ink high. Equal counts and seeds give equal pictures.
    """
    generator = np.random.default_rng(seed)
    labels = generator.permutation(np.arange(count, dtype=np.int64) % 10)
    images = np.empty((count, _SIDE, _SIDE), np.uint8)
    for members, strokes in _handwriting(labels, generator):
        images[members] = _rendered(np.concatenate(strokes, axis=1), generator)
    return Dataset(
        name="Sample digits (generated)",
        images=images,
        labels=labels,
        class_names=tuple("0123456789"),
        identity=Identity("Sample digits", Certainty.CERTAIN, "They were made by this program"),
        orientation=Orientation(False, Certainty.CERTAIN, "They were made upright"),
    )


def sample_strokes(digit: int, *, seed: int = 0) -> list[NDArray[np.float32]]:
    """Return the pen's way for one generated digit.

    Parameters
    ----------
    digit
        0 to 9.
    seed
        The same seed writes the same digit.

    Returns
    -------
    list
        A (k, 2) float32 array of x and y for each stroke, 0 to 1, y down; the longer side of the
        digit fills that range, the shorter lies in its middle.
    """
    generator = np.random.default_rng((seed, digit))
    ((_, strokes),) = _handwriting(np.array([digit]), generator)
    points = _fitted(np.concatenate(strokes, axis=1), np.ones(1))[0]
    cuts = np.cumsum([stroke.shape[1] for stroke in strokes])[:-1]
    return [part.astype(np.float32) for part in np.split(points, cuts)]


def _handwriting(
    labels: NDArray[np.int64], generator: np.random.Generator
) -> Iterator[tuple[NDArray[np.int64], list[NDArray[np.float64]]]]:
    """Yield indices of `labels` written in one manner, and their strokes, each (n, k, 2)."""
    for digit, manners in enumerate(MANNERS):
        members = np.flatnonzero(labels == digit)
        shares = [manner.share for manner in manners]
        choice = generator.choice(len(manners), len(members), p=shares)
        for index, manner in enumerate(manners):
            chosen = members[choice == index]
            if chosen.size:
                yield chosen, _written(manner, len(chosen), generator)


def _written(
    manner: Manner, count: int, generator: np.random.Generator
) -> list[NDArray[np.float64]]:
    """Write one manner `count` times, each time by another hand; no frame yet."""
    lengths = [float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in manner.strokes]
    care = generator.uniform(0.4, 1.9, (count, 1, 1))  # how carelessly this hand writes
    strokes = []
    for points, length in zip(manner.strokes, lengths, strict=True):
        dots = max(8, round(_DOTS * length / sum(lengths)))
        corners = np.flatnonzero((np.diff(points, axis=0) == 0).all(axis=1)) + 1
        moved = points + care * generator.normal(0.0, 0.028, (count, *points.shape))
        moved[:, [0, -1]] += care * generator.normal(0.0, 0.025, (count, 2, 2))  # ends vary most
        moved[:, corners] = moved[:, corners - 1]  # a corner stays one point
        moved += care * generator.normal(0.0, 0.015, (count, 1, 2))  # strokes meet inexactly
        strokes.append(_curve(len(points), dots) @ moved)
    bend = generator.normal(0.0, 0.035, (count, 1, 2)) * care
    phase = generator.uniform(0.0, 2.0 * np.pi, (count, 1, 2))
    matrix = _hands(count, generator)
    return [_bent(stroke, bend, phase) @ matrix for stroke in strokes]


def _bent(
    points: NDArray[np.float64], bend: NDArray[np.float64], phase: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Displace points by a slow wave across the other axis."""
    return points + bend * np.sin(4.0 * points[..., ::-1] + phase)


def _hands(count: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """Return the (count, 2, 2) matrices of different hands: width, slant, turn."""
    slant = generator.normal(0.17, 0.22, count)  # people lean to the right
    turn = np.deg2rad(generator.normal(0.0, 6.0, count))
    width = np.exp(generator.normal(-0.05, 0.2, count))
    zero, one = np.zeros(count), np.ones(count)
    stretch = np.array([[width, zero], [zero, one]])
    shear = np.array([[one, zero], [-slant, one]])
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    matrices: NDArray[np.float64] = np.einsum("ijn,jkn,kln->nil", stretch, shear, rotation)
    return matrices


def _curve(points: int, dots: int) -> NDArray[np.float64]:
    """Return the (dots, points) matrix that lays a smooth curve through points.

    It is the Catmull-Rom spline (Catmull & Rom 1974), whose ends go straight on; a matrix, because
    the curve is linear in its points.
    """
    way = np.linspace(0.0, points - 1.0, dots)
    start = np.minimum(way.astype(np.int64), points - 2)
    t = (way - start)[:, None]
    weights = 0.5 * np.concatenate(
        (
            -t + 2 * t**2 - t**3,
            2 - 5 * t**2 + 3 * t**3,
            t + 4 * t**2 - 3 * t**3,
            -(t**2) + t**3,
        ),
        axis=1,
    )
    # Beyond the ends, the point that continues the line: 2·p0 - p1, and 2·p(n-1) - p(n-2).
    extended = np.zeros((points + 2, points))
    extended[1:-1] = np.eye(points)
    extended[0, :2] = 2.0, -1.0
    extended[-1, -2:] = -1.0, 2.0
    matrix = np.zeros((dots, points + 2))
    for offset in range(4):
        matrix[np.arange(dots), start + offset] += weights[:, offset]
    result: NDArray[np.float64] = matrix @ extended
    return result


def _fitted(points: NDArray[np.float64], longest: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale (n, k, 2) points so that their box's longer side is `longest`, around its half."""
    low, high = points.min(axis=1, keepdims=True), points.max(axis=1, keepdims=True)
    scale = longest[:, None, None] / (high - low).max(axis=2, keepdims=True)
    fitted: NDArray[np.float64] = (points - (low + high) / 2) * scale + longest[:, None, None] / 2
    return fitted


def _rendered(points: NDArray[np.float64], generator: np.random.Generator) -> NDArray[np.uint8]:
    """Draw (n, k, 2) points with a pen of changing pressure into (n, 28, 28) pictures."""
    count, dots, _ = points.shape
    radius = np.exp(generator.normal(np.log(1.22), 0.24, (count, 1)))
    way = np.linspace(0.0, 1.0, dots)
    speed, start = generator.uniform(4.0, 12.0, (count, 1)), generator.uniform(0, 6.3, (count, 1))
    pressure = 1.0 + generator.uniform(0.0, 0.2, (count, 1)) * np.sin(speed * way + start)
    margin = radius[:, 0] + _SOFTNESS / 4  # half of the soft edge is ink
    inside = _fitted(points, _BOX - 2 * margin) + margin[:, None, None]
    picture = np.empty((count, _BOX, _BOX), np.float32)
    for first in range(0, count, _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        picture[part] = _ink(inside[part].astype(np.float32), radius[part] * pressure[part])
    picture /= picture.max(axis=(1, 2), keepdims=True)
    return _centred(np.rint(picture * 255.0).astype(np.uint8))


def _ink(points: NDArray[np.float32], radii: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return how much of each pixel of a 20×20 box is inked, (n, 20, 20), 0 to 1.

    The pen is a disc at every point. Of all discs the one of least power (distance² - radius²)
    decides; divided by the diameter it is the distance from the edge of the line, near that edge.
    """
    centres = np.arange(_BOX, dtype=np.float32) + np.float32(0.5)
    across = (centres - points[:, :, :1]) ** 2 - np.square(radii, dtype=np.float32)[:, :, None]
    down = (centres - points[:, :, 1:]) ** 2
    power = np.full((len(points), _BOX, _BOX), np.inf, np.float32)
    here = np.empty_like(power)
    for dot in range(points.shape[1]):
        np.add(down[:, dot, :, None], across[:, dot, None, :], out=here)
        np.minimum(power, here, out=power)
    edge = power / (2.0 * radii.mean(axis=1).astype(np.float32)[:, None, None])
    ink: NDArray[np.float32] = np.clip(np.float32(0.5) - edge / np.float32(_SOFTNESS), 0.0, 1.0)
    return ink


def _centred(boxes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Paste (n, 20, 20) boxes into 28×28 frames, whole pixels only, with the mass in the middle.

    As MNIST does it: at `trunc(15 - b)` for the barycentre b (pixel centres at +0.5), clamped.
    """
    mass = boxes.sum(axis=(1, 2), dtype=np.float64)
    centres = np.arange(_BOX) + 0.5
    rows = np.trunc(15.0 - boxes.sum(axis=2) @ centres / mass).clip(0, _SIDE - _BOX)
    columns = np.trunc(15.0 - boxes.sum(axis=1) @ centres / mass).clip(0, _SIDE - _BOX)
    frames = np.zeros((len(boxes), _SIDE, _SIDE), np.uint8)
    box = np.arange(_BOX)
    frames[
        np.arange(len(boxes))[:, None, None],
        (rows.astype(np.int64)[:, None] + box)[:, :, None],
        (columns.astype(np.int64)[:, None] + box)[:, None, :],
    ] = boxes
    return frames
