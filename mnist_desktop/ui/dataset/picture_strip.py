"""A row of small pictures: how the first of an import will look."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.paper import crisp_area, on_paper

SIDE = 56


class PictureStrip(QWidget):
    """Show as many pictures as there is room for, each in a square."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: tuple[NDArray[np.uint8], ...] = ()
        self.setAccessibleName("Preview")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.notifier().changed.connect(self.update)

    @property
    def pictures(self) -> tuple[NDArray[np.uint8], ...]:
        """Return the pictures shown, each (h, w) uint8."""
        return self._pictures

    def set_pictures(self, pictures: Sequence[NDArray[np.uint8]]) -> None:
        """Show these pictures, each (h, w) uint8 with ink high."""
        self._pictures = tuple(pictures)
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for one row."""
        return QSize(7 * (SIDE + theme.INSIDE), SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pictures on paper."""
        colours, ratio = theme.current(), self.devicePixelRatioF()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            for place, picture in enumerate(self._pictures):
                left = place * (SIDE + theme.INSIDE)
                if left + SIDE > self.width():
                    break
                room = QRectF(left, 0, SIDE, SIDE)
                painter.fillRect(room, colours.paper)
                area = crisp_area(room, shape=picture.shape, ratio=ratio)  # type: ignore[arg-type]
                # A large one is shrunk smoothly, as its pixels are smaller than the screen's.
                shrinks = max(picture.shape) > SIDE * ratio
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrinks)
                painter.drawImage(area, on_paper(picture, colours))
                painter.setPen(colours.line)
                painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -0.5))
