"""What is said of a way, in whole sentences."""

from __future__ import annotations

from collections.abc import Sequence

from mnist_desktop.inference.classifier import Prediction
from mnist_desktop.inference.turns import Turn
from mnist_desktop.inference.way import Way
from mnist_desktop.ui.controls import percent_text

NARROW = 0.03
"""A doubt shorter than this part of a way is only the turn itself."""

MOST = 3
"""So many turns, or doubts, are told one by one."""


def place_text(place: float) -> str:
    """Write a place on a way: 46 %."""
    return f"{round(100 * place)} %"


def answer_words(prediction: Prediction) -> tuple[str, str]:
    """Return the answer and what is said beside it; both empty where no model was asked."""
    if prediction.is_empty:
        return "", ""
    share = percent_text(prediction.confidence)
    if not prediction.is_sure:
        return "not sure", f"{prediction.label}? {share}"
    return prediction.label, share


def sentence(way: Way) -> str:
    """Return what there is to say of a whole way."""
    if way.probabilities is None:
        return "No model is loaded that could say what these are."
    return " ".join(filter(None, (_turns(way), _doubts(way))))


def _turns(way: Way) -> str:
    """Say where the answer turns."""
    turns = way.turns()
    if not turns:
        return f"The answer is {way.prediction(0).label} all the way."
    if len(turns) > MOST:
        first, last = turns[0].before, turns[-1].after
        ends = f"from {first} to {last}" if first != last else f"and is {last} again in the end"
        return f"The answer turns {len(turns)} times, {ends}."
    return f"The answer turns from {turns[0].before} {_listed([_target(turn) for turn in turns])}."


def _target(turn: Turn) -> str:
    """Say to what the answer turns, and where."""
    return f"to {turn.after} at {place_text(turn.place)}"


def _doubts(way: Way) -> str:
    """Say where the model is not sure, if that is more than the turn itself."""
    wide = [(start, end) for start, end in way.doubts() if end - start >= NARROW]
    if not wide:
        return ""
    if len(wide) > MOST:
        return f"In {len(wide)} stretches the model is not sure: that may be no character."
    stretches = [f"{round(100 * start)} and {place_text(end)}" for start, end in wide]
    return f"Between {_listed(stretches)} the model is not sure: that may be no character."


def _listed(parts: Sequence[str]) -> str:
    """Write a list as people do: a, b and c."""
    *before, last = parts
    return f"{', '.join(before)} and {last}" if before else last
