"""Statistics are exact, whatever the shape, and need no more memory for a larger file."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from mnist_desktop.datasets import statistics
from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.statistics import statistics_job
from mnist_desktop.progress import Progress, finish

shapes = hnp.array_shapes(min_dims=3, max_dims=3, min_side=0, max_side=40)


def dataset(images: NDArray[np.uint8], labels: NDArray[np.int64] | None, classes: int) -> Dataset:
    """Return these images with so many classes."""
    return Dataset("made", images, labels, tuple(map(str, range(classes))))


@given(images=shapes.flatmap(lambda shape: hnp.arrays(np.uint8, shape)), data=st.data())
def test_figures_are_those_of_numpy(images: NDArray[np.uint8], data: st.DataObject) -> None:
    classes = data.draw(st.integers(1, 5))
    labels = data.draw(
        st.none() | hnp.arrays(np.int64, len(images), elements=st.integers(0, classes - 1))
    )
    turned = data.draw(st.booleans())
    shown = dataset(images, labels, classes)
    shown = shown.turned() if turned else shown

    told = finish(statistics_job(shown))

    exact = shown.images.astype(np.float64)
    if exact.size:
        assert told.mean == pytest.approx(exact.mean(), abs=1e-9)
        assert told.deviation == pytest.approx(exact.std(), abs=1e-6)
        assert (told.least, told.most) == (exact.min(), exact.max())
        np.testing.assert_allclose(told.mean_image, exact.mean(axis=0), atol=1e-4)
    else:
        assert (told.mean, told.deviation, told.least, told.most) == (0.0, 0.0, 0, 0)
        assert not told.mean_image.any()
    assert told.counts.tolist() == shown.class_counts().tolist()
    if labels is None:
        assert told.class_means is None
        return
    assert told.class_means is not None
    for place in np.unique(labels):
        mean = exact[labels == place].mean(axis=0)
        np.testing.assert_allclose(told.class_means[place], mean, atol=1e-4)


def test_many_pieces_sum_up_like_one(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(1)
    images = generator.integers(0, 256, (501, 7, 9), dtype=np.uint8)
    made = dataset(images, generator.integers(0, 4, 501), 4)
    whole = finish(statistics_job(made))
    monkeypatch.setattr(statistics, "_PIECE", 1000)
    seen: list[Progress] = []
    pieces = finish(statistics_job(made), seen.append)
    assert len(seen) > 10
    assert (seen[-1].done, seen[-1].total) == (501, 501)
    assert pieces.mean == whole.mean
    assert pieces.deviation == whole.deviation
    np.testing.assert_array_equal(pieces.class_means, whole.class_means)  # type: ignore[arg-type]


def test_full_ink_is_summed_without_rounding() -> None:
    images = np.full((70_000, 4, 4), 255, np.uint8)
    told = finish(statistics_job(dataset(images, np.zeros(70_000, np.int64), 1)))
    assert (told.mean, told.deviation) == (255.0, 0.0)
    assert told.class_means is not None
    assert (told.class_means == 255.0).all()


def test_too_many_classes_have_no_mean_images(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "_MOST_CELLS", 20)
    images = np.arange(48, dtype=np.uint8).reshape(12, 2, 2)
    told = finish(statistics_job(dataset(images, np.arange(12), 12)))
    assert told.class_means is None
    np.testing.assert_allclose(told.mean_image, images.mean(axis=0))
    assert told.counts.tolist() == [1] * 12


def test_memory_does_not_grow_with_the_file() -> None:
    few, many = (_peak(count) for count in (20_000, 400_000))
    assert many < few + (1 << 20)


def _peak(count: int) -> int:
    """Return the bytes that summing up so many images takes at most."""
    one = np.arange(784, dtype=np.uint8).reshape(1, 28, 28)
    made = Dataset("made", np.broadcast_to(one, (count, 28, 28)), None, ())
    tracemalloc.start()
    try:
        finish(statistics_job(made))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_published_figures_of_mnist(shared_data: Path) -> None:
    mnist = open_dataset(shared_data / "mnist" / "train-images-idx3-ubyte.gz")
    told = finish(statistics_job(mnist))
    assert (round(told.mean / 255, 4), round(told.deviation / 255, 4)) == (0.1307, 0.3081)
    assert told.counts.tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
