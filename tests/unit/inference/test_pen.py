"""Strokes leave round, anti-aliased ink."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.inference.pen import Stroke, draw

anywhere = st.floats(-50, 90, width=32)


def test_a_dot_is_a_disc_of_the_pen() -> None:
    ink = draw([Stroke(np.array([[20.0, 15.0]]), width=10)], (30, 40))
    assert ink.shape == (30, 40)
    assert ink[15, 20] == 255
    assert ink.sum() / 255 == pytest.approx(math.pi * 25, rel=0.02)
    rows, columns = np.nonzero(ink > 127)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (10, 19, 15, 24)


def test_a_line_covers_a_stadium_without_beads() -> None:
    there_and_on = np.linspace((10.0, 10.0), (40.0, 50.0), 17)
    ink = draw([Stroke(there_and_on, width=6)], (60, 60))
    assert ink.sum() / 255 == pytest.approx(50 * 6 + math.pi * 9, rel=0.01)
    straight = draw([Stroke(there_and_on[[0, -1]], width=6)], (60, 60))
    assert np.abs(ink.astype(int) - straight).max() <= 1


def test_ink_edges_are_soft() -> None:
    ink = draw([Stroke(np.array([[5.0, 3.0], [5.0, 17.0]]), width=3)], (20, 10))
    assert ink[10].tolist() == [0, 0, 0, 128, 255, 255, 128, 0, 0, 0]


def test_an_eraser_takes_ink_away_and_later_ink_covers_again() -> None:
    across = np.array([[0.0, 10.0], [40.0, 10.0]])
    down = np.array([[20.0, 0.0], [20.0, 20.0]])
    ink = draw([Stroke(across, 6), Stroke(down, 10, erase=True)], (20, 40))
    assert ink[10, 20] == 0
    assert ink[10, 5] == 255
    again = draw([Stroke(across, 6), Stroke(down, 10, erase=True), Stroke(across, 6)], (20, 40))
    assert np.array_equal(again, draw([Stroke(across, 6)], (20, 40)))


def test_strokes_that_cross_do_not_add_up() -> None:
    line = np.array([[2.0, 5.0], [18.0, 5.0]])
    once = draw([Stroke(line, 4)], (10, 20))
    assert np.array_equal(draw([Stroke(line, 4), Stroke(line[::-1], 4)], (10, 20)), once)


@given(st.lists(st.tuples(anywhere, anywhere), min_size=0, max_size=6), st.floats(0.5, 60))
def test_any_stroke_can_be_drawn(points: list[tuple[float, float]], width: float) -> None:
    ink = draw([Stroke(np.array(points, np.float32).reshape(-1, 2), width)], (30, 40))
    assert ink.shape == (30, 40)
    inside = [(x, y) for x, y in points if 0.5 <= x < 39.5 and 0.5 <= y < 29.5]
    for x, y in inside:
        assert ink[int(y), int(x)] >= 255 * min(1.0, max(0.0, width / 2 + 0.5 - 0.71)) - 1


@pytest.mark.parametrize(
    ("points", "width"),
    [
        ([[0.0, float("nan")]], 3.0),
        ([1.0, 2.0], 3.0),
        ([[0.0, 0.0]], 0.0),
        ([[0.0, 0.0]], math.inf),
    ],
)
def test_what_no_pen_can_do_is_refused(points: list[object], width: float) -> None:
    with pytest.raises(ValueError, match=r"points of shape|a pen of width"):
        Stroke(np.array(points), width)
