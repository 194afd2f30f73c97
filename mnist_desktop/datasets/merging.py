"""Merge classes that cannot be told apart in handwriting: a small letter with its capital."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.errors import UserError

if TYPE_CHECKING:
    from mnist_desktop.datasets.dataset import Dataset


def places_of(names: Sequence[str], targets: Sequence[str]) -> NDArray[np.int64]:
    """Return for each class the index of the class among `targets` that it belongs to.

    That is the class of the same name; failing that, the one of the name in capitals. EMNIST's 47
    merged classes are made of its 62 in this way: C and c are written alike, A and a are not
    (G. Cohen et al., “EMNIST: an extension of MNIST to handwritten letters”, 2017).

    Returns
    -------
    numpy.ndarray
        (k,) int64, −1 for a class that belongs to none.
    """
    places = {name: index for index, name in enumerate(targets)}
    found = (places.get(name, places.get(name.upper(), -1)) for name in names)
    return np.fromiter(found, np.int64, len(names))


def merge_classes(dataset: Dataset, target: Mapping[int, str]) -> Dataset:
    """Return the same samples with other classes: each goes where `places_of` says.

    Parameters
    ----------
    dataset
        Any dataset; its pictures are not copied.
    target
        Stored label → class name of all classes there will be, at least one, as `read_mapping`
        returns them.

    Returns
    -------
    Dataset
        With every class of `target`, whether it has samples or not. Its name says that classes were
        merged, and a note says which.

    Raises
    ------
    UserError
        When a class that has samples belongs to none of the target's, or two of those have one
        name.
    """
    values = sorted(target)
    names = tuple(target[value] for value in values)
    most_common, times = Counter(names).most_common(1)[0]
    if times > 1:
        raise UserError(
            f"The classes to merge into name “{most_common}” {times} times",
            "Choose a mapping file that lists every class once, such as "
            "emnist-bymerge-mapping.txt.",
        )
    places = places_of(dataset.class_names, names)
    lost = np.flatnonzero((places < 0) & (dataset.class_counts() > 0))
    if len(lost):
        name = dataset.class_names[lost[0]]
        raise UserError(
            f"{dataset.name} has the class “{name}”, and the {len(names)} classes to merge into "
            f"have neither it nor “{name.upper()}”",
            "Choose the mapping file of a split that has every character, such as "
            "emnist-bymerge-mapping.txt.",
        )
    moved = [
        f"{name} → {names[place]}"
        for name, place in zip(dataset.class_names, places, strict=True)
        if place >= 0 and names[place] != name
    ]
    note = f"Merged into {len(names)} classes: {', '.join(moved) or 'none went to another'}."
    return replace(
        dataset,
        name=f"{dataset.name}, merged into {len(names)} classes",
        labels=None if dataset.labels is None else places[dataset.labels],
        class_names=names,
        label_values=tuple(values),
        notes=(*dataset.notes, note),
    )
