"""Where on a row of predictions the answer becomes another, and where the model is not sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Turn:
    """A place on a way where the answer becomes another.

    Parameters
    ----------
    place
        Where, 0 to 1: half way between the last picture before the new answer and the first with
        it.
    before, after
        The two class names.
    """

    place: float
    before: str
    after: str


def place_in(count: int, index: float) -> float:
    """Return how far along a row of `count` pictures at equal distances `index` is, 0 to 1."""
    return index / max(1, count - 1)


def find_turns(
    probabilities: NDArray[np.float32], class_names: Sequence[str], *, sure_from: float = 0.0
) -> tuple[Turn, ...]:
    """Return every place where the answer becomes another, in order.

    Parameters
    ----------
    probabilities
        (n, k), the predictions for pictures at equal distances.
    class_names
        One name for each probability.
    sure_from
        The confidence below which a prediction is no answer: those are passed over, so that an
        answer that comes back after a doubt is no turn.
    """
    answers = probabilities.argmax(axis=1)
    counting = np.flatnonzero(probabilities.max(axis=1) >= sure_from)
    return tuple(
        Turn(
            place_in(len(probabilities), index - 0.5),
            before=class_names[answers[before]],
            after=class_names[answers[index]],
        )
        for before, index in zip(counting[:-1].tolist(), counting[1:].tolist(), strict=True)
        if answers[before] != answers[index]
    )


def find_doubts(
    probabilities: NDArray[np.float32], *, sure_from: float
) -> tuple[tuple[float, float], ...]:
    """Return the stretches, each from and to in 0 to 1, on which the model is not sure.

    The parameters are those of `find_turns`.
    """
    unsure = probabilities.max(axis=1) < sure_from
    edges = np.diff(np.concatenate([[False], unsure, [False]]).astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    count = len(probabilities)
    return tuple(
        (place_in(count, start), place_in(count, end))
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    )
