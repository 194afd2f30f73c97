"""Which samples an epoch sees, in which order: all once, or a fixed share of each batch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.trainer.checkpoint import Samples
from mnist_desktop.trainer.recipes import Recipe


def joined(own: Samples, mixed: Samples | None) -> Samples:
    """Return the samples to learn from with those of another dataset mixed in behind them."""
    if mixed is None or not len(mixed):
        return own
    return Samples(
        np.concatenate([own.images, mixed.images]),
        np.concatenate([own.labels, mixed.labels]),
        mixed=len(mixed),
    )


def epoch_size(samples: Samples, recipe: Recipe) -> int:
    """Return how many samples an epoch of `recipe` goes through."""
    return recipe.samples_per_epoch or len(samples)


def draw_order(
    samples: Samples, recipe: Recipe, *, batch: int, random: np.random.Generator
) -> NDArray[np.int64]:
    """Draw the order of an epoch.

    Where nothing is mixed in and the recipe sets no size it is a permutation. Otherwise each batch
    gets its share of own samples, the rest is of those mixed in, shuffled within the batch. Each of
    the two is gone through once before it begins again, so none is seen twice as often as another.

    Parameters
    ----------
    batch
        Samples in a step.

    Returns
    -------
    ndarray
        `(n,)` int64 indices of samples; the caller cuts it into batches and drops what is left.
    """
    if not samples.mixed and recipe.samples_per_epoch is None:
        return random.permutation(len(samples))
    steps = max(1, epoch_size(samples, recipe) // batch)
    own = len(samples) - samples.mixed
    from_own = batch
    if samples.mixed:
        from_own = min(batch - 1, max(1, round(batch * recipe.own_share)))
    rows = np.empty((steps, batch), np.int64)
    rows[:, :from_own] = _again_and_again(own, steps * from_own, random).reshape(steps, from_own)
    if samples.mixed:
        rest = _again_and_again(samples.mixed, steps * (batch - from_own), random)
        rows[:, from_own:] = own + rest.reshape(steps, batch - from_own)
    return random.permuted(rows, axis=1).reshape(-1)


def _again_and_again(count: int, wanted: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Return `wanted` indices below `count`: permutations of all, one behind the other."""
    rounds = -(-wanted // count)
    return np.concatenate([random.permutation(count) for _ in range(rounds)])[:wanted]
