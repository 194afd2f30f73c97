"""An epoch's order: all once, or a fixed share of each batch from each of two datasets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mnist_desktop.trainer.checkpoint import Samples
from mnist_desktop.trainer.recipes import RECIPES
from mnist_desktop.trainer.sampling import draw_order, epoch_size, joined
from tests.unit.trainer.test_fit import RECIPE

MIXING = replace(RECIPES["fine-tune"], samples_per_epoch=640, own_share=0.25)


def samples(count: int, label: int = 0) -> Samples:
    return Samples(np.full((count, 2, 2), label, np.uint8), np.full(count, label))


def seeded(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_without_anything_special_every_sample_comes_once() -> None:
    order = draw_order(samples(100), RECIPE, batch=32, random=seeded())
    assert sorted(order) == list(range(100))
    # The very draw that it has always been: old seeds keep their meaning.
    np.testing.assert_array_equal(order, seeded().permutation(100))


@pytest.mark.parametrize("own", [1, 20, 5000])
def test_each_batch_has_its_share_of_the_small_set(own: int) -> None:
    both = joined(samples(own, 1), samples(300, 2))
    assert len(both) == own + 300
    assert both.mixed == 300
    batches = draw_order(both, MIXING, batch=64, random=seeded()).reshape(-1, 64)
    assert len(batches) == 10
    np.testing.assert_array_equal((batches < own).sum(axis=1), 16)
    # Pieces of a batch are not of one kind: batch norm sees both.
    assert ((batches[:, :16] < own).sum(axis=1) < 16).any()
    for lowest, count in ((0, own), (own, 300)):
        seen = np.bincount(batches.reshape(-1), minlength=own + 300)[lowest : lowest + count]
        assert seen.max() - seen.min() <= 1


def test_alone_a_small_set_fills_the_epoch() -> None:
    batches = draw_order(samples(20), MIXING, batch=64, random=seeded()).reshape(-1, 64)
    assert np.bincount(batches.reshape(-1)).tolist() == [32] * 20
    assert epoch_size(samples(20), MIXING) == 640
    assert epoch_size(samples(20), RECIPE) == 20


def test_nothing_mixed_in_is_nothing() -> None:
    own = samples(5)
    assert joined(own, None) is own
    assert joined(own, samples(0)) is own


def test_the_seed_decides_the_order() -> None:
    both = joined(samples(7), samples(9))
    first, again, other = (draw_order(both, MIXING, batch=8, random=seeded(n)) for n in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
