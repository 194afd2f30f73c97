"""What is said of a replay, in whole sentences."""

from __future__ import annotations

from collections.abc import Sequence

from mnist_desktop.inference.classifier import Prediction
from mnist_desktop.inference.replay import Replay
from mnist_desktop.inference.turns import Turn
from mnist_desktop.ui.controls import percent_text

MOST = 2
"""So many turns are told one by one."""

SPOKEN_WITH_VOWEL = frozenset("8AEFHILMNORSXaefhilmnorsx")
"""Characters whose name begins with a vowel when it is spoken."""


def place_text(place: float) -> str:
    """Write a place on the pen's way: 46 %."""
    return f"{round(100 * place)} %"


def with_article(name: str) -> str:
    """Put “a” or “an” before the name of a class, as it is spoken: an 8."""
    vowel = name in SPOKEN_WITH_VOWEL if len(name) == 1 else name[:1].lower() in set("aeiou")
    return f"an {name}" if vowel else f"a {name}"


def turn_words(turn: Turn) -> str:
    """Say what happens at a turn: the 4 becomes a 9."""
    return f"the {turn.before} becomes {with_article(turn.after)}"


def moment_words(replay: Replay, index: int) -> str:
    """Say how far the pen is at a moment, and how the drawing is read there."""
    return f"{place_text(replay.place(index))}: {answer_words(replay.prediction(index))}"


def answer_words(prediction: Prediction) -> str:
    """Say a prediction in a few words: 7, 96.8 %."""
    if prediction.is_empty:
        return "no ink yet"
    share = percent_text(prediction.confidence)
    if not prediction.is_sure:
        return f"not sure, perhaps {prediction.label}, {share}"
    return f"{prediction.label}, {share}"


def sentence(replay: Replay) -> str:
    """Return what there is to say of a whole replay."""
    first = replay.first_sure()
    if first is None:
        return "The model is not sure of it at any moment."
    where = f" from {place_text(replay.place(first))} on" if first > 0 else ""
    begins = f"Read as {replay.prediction(first).label}{where}"
    last = len(replay) - 1
    ends = "" if replay.prediction(last).is_sure else "; in the end it is not sure"
    return f"{begins}{_turns(replay.turns())}{ends}."


def _turns(turns: Sequence[Turn]) -> str:
    """Say where the answer turns."""
    if len(turns) > MOST:
        last = turns[-1]
        where = place_text(last.place)
        return f"; it changes {len(turns)} times, last at {where}: {turn_words(last)}"
    told = [f"at {place_text(turn.place)} {turn_words(turn)}" for turn in turns]
    return "".join(f"; {words}" for words in told)
