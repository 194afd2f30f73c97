"""Pick which samples are shown and in which order: by class, the first of each, at random."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray


class Order(Enum):
    """The order in which picked samples stand, or the few of them that are kept."""

    FILE = "as in the file"
    FIRST_OF_EACH = "first of each class"
    RANDOM = "random sample"
    SHUFFLED = "shuffled"


@dataclass(frozen=True)
class Picking:
    """What is to be shown of a dataset.

    Parameters
    ----------
    classes
        The classes to keep; empty keeps all samples, those without a label too.
    order
        How they are ordered, or which few of them are kept.
    amount
        How many samples `Order.RANDOM` keeps.
    seed
        Decides `Order.RANDOM` and `Order.SHUFFLED`; the same seed picks the same samples.
    """

    classes: frozenset[int] = frozenset()
    order: Order = Order.FILE
    amount: int = 100
    seed: int = 0


def pick(
    picking: Picking, *, count: int, labels: NDArray[np.int64] | None
) -> NDArray[np.int64] | None:
    """Return the indices to show, in order, or None when that is the whole dataset as it stands.

    Parameters
    ----------
    picking
        What is asked for.
    count
        Number of samples in the dataset.
    labels
        (count,) int64 classes, or None when unknown: then classes cannot be told apart, and
        filters by class are without effect.

    Returns
    -------
    ndarray or None
        (k,) int64 indices below `count`, without repetition.
    """
    kept: NDArray[np.int64] | None = None
    if picking.classes and labels is not None:
        kept = np.flatnonzero(np.isin(labels, list(picking.classes))).astype(np.int64)
    if picking.order is Order.FIRST_OF_EACH:
        return first_of_each(labels, among=kept) if labels is not None else kept
    if picking.order is Order.FILE:
        return kept
    generator = np.random.default_rng(picking.seed)
    pool: NDArray[np.int64] = np.arange(count, dtype=np.int64) if kept is None else kept
    if picking.order is Order.SHUFFLED:
        return generator.permutation(pool)
    return generator.choice(pool, size=min(picking.amount, len(pool)), replace=False)


def first_of_each(
    labels: NDArray[np.int64], *, among: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Return the index of the first sample of each class that occurs, ordered by class.

    Parameters
    ----------
    labels
        (n,) int64 classes; negative values stand for "no label" and are left out.
    among
        (m,) int64 rising indices to choose from; None for all.
    """
    chosen = labels if among is None else labels[among]
    classes, firsts = np.unique(chosen, return_index=True)
    firsts = firsts[classes >= 0]
    return (firsts if among is None else among[firsts]).astype(np.int64)
