"""The maps of a layer are laid out as large as there is room for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.inference.activations import Layer
from mnist_desktop.ui.draw.layer_canvas import GAP, cells


def a_layer(maps: int, width: int, height: int) -> Layer:
    return Layer("x", "Convolution", maps, height, width)


@given(
    maps=st.integers(1, 3_000),
    size=st.sampled_from([(1, 1), (14, 14), (4, 4), (28, 28), (100, 20), (7, 90)]),
    width=st.integers(60, 900),
    height=st.integers(60, 600),
    ratio=st.sampled_from([1.0, 1.5, 2.0]),
)
def test_cells_stay_inside_and_touch_nowhere(
    maps: int, size: tuple[int, int], width: int, height: int, ratio: float
) -> None:
    layer = a_layer(maps, *size)
    laid = cells(width, height, layer=layer, ratio=ratio)

    assert 1 <= laid.shown <= maps
    last_of_line = laid.area(min(laid.columns, laid.shown) - 1)
    assert last_of_line.right() <= width + 1 or laid.columns == 1
    if laid.shown == maps:
        assert laid.area(maps - 1).bottom() <= height + 1
        assert last_of_line.right() <= width + 1
    if laid.shown > 1 and laid.columns > 1:
        assert laid.area(1).left() - laid.area(0).right() == pytest.approx(GAP)


def test_many_maps_fill_the_room_in_both_directions() -> None:
    laid = cells(172, 210, layer=a_layer(64, 14, 14), ratio=1.0)

    assert laid.shown == 64
    assert 6 <= laid.columns <= 9
    assert laid.width >= 17


def test_of_a_great_many_as_many_are_shown_as_fit() -> None:
    laid = cells(172, 210, layer=a_layer(4_000_000, 14, 14), ratio=1.0)

    assert 100 < laid.shown < 400
