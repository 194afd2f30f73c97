"""Probabilities in words that still tell sure from surer. No Qt."""

from __future__ import annotations

import math

ALMOST = 16.0
"""The log-odds beyond which a probability is almost 0 or 1: one in nine million is left."""


def odds_text(log_odds: float) -> str:
    """Write a probability in percent, with as many digits as tell it from 0 and from 100 %.

    Parameters
    ----------
    log_odds
        ln(p / (1 - p)).
    """
    if abs(log_odds) > ALMOST:
        return "almost 100 %" if log_odds > 0 else "almost 0 %"
    share = 1.0 / (1.0 + math.exp(-log_odds))
    least = 100.0 / (1.0 + math.exp(abs(log_odds)))
    # 0.002 % needs three digits, and 99.998 % the same.
    digits = max(1, math.ceil(-math.log10(least) - 1e-9))
    return f"{100 * share:.{digits}f} %"
