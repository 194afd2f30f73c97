"""How much ink of each strength a picture has, as bars to point at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_desktop.datasets.ink_measures import InkMeasures, bar_values
from mnist_desktop.ui import theme

HEIGHT, AXIS = 84, 16
"""Height of the whole, and of the numbers under the bars, in pixels."""
TOP = 4
LEAST_BAR = 2
"""Least height of a bar that stands for any pixel at all."""
GAP = 2
NO_BARS = np.zeros(17, np.int64)


class InkHistogram(QWidget):
    """Bars of the ink's values from 1 to 255; blank paper is left out and told in words.

    The bars are linear: two bars compare as their pixels do. Pointer and arrow keys go from bar to
    bar; `bar_changed` tells the place of the one pointed at, or None.
    """

    bar_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ink_histogram")
        self.setAccessibleName("Histogram of the ink")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self._bars: NDArray[np.int64] = NO_BARS
        self._current: int | None = None
        theme.notifier().changed.connect(self.update)

    def set_measures(self, measures: InkMeasures | None) -> None:
        """Show the ink of a picture, or nothing; the bar pointed at stays."""
        self._bars = NO_BARS if measures is None else measures.bars
        self._tell_those_who_cannot_see()
        self.update()

    @property
    def current(self) -> int | None:
        """Return the place of the bar pointed at."""
        return self._current

    def describe(self, place: int) -> str:
        """Return range and count of a bar in words."""
        low, high = bar_values(place)
        count = int(self._bars[place])
        return f"Ink {low} to {high}: {count:,} {'pixel' if count == 1 else 'pixels'}"

    def bar_area(self, place: int) -> QRectF:
        """Return where a bar stands, in logical pixels; of no height where there are no pixels."""
        room = self.height() - AXIS - TOP
        width = self.width() / len(self._bars)
        most = max(1, int(self._bars.max()))
        count = int(self._bars[place])
        height = max(LEAST_BAR, room * count / most) if count else 0
        left = round(place * width)
        right = round((place + 1) * width) - GAP
        return QRectF(left, TOP + room - height, max(1, right - left), height)

    def bar_at(self, point: QPointF) -> int | None:
        """Return the place of the bar whose column a point is in."""
        if not self.rect().contains(point.toPoint()):
            return None
        return min(int(point.x() * len(self._bars) / self.width()), len(self._bars) - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars, the line they stand on, and the values at its ends."""
        colours = theme.current()
        with QPainter(self) as painter:
            for place in range(len(self._bars)):
                chosen = place == self._current
                if chosen:
                    column = QRectF(self.bar_area(place))
                    column.setTop(0)
                    column.setBottom(self.height() - AXIS)
                    painter.fillRect(column, colours.hover)
                painter.fillRect(self.bar_area(place), colours.accent if chosen else colours.bar)
            floor = self.height() - AXIS
            painter.setPen(QPen(colours.accent if self.hasFocus() else colours.line, 1))
            painter.drawLine(0, floor, self.width(), floor)
            painter.setFont(theme.font(theme.SECONDARY_PX))
            painter.setPen(colours.secondary)
            axis = QRectF(0, floor + 1, self.width(), AXIS)
            for text, side in (
                ("1", Qt.AlignmentFlag.AlignLeft),
                ("128", Qt.AlignmentFlag.AlignHCenter),
                ("255", Qt.AlignmentFlag.AlignRight),
            ):
                painter.drawText(axis, int(side | Qt.AlignmentFlag.AlignVCenter), text)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the bar under the pointer."""
        self._point_at(self.bar_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing any more."""
        self._point_at(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Point at nothing any more."""
        super().focusOutEvent(event)
        self._point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the neighbouring bar with left and right, to the ends with Home and End."""
        last = len(self._bars) - 1
        here = self._current
        targets = {
            Qt.Key.Key_Left: last if here is None else max(0, here - 1),
            Qt.Key.Key_Right: 0 if here is None else min(last, here + 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        target = targets.get(Qt.Key(event.key()))
        if target is None:
            super().keyPressEvent(event)
        else:
            self._point_at(target)

    def _point_at(self, place: int | None) -> None:
        if place != self._current:
            self._current = place
            self._tell_those_who_cannot_see()
            self.bar_changed.emit(place)
            self.update()

    def _tell_those_who_cannot_see(self) -> None:
        place = self._current
        self.setAccessibleDescription("" if place is None else self.describe(place))
