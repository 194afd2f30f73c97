"""What tests of the window do with it, as a person would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.sample_digits import sample_strokes
from mnist_desktop.ui.draw.page import DrawPage

Shown = TypeVar("Shown", bound=QWidget)


def on_screen(widget: Shown, *, width: int, height: int) -> Iterator[Shown]:
    """Show a page for as long as a fixture lasts; what it began is ended afterwards."""
    widget.resize(width, height)
    widget.show()
    yield widget
    close_down = getattr(widget, "close_down", None)
    if close_down is not None:
        close_down()
    destroy(widget)


def destroy(widget: QWidget) -> None:
    """Take a widget away at once, so that no later test pays for it."""
    widget.close()
    widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


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


def drop(window: QWidget, *paths: Path) -> None:
    """Drop files on the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enters = QDragEnterEvent(QPoint(300, 300), copy, data, left, none)
    QApplication.sendEvent(window, enters)
    assert enters.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), copy, data, left, none))
