"""Generated handwriting: the same for a seed, framed as MNIST, and read by other people's model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from mnist_desktop.datasets.digit_shapes import MANNERS
from mnist_desktop.datasets.sample_digits import sample_dataset, sample_strokes


def test_a_seed_gives_the_same_digits_and_another_seed_others() -> None:
    first, again, other = (sample_dataset(100, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.images, again.images)
    assert first.labels is not None
    assert again.labels is not None
    assert np.array_equal(first.labels, again.labels)
    assert not np.array_equal(first.images, other.images)


def test_every_digit_has_its_share_and_no_two_are_alike() -> None:
    dataset = sample_dataset()
    assert dataset.images.shape == (2000, 28, 28)
    assert dataset.class_names == tuple("0123456789")
    assert dataset.class_counts().tolist() == [200] * 10
    assert len(np.unique(dataset.images, axis=0)) == 2000


@pytest.mark.parametrize("count", [0, 1, 7])
def test_any_count_will_do(count: int) -> None:
    assert len(sample_dataset(count, seed=3)) == count


def test_digits_stand_in_their_frame_as_those_of_mnist() -> None:
    images = sample_dataset(500, seed=4).images.astype(np.float64)
    assert (images.max(axis=(1, 2)) == 255).all()
    for image in images:
        rows, columns = (np.flatnonzero(image.any(axis=axis)) for axis in (1, 0))
        sides = np.ptp(rows) + 1, np.ptp(columns) + 1
        assert 19 <= max(sides) <= 20
    centres = np.arange(28) + 0.5
    mass = images.sum(axis=(1, 2))
    middle = np.stack([images.sum(axis=axis) @ centres / mass for axis in (1, 2)])
    inner = (middle > 13.9) & (middle <= 15.1)  # pixel centres at +0.5; the box may hit the frame
    assert inner.mean() > 0.97


@pytest.mark.parametrize("digit", range(10))
def test_strokes_fill_the_unit_square(digit: int) -> None:
    strokes = sample_strokes(digit, seed=5)
    assert len(strokes) in {len(manner.strokes) for manner in MANNERS[digit]}
    points = np.concatenate(strokes)
    assert points.dtype == np.float32
    assert points.shape[1] == 2
    assert points.min() == pytest.approx(0.0, abs=1e-6)
    assert points.max() == pytest.approx(1.0, abs=1e-6)
    assert np.abs(np.diff(strokes[0], axis=0)).max() < 0.2
    again = np.concatenate(sample_strokes(digit, seed=5))
    assert np.array_equal(points, again)
    assert not np.array_equal(sample_strokes(digit, seed=6)[0], strokes[0])


def test_other_peoples_model_reads_them(shared_data: Path) -> None:
    model = (shared_data / "models" / "zoo-mnist-8.onnx").read_bytes()
    session = onnxruntime.InferenceSession(model)
    dataset = sample_dataset()
    assert dataset.labels is not None
    read = [
        session.run(None, {"Input3": image[None, None].astype(np.float32)})[0].argmax()
        for image in dataset.images
    ]
    right = np.array(read) == dataset.labels
    assert right.mean() > 0.97
    assert all(right[dataset.labels == digit].mean() > 0.93 for digit in range(10))
