"""The pair to begin with, and any other."""

from __future__ import annotations

import numpy as np
import pytest

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.ui.morph.pairs import first_pair, random_pair, typical


def dataset(labels: list[int] | None, names: str = "0123456789") -> Dataset:
    count = 5 if labels is None else len(labels)
    images = np.zeros((count, 4, 4), np.uint8)
    made = None if labels is None else np.array(labels, np.int64)
    return Dataset("made", images, made, tuple(names))


@pytest.mark.parametrize(
    ("labels", "names", "pair"),
    [
        ([9, 1, 4, 4, 9], "0123456789", (2, 0)),
        ([2, 2, 0, 1], "abc", (2, 3)),
        ([4, 4, 4], "0123456789", (0, 1)),
        (None, "0123456789", (0, 1)),
    ],
    ids=["4 and 9", "first two classes", "one class", "no labels"],
)
def test_first_pair(labels: list[int] | None, names: str, pair: tuple[int, int]) -> None:
    assert first_pair(dataset(labels, names)) == pair


def test_typical_sample_is_nearest_to_the_mean_of_its_class() -> None:
    made = dataset([1, 0, 0, 0, 0, 1])
    images = made.images.copy()
    images[1:5, 0, 0] = (0, 90, 120, 200)
    images[0] = 255
    made = Dataset("made", images, made.labels, made.class_names)

    assert typical(made, 0) == 2


@pytest.mark.parametrize("labels", [[0, 0, 1, 1, 2], [3, 3, 3], None])
def test_random_pair_differs_and_so_do_its_classes(labels: list[int] | None) -> None:
    random, made = np.random.default_rng(7), dataset(labels)
    pairs = {random_pair(made, random) for _ in range(200)}

    assert len(pairs) > 4
    for first, second in pairs:
        assert first != second
        if labels is not None and len(set(labels)) > 1:
            assert labels[first] != labels[second]
