"""The pointer on the pad: a ring as wide as the pen."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QCursor, QPainter, QPen, QPixmap

from mnist_desktop.ui import theme

SMALLEST, LARGEST = 6, 96
"""Sizes a ring is drawn in, in pixels; some systems refuse larger pointers."""


def ring_cursor(size: float, *, strong: bool, ratio: float) -> QCursor:
    """Return a ring, or a cross where the pen is too small or too large for one.

    Parameters
    ----------
    size
        The pen's width in pixels of the window.
    strong
        Whether the ring has the accent colour, for the eraser.
    ratio
        Pixels of the screen for each of the window's.
    """
    if not SMALLEST <= size <= LARGEST:
        return QCursor(Qt.CursorShape.CrossCursor)
    middle = LARGEST // 2 + 2
    ring = QPixmap(QSize(2 * middle, 2 * middle) * ratio)
    ring.setDevicePixelRatio(ratio)
    ring.fill(Qt.GlobalColor.transparent)
    colours = theme.current()
    with QPainter(ring) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.accent if strong else colours.bar, 1.5))
        painter.drawEllipse(QPointF(middle, middle), size / 2, size / 2)
    return QCursor(ring, middle, middle)
