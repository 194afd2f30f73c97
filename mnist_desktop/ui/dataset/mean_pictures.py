"""The mean image of each class, small and side by side; a click asks for the class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.paper import on_paper

FEW = 20
"""Up to so many classes the pictures are larger."""
SIDES = (48, 36)
NAME = 16
GAP = 6
LARGEST_SIDE = 128
"""Pixels of a mean image beyond which every n-th of its rows and columns is enough to show it."""
MOST = 512


class MeanPictures(QWidget):
    """Mean images with the names of their classes.

    `class_clicked` carries the place of the class a person chose.
    """

    class_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mean_pictures")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self._names: tuple[str, ...] = ()
        self._tips: tuple[str, ...] = ()
        self._ink: list[NDArray[np.uint8]] = []
        self._images: list[QImage] = []
        self._chosen: frozenset[int] = frozenset()
        theme.notifier().changed.connect(self._draw)

    def set_means(
        self, names: Sequence[str], means: NDArray[np.float32], tips: Sequence[str] = ()
    ) -> None:
        """Show (k, h, w) mean images, ink 0 to 255, with names below and tips."""
        self._names, self._tips = tuple(names[:MOST]), tuple(tips[:MOST])
        step = max(1, -(-max(means.shape[1:]) // LARGEST_SIDE))
        shown = np.rint(means[:MOST, ::step, ::step]).astype(np.uint8)
        self._ink = list(shown)
        self.setAccessibleName(f"Mean image of each class: {', '.join(self._names)}")
        self._draw()
        self._fit()

    def set_chosen(self, classes: frozenset[int]) -> None:
        """Mark the classes that are filtered by; empty for all."""
        self._chosen = classes
        self.update()

    @Slot()
    def _draw(self) -> None:
        """Colour the pictures by the theme."""
        self._images = [on_paper(ink, theme.current()) for ink in self._ink]
        self.update()

    # Where things stand

    def _side(self) -> int:
        return SIDES[0] if len(self._names) <= FEW else SIDES[1]

    def _columns(self) -> int:
        return max(1, (self.width() + GAP) // (self._side() + GAP))

    def picture_box(self, place: int) -> QRectF:
        """Return where the picture of a class stands."""
        row, column = divmod(place, self._columns())
        side = self._side()
        return QRectF(column * (side + GAP), row * (side + NAME + GAP), side, side)

    def place_at(self, point: QPointF) -> int | None:
        """Return the class whose picture or name is under a point."""
        for place in range(len(self._names)):
            if self.picture_box(place).adjusted(0, 0, 0, NAME).contains(point):
                return place
        return None

    def sizeHint(self) -> QSize:
        """Return room for every row of pictures."""
        rows = -(-len(self._names) // self._columns())
        return QSize(200, rows * (self._side() + NAME + GAP))

    def _fit(self) -> None:
        self.setFixedHeight(max(1, self.sizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take as many lines as the new width asks for."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pictures that can be seen, with their names."""
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setFont(theme.font(theme.SECONDARY_PX))
            metrics = QFontMetricsF(painter.font())
            for place, image in enumerate(self._images):
                box = self.picture_box(place)
                if not box.adjusted(0, 0, 0, NAME).intersects(QRectF(event.rect())):
                    continue
                chosen = place in self._chosen
                painter.fillRect(box, colours.paper)
                painter.drawImage(_fitted(image, box), image)
                painter.setPen(QPen(colours.accent if chosen else colours.line, 2 if chosen else 1))
                painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
                painter.setPen(colours.accent if chosen else colours.secondary)
                name = metrics.elidedText(
                    self._names[place], Qt.TextElideMode.ElideRight, box.width()
                )
                under = QRectF(box.left(), box.bottom(), box.width(), NAME)
                painter.drawText(under, int(Qt.AlignmentFlag.AlignCenter), name)

    # Mouse

    def event(self, event: QEvent) -> bool:
        """Tell the class's name and count where the pointer rests."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.place_at(QPointF(event.pos()))
            if place is None or place >= len(self._tips):
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self._tips[place], self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a click chooses something."""
        over = self.place_at(event.position()) is not None
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the class under the pointer."""
        place = self.place_at(event.position())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self.class_clicked.emit(place)


def _fitted(image: QImage, room: QRectF) -> QRectF:
    """Return the largest place in the middle of `room` that has the image's proportions."""
    scale = min(room.width() / image.width(), room.height() / image.height())
    area = QRectF(0, 0, image.width() * scale, image.height() * scale)
    area.moveCenter(room.center())
    return area
