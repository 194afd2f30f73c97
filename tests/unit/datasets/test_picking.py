"""Filters by class, the first of each, random samples and shuffles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.datasets.picking import BY_VALUE, Order, Picking, first_of_each, pick

LABELS = np.array([3, 1, 3, 0, 1, 2, 0, 3], dtype=np.int64)


VALUES = np.array([0.5, 2.0, 0.5, 0.0, 9.0, 2.0, 1.0, 0.5])
MISREAD = np.array([True, False, True, False, False, False, True, False])


def picked(picking: Picking) -> list[int]:
    indices = pick(picking, count=len(LABELS), labels=LABELS, values=VALUES, misread=MISREAD)
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


@pytest.mark.parametrize("order", BY_VALUE)
def test_order_by_value_begins_with_either_end(order: Order) -> None:
    assert picked(Picking(order=order)) == [3, 0, 2, 7, 6, 1, 5, 4]
    assert picked(Picking(order=order, largest_first=True)) == [4, 1, 5, 6, 0, 2, 7, 3]
    some = Picking(order=order, classes=frozenset({3, 0}))
    assert picked(some) == [3, 0, 2, 7, 6]


def test_misread_samples_alone() -> None:
    assert picked(Picking(misread=True)) == [0, 2, 6]
    assert picked(Picking(misread=True, classes=frozenset({3}))) == [0, 2]
    assert picked(Picking(misread=True, order=Order.LOSS)) == [0, 2, 6]
    assert picked(Picking(misread=True, order=Order.FIRST_OF_EACH)) == [6, 0]
    assert sorted(picked(Picking(misread=True, order=Order.RANDOM, amount=2))) in (
        [0, 2],
        [0, 6],
        [2, 6],
    )


def test_what_is_not_known_cannot_be_asked_for() -> None:
    for picking in (Picking(order=Order.LOSS), Picking(misread=True)):
        with pytest.raises(ValueError, match=r"no values|not known"):
            pick(picking, count=8, labels=LABELS)


@given(
    labels=st.lists(st.integers(-1, 5), max_size=60),
    classes=st.frozensets(st.integers(0, 6), max_size=4),
    order=st.sampled_from(Order),
    amount=st.integers(0, 70),
    seed=st.integers(0, 2**31),
    largest_first=st.booleans(),
    misread=st.booleans(),
)
def test_picks_are_samples_of_the_dataset_without_repetition(
    labels: list[int],
    classes: frozenset[int],
    order: Order,
    amount: int,
    seed: int,
    largest_first: bool,
    misread: bool,
) -> None:
    array = np.array(labels, dtype=np.int64)
    values = np.random.default_rng(seed).integers(0, 3, len(array)).astype(np.float32)
    wrong = values > 1
    picking = Picking(
        classes=classes,
        order=order,
        amount=amount,
        seed=seed,
        largest_first=largest_first,
        misread=misread,
    )
    indices = pick(picking, count=len(array), labels=array, values=values, misread=wrong)
    if indices is None:
        assert not classes
        assert not misread
        assert order is Order.FILE
        return
    allowed = {
        i
        for i, label in enumerate(labels)
        if (not classes or label in classes) and (wrong[i] or not misread)
    }
    assert len(set(indices.tolist())) == len(indices)
    assert set(indices.tolist()) <= allowed
    if order in (Order.SHUFFLED, Order.FILE):
        assert set(indices.tolist()) == allowed
    if order in BY_VALUE:
        assert set(indices.tolist()) == allowed
        pairs = [(-values[i] if largest_first else values[i], i) for i in indices]
        assert pairs == sorted(pairs)
    if order is Order.RANDOM:
        assert len(indices) == min(amount, len(allowed))
    if order is Order.FIRST_OF_EACH:
        assert [labels[i] for i in indices] == sorted({labels[i] for i in allowed} - {-1})
