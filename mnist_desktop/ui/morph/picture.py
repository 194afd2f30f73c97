"""One picture on paper, its pixels all alike; also as a button."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.paper import crisp_area, on_paper

EDGE = 2
"""Pixels around a picture for its frame."""


class Picture(QWidget):
    """Show a picture, (h, w) uint8 with ink high, or blank paper for None."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._image: NDArray[np.uint8] | None = None
        theme.notifier().changed.connect(self.update)

    @property
    def image(self) -> NDArray[np.uint8] | None:
        """Return what is shown."""
        return self._image

    def set_image(self, image: NDArray[np.uint8] | None) -> None:
        """Show another picture."""
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size in which a picture of 28 pixels is clear."""
        return QSize(112 + 2 * EDGE, 112 + 2 * EDGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint paper, ink and frame."""
        frame, thick = self.frame()
        with QPainter(self) as painter:
            paint_picture(painter, QRectF(self.rect()), self._image, frame=frame, thick=thick)

    def frame(self) -> tuple[str, int]:
        """Return the theme's colour of the frame, and its width."""
        return "line", 1


class PictureButton(Picture):
    """A picture to click, also by Space and Enter.

    `clicked` tells that, `digit_pressed` that a figure key was pressed.
    """

    clicked = Signal()
    digit_pressed = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def frame(self) -> tuple[str, int]:
        """Return a frame that shows where pointer and keyboard are."""
        if self.hasFocus():
            return "accent", 2
        return ("bar", 1) if self.underMouse() else ("line", 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell a click that began and ended here."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.clicked.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the press, so that the release comes here too."""
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell a figure key, or a click by key."""
        key = event.key()
        if Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
            self.digit_pressed.emit(key - Qt.Key.Key_0)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


def paint_picture(
    painter: QPainter,
    room: QRectF,
    image: NDArray[np.uint8] | None,
    *,
    frame: str,
    thick: int,
    colours: theme.Theme | None = None,
) -> QRectF:
    """Paint a picture with its frame in the middle of `room`.

    Parameters
    ----------
    image
        (h, w) uint8, ink high, or None for blank paper.
    frame
        The colour of the theme for the frame.
    thick
        Pixels of the frame's line, up to `EDGE`.
    colours
        Another theme than the present one.

    Returns
    -------
    QRectF
        Where the picture stands, without the frame.
    """
    colours = colours or theme.current()
    inner = room.adjusted(EDGE, EDGE, -EDGE, -EDGE)
    area = inner
    if image is None:
        painter.fillRect(area, colours.paper)
    else:
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        area = crisp_area(inner, shape=(image.shape[0], image.shape[1]), ratio=ratio)
        painter.drawImage(area, on_paper(image, colours))
    half = thick / 2
    painter.setPen(QPen(getattr(colours, frame), thick, j=Qt.PenJoinStyle.MiterJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area.adjusted(-half, -half, half, half))
    return area
