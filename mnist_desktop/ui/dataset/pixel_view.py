"""One image, as large as there is room, whose pixels can be read one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_desktop.datasets.ink_measures import InkMeasures
from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.colour_maps import ColourMap, colour_table
from mnist_desktop.ui.dataset.geometry import Box, Cell
from mnist_desktop.ui.dataset.ink_marks import paint_marks
from mnist_desktop.ui.dataset.tiles import Composer

MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
MARGIN = 4
"""Pixels of paper around the image."""
SMALLEST = 120
"""Least width and height at which pixels can be pointed at."""


class PixelView(QWidget):
    """Shows an image with square pixels; pointer and arrow keys go from pixel to pixel.

    `pixel_changed` tells the column and line pointed at as a tuple, or None;
    `shape_changed` that the image now has other proportions.
    """

    pixel_changed = Signal(object)
    shape_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pixel_view")
        self.setAccessibleName("Image")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._image: NDArray[np.uint8] | None = None
        self._pixel: tuple[int, int] | None = None
        self._marks: InkMeasures | None = None
        self._composer = Composer()
        self._colour_map = ColourMap.PAPER
        theme.notifier().changed.connect(self.update)

    def set_image(self, image: NDArray[np.uint8] | None) -> None:
        """Show an (h, w) uint8 image, ink high, or nothing; the pixel pointed at stays."""
        changed = image is None or self._image is None or image.shape != self._image.shape
        self._image = image
        if changed:
            self._point_at(None)
            self.shape_changed.emit()
        self.update()

    def set_marks(self, measures: InkMeasures | None) -> None:
        """Draw ink box and centre of mass over the image, or nothing."""
        self._marks = measures
        self.update()

    def set_colour_map(self, colour_map: ColourMap) -> None:
        """Show the image in these colours."""
        self._colour_map = colour_map
        self.update()

    @property
    def pixel(self) -> tuple[int, int] | None:
        """Return column and line of the pixel pointed at."""
        return self._pixel

    def fit(self, *, width: int, height: int) -> None:
        """Be as large as the image can be in this room, in logical pixels."""
        rows, columns = (1, 1) if self._image is None else self._image.shape
        scale = min((width - 2 * MARGIN) / columns, (height - 2 * MARGIN) / rows)
        self.setFixedSize(
            max(SMALLEST, round(columns * scale) + 2 * MARGIN),
            max(SMALLEST, round(rows * scale) + 2 * MARGIN),
        )

    def image_area(self) -> QRectF:
        """Return where the image stands, in logical pixels: whole device pixels, centred."""
        if self._image is None:
            return QRectF()
        ratio = self.devicePixelRatioF()
        rows, columns = self._image.shape
        room = (self.width() - 2 * MARGIN) * ratio, (self.height() - 2 * MARGIN) * ratio
        scale = min(room[0] / columns, room[1] / rows)
        # Whole multiples keep all pixels alike, as long as that costs little size.
        scale = float(int(scale)) if scale >= 4 else scale
        width, height = max(1, round(columns * scale)), max(1, round(rows * scale))
        left = (round(self.width() * ratio) - width) // 2
        top = (round(self.height() * ratio) - height) // 2
        return QRectF(left / ratio, top / ratio, width / ratio, height / ratio)

    def pixel_at(self, point: QPointF) -> tuple[int, int] | None:
        """Return column and line of the pixel under a point of the widget, or None."""
        area = self.image_area()
        if self._image is None or not area.contains(point):
            return None
        rows, columns = self._image.shape
        column = int((point.x() - area.left()) * columns / area.width())
        row = int((point.y() - area.top()) * rows / area.height())
        return min(column, columns - 1), min(row, rows - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint paper, image, and a frame around the pixel pointed at."""
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colours.accent if self.hasFocus() else colours.line, 1))
            painter.setBrush(colours.paper)
            frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(frame, theme.CORNER, theme.CORNER)
            if self._image is None:
                return
            area = self.image_area()
            painter.drawImage(area.topLeft(), self._enlarged(area))
            if self._marks is not None:
                paint_marks(painter, area=area, measures=self._marks, colours=colours)
            if self._pixel is not None:
                rows, columns = self._image.shape
                width, height = area.width() / columns, area.height() / rows
                column, row = self._pixel
                x, y = area.left() + column * width, area.top() + row * height
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(colours.accent, 2))
                painter.drawRect(QRectF(x, y, width, height).adjusted(-1, -1, 1, 1))

    def _enlarged(self, area: QRectF) -> QImage:
        """Return the image at the size of the screen's own pixels."""
        assert self._image is not None
        ratio, table = self.devicePixelRatioF(), colour_table(self._colour_map, theme.current())
        width, height = round(area.width() * ratio), round(area.height() * ratio)
        whole = Box(0, 0, width, height)
        cell = Cell(width=width, height=height, picture=whole, caption=Box(0, height, width, 0))
        values = self._composer.compose(self._image[None], cell=cell, columns=1)
        pixels = self._composer.colour(values, table)
        made = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        made.setDevicePixelRatio(ratio)
        return made

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the pixel under the pointer."""
        self._point_at(self.pixel_at(event.position()))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Read the pixel under the pointer at once."""
        self._point_at(self.pixel_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing any more."""
        self._point_at(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that arrow keys work here."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Point at nothing any more."""
        super().focusOutEvent(event)
        self._point_at(None)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the neighbouring pixel with the arrow keys."""
        move = MOVES.get(Qt.Key(event.key()))
        if move is None or self._image is None:
            super().keyPressEvent(event)
            return
        rows, columns = self._image.shape
        column, row = self._pixel or (columns // 2, rows // 2)
        target = min(max(column + move[0], 0), columns - 1), min(max(row + move[1], 0), rows - 1)
        self._point_at(target)

    def _point_at(self, pixel: tuple[int, int] | None) -> None:
        if pixel != self._pixel:
            self._pixel = pixel
            self.pixel_changed.emit(pixel)
            self.update()
