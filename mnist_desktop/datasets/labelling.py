"""From stored labels to classes: which values there are, and what each is called."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.faults import IdxError

_MOST_COUNTED = 1000  # above this, labels are names for classes and not their numbers


@dataclass(frozen=True, eq=False)
class Labelling:
    """Labels and the classes they point to.

    Parameters
    ----------
    labels
        (n,) int64, indices into the other two; `None` without labels.
    class_names, label_values
        Name and stored label of each class.
    notes
        Sentences for the person.
    """

    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    label_values: tuple[int, ...]
    notes: tuple[str, ...] = ()


def read_labels(array: NDArray[Any], path: Path) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return the stored labels, (n,) int64, from what a labels file holds.

    Rank 1 of any type with whole numbers; of rank 2, as in QMNIST, the first column is the class.

    Raises
    ------
    IdxError
        If the values cannot be labels.
    """
    notes: tuple[str, ...] = ()
    if array.ndim == 2 and array.shape[1]:
        notes = (f"The labels file has {array.shape[1]} columns; the first is the class.",)
        array = array[:, 0]
    if array.ndim != 1:
        raise IdxError(
            path,
            "holds no labels",
            offset=3,
            expected="rank 1, a number for each image",
            found=f"rank {array.ndim}",
            advice="Choose the labels file that belongs to the images.",
        )
    if array.dtype.kind == "f" and not (
        np.isfinite(array).all() and (array == np.rint(array)).all() and _in_range(array)
    ):
        raise IdxError(
            path,
            "holds fractions, no labels",
            offset=2,
            expected="whole numbers",
            found=f"{array.dtype.newbyteorder('=')} with fractions",
            advice="Choose the labels file that belongs to the images.",
        )
    return array.astype(np.int64), notes


def _in_range(array: NDArray[Any]) -> bool:
    """Tell whether floating point numbers are small enough to be exact labels."""
    return not array.size or float(np.abs(array).max()) < 2.0**53


def label_classes(stored: NDArray[np.int64] | None, names: dict[int, str] | None) -> Labelling:
    """Work out the classes and turn stored labels into indices of them.

    Parameters
    ----------
    stored
        (n,) int64 as the file has them, or `None`.
    names
        Stored label → class name, where that is known. Without it the classes are 0 to the highest
        label, or the labels that occur if some are negative or very large.
    """
    present = set() if stored is None else _present(stored)
    notes: tuple[str, ...] = ()
    if names:
        unknown = sorted(present - names.keys())
        if unknown:
            shown = ", ".join(map(str, unknown[:5])) + (" …" if len(unknown) > 5 else "")
            notes = (f"Some labels have no class name and are shown as they are: {shown}.",)
        names = names | {value: str(value) for value in unknown}
    elif not present:
        names = {}
    elif min(present) >= 0 and max(present) < _MOST_COUNTED:
        names = {value: str(value) for value in range(max(present) + 1)}
    else:
        names = {value: str(value) for value in present}
    values = sorted(names)
    labels = None if stored is None else _places(stored, values)
    return Labelling(labels, tuple(names[value] for value in values), tuple(values), notes)


def _present(stored: NDArray[np.int64]) -> set[int]:
    """Return which labels occur; a million small ones are counted in a tenth of a sort's time."""
    if stored.size and stored.min() >= 0 and stored.max() < _MOST_COUNTED:
        return set(np.flatnonzero(np.bincount(stored)).tolist())
    return set(np.unique(stored).tolist())


def _places(stored: NDArray[np.int64], values: list[int]) -> NDArray[np.int64]:
    """Return where each stored label stands among `values`, which rise and hold all of them."""
    if values == list(range(len(values))):
        return stored
    if values and values[0] >= 0 and values[-1] < _MOST_COUNTED:
        table = np.zeros(values[-1] + 1, np.int64)
        table[values] = np.arange(len(values))
        places: NDArray[np.int64] = table[stored]
        return places
    return np.searchsorted(values, stored).astype(np.int64)
