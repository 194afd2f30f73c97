"""Which two images to begin with, and which two at random: indices only, no Qt."""

from __future__ import annotations

import numpy as np

from mnist_desktop.datasets.dataset import Dataset

NEAR = ("4", "9")
"""The classes to begin with, where a dataset has them: near each other, so that they meet."""


def first_pair(dataset: Dataset) -> tuple[int, int]:
    """Return the first samples of two classes, or the first two images without labels.

    The dataset has at least two images.
    """
    labels = dataset.labels
    if labels is None:
        return 0, 1
    names = dataset.class_names
    firsts = {names[k]: int(np.argmax(labels == k)) for k in np.unique(labels).tolist()}
    if len(firsts) < 2:
        return 0, 1
    chosen = NEAR if all(name in firsts for name in NEAR) else tuple(firsts)[:2]
    return firsts[chosen[0]], firsts[chosen[1]]


def random_pair(dataset: Dataset, random: np.random.Generator) -> tuple[int, int]:
    """Return two different images, of different classes where there are such."""
    first = int(random.integers(len(dataset)))
    others = np.delete(np.arange(len(dataset)), first)
    if dataset.labels is not None:
        differing = np.flatnonzero(dataset.labels != dataset.labels[first])
        others = differing if differing.size else others
    return first, int(random.choice(others))
