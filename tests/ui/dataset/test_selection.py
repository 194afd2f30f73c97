"""Clicks, shift and ctrl change what is selected, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from mnist_desktop.ui.dataset.selection import Selection


def chosen(selection: Selection) -> list[int]:
    return selection.positions().tolist()


def test_click_then_shift_then_ctrl() -> None:
    selection = Selection.empty(10).only(3)
    assert (chosen(selection), selection.current, selection.anchor) == ([3], 3, 3)
    selection = selection.extended(6)
    assert (chosen(selection), selection.current, selection.anchor) == ([3, 4, 5, 6], 6, 3)
    selection = selection.extended(1)
    assert chosen(selection) == [1, 2, 3]
    selection = selection.toggled(2).toggled(9)
    assert (chosen(selection), selection.size, selection.anchor) == ([1, 3, 9], 3, 9)


def test_shift_without_anchor_selects_one() -> None:
    assert chosen(Selection.empty(5).extended(4)) == [4]


def test_rectangles_add_to_what_was_selected() -> None:
    selection = Selection.empty(20).only(0).covering([range(5, 7), range(15, 17)], current=16)
    assert (chosen(selection), selection.current) == ([0, 5, 6, 15, 16], 16)
    assert selection.covering([range(3, 4)], current=None).current == 16


def test_everything_and_nothing_keep_the_current_position() -> None:
    selection = Selection.empty(4).only(2)
    assert (chosen(selection.everything()), selection.everything().current) == ([0, 1, 2, 3], 2)
    assert (selection.nothing().size, selection.nothing().current) == (0, 2)


def test_an_old_selection_cannot_be_changed() -> None:
    selection = Selection.empty(3).only(1)
    with pytest.raises(ValueError, match="read-only"):
        selection.mask[0] = True
    selection.toggled(0)
    assert np.array_equal(selection.mask, [False, True, False])
