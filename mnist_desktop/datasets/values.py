"""What an IDX file holds that is no picture: labels without their images, lists and tables."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.axes import DEFAULT, Reading, understand
from mnist_desktop.datasets.dataset import Dataset, open_dataset_job
from mnist_desktop.datasets.header import IdxHeader
from mnist_desktop.datasets.idx import read_header, read_idx_job
from mnist_desktop.datasets.known import QMNIST, Family, class_names, guess
from mnist_desktop.datasets.pairing import find_partner, read_name
from mnist_desktop.datasets.recognition import recognise_job
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Job, Progress

MOST_COUNTED = 256
"""Different values up to which each of them is counted."""
BINS = 800
"""Pieces of a column whose lowest and highest values make its curve."""
_PIECE = 1 << 20
_WIDEST_RANGE = 1 << 16  # whole numbers within it are counted without sorting them

_QMNIST_COLUMNS = (
    ("class", "The digit, 0 to 9."),
    ("HSF series", "The part of NIST's collection it was taken from: 0, 1 or 4."),
    ("writer", "The number of the person who wrote it."),
    ("digit of writer", "Its place among the digits of this person."),
    ("NIST class", "The character's code in NIST's collection, 30 to 39 for digits."),
    ("NIST index", "Its place among all digits of NIST's collection."),
    ("duplicate", "Not in use, always 0."),
    ("unused", "Not in use, always 0."),
)
"""What QMNIST's makers say of the columns of its labels (Yadav and Bottou, 2019)."""


@dataclass(frozen=True)
class Column:
    """A column of a table of values.

    Parameters
    ----------
    name
        What it is called.
    meaning
        What its values stand for, a sentence; empty where nobody knows.
    """

    name: str
    meaning: str = ""


@dataclass(frozen=True, eq=False)
class Values:
    """A file's values as a table.

    Parameters
    ----------
    path, header
        The file and what its header says.
    table
        (rows, columns) of the stored type, read-only; a view of the file where possible. A list is
        one column, a single value one row of one column; axes behind the second lie side by side.
    named
        The first columns, as far as they have names of their own.
    class_names
        What the labels in the first column stand for; empty where they are none or nobody knows.
    title
        Which published dataset it is a part of, `QMNIST · test`; empty where nobody knows.
    recognised
        Whether that is known by checksum, and not by the file's name.
    notes
        Sentences to tell the person.
    """

    path: Path
    header: IdxHeader
    table: NDArray[Any]
    named: tuple[Column, ...]
    class_names: dict[int, str]
    title: str = ""
    recognised: bool = False
    notes: tuple[str, ...] = ()

    def column(self, place: int) -> Column:
        """Return what a column is called; those without a name have their number."""
        return self.named[place] if place < len(self.named) else Column(f"column {place:,}")


@dataclass(frozen=True, eq=False)
class Figures:
    """What there is to tell of a column as a whole.

    Parameters
    ----------
    lowest, highest, mean
        Of the finite values; not a number where there are none.
    odd
        How many values are not finite.
    counts
        How often each value occurs, by rising value; `None` where more than `MOST_COUNTED` do.
    bounds
        (2, k) float64: the lowest and the highest value in each of k pieces of the column, which
        have `rows_per_bin` rows each, the last perhaps fewer.
    rows_per_bin
        See there.
    """

    lowest: float
    highest: float
    mean: float
    odd: int
    counts: dict[float, int] | None
    bounds: NDArray[np.float64]
    rows_per_bin: int


def open_job(
    path: Path,
    *,
    labels_path: Path | None = None,
    mapping_path: Path | None = None,
    reading: Reading = DEFAULT,
) -> Job[Dataset | Values]:
    """Open whatever an IDX file holds: the dataset it belongs to, or else its values.

    The parameters are those of `open_dataset`, and so is what is raised.
    """
    path = Path(path)
    if labels_path is None and _are_values(read_header(path), path):
        return (yield from values_job(path))
    return (
        yield from open_dataset_job(
            path, labels_path=labels_path, mapping_path=mapping_path, reading=reading
        )
    )


def values_job(path: Path) -> Job[Values]:
    """Open a file as a table of values, whatever they are.

    Raises
    ------
    IdxError, UserError
        As `read_idx`.
    """
    path = Path(path)
    header = read_header(path)
    array = yield from read_idx_job(path)
    family = yield from recognise_job(header, array, path)
    recognised = family is not None
    family = family or guess(path)
    rows = header.shape[0] if header.shape else 1
    table = array.view(np.ndarray).reshape(rows, math.prod(header.shape[1:]))
    kind = read_name(path.name).kind
    names, notes = _names(path, header, family, kind)
    return Values(
        path=path,
        header=header,
        table=table,
        named=_named(header, family, kind),
        class_names=names,
        title=family.title if family else "",
        recognised=recognised,
        notes=notes,
    )


