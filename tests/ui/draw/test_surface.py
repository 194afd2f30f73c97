"""The pad's ink is what a round pen leaves, however the hand shakes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QTransform
from PySide6.QtWidgets import QApplication

from mnist_desktop.inference.pen import Stroke, draw
from mnist_desktop.ui.draw.surface import RASTER, Surface, stroke_path

FINE = 16  # how much the curve is enlarged before it is taken for straight pieces


def wrong_pixels(points: np.ndarray, width: float) -> int:
    """Return how many pixels of a stroke are inked that should not be, or the other way round."""
    path = stroke_path(points)
    surface = Surface(RASTER, QColor("black"))
    surface.draw_path(path, width=width, erase=False)
    pieces = [
        np.array([(place.x() / FINE, place.y() / FINE) for place in piece], np.float32)
        for piece in path.toSubpathPolygons(QTransform.fromScale(FINE, FINE))
    ]
    expected = draw([Stroke(piece, width) for piece in pieces], (RASTER, RASTER))
    return int((np.abs(surface.coverage().astype(int) - expected) > 128).sum())


@pytest.mark.parametrize("shake", [0.4, 1.0, 3.0, 15.0])
def test_a_shaking_hand_leaves_the_ink_of_a_round_pen(app: QApplication, shake: float) -> None:
    random = np.random.default_rng(round(10 * shake))
    for _ in range(60):
        steps = random.normal(0.0, shake, (int(random.integers(2, 12)), 2)).round()
        start = random.uniform(150, 400, 2)
        stroke = np.concatenate([[start], start + np.cumsum(steps, axis=0)])
        on = stroke[-1] + np.array([(40, 60), (100, -30)])
        stroke = np.concatenate([stroke, on])
        # Twenty is what two ways to paint the edge of a curve differ by; gaps had hundreds.
        assert wrong_pixels(stroke.astype(np.float32), 40.0) <= 30


def test_a_pen_that_turns_back_at_once_keeps_its_round_end(app: QApplication) -> None:
    stroke = np.array([(300, 100), (301, 101), (300, 100), (300, 102), (290, 400)], np.float32)
    assert wrong_pixels(stroke, 40.0) <= 30
