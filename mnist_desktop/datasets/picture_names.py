"""Read the names of picture files: their natural order, and the classes that they tell."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER_FIRST = re.compile(r"(\d+)[_-](.{1,40})")
_NUMBER_LAST = re.compile(r"(.{1,40}?)[_-](\d+)")
LONGEST_LABEL = 3  # digits: a longer number is a date or a count, no class


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return the key by which names sort as people count: `9` before `10`."""
    pieces = enumerate(re.split(r"(\d+)", name))
    counted = (
        (0, int(text), "") if place % 2 else (1, 0, text.casefold()) for place, text in pieces
    )
    return (*counted, (2, 0, name))


def printable(name: str) -> str:
    """Return a name that can be shown and kept in a mapping file."""
    return "".join(letter if letter.isprintable() else "_" for letter in name)


def classes_in_names(stems: Sequence[str]) -> list[str] | None:
    """Return the class that each name tells, or `None` when names tell no classes.

    Parameters
    ----------
    stems
        Names without their endings: `00012_7` (a number of its own for each picture, then the
        class) or `7_00012` (the class first). At least two classes must occur, or a single
        character or number behind the numbers, which hardly means anything else.
    """
    first = [_NUMBER_FIRST.fullmatch(stem) for stem in stems]
    if all(first) and len({match[1] for match in first if match}) == len(stems):
        classes = [match[2] for match in first if match]
        if _are_classes(classes) or _is_short(classes):
            return classes
    last = [_NUMBER_LAST.fullmatch(stem) for stem in stems]
    if all(last):
        classes = [match[1] for match in last if match]
        if _are_classes(classes) and len(set(classes)) < len(stems):
            return classes
    return None


def _is_short(texts: Sequence[str]) -> bool:
    """Tell whether this is one class, called by a character or a small number."""
    if len(set(texts)) != 1:
        return False
    (text,) = set(texts)
    return len(text) == 1 or (text.isdigit() and len(text) <= LONGEST_LABEL)


def _are_classes(texts: Sequence[str]) -> bool:
    """Tell whether these may be classes: several, and no long numbers."""
    several = len(set(texts)) > 1
    return several and not any(text.isdigit() and len(text) > LONGEST_LABEL for text in texts)
