"""What is said of a way is what there is to see."""

from __future__ import annotations

import numpy as np
import pytest

from mnist_desktop.inference.classifier import Prediction
from mnist_desktop.inference.way import Way
from mnist_desktop.ui.morph.words import answer_words, sentence


def way_of(answers: str, confidences: list[float] | None = None) -> Way:
    """Return a way whose pictures are answered by these digits, at 0.9 unless said otherwise."""
    shares = confidences or [0.9] * len(answers)
    rows = np.zeros((len(answers), 10), np.float32)
    for row, answer, share in zip(rows, answers, shares, strict=True):
        row[:] = (1 - share) / 9
        row[int(answer)] = share
    return Way(np.zeros((len(answers), 4, 4), np.uint8), rows, tuple("0123456789"))


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("33333", "The answer is 3 all the way."),
        ("44999", "The answer turns from 4 to 9 at 38 %."),
        ("73222", "The answer turns from 7 to 3 at 12 % and to 2 at 38 %."),
        ("73299", "The answer turns from 7 to 3 at 12 %, to 2 at 38 % and to 9 at 62 %."),
        ("73732", "The answer turns 4 times, from 7 to 2."),
        ("73737", "The answer turns 4 times, and is 7 again in the end."),
    ],
)
def test_turns(answers: str, said: str) -> None:
    assert sentence(way_of(answers)) == said


def test_a_doubt_is_told_where_it_is_more_than_the_turn() -> None:
    shares = [0.9] * 101
    shares[20:41] = [0.3] * 21
    shares[60] = 0.4
    assert sentence(way_of("1" * 101, shares)) == (
        "The answer is 1 all the way. "
        "Between 20 and 40 % the model is not sure: that may be no character."
    )


def test_many_doubts_are_counted() -> None:
    shares = ([0.9] * 10 + [0.3] * 10) * 5
    assert "In 5 stretches the model is not sure" in sentence(way_of("1" * 100, shares))


def test_without_a_model() -> None:
    assert "No model" in sentence(Way(np.zeros((9, 4, 4), np.uint8)))


def test_answer_is_calm_about_doubt() -> None:
    way = way_of("33", [0.91, 0.41])
    assert answer_words(way.prediction(0)) == ("3", "91.0 %")
    assert answer_words(way.prediction(1)) == ("not sure", "3? 41.0 %")
    assert answer_words(Prediction.empty()) == ("", "")
