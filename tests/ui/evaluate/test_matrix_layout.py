"""Where the cells of a confusion matrix lie."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.ui.evaluate.matrix_layout import fit_matrix, strengths

sizes = st.integers(150, 1500)


@given(width=sizes, height=sizes, classes=st.integers(1, 70), data=st.data())
def test_every_point_of_a_cell_is_found_to_be_in_it(
    width: int, height: int, classes: int, data: st.DataObject
) -> None:
    layout = fit_matrix(width=width, height=height, classes=classes, left_margin=30, top_margin=40)
    row, column = (data.draw(st.integers(0, classes - 1)) for _ in range(2))
    left, top, wide, high = layout.rect(row, column)
    assert wide >= 1
    assert high >= 1
    for x in (left, left + wide - 0.01):
        for y in (top, top + high - 0.01):
            assert layout.cell_at(x=x, y=y) == (row, column)


@given(width=sizes, height=sizes, classes=st.integers(1, 70))
def test_matrix_stays_inside_and_outside_it_is_no_cell(
    width: int, height: int, classes: int
) -> None:
    layout = fit_matrix(width=width, height=height, classes=classes, left_margin=30, top_margin=40)
    assert layout.left + layout.side <= max(width, 30 + classes)
    assert layout.top + layout.side <= max(height, 40 + classes)
    assert layout.cell_at(x=29.9, y=60) is None
    assert layout.cell_at(x=60, y=layout.top + layout.side) is None


@pytest.mark.parametrize(
    ("lanes", "steps"), [(1, {10: 1, 26: 1, 47: 2, 62: 2}), (2, {10: 1, 26: 1, 47: 1, 62: 1})]
)
def test_names_are_thinned_out_only_where_they_have_no_room(
    lanes: int, steps: dict[int, int]
) -> None:
    for classes, step in steps.items():
        layout = fit_matrix(width=440, height=440, classes=classes, left_margin=30, top_margin=40)
        assert layout.label_step(lanes) == step


def test_strengths_tell_counts_apart_from_nothing() -> None:
    confusion = np.array([[90, 10, 0], [0, 0, 0], [1, 0, 50]])
    strength = strengths(confusion)
    assert ((strength == 0) == (confusion == 0)).all()
    assert strength[0, 1] == 1.0
    assert 0.14 < strength[2, 0] < strength[0, 1]
    assert strength[2, 2] > strength[0, 0] > 0.8
