"""One of the images nearest to a sample: a small picture to click, with label and distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.colour_maps import ColourMap, colour_table
from mnist_desktop.ui.paper import crisp_area, in_colours

PICTURE, LINE = 56, 16
"""Side of a picture, and height of each of the two lines under it, in pixels."""
EDGE = 4
ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
WIDTH, HEIGHT = PICTURE + 2 * EDGE, PICTURE + 2 * LINE + 2 * EDGE


@dataclass(frozen=True, eq=False)
class Neighbour:
    """What is shown of a neighbouring sample.

    Parameters
    ----------
    index
        Its index in the dataset.
    image
        (h, w) uint8, ink high.
    class_name
        Its label, empty without one.
    distance
        How far it is from the sample, in values of pixels.
    differs
        Whether its label is another one than the sample's.
    """

    index: int
    image: NDArray[np.uint8]
    class_name: str
    distance: float
    differs: bool

    def sentence(self) -> str:
        """Return everything as words."""
        label = f"label {self.class_name}" if self.class_name else "no label"
        other = " (another label)" if self.differs else ""
        far = "the same picture" if not self.distance else f"distance {self.distance:,.0f}"
        return f"Image {self.index:,}, {label}{other}, {far}"


class NeighbourButton(QAbstractButton):
    """Shows a neighbour; a click goes there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.neighbour: Neighbour | None = None
        self._colour_map = ColourMap.PAPER
        theme.notifier().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return room for the picture and two lines."""
        return QSize(WIDTH, HEIGHT)

    def set_colour_map(self, colour_map: ColourMap) -> None:
        """Show the picture in these colours."""
        self._colour_map = colour_map
        self.update()

    def set_neighbour(self, neighbour: Neighbour) -> None:
        """Show this one."""
        self.neighbour = neighbour
        self.setAccessibleName(neighbour.sentence())
        self.setToolTip(neighbour.sentence())
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go there with Enter too, and leave the arrow keys to those around it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in ARROWS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, picture, label and distance; another label has a sign and a colour."""
        if self.neighbour is None:
            return
        colours = theme.current()
        differs = self.neighbour.differs
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter, colours, differs=differs)
            room = QRectF(EDGE, EDGE, PICTURE, PICTURE)
            image = self.neighbour.image
            area = crisp_area(room, shape=image.shape, ratio=self.devicePixelRatioF())
            table = colour_table(self._colour_map, colours).tolist()
            painter.fillRect(room, QColor(table[0]))
            painter.drawImage(area, in_colours(image, table))
            name = self.neighbour.class_name or f"{self.neighbour.index:,}"
            self._paint_line(
                painter,
                0,
                f"≠ {name}" if differs else name,
                bold=True,
                colour=colours.careful if differs else colours.text,
            )
            distance = self.neighbour.distance
            far = f"{distance:,.0f}" if distance else "same"
            self._paint_line(painter, 1, far, bold=False, colour=colours.secondary)

    def _paint_ground(self, painter: QPainter, colours: theme.Theme, *, differs: bool) -> None:
        """Paint the frame, which tells of focus, pointer and another label."""
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        pen = QPen(Qt.PenStyle.NoPen)
        if self.hasFocus():
            pen = QPen(colours.accent, 2)
        elif differs:
            pen = QPen(colours.careful, 1)
        painter.setPen(pen)
        over = self.underMouse() or self.isDown()
        painter.setBrush(colours.hover if over else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, theme.CORNER, theme.CORNER)

    def _paint_line(
        self, painter: QPainter, place: int, text: str, *, bold: bool, colour: object
    ) -> None:
        """Write a line under the picture, in the middle, shortened where it must be."""
        painter.setFont(theme.font(theme.SECONDARY_PX, bold=bold))
        painter.setPen(colour)
        room = QRectF(2, EDGE + PICTURE + place * LINE, self.width() - 4, LINE)
        fitting = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), fitting)
