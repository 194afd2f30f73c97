"""Datasets with planted duplicates, and all pairs found by comparing each with each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.duplicates import Duplicates
from mnist_desktop.datasets.sample_digits import sample_dataset

Pair = tuple[int, int]


def digits(count: int, *, seed: int = 0, split: str = "train") -> Dataset:
    """Return generated digits in which no two images are equal."""
    return replace(sample_dataset(count, seed=seed), name=f"made {split}", split=split)


def with_images(
    dataset: Dataset, images: NDArray[np.uint8], labels: NDArray[np.int64] | None = None
) -> Dataset:
    """Return the dataset with these images, and labels where they are given."""
    return replace(dataset, images=images, labels=dataset.labels if labels is None else labels)


def planted() -> tuple[Dataset, Dataset]:
    """Return a training and a test split with known duplicates.

    Training: 50 is 3 again, 51 is 3 with another label, 60 is blank, 70 is 7 but for one grey
    level. Test: 10 is training 20, 11 is training 30 with another label, 12 is test 2 again.
    """
    train, test = digits(120), digits(60, seed=1, split="test")
    assert train.labels is not None
    assert test.labels is not None
    images, labels = train.images.copy(), train.labels.copy()
    images[50], labels[50] = images[3], labels[3]
    images[51], labels[51] = images[3], (labels[3] + 1) % 10
    images[60] = 0
    images[70], labels[70] = images[7], labels[7]
    place = np.unravel_index(images[70].argmax(), images[70].shape)
    images[70][place] -= 1
    test_images, test_labels = test.images.copy(), test.labels.copy()
    test_images[10], test_labels[10] = images[20], labels[20]
    test_images[11], test_labels[11] = images[30], (labels[30] + 5) % 10
    test_images[12], test_labels[12] = test_images[2], test_labels[2]
    return with_images(train, images, labels), with_images(test, test_images, test_labels)


def found_pairs(found: Duplicates) -> list[tuple[str, int, str, int]]:
    """Return split and index of both samples of each pair, in the order told."""
    return [
        (
            found.split_name(found.which[pair, 0]),
            int(found.index[pair, 0]),
            found.split_name(found.which[pair, 1]),
            int(found.index[pair, 1]),
        )
        for pair in range(len(found))
    ]


def all_near(
    images: NDArray[np.uint8], *, threshold: float, moved: bool = False
) -> dict[Pair, float]:
    """Return every pair of images that differs by at most `threshold`, compared one by one."""
    padded = np.pad(images.astype(np.int64), ((0, 0), (1, 1), (1, 1)))
    moves = [(y, x) for y in (-1, 0, 1) for x in (-1, 0, 1)] if moved else [(0, 0)]
    near = {}
    for second in range(len(images)):
        for first in range(second):
            total = (padded[first] ** 2).sum() + (padded[second] ** 2).sum()
            square = min(
                (total - 2 * (np.roll(padded[first], move, (0, 1)) * padded[second]).sum()) / total
                for move in moves
            )
            if square <= threshold**2:
                near[first, second] = float(np.sqrt(square))
    return near
