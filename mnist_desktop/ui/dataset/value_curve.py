"""A column of values as a curve: for each piece of it a line from its lowest to its highest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mnist_desktop.datasets.values import Figures
from mnist_desktop.ui import theme

HEIGHT = 200
SMALL = 11
"""Size of the numbers at the axes, in pixels."""
GAP = 6


class ValueCurve(QWidget):
    """Shows how values go up and down along a column.

    `row_clicked` carries the row of the column where it was clicked.
    """

    row_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("value_curve")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._figures: Figures | None = None
        self._rows = 0
        theme.notifier().changed.connect(self.update)

    def set_figures(self, figures: Figures, *, rows: int) -> None:
        """Show a column of so many rows."""
        self._figures, self._rows = figures, rows
        self.setAccessibleName(
            f"Curve of {rows:,} values from {figures.lowest:g} to {figures.highest:g}"
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of the curve with its numbers."""
        return QSize(240, HEIGHT)

    def area(self) -> QRectF:
        """Return where the curve stands."""
        metrics = QFontMetricsF(theme.font(SMALL))
        words = self._limits()
        left = max((metrics.horizontalAdvance(word) for word in words), default=0.0) + GAP
        top = metrics.height() / 2 + 1
        return QRectF(left, top, self.width() - left - 1, self.height() - 2 * top - GAP - SMALL)

    def row_at(self, x: float) -> int | None:
        """Return the first row of the piece that stands at a place, or None beside the curve."""
        area, figures = self.area(), self._figures
        if figures is None or not self._rows or not area.left() <= x <= area.right():
            return None
        share = (x - area.left()) / max(1.0, area.width())
        place = min(int(share * figures.bounds.shape[1]), figures.bounds.shape[1] - 1)
        return place * figures.rows_per_bin

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint frame, curve and the numbers at its ends."""
        if (figures := self._figures) is None or not np.isfinite(figures.lowest):
            return
        colours, area = theme.current(), self.area()
        with QPainter(self) as painter:
            painter.setPen(QPen(colours.line, 1))
            painter.drawLine(area.bottomLeft(), area.bottomRight())
            painter.drawLine(area.topLeft(), area.topRight())
            painter.setPen(QPen(colours.accent, 1))
            painter.drawLines(self._lines(figures.bounds, area))
            painter.setFont(theme.font(SMALL))
            painter.setPen(colours.secondary)
            self._write(painter, area)

    def _write(self, painter: QPainter, area: QRectF) -> None:
        """Write the highest and lowest value, and the first and last row."""
        high, low = self._limits()
        room = QRectF(0, 0, area.left() - GAP, 2 * SMALL)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        room.moveCenter(QPointF(room.width() / 2, area.top()))
        painter.drawText(room, right, high)
        room.moveCenter(QPointF(room.width() / 2, area.bottom()))
        painter.drawText(room, right, low)
        below = QRectF(area.left(), area.bottom() + GAP, area.width(), SMALL + 4)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "row 0")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, f"{self._rows - 1:,}")

    def _limits(self) -> tuple[str, str]:
        """Return the highest and the lowest value in words."""
        if self._figures is None:
            return "", ""
        return f"{self._figures.highest:.6g}", f"{self._figures.lowest:.6g}"

    def _lines(self, bounds: NDArray[np.float64], area: QRectF) -> list[QLineF]:
        """Return the strokes of the curve; each piece reaches to the one before, so it hangs on."""
        figures = self._figures
        assert figures is not None
        # Halves, because the difference of two large numbers may be beyond float64.
        span = (figures.highest / 2 - figures.lowest / 2) or 1.0
        heights = (bounds / 2 - figures.lowest / 2) / span
        finite = np.isfinite(bounds).all(axis=0)
        lines = []
        before: tuple[float, float] | None = None
        for place in range(bounds.shape[1]):
            if not finite[place]:
                before = None
                continue
            x = area.left() + (place + 0.5) / bounds.shape[1] * area.width()
            low, high = float(heights[0, place]), float(heights[1, place])
            if before is not None:
                low, high = min(low, before[1]), max(high, before[0])
            before = float(heights[0, place]), float(heights[1, place])
            ends = (area.bottom() - share * area.height() for share in (low, high))
            bottom, top = ends
            lines.append(QLineF(x, bottom, x, top - 1))
        return lines

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell which row was clicked."""
        row = self.row_at(event.position().x())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self.row_clicked.emit(row)

    def event(self, event: QEvent) -> bool:
        """Tell the values of the piece under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            row, figures = self.row_at(event.pos().x()), self._figures
            if row is not None and figures is not None:
                low, high = figures.bounds[:, row // figures.rows_per_bin]
                last = min(row + figures.rows_per_bin, self._rows) - 1
                rows = f"row {row:,}" if last == row else f"rows {row:,} to {last:,}"
                what = f"{low:g}" if low == high else f"{low:g} to {high:g}"
                QToolTip.showText(event.globalPos(), f"{rows}: {what}", self)
            return True
        return super().event(event)