def figures_job(values: Values, column: int) -> Job[Figures]:
    """Sum up a column, reporting rows on the way."""
    stored = values.table[:, column]
    rows = len(stored)
    per_bin = max(1, -(-rows // BINS))
    step = max(1, _PIECE // per_bin) * per_bin
    counts: Counter[float] | None = Counter()
    bounds: list[NDArray[np.float64]] = []
    total, odd = 0.0, 0
    for start in range(0, rows, step):
        piece = np.ascontiguousarray(stored[start : start + step], stored.dtype.newbyteorder("="))
        counts = _counted(counts, piece)
        with np.errstate(all="ignore"):  # stored bits may be anything, signalling NaN too
            numbers = piece.astype(np.float64)
        finite = np.isfinite(numbers)
        odd += len(numbers) - int(np.count_nonzero(finite))
        total += float(np.sum(numbers / rows, where=finite))
        places = np.arange(0, len(piece), per_bin)
        least = np.minimum.reduceat(np.where(finite, numbers, np.inf), places)
        most = np.maximum.reduceat(np.where(finite, numbers, -np.inf), places)
        bounds.append(np.stack([least, most]))
        yield Progress(min(start + step, rows), rows, f"Counting the values of {values.path.name}")
    every = np.concatenate(bounds, axis=1) if bounds else np.zeros((2, 0))
    known = rows > odd
    return Figures(
        lowest=float(every[0].min()) if known else math.nan,
        highest=float(every[1].max()) if known else math.nan,
        mean=total * (rows / (rows - odd)) if known else math.nan,
        odd=odd,
        counts=None if counts is None else dict(sorted(counts.items())),
        bounds=every,
        rows_per_bin=per_bin,
    )


def _counted(counts: Counter[float] | None, piece: NDArray[Any]) -> Counter[float] | None:
    """Return counts with those of a piece added; `None` once there are too many different ones."""
    if counts is None or not piece.size:
        return counts
    if piece.dtype.kind == "f":
        piece = piece[np.isfinite(piece)]
        found, times = np.unique(piece, return_counts=True)
    else:
        lowest, highest = int(piece.min()), int(piece.max())
        if highest - lowest < _WIDEST_RANGE:
            every = np.bincount(piece.astype(np.int64) - lowest)
            found = np.flatnonzero(every)
            times, found = every[found], found + lowest
        else:
            found, times = np.unique(piece, return_counts=True)
    if len(found) > MOST_COUNTED:
        return None
    counts.update(dict(zip(found.tolist(), times.tolist(), strict=True)))
    return counts if len(counts) <= MOST_COUNTED else None


def _are_values(header: IdxHeader, path: Path) -> bool:
    """Tell whether a file is to be shown as values: no pictures, nor labels beside their images."""
    labels = len(header.shape) == 2 and read_name(path.name).kind == "labels"
    if len(header.shape) == 1 or labels:
        return find_partner(path) is None
    return understand(header.shape) is None


def _named(header: IdxHeader, family: Family | None, kind: str) -> tuple[Column, ...]:
    """Return what the columns of a file's table are called, as far as that is known."""
    if len(header.shape) < 2:
        return (Column("label" if kind == "labels" else "value"),)
    if family is not None and family.name == QMNIST.name and header.shape[1:] == (8,):
        return tuple(Column(name, meaning) for name, meaning in _QMNIST_COLUMNS)
    return ()


def _names(
    path: Path, header: IdxHeader, family: Family | None, kind: str
) -> tuple[dict[int, str], tuple[str, ...]]:
    """Return what labels stand for where they are any, and sentences for the person."""
    if kind != "labels" or header.dtype.kind == "f" or len(header.shape) not in (1, 2):
        return {}, ()
    notes: tuple[str, ...] = ()
    if find_partner(path) is None:
        notes = (
            "These are labels, and their images are not beside them.",
            "Put the images file into the same folder (train-images-idx3-ubyte belongs with "
            "train-labels-idx1-ubyte), or open the images and choose these labels by hand.",
        )
    try:
        return class_names(path, family) or {}, notes
    except UserError as error:
        return {}, (*notes, f"The mapping file was not used: {error}")
