"""Resampling by area neither makes nor loses ink."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.inference.resampling import area_weights, resample


@given(st.integers(1, 200), st.integers(1, 60))
def test_every_row_is_an_average(source: int, target: int) -> None:
    weights = area_weights(source, target)
    assert weights.shape == (target, source)
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, rtol=1e-5)
    np.testing.assert_allclose(weights.sum(axis=0), target / source, rtol=1e-4)


def test_whole_factors_are_block_means_and_repetitions() -> None:
    picture = np.arange(16, dtype=np.uint8).reshape(4, 4)
    assert resample(picture, 2, 2).tolist() == [[2.5, 4.5], [10.5, 12.5]]
    assert resample(picture, 8, 8).tolist() == picture.repeat(2, 0).repeat(2, 1).tolist()


def test_a_split_pixel_is_shared_by_area() -> None:
    assert resample(np.array([[3.0, 6.0, 9.0]]), 1, 2).tolist() == [[4.0, 8.0]]
