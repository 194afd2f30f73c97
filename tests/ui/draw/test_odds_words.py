"""A probability is written with the digits that matter."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.ui.draw.odds_words import ALMOST, odds_text


def odds(share: float) -> float:
    return math.log(share / (1 - share))


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.5, "50.0 %"),
        (0.968, "96.8 %"),
        (0.99, "99.0 %"),
        (0.9995, "99.95 %"),
        (0.99998, "99.998 %"),
        (0.00002, "0.002 %"),
        (0.0004, "0.04 %"),
        (1 - 1e-9, "almost 100 %"),
        (1e-9, "almost 0 %"),
    ],
)
def test_enough_digits(share: float, text: str) -> None:
    assert odds_text(odds(share)) == text


@given(st.floats(-ALMOST, ALMOST))
def test_never_rounded_to_sure(log_odds: float) -> None:
    value = float(odds_text(log_odds).removesuffix(" %"))

    assert 0 < value < 100
    assert value == pytest.approx(100 / (1 + math.exp(-log_odds)), abs=0.051)
