"""A declared shape tells which pictures a model may take."""

from __future__ import annotations

import pytest

from mnist_desktop.inference.contract import ModelError
from mnist_desktop.inference.interface import shapes_of


def test_an_open_shape_is_tried_in_every_layout() -> None:
    assert list(shapes_of("x", ["N", "C", "H", "W"])) == [
        ("NCHW", 28, 28),
        ("NCHW", 32, 32),
        ("NHWC", 28, 28),
        ("NHWC", 32, 32),
    ]
    assert {layout for layout, _, _ in shapes_of("x", [])} == {"NCHW", "NHWC", "NHW", "NF"}
    assert list(shapes_of("x", [1, 1, 32, None])) == [("NCHW", 32, 32)]
    assert list(shapes_of("x", ["N", 28, 20])) == [("NHW", 28, 20)]
    assert list(shapes_of("x", [None, 1024])) == [("NF", 32, 32)]


@pytest.mark.parametrize(
    "shape",
    [["N", 1, 4, 4], ["N", 2, 28, 28], ["N", 1, 1, 784], ["N", 28, 28, 28], ["N", 2_000, 2_000]],
)
def test_a_shape_that_is_no_pictures_is_refused(shape: list[object]) -> None:
    with pytest.raises(ModelError, match="has the shape"):
        list(shapes_of("x", shape))
