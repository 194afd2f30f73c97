"""Which two images to begin with, and which two at random: indices only, no Qt."""

from __future__ import annotations

import numpy as np

from mnist_desktop.datasets.dataset import Dataset

NEAR = ("4", "9")
"""The classes to begin with, where a dataset has them: near each other, so that they meet."""

MANY = 100
"""Samples of a class that are looked at for a typical one."""


def first_pair(dataset: Dataset) -> tuple[int, int]:
    """Return typical samples of two classes, or the first two images without labels.

    The dataset has at least two images.
    """
    labels = dataset.labels
    if labels is None:
        return 0, 1
    places = {dataset.class_names[k]: k for k in np.unique(labels).tolist()}
    if len(places) < 2:
        return 0, 1
    chosen = NEAR if all(name in places for name in NEAR) else tuple(places)[:2]
    return typical(dataset, places[chosen[0]]), typical(dataset, places[chosen[1]])


def typical(dataset: Dataset, place: int) -> int:
    """Return the index of the sample of a class that is nearest to the mean of its first ones.

    The class, a place in `class_names`, has at least one sample.
    """
    assert dataset.labels is not None
    indices = np.flatnonzero(dataset.labels == place)[:MANY]
    images = dataset.images[indices].astype(np.float32)
    distances = ((images - images.mean(axis=0)) ** 2).sum(axis=(1, 2))
    return int(indices[distances.argmin()])


def random_pair(dataset: Dataset, random: np.random.Generator) -> tuple[int, int]:
    """Return two different images, of different classes where there are such."""
    first = int(random.integers(len(dataset)))
    others = np.delete(np.arange(len(dataset)), first)
    if dataset.labels is not None:
        differing = np.flatnonzero(dataset.labels != dataset.labels[first])
        others = differing if differing.size else others
    return first, int(random.choice(others))
