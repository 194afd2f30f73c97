"""The brightness of pictures is the mean of their pixels, whatever lies how in memory."""

from __future__ import annotations

import numpy as np
import pytest

from mnist_desktop.datasets import brightness
from mnist_desktop.datasets.brightness import mean_brightness
from mnist_desktop.progress import Progress, finish


@pytest.mark.parametrize("shape", [(0, 28, 28), (1, 1, 1), (3, 0, 5), (700, 28, 28), (5, 31, 1)])
def test_brightness_is_the_mean(
    shape: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brightness, "PIECE_BYTES", 10_000)
    images = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    for array in (images, images.swapaxes(1, 2), images[::-1]):
        expected = (
            array.reshape(len(array), -1).mean(axis=1) if array.size else np.zeros(len(array))
        )
        found = finish(mean_brightness(array))
        assert found.dtype == np.float64
        assert np.allclose(found, expected)


def test_nothing_overflows() -> None:
    assert finish(mean_brightness(np.full((2, 4200, 4200), 255, np.uint8))).tolist() == [255, 255]


def test_progress_rises_to_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brightness, "PIECE_BYTES", 1 << 20)
    seen: list[Progress] = []
    finish(mean_brightness(np.zeros((9_000, 28, 28), np.uint8)), seen.append)
    done = [progress.done for progress in seen]
    assert done == sorted(done)
    assert len(done) > 3
    assert seen[-1].fraction == 1
