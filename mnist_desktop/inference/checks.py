"""Check values that come from a file before anything trusts them."""

from __future__ import annotations

import math
from reprlib import repr

# Bounds for what a file from anywhere may claim; generous for any character classifier.
MAX_CLASSES = 10_000
MAX_TEXT = 500


def check_class_names(names: object) -> None:
    """Refuse what is not at least two short texts."""
    if not isinstance(names, tuple):
        raise TypeError("class_names is no list of names")
    if not 2 <= len(names) <= MAX_CLASSES:
        raise ValueError(f"{len(names)} class names; expected 2 to {MAX_CLASSES:,}")
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"the class name {repr(name)} is no text")
        if len(name) > MAX_TEXT:
            raise ValueError(f"a class name is {len(name):,} characters long")


def check_text(name: str, value: object) -> None:
    """Refuse what is not a text of reasonable length."""
    if not isinstance(value, str):
        raise TypeError(f"{name} is {repr(value)}, not a text")
    if not 0 < len(value) <= MAX_TEXT:
        raise ValueError(f"{name} is {len(value):,} characters long; expected 1 to {MAX_TEXT}")


def check_whole(name: str, value: object, low: int, high: int) -> int:
    """Return `value`, a whole number from `low` to `high`, or refuse it."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} is {repr(value)}, not a whole number")
    if not low <= value <= high:
        raise ValueError(f"{name} is {value}; expected {low} to {high}")
    return value


def check_number(name: str, value: object, low: float = -1e6, high: float = 1e6) -> None:
    """Refuse what is not a finite number from `low` to `high`."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"{name} is {repr(value)}, not a number")
    if not math.isfinite(value) or not low <= value <= high:
        raise ValueError(f"{name} is {value}; expected {low:g} to {high:g}")
