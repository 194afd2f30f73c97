"""Undo and redo walk through the states of a drawing."""

from __future__ import annotations

import numpy as np

from mnist_desktop.inference.ink import Stroke
from mnist_desktop.ui.draw.history import History


def stroke(x: float) -> Stroke:
    return Stroke(np.array([[x, 0.0], [x, 10.0]], np.float32), width=4.0)


def test_undo_and_redo_walk_through_the_states() -> None:
    history, (a, b) = History(), (stroke(1), stroke(2))
    history.add(a)
    history.add(b)
    assert history.items == (a, b)
    assert history.undo()
    assert history.items == (a,)
    assert history.redo()
    assert history.items == (a, b)
    assert not history.redo()


def test_a_new_stroke_drops_what_was_undone() -> None:
    history, (a, b, c) = History(), (stroke(1), stroke(2), stroke(3))
    history.add(a)
    history.add(b)
    history.undo()
    history.add(c)
    assert history.items == (a, c)
    assert not history.can_redo


def test_clearing_can_be_undone() -> None:
    history, a = History(), stroke(1)
    assert not history.clear()
    history.add(a)
    assert history.clear()
    assert history.items == ()
    assert history.undo()
    assert history.items == (a,)


def test_nothing_can_be_undone_at_the_beginning() -> None:
    history = History()
    assert not history.can_undo
    assert not history.undo()
