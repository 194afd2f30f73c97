"""Filters by class, the first of each, random samples and shuffles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.datasets.picking import Order, Picking, first_of_each, pick

LABELS = np.array([3, 1, 3, 0, 1, 2, 0, 3], dtype=np.int64)


def picked(picking: Picking) -> list[int]:
    indices = pick(picking, count=len(LABELS), labels=LABELS)
    assert indices is not None
    assert indices.dtype == np.int64
    return indices.tolist()


def test_whole_dataset_needs_no_indices() -> None:
    assert pick(Picking(), count=814_000, labels=None) is None


def test_several_classes_stay_in_file_order() -> None:
    assert picked(Picking(classes=frozenset({0, 3}))) == [0, 2, 3, 6, 7]


def test_class_that_does_not_occur_shows_nothing() -> None:
    assert picked(Picking(classes=frozenset({9}))) == []


def test_first_of_each_stands_in_class_order() -> None:
    assert picked(Picking(order=Order.FIRST_OF_EACH)) == [3, 1, 5, 0]
    assert picked(Picking(order=Order.FIRST_OF_EACH, classes=frozenset({3, 1}))) == [1, 0]


def test_first_of_each_leaves_out_samples_without_label() -> None:
    assert first_of_each(np.array([-1, 2, -1, 0, 2])).tolist() == [3, 1]


def test_unknown_labels_make_class_filters_without_effect() -> None:
    picking = Picking(classes=frozenset({1}), order=Order.FIRST_OF_EACH)
    assert pick(picking, count=5, labels=None) is None


@pytest.mark.parametrize("order", [Order.RANDOM, Order.SHUFFLED])
def test_seed_decides_chance(order: Order) -> None:
    def draw(seed: int) -> list[int]:
        indices = pick(Picking(order=order, amount=50, seed=seed), count=1000, labels=None)
        assert indices is not None
        return indices.tolist()

    assert draw(1) == draw(1)
    assert draw(1) != draw(2)


@given(
    labels=st.lists(st.integers(-1, 5), max_size=60),
    classes=st.frozensets(st.integers(0, 6), max_size=4),
    order=st.sampled_from(Order),
    amount=st.integers(0, 70),
    seed=st.integers(0, 2**31),
)
def test_picks_are_samples_of_the_dataset_without_repetition(
    labels: list[int], classes: frozenset[int], order: Order, amount: int, seed: int
) -> None:
    array = np.array(labels, dtype=np.int64)
    picking = Picking(classes=classes, order=order, amount=amount, seed=seed)
    indices = pick(picking, count=len(array), labels=array)
    if indices is None:
        assert not classes
        assert order is Order.FILE
        return
    allowed = {i for i, label in enumerate(labels) if not classes or label in classes}
    assert len(set(indices.tolist())) == len(indices)
    assert set(indices.tolist()) <= allowed
    if order is Order.SHUFFLED or (order is Order.FILE and classes):
        assert set(indices.tolist()) == allowed
    if order is Order.RANDOM:
        assert len(indices) == min(amount, len(allowed))
    if order is Order.FIRST_OF_EACH:
        assert [labels[i] for i in indices] == sorted({labels[i] for i in allowed} - {-1})
