"""What is odd about a file that can be read: its name, its labels, what belongs with it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.faults import IdxError
from mnist_desktop.datasets.header import IdxHeader, by_sizes
from mnist_desktop.datasets.idx import read_header, read_idx
from mnist_desktop.datasets.known import Family, class_names, guess
from mnist_desktop.datasets.labelling import read_labels
from mnist_desktop.datasets.pairing import read_name
from mnist_desktop.errors import UserError

_BLANK_TAIL = 8
"""So many blank images at the end are worth a word; one or two may be meant."""
_LABELS_AT_ONCE = 1 << 20
_MOST_CLASSES = 100_000
_STRAY_SHARE = 1000
"""Labels far from all others are worth a word if they are fewer than one in this many."""


@dataclass(frozen=True)
class Problem:
    """One thing to know about a file.

    Parameters
    ----------
    text
        What it is, a whole sentence without a full stop.
    advice
        What to do, a whole sentence, or empty.
    offset
        Where, in bytes; 0 for what concerns the whole file.
    fault
        Whether it keeps the file from being read; otherwise it is a remark.
    """

    text: str
    advice: str
    offset: int = 0
    fault: bool = True


def as_problem(error: IdxError) -> Problem:
    """Return an error as a problem."""
    place = f" (expected {error.expected}, found {error.found})" if error.expected else ""
    return Problem(f"The file {error.problem}{place}", error.advice, error.offset)


def noun(shape: tuple[int, ...], path: Path, count: int) -> str:
    """Return what to call `count` items of a file: images, labels or rows."""
    kind = read_name(path.name).kind
    if len(shape) > 2 or (len(shape) == 2 and kind == "images"):
        word = "image"
    elif len(shape) == 1 or (shape and kind == "labels"):
        word = "label"
    elif not shape:
        word = "value"
    else:
        word = "row"
    return word if count == 1 else f"{word}s"


def name_remarks(header: IdxHeader, path: Path) -> list[Problem]:
    """Return where a file's name says something else than its content."""
    remarks = []
    named_packed = path.name.lower().endswith(".gz")
    if named_packed and not header.compressed:
        text = "The file is named .gz, but it is already unpacked"
        advice = f"Other programs may refuse it; rename it to “{path.stem}”, or save it anew."
        remarks.append(Problem(text, advice, fault=False))
    if header.compressed and not named_packed:
        text = "The file is packed with gzip, though its name does not end in .gz"
        advice = f"Other programs may refuse it; rename it to “{path.name}.gz”, or save it anew."
        remarks.append(Problem(text, advice, fault=False))
    kind, rank, count = read_name(path.name).kind, len(header.shape), header.item_count
    if kind == "images" and rank == 1:
        text = f"Its name says images, but it holds {count:,} single numbers, as labels are"
        advice = "Its name and that of its labels may have been exchanged."
        remarks.append(Problem(text, advice, 3, False))
    if kind == "labels" and rank > 2:
        text = f"Its name says labels, but it holds pictures, {by_sizes(header.shape)}"
        advice = "Its name and that of its images may have been exchanged."
        remarks.append(Problem(text, advice, 3, False))
    return remarks


def family_remarks(family: Family | None, path: Path) -> list[Problem]:
    """Return whether a published file bears the name of another one."""
    said = guess(path)
    split = read_name(path.name).split
    if family is None:
        return []
    if said is not None and said.name != family.name:
        text = f"By its content this is {family.title}, though its name or folder says {said.name}"
    elif split and family.split and split != family.split:
        text = f"By its content this is {family.title}, though its name says {split}"
    else:
        return []
    advice = "Believe the content: MNIST and Fashion-MNIST, for one, have the same file names."
    return [Problem(text, advice, fault=False)]


def partner_remarks(header: IdxHeader, whole: int, partner: Path | None) -> list[Problem]:
    """Return what is odd about the file that belongs with this one."""
    if partner is None:
        return []
    try:
        count = read_header(partner).item_count
    except UserError as error:
        text = f"What belongs with it cannot be read: {error.message}"
        return [Problem(text, error.advice, fault=False)]
    if count in (header.item_count, whole):
        return []
    text = f"It has {header.item_count:,} items, but “{partner.name}” has {count:,}"
    advice = "One of the two is from another dataset or cut short."
    return [Problem(text, advice, fault=False)]


