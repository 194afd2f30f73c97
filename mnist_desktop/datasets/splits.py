"""Draw parts of a dataset."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.errors import UserError

if TYPE_CHECKING:
    from mnist_desktop.datasets.dataset import Dataset


def split_stratified(
    labels: NDArray[np.integer[Any]], fraction: float, *, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw a part of the samples that has every class in its share.

    Parameters
    ----------
    labels
        (n,) integers.
    fraction
        Size of the part, 0 to 1; it gets `round(n * fraction)` samples, and each class its share
        of them to within one.
    seed
        The same seed draws the same part.

    Returns
    -------
    tuple
        Indices of the rest and of the part, both int64 and rising.
    """
    if not 0.0 <= fraction <= 1.0:
        raise ValueError(f"a fraction is 0 to 1, not {fraction}")
    generator = np.random.default_rng(seed)
    _, classes = np.unique(labels, return_inverse=True)
    counts = np.bincount(classes)
    shares = counts * fraction
    quota = np.floor(shares).astype(np.int64)
    missing = round(len(labels) * fraction) - int(quota.sum())
    quota[np.argsort(quota - shares, kind="stable")[:missing]] += 1  # largest remainders first
    part = np.zeros(len(labels), bool)
    for index, size in enumerate(quota):
        members = np.flatnonzero(classes == index)
        part[generator.permutation(members)[:size]] = True
    return np.flatnonzero(~part).astype(np.int64), np.flatnonzero(part).astype(np.int64)


def set_test_apart(
    dataset: Dataset, share: float, *, seed: int
) -> tuple[NDArray[np.int64], Dataset]:
    """Set a part of a dataset apart as its test split, every class in its share.

    Parameters
    ----------
    dataset
        With labels.
    share
        Size of the test split, 0 to 1.
    seed
        The same seed sets the same samples apart, as long as the classes are the same.

    Returns
    -------
    tuple
        Indices of the samples to learn from, (n,) int64, rising; and the test split. Its name says
        how it was drawn.

    Raises
    ------
    UserError
        When one of the two would be empty.
    """
    assert dataset.labels is not None
    rest, part = split_stratified(dataset.labels, share, seed=seed)
    drawn = draw_text(share, seed=seed)
    if not (len(rest) and len(part)):
        raise UserError(
            f"Of the {len(dataset):,} samples of {dataset.name}, {drawn}, none would be left for "
            "one of the two parts",
            "Choose another share, or more samples.",
        )
    test = replace(dataset.select(part), name=f"{dataset.name}, {drawn}", split="test")
    return rest, test


def draw_text(share: float, *, seed: int) -> str:
    """Return how a test split was drawn, for people: `15 % set apart by seed 0`."""
    return f"{100 * share:.4g} % set apart by seed {seed}"
