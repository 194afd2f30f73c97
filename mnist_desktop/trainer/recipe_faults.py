"""The faults of a recipe's file, each in plain words: where, what was expected, what is there."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from mnist_desktop.errors import UserError

MOST_TOLD = 3
"""Faults told at once, as many as the window has room for; who has corrected them tries again."""

LONGEST_SHOWN = 40
"""Characters shown of a text that stands in a file."""


class RecipeError(UserError):
    """A recipe's file that cannot be used, with what is wrong in it and what to do."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Parameters
    ----------
    where
        The field's dotted path; empty for the file as a whole.
    problem
        What is wrong, without a full stop.
    advice
        What to do, a sentence; may be empty.
    """

    where: str
    problem: str
    advice: str = ""

    def __str__(self) -> str:
        entry = re.search(r"(\w+?)s?\[(\d+)\]", self.where)
        # A path counts from 0 as programs do; people count from 1.
        number = f" ({entry[1]} {int(entry[2]) + 1})" if entry else ""
        return f"{self.where}{number}: {self.problem}" if self.where else self.problem


def error_of(faults: Collection[Fault], source: Path | str) -> RecipeError:
    """Return one error that tells every fault, the first `MOST_TOLD` in words."""
    first, *others = faults
    if not others:
        return RecipeError(f"“{source}”: {first}", first.advice)
    lines = [f"\n  • {fault}. {fault.advice}".rstrip(" .") for fault in list(faults)[:MOST_TOLD]]
    if len(faults) > MOST_TOLD:
        lines.append(f"\n  • and {len(faults) - MOST_TOLD} more")
    told = f"“{source}” has {len(faults)} faults:{'.'.join(lines)}"
    return RecipeError(told, "Correct them, then try again.")


def shown(value: object) -> str:
    """Return what stands in a file as a person would say it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        try:
            text = str(value)
        except ValueError:  # more digits than Python is willing to write
            return "an enormous number"
        return text if len(text) <= LONGEST_SHOWN else "an enormous number"
    if isinstance(value, str):
        return f"the text “{shortened(value)}”"
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else "a date or time"


def shortened(text: str) -> str:
    """Return the beginning of a text on one line."""
    short = text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
    return " ".join(short.split())


def one_of(names: Iterable[str]) -> str:
    """Return names as a person lists them: “a”, “b” or “c”."""
    *most, last = [f"“{name}”" for name in names]
    return f"{', '.join(most)} or {last}" if most else last


def nearest(name: str, known: Collection[str]) -> str:
    """Return a sentence that tells the names most like `name`, or all where none is."""
    near = difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.5)
    return f"Perhaps {one_of(near)} is meant." if near else f"Known are {one_of(known)}."
