"""What tests of the window do with it, as a person would."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.sample_digits import sample_strokes
from mnist_desktop.ui.draw.page import DrawPage


def draw_by_mouse(widget: QWidget, strokes: Sequence[np.ndarray]) -> None:
    """Draw strokes, with places from 0 to 1, by mouse events on `widget`."""
    left = Qt.MouseButton.LeftButton
    for stroke in strokes:
        places = [
            QPointF(float(x) * widget.width(), float(y) * widget.height()).toPoint()
            for x, y in stroke
        ]
        QTest.mousePress(widget, left, pos=places[0])
        for place in places[1:]:
            QTest.mouseMove(widget, place)
        QTest.mouseRelease(widget, left, pos=places[-1])


def answer_to(page: DrawPage, qtbot: QtBot) -> str:
    """Return the label that the panel settles on for what is on the pad now."""
    qtbot.waitUntil(lambda: page.panel.property("request") == page.newest_request, timeout=10_000)
    return str(page.panel.property("label"))


def a_digit(digit: int, *, seed: int = 1) -> list[np.ndarray]:
    """Return the strokes of a generated digit, with places from 0 to 1."""
    return sample_strokes(digit, seed=seed)
