"""Pick which samples are shown and in which order: by class, at random, by some value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Order(Enum):
    """The order in which picked samples stand, or the few of them that are kept."""

    FILE = "as in the file"
    FIRST_OF_EACH = "first of each class"
    RANDOM = "random sample"
    SHUFFLED = "shuffled"
    BRIGHTNESS = "by brightness"
    LOSS = "by loss"
    CONFIDENCE = "by confidence"


BY_VALUE = (Order.BRIGHTNESS, Order.LOSS, Order.CONFIDENCE)
"""Orders that need a value for each sample."""


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
    largest_first
        Whether orders by value begin with the largest.
    misread
        Whether only samples that a classifier misread are kept.
    """

    classes: frozenset[int] = frozenset()
    order: Order = Order.FILE
    amount: int = 100
    seed: int = 0
    largest_first: bool = False
    misread: bool = False


def pick(
    picking: Picking,
    *,
    count: int,
    labels: NDArray[np.int64] | None,
    values: NDArray[np.floating[Any]] | None = None,
    misread: NDArray[np.bool_] | None = None,
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
    values
        (count,) floats, no NaN: what orders by value go by. Samples of the same value stand as in
        the file.
    misread
        (count,) bool: which samples were misread.

    Returns
    -------
    ndarray or None
        (k,) int64 indices below `count`, without repetition.

    Raises
    ------
    ValueError
        When `values` or `misread` are asked for and not given.
    """
    kept = _kept(picking, labels=labels, misread=misread)
    if picking.order in BY_VALUE:
        if values is None:
            raise ValueError(f"no values to order {picking.order.value}")
        return _ordered(values, among=kept, largest_first=picking.largest_first)
    if picking.order is Order.FIRST_OF_EACH:
        return first_of_each(labels, among=kept) if labels is not None else kept
    if picking.order is Order.FILE:
        return kept
    generator = np.random.default_rng(picking.seed)
    pool: NDArray[np.int64] = np.arange(count, dtype=np.int64) if kept is None else kept
    if picking.order is Order.SHUFFLED:
        return generator.permutation(pool)
    return generator.choice(pool, size=min(picking.amount, len(pool)), replace=False)


def _kept(
    picking: Picking, *, labels: NDArray[np.int64] | None, misread: NDArray[np.bool_] | None
) -> NDArray[np.int64] | None:
    """Return the rising indices that the filters keep, None for all."""
    kept: NDArray[np.bool_] | None = None
    if picking.classes and labels is not None:
        kept = np.isin(labels, list(picking.classes))
    if picking.misread:
        if misread is None:
            raise ValueError("it is not known which samples were misread")
        kept = misread if kept is None else kept & misread
    return None if kept is None else np.flatnonzero(kept).astype(np.int64)


def _ordered(
    values: NDArray[np.floating[Any]], *, among: NDArray[np.int64] | None, largest_first: bool
) -> NDArray[np.int64]:
    """Return the indices `among` (None for all) by rising or falling value."""
    keys = values if among is None else values[among]
    # Falling values are sorted by their negative: equal ones then still stand as in the file.
    order = np.argsort(-keys if largest_first else keys, kind="stable").astype(np.int64)
    return order if among is None else among[order]


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
