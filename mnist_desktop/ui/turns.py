"""Which way a person wants to see the pictures of each file, for as long as the program runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.pairing import find_other_split


def is_turned(dataset: Dataset, other: Dataset) -> bool:
    """Tell whether two datasets are the same one, shown the one way and the other."""
    return (
        (dataset.images_path, dataset.name) == (other.images_path, other.name)
        and dataset.transposed != other.transposed
        and np.shares_memory(dataset.images[:1], other.images[:1])
    )


class Turns:
    """Remember files that are shown another way than they are opened."""

    def __init__(self) -> None:
        self._transposed: dict[Path, bool] = {}

    def remember(self, dataset: Dataset) -> None:
        """Show the dataset's file, and its other split, from now on as it is shown now."""
        if dataset.images_path is not None:
            for path in (dataset.images_path, find_other_split(dataset.images_path)):
                if path is not None:
                    self._transposed[path] = dataset.transposed

    def knows(self, dataset: Dataset) -> bool:
        """Tell whether a person decided how this dataset's file is shown."""
        return dataset.images_path in self._transposed

    def applied(self, dataset: Dataset) -> Dataset:
        """Return the dataset as its file is to be shown."""
        if dataset.images_path is None:
            return dataset
        wanted = self._transposed.get(dataset.images_path, dataset.transposed)
        return dataset if wanted == dataset.transposed else dataset.turned()
