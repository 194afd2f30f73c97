"""Tell what a search for duplicates found: in a line, in counts, as a table."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from mnist_desktop.datasets.duplicates import Duplicates
from mnist_desktop.files import replacing
from mnist_desktop.progress import Job, Progress

COLUMNS = (
    "kind", "distance", "conflict", "leak",
    "split", "index", "label", "other_split", "other_index", "other_label",
)  # fmt: skip

_LINES = 4096  # written at once
_BLANK = 10  # blank images that are named


@dataclass(frozen=True)
class Counts:
    """How many pairs there are of each kind; a pair may be of several.

    Parameters
    ----------
    exact, near
        Images equal in every pixel: as many as would go if one of each were kept; and the others.
    conflicts, leaks
        Pairs whose labels differ, and those in different splits.
    groups
        Different images among the exact ones.
    blank
        Images without ink, in all splits.
    """

    exact: int
    near: int
    conflicts: int
    leaks: int
    groups: int
    blank: int


def count(found: Duplicates) -> Counts:
    """Return how many pairs of each kind there are."""
    exact = int(found.exact.sum())
    return Counts(
        exact=exact,
        near=len(found) - exact,
        conflicts=int(found.conflict.sum()),
        leaks=int(found.leak.sum()),
        groups=found.groups,
        blank=sum(len(indices) for indices in found.blank),
    )


def headline(found: Duplicates) -> str:
    """Return the counts as a line: 14 exact duplicates, 3 with conflicting labels, 2 leaks …."""
    counts = count(found)
    parts = [
        _counted(counts.exact, "exact duplicate"),
        _counted(counts.near, "near duplicate"),
        f"{counts.conflicts:,} with conflicting labels" if counts.conflicts else "",
        _leaks(found, counts.leaks),
    ]
    line = ", ".join(part for part in parts if part) or _nothing(found)
    blank = _counted(counts.blank, "blank image")
    return f"{line}; {blank}" if blank else line


def notes(found: Duplicates) -> tuple[str, ...]:
    """Return what else one should know, as sentences: pairs left out, which images are blank."""
    told = []
    if not found.is_complete:
        told.append(
            "There are more near pairs than are kept. All that differ by less than "
            f"{difference_text(found.complete_to)} are here."
        )
    blank = [
        f"{found.split_name(split)} {index:,}"
        for split, indices in enumerate(found.blank)
        for index in indices[:_BLANK].tolist()
    ]
    if blank:
        more = sum(map(len, found.blank)) > _BLANK
        told.append(f"Blank: {', '.join(blank[:_BLANK])}{' …' if more else '.'}")
    return tuple(told)


def difference_text(distance: float) -> str:
    """Write how much two images differ: 0 %, 9.1 %; never 0 % for images that do differ."""
    if distance <= 0:
        return "0 %"
    return f"{max(0.01, 100 * distance):.{1 if distance >= 0.001 else 2}f} %"


def kind_text(found: Duplicates, pair: int) -> str:
    """Return what kind of duplicates a pair is, in words."""
    if found.exact[pair]:
        return "exact"
    return "near" if found.distance[pair] > 0 else "moved"


def write_pairs_job(found: Duplicates, target: Path) -> Job[tuple[Path, ...]]:
    """Write all pairs as a table of comma-separated values, a line a pair, in the order told.

    The distance is the D of `datasets.nearness`, 0 to 1; labels are class names, empty where there
    are none.

    Raises
    ------
    UserError
        When the system refuses to write.
    """
    target = Path(target)
    with replacing(target) as stream:
        text = io.StringIO(newline="")
        table = csv.writer(text, lineterminator="\n")
        table.writerow(COLUMNS)
        for first in range(0, max(1, len(found)), _LINES):
            last = min(len(found), first + _LINES)
            table.writerows(_row(found, pair) for pair in range(first, last))
            stream.write(text.getvalue().encode("utf-8"))
            text.seek(0)
            text.truncate()
            yield Progress(last, len(found), f"Writing {target.name}")
    return (target,)


def pair_values(found: Duplicates, pair: int) -> dict[str, object]:
    """Return all that is known of a pair, by the names of `COLUMNS`."""
    sides: dict[str, object] = {}
    for side, prefix in enumerate(("", "other_")):
        sides[f"{prefix}split"] = found.split_name(int(found.which[pair, side]))
        sides[f"{prefix}index"] = int(found.index[pair, side])
        sides[f"{prefix}label"] = found.class_name(pair, side)
    return {
        "kind": kind_text(found, pair),
        "distance": round(float(found.distance[pair]), 6),
        "conflict": bool(found.conflict[pair]),
        "leak": bool(found.leak[pair]),
        **sides,
    }


def _row(found: Duplicates, pair: int) -> list[object]:
    """Return a pair as a line of the table."""
    values = pair_values(found, pair).values()
    return [{True: "yes", False: "no"}[v] if isinstance(v, bool) else v for v in values]


def _leaks(found: Duplicates, leaks: int) -> str:
    """Return how many leaks there are and where to."""
    if not leaks:
        return ""
    way = f"{found.split_name(0)} → {found.split_name(1)}"
    return f"{_counted(leaks, 'leak')} {way}"


def _nothing(found: Duplicates) -> str:
    """Return what it means that no pair was found."""
    if found.threshold <= 0:
        return "No duplicates: no two images are equal"
    return f"No duplicates: every two images differ by more than {100 * found.threshold:g} %"


def _counted(number: int, what: str) -> str:
    """Write a number with its word; nothing for 0."""
    return f"{number:,} {what}{'' if number == 1 else 's'}" if number else ""
