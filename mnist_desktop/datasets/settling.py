"""Find out all there is to find out of a dataset whose pictures have all been read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.companions import StoredLabels
from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.identity import Belief, identify
from mnist_desktop.datasets.known import Family
from mnist_desktop.datasets.orientation import judge_by_digits


def settle(
    make: Callable[[Belief], Dataset],
    images: NDArray[np.uint8],
    *,
    path: Path,
    exact: Family | None,
    stored: StoredLabels,
) -> Dataset:
    """Return the dataset by what its content tells.

    Pictures that would be turned because of what the dataset is believed to be are only turned if
    they look like it, as far as that can be seen.

    Parameters
    ----------
    make
        Makes the dataset by what is believed of it.
    images
        (n, height, width) uint8, as they are stored.
    path
        Where they were read from.
    exact
        Which published dataset they are by checksum, if they are one.
    stored
        The labels that go with them.
    """
    values = stored.values
    fitting = values is not None and len(values) == len(images)
    belief = identify(
        images,
        path=path,
        exact=exact,
        labels=values if fitting else None,
        labels_exact=stored.family() if fitting and exact is None else None,
    )
    dataset = make(belief)
    found = None if belief.certain or not dataset.transposed else judge_by_digits(dataset)
    if found is None:
        return dataset
    return replace(dataset if found.lying else dataset.turned(), orientation=found)
