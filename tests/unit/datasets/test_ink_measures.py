"""Ink is counted, framed and weighed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnist_desktop.datasets.ink_measures import InkBox, bar_values, measure_ink


def test_a_picture_made_by_hand() -> None:
    picture = np.zeros((6, 9), np.uint8)
    picture[2, 3] = 255
    picture[4, 7] = 85
    measures = measure_ink(picture)
    assert measures.box == InkBox(left=3, top=2, right=7, bottom=4)
    assert (measures.box.width, measures.box.height) == (5, 3)
    # Three quarters of the ink at one place, a quarter at the other.
    assert measures.centre == pytest.approx((4.0, 2.5))
    assert (measures.paper, measures.pixels) == (52, 54)
    assert measures.mean == pytest.approx(340 / 54)
    assert np.flatnonzero(measures.bars).tolist() == [5, 16]
    assert bar_values(5) == (76, 90)
    assert bar_values(16) == (241, 255)


def test_blank_paper_has_no_place() -> None:
    measures = measure_ink(np.zeros((3, 4), np.uint8))
    assert (measures.box, measures.centre) == (None, None)
    assert measures.bars.sum() == 0
    assert measures.mean == 0


@given(picture=arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12))))
def test_measures_agree_with_the_pixels(picture: np.ndarray) -> None:
    measures = measure_ink(picture)
    assert measures.paper + measures.bars.sum() == picture.size
    for place, count in enumerate(measures.bars):
        low, high = bar_values(place)
        assert count == ((picture >= low) & (picture <= high)).sum()
    assert measures.mean == pytest.approx(picture.mean())
    if measures.box is not None and measures.centre is not None:
        box, (x, y) = measures.box, measures.centre
        inside = picture[box.top : box.bottom + 1, box.left : box.right + 1]
        assert inside.sum() == picture.sum()
        assert all(edge.any() for edge in (inside[0], inside[-1], inside[:, 0], inside[:, -1]))
        assert box.left - 1e-9 <= x <= box.right + 1e-9
        assert box.top - 1e-9 <= y <= box.bottom + 1e-9
        turned = measure_ink(picture.T).centre
        assert turned == pytest.approx((y, x))