def blank_remarks(header: IdxHeader, whole: int, filled: int, path: Path) -> list[Problem]:
    """Return whether the last images are blank, as a download that was never filled in leaves them.

    Parameters
    ----------
    header, path
        The file.
    whole
        How many whole items it has.
    filled
        Up to where there is anything but zeros, in bytes of the elements.
    """
    size = math.prod(header.shape[1:]) * header.dtype.itemsize
    if len(header.shape) < 3 or not size or not 0 < whole <= header.item_count:
        return []
    drawn = min(whole, -(-filled // size))
    if whole - drawn < _BLANK_TAIL and drawn:
        return []
    items = noun(header.shape, path, 2)
    text = (
        f"The last {whole - drawn:,} {items} are blank, nothing but zeros, from number {drawn:,} on"
        if drawn
        else f"All {whole:,} {items} are blank, nothing but zeros"
    )
    advice = "If that is not meant, its download reserved the space and never filled it."
    return [Problem(text, advice, header.data_offset + drawn * size, False)]


def label_problems(header: IdxHeader, path: Path) -> list[Problem]:
    """Return the labels of a sound labels file that stand for no class."""
    rank = len(header.shape)
    if read_name(path.name).kind != "labels" or rank not in (1, 2) or not header.data_bytes:
        return []
    try:
        names = class_names(path, guess(path))
    except UserError as error:
        text = f"The mapping file cannot be used: {error.message}"
        return [Problem(text, error.advice, 0, False)]
    array = read_idx(path)
    try:
        return _wrong_labels(header, _label_pieces(array, path), names)
    except IdxError as error:
        return [as_problem(error)]


def _label_pieces(array: NDArray[Any], path: Path) -> Iterator[NDArray[np.int64]]:
    """Yield the stored labels some at a time: together they may be more than the file itself."""
    for start in range(0, len(array), _LABELS_AT_ONCE):
        yield read_labels(array[start : start + _LABELS_AT_ONCE], path)[0]


def _wrong_labels(
    header: IdxHeader, pieces: Iterator[NDArray[np.int64]], names: dict[int, str] | None
) -> list[Problem]:
    """Return the labels outside the known classes, or far from all others where none are known."""
    counts: Counter[int] = Counter()
    first_of: dict[int, int] = {}
    start = 0
    for piece in pieces:
        values, places, numbers = np.unique(piece, return_index=True, return_counts=True)
        for value, place, number in zip(
            values.tolist(), places.tolist(), numbers.tolist(), strict=True
        ):
            first_of.setdefault(value, start + place)
            counts[value] += number
        start += len(piece)
        if len(counts) > _MOST_CLASSES:
            return []  # numbers of another kind: nobody has so many classes
    wrong = [value for value in counts if (value < 0 if names is None else value not in names)]
    if not wrong:
        return _stray_labels(header, counts, first_of) if names is None else []
    known = "0 or more" if names is None else f"{min(names)} to {max(names)}"
    first = min(first_of[value] for value in wrong)
    value = next(value for value in wrong if first_of[value] == first)
    return [
        Problem(
            f"{sum(counts[value] for value in wrong):,} of {header.item_count:,} labels are out of "
            f"range: number {first:,} is {value}, where {known} is expected",
            "The labels belong to another dataset, or the file was changed.",
            _place(header, first),
        )
    ]


def _stray_labels(
    header: IdxHeader, counts: Counter[int], first_of: dict[int, int]
) -> list[Problem]:
    """Return the few labels that lie far above all others, where nobody knows the classes."""
    values = sorted(counts)
    if len(values) < 2:
        return []
    gap = max(range(len(values) - 1), key=lambda place: values[place + 1] - values[place])
    usual, above = values[gap], values[gap + 1 :]
    few = sum(counts[value] for value in above)
    if above[0] - usual <= usual + 1 or few * _STRAY_SHARE > header.item_count:
        return []
    first = min(first_of[value] for value in above)
    value = next(value for value in above if first_of[value] == first)
    return [
        Problem(
            f"{few:,} of {header.item_count:,} labels lie far from all others: number {first:,} is "
            f"{value}, nearly all are {values[0]} to {usual}",
            "The file may have been changed; look at those samples.",
            _place(header, first),
            False,
        )
    ]


def _place(header: IdxHeader, item: int) -> int:
    """Return where an item begins, in bytes."""
    return header.data_offset + item * (header.data_bytes // header.item_count)
