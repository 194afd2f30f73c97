"""Draw what is no character: scribbles and simple shapes, as strokes, each time another one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Strokes: TypeAlias = list[NDArray[np.float64]]
Maker: TypeAlias = Callable[[np.random.Generator], Strokes]

_TURN = 2.0 * np.pi


def scribble(random: np.random.Generator) -> Strokes:
    """Return the strokes of one scribble: a tangle, a walk, a zigzag, a coil, some lines.

    Returns
    -------
    list
        (k, 2) float64 each, x to the right and y down, in no particular unit.
    """
    return any_of(SCRIBBLES, random)


def shape(random: np.random.Generator) -> Strokes:
    """Return the strokes of one simple shape, drawn by an unsteady hand; units as `scribble`."""
    turn = random.uniform(-0.35, 0.35)
    matrix = _rotation(turn) * random.uniform(0.7, 1.3, 2)
    drawn = any_of(SHAPES, random)
    return [stroke @ matrix + random.normal(0.0, 0.03, stroke.shape) for stroke in drawn]


def any_of(makers: tuple[Maker, ...], random: np.random.Generator) -> Strokes:
    """Return the strokes of one of these kinds, chosen by `random`."""
    return makers[int(random.integers(len(makers)))](random)


def _rotation(angle: float) -> NDArray[np.float64]:
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def smooth(points: NDArray[np.float64], dots: int) -> NDArray[np.float64]:
    """Lay a smooth curve of `dots` points through `points` (k ≥ 2): Catmull-Rom, ends held."""
    way = np.linspace(0.0, len(points) - 1.0, dots)
    start = np.minimum(way.astype(np.int64), len(points) - 2)
    t = (way - start)[:, None]
    held = np.concatenate([points[:1], points, points[-1:]])
    a, b, c, d = (held[start + offset] for offset in range(4))
    curve: NDArray[np.float64] = 0.5 * (
        2.0 * b
        + (c - a) * t
        + (2.0 * a - 5.0 * b + 4.0 * c - d) * t**2
        + (3.0 * b - a - 3.0 * c + d) * t**3
    )
    return curve


# Scribbles


def _tangle(random: np.random.Generator) -> Strokes:
    """One smooth line between many places anywhere."""
    count = int(random.integers(6, 26))
    return [smooth(random.uniform(0.0, 1.0, (count, 2)), 8 * count)]


def _walk(random: np.random.Generator) -> Strokes:
    """One line that wanders about."""
    count = int(random.integers(18, 80))
    return [smooth(np.cumsum(random.normal(0.0, 1.0, (count, 2)), axis=0), 4 * count)]


def _zigzag(random: np.random.Generator) -> Strokes:
    """To and fro, as one fills an area."""
    count = int(random.integers(6, 26))
    heights = (np.arange(count) % 2) * random.uniform(0.3, 1.0) + random.normal(0.0, 0.08, count)
    line = np.stack([np.linspace(0.0, 1.0, count), heights], axis=1)
    line = line @ _rotation(random.uniform(0.0, _TURN))
    return [line if random.random() < 0.5 else smooth(line, 8 * count)]


def _coil(random: np.random.Generator) -> Strokes:
    """Round and round, in place or moving on."""
    angle = np.linspace(0.0, random.uniform(2.5, 9.0) * _TURN, 260)
    wave = 1.0 + random.uniform(0.0, 0.3) * np.sin(angle * random.uniform(0.2, 0.7))
    radius = np.linspace(random.uniform(0.0, 0.9), 1.0, 260) * wave
    round_about = np.stack([np.cos(angle), np.sin(angle) * random.uniform(0.4, 1.0)], axis=1)
    moving = np.stack([angle * random.uniform(0.0, 0.12), np.zeros(260)], axis=1)
    return [(radius[:, None] * round_about + moving) @ _rotation(random.uniform(0.0, _TURN))]


def _curves(random: np.random.Generator) -> Strokes:
    """Several short curves across one another."""
    count = int(random.integers(3, 7))
    return [
        smooth(random.uniform(0.0, 1.0, (int(random.integers(3, 7)), 2)), 40) for _ in range(count)
    ]


def _lines(random: np.random.Generator) -> Strokes:
    """Straight lines across one another."""
    return [random.uniform(0.0, 1.0, (2, 2)) for _ in range(int(random.integers(4, 12)))]


def _hatching(random: np.random.Generator) -> Strokes:
    """Parallel lines, at times crossed by others."""
    count, strokes = int(random.integers(4, 9)), []
    for turn in (0.0, 1.4)[: 1 + int(random.integers(2))]:
        matrix = _rotation(turn + random.uniform(-0.6, 0.6))
        for place in np.linspace(-1.0, 1.0, count):
            ends = np.array([[place, -1.0], [place, 1.0]]) + random.normal(0.0, 0.08, (2, 2))
            strokes.append(ends @ matrix)
    return strokes


def _blots(random: np.random.Generator) -> Strokes:
    """Short strokes and dots here and there."""
    count = int(random.integers(3, 9))
    return [
        random.uniform(0.0, 1.0, 2) + random.normal(0.0, random.uniform(0.0, 0.08), (4, 2))
        for _ in range(count)
    ]


# Shapes


def _ring(corners: int, *, first: float = 0.0) -> NDArray[np.float64]:
    """Return a closed polygon around the middle."""
    angle = np.linspace(0.0, _TURN, corners + 1) + first
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _line(*points: tuple[float, float]) -> NDArray[np.float64]:
    return np.array(points, np.float64)


def _polygon(random: np.random.Generator) -> Strokes:
    """Draw a triangle, a square, a pentagon or a hexagon."""
    return [_ring(int(random.integers(3, 7)), first=random.choice([0.785, -1.571]))]


def _star(random: np.random.Generator) -> Strokes:
    """Draw a star of five in one line, or of six or eight rays."""
    if random.random() < 0.5:
        return [_ring(5, first=-1.571)[[0, 2, 4, 1, 3, 0]]]
    rays = int(random.choice([3, 4]))
    ends = _ring(2 * rays, first=random.uniform(0.0, 1.0))
    return [np.stack([ends[k], ends[k + rays]]) for k in range(rays)]


def _cross(random: np.random.Generator) -> Strokes:
    """× or +."""
    if random.random() < 0.5:
        return [_line((-1, -1), (1, 1)), _line((-1, 1), (1, -1))]
    return [_line((-1, 0), (1, 0)), _line((0, 1), (0, -1))]


def _arrow(random: np.random.Generator) -> Strokes:
    """Draw an arrow in one of four directions."""
    back = random.uniform(0.3, 0.6)
    drawn = [_line((-1, 0), (1, 0)), _line((back, -0.5), (1, 0), (back, 0.5))]
    return [stroke @ _rotation(random.integers(4) * _TURN / 4) for stroke in drawn]


def _heart(random: np.random.Generator) -> Strokes:
    """Draw a heart, wide or narrow."""
    t = np.linspace(0.0, _TURN, 60)
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return [np.stack([16 * random.uniform(0.7, 1.1) * np.sin(t) ** 3, -y], axis=1) / 16]


def _wave(random: np.random.Generator) -> Strokes:
    """Draw a wave of several periods."""
    t = np.linspace(-1.0, 1.0, 60)
    y = random.uniform(0.2, 0.5) * np.sin(t * random.uniform(6.0, 14.0))
    return [np.stack([t, y], axis=1)]


def _face(random: np.random.Generator) -> Strokes:
    """Draw a face: a circle, two eyes, a mouth."""
    angle = np.linspace(0.15, 0.85, 14) * np.pi
    mouth = np.stack([np.cos(angle) * 0.5, np.sin(angle) * random.uniform(-0.4, 0.5) + 0.1], axis=1)
    eyes = [_line((x, -0.3), (x, -0.3 + random.uniform(0.0, 0.2))) for x in (-0.35, 0.35)]
    return [_ring(30), mouth, *eyes]


def _bubbles(random: np.random.Generator) -> Strokes:
    """Small circles apart from one another."""
    count = int(random.integers(3, 7))
    return [
        _ring(24) * random.uniform(0.1, 0.25) + random.uniform(-1.0, 1.0, 2) for _ in range(count)
    ]


def _tick(random: np.random.Generator) -> Strokes:
    """Draw a tick mark within a box, or twice."""
    tick = smooth(_line((-0.6, 0.0), (-0.15, 0.5), (0.7, -random.uniform(0.5, 0.9))), 20)
    other = _ring(4, first=0.785) if random.random() < 0.5 else tick + np.array([0.5, 0.1])
    return [tick, other]


def _grid(random: np.random.Generator) -> Strokes:
    """Two lines across two lines."""
    a, b = random.uniform(0.2, 0.45, 2)
    return [
        _line((-1, -a), (1, -a)), _line((-1, a), (1, a)),
        _line((-b, -1), (-b, 1)), _line((b, -1), (b, 1)),
    ]  # fmt: skip


SCRIBBLES: tuple[Maker, ...] = (
    _tangle, _walk, _zigzag, _coil, _curves, _lines, _hatching, _blots,
)  # fmt: skip
SHAPES: tuple[Maker, ...] = (
    _polygon, _star, _cross, _arrow, _heart, _wave, _face, _bubbles, _tick, _grid,
)  # fmt: skip
