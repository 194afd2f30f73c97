"""Size, place, pen, slant, speed, a dot, the edge and pressure do not change a clear answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QPointingDeviceUniqueId, QTabletEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnist_desktop.ui.draw.page import DrawPage
from mnist_desktop.ui.draw.surface import RASTER
from tests.ui.helpers import a_digit, answer_to, draw_by_mouse

Strokes = list[np.ndarray]

EDGE = np.array([0.0, 0.04])
"""How far a digit at the edge of the pad is moved over it."""
OF_280 = RASTER / 280
"""Pen widths are told for a pad of 280 pixels."""


def laid_out(
    digit: int,
    *,
    size: float = 0.6,
    place: tuple[float, float] = (0.5, 0.5),
    slant: float = 0.0,
    seed: int = 2,
) -> Strokes:
    """Return a generated digit in a size, in a place of the room there is (0 to 1), leaning."""
    lean = np.tan(np.radians(slant))
    strokes = [
        np.stack([p[:, 0] - lean * p[:, 1], p[:, 1]], axis=1) for p in a_digit(digit, seed=seed)
    ]
    points = np.concatenate(strokes)
    corner, far = points.min(axis=0), points.max(axis=0)
    scale = size / (far - corner).max()
    room = 1 - scale * (far - corner)
    return [(stroke - corner) * scale + room * place for stroke in strokes]


def by_length(stroke: np.ndarray, apart: float) -> np.ndarray:
    """Return a stroke with its points `apart` along its way."""
    steps = np.hypot(*np.diff(stroke, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    count = max(2, round(along[-1] / apart) + 1)
    wanted = np.linspace(0, along[-1], count)
    return np.stack([np.interp(wanted, along, stroke[:, k]) for k in (0, 1)], axis=1)


def with_dot(strokes: Strokes) -> Strokes:
    """Return a digit with a dot where the pen touched the paper by accident, near its middle."""
    points = np.concatenate(strokes)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    nearest = points[np.hypot(*(points - middle).T).argmin()]
    return [*strokes, (0.7 * nearest + 0.3 * middle)[None]]


def over_the_edge(digit: int) -> Strokes:
    """Return a digit of which a little lies beside the pad."""
    return [stroke + EDGE for stroke in laid_out(digit, size=0.7, place=(0.5, 1.0))]


VARIATIONS: dict[str, tuple[float, Callable[[int], Strokes]]] = {
    "small": (12, lambda digit: laid_out(digit, size=0.35)),
    "small, thick pen": (20, lambda digit: laid_out(digit, size=0.4)),
    "large": (20, lambda digit: laid_out(digit, size=0.8)),
    "large, thin pen": (12, lambda digit: laid_out(digit, size=0.8)),
    "thick pen": (28, laid_out),
    "in a corner": (20, lambda digit: laid_out(digit, size=0.4, place=(0.05, 0.95))),
    "in another corner": (20, lambda digit: laid_out(digit, size=0.5, place=(0.95, 0.05))),
    "leaning to the right": (20, lambda digit: laid_out(digit, slant=20)),
    "leaning to the left": (20, lambda digit: laid_out(digit, slant=-20)),
    "quickly": (20, lambda digit: [by_length(s, 0.09) for s in laid_out(digit)]),
    "slowly": (20, lambda digit: [by_length(s, 0.006) for s in laid_out(digit)]),
    "with a dot": (16, lambda digit: with_dot(laid_out(digit))),
    "over the edge": (16, over_the_edge),
}


def answers_to(
    page: DrawPage,
    qtbot: QtBot,
    drawings: Sequence[Strokes],
    draw: Callable[[QWidget, Strokes], None] = draw_by_mouse,
) -> list[str]:
    """Draw each on a cleared pad and return the answers; empty where the model is not sure."""
    found = []
    for strokes in drawings:
        page.pad.clear()
        draw(page.pad, strokes)
        found.append(answer_to(page, qtbot))
    return found


@pytest.mark.parametrize("variation", VARIATIONS)
def test_a_clear_answer_stays(draw_page: DrawPage, qtbot: QtBot, variation: str) -> None:
    pen, made = VARIATIONS[variation]
    draw_page.set_brush(round(pen * OF_280))
    found = answers_to(draw_page, qtbot, [made(digit) for digit in range(10)])
    wrong = [(digit, label) for digit, label in enumerate(found) if label != str(digit)]
    assert len(wrong) <= 1, wrong


def draw_with_pen(widget: QWidget, strokes: Strokes) -> None:
    """Draw by the events of a pen that is pressed now less, now more."""
    device = QPointingDevice(
        "pen",
        7,
        QInputDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
        1,
        1,
        "",
        QPointingDeviceUniqueId.fromNumericId(7),
    )
    kinds = QTabletEvent.Type
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for stroke in strokes:
        for index, (x, y) in enumerate(stroke):
            here = QPointF(float(x) * widget.width(), float(y) * widget.height())
            last = index == len(stroke) - 1
            kind = kinds.TabletPress if index == 0 else kinds.TabletMove
            for this in [kind, kinds.TabletRelease] if last else [kind]:
                pressure = 0.0 if this is kinds.TabletRelease else 0.15 + 0.8 * (index % 5) / 4
                button = none if this is kinds.TabletMove else left
                held = none if this is kinds.TabletRelease else left
                event = QTabletEvent(
                    this, device, here, QPointF(widget.mapToGlobal(here)), pressure,
                    0.0, 0.0, 0.0, 0.0, 0.0, Qt.KeyboardModifier.NoModifier, button, held,
                )  # fmt: skip
                QApplication.sendEvent(widget, event)


def test_the_pressure_of_a_pen_does_not_matter(draw_page: DrawPage, qtbot: QtBot) -> None:
    drawings = [laid_out(digit) for digit in range(10)]
    by_mouse = answers_to(draw_page, qtbot, drawings)
    assert answers_to(draw_page, qtbot, drawings, draw_with_pen) == by_mouse
