"""Draw parts of a dataset."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


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
