"""Paint a confusion matrix: its cells, its counts, and the class names along two sides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap

from mnist_desktop.ui import theme
from mnist_desktop.ui.colours import mix, readable_on
from mnist_desktop.ui.evaluate.matrix_layout import (
    LEAST_LABEL_STEP,
    MatrixLayout,
    fit_matrix,
    strengths,
)

LABEL_SIZE, COUNT_SIZE, LEAST_COUNT_SIZE = 12, 13, 9
"""Sizes of class names and counts, in pixels; smaller counts are left out."""
LONGEST_NAME = 96
"""Pixels a class name may take; longer ones are elided."""
NAME_GAP = 6
"""Pixels between a name and the matrix."""
RIGHT_STRENGTH, WRONG_STRENGTH = 0.42, 0.9
"""How far the colours of the diagonal and of the other cells go from the surface."""

Align = Qt.AlignmentFlag


@dataclass(frozen=True)
class Names:
    """How class names stand beside the matrix.

    Parameters
    ----------
    left, top
        The room they and the sides' titles take, in pixels.
    upright
        Whether the names of columns are turned to run upwards, because they are broad.
    lanes
        2 where short names stand alternately nearer and farther, because they have no room side by
        side, else 1.
    lane_width, lane_height
        What a lane takes beside the rows and above the columns, in pixels.
    """

    left: int
    top: int
    upright: bool
    lanes: int
    lane_width: int
    lane_height: int


def arrange_names(class_names: tuple[str, ...], size: QSize) -> Names:
    """Return how these names stand beside a matrix in a widget of this size."""
    metrics = QFontMetrics(theme.font(LABEL_SIZE))
    line = metrics.height()
    widest = max((metrics.horizontalAdvance(name) for name in class_names), default=8)
    widest = min(LONGEST_NAME, widest)
    left = line + widest + NAME_GAP + 4
    cell = (min(size.width() - left, size.height() - 2 * line) - 1) / max(1, len(class_names))
    upright = widest > max(cell - 4, 2 * LEAST_LABEL_STEP)
    top = line + NAME_GAP + 4 + (widest if upright else line)
    if int(cell) >= LEAST_LABEL_STEP or widest > LEAST_LABEL_STEP:
        return Names(left, top, upright, 1, widest + 4, line)
    return Names(left + widest + 4, top + line, upright, 2, widest + 4, line)


class ConfusionPainter:
    """Paints one matrix at one size.

    Parameters
    ----------
    confusion
        (k, k) int64 counts, rows are the truth.
    class_names
        The k names.
    size
        The widget's.
    """

    def __init__(self, confusion: np.ndarray, class_names: tuple[str, ...], size: QSize) -> None:
        self.confusion, self.class_names, self.size = confusion, class_names, size
        self.names = arrange_names(class_names, size)
        self.layout: MatrixLayout = fit_matrix(
            width=size.width(),
            height=size.height(),
            classes=max(1, len(class_names)),
            left_margin=self.names.left,
            top_margin=self.names.top,
        )

    def picture(self, ratio: float) -> QPixmap:
        """Return a picture of the matrix, for a screen with so many dots to a pixel."""
        made = QPixmap((self.size.toSizeF() * ratio).toSize())
        made.setDevicePixelRatio(ratio)
        made.fill(theme.current().surface)
        with QPainter(made) as painter:
            self._paint_sides(painter)
            self._paint_cells(painter)
        return made

    def mark(self, painter: QPainter, cell: tuple[int, int], *, width: int) -> None:
        """Frame a cell and bring out its two names, over their neighbours where room is short."""
        colours = theme.current()
        painter.setPen(QPen(colours.text, width))
        painter.drawRect(QRect(*self.layout.rect(*cell)).adjusted(0, 0, -1, -1))
        painter.setFont(theme.font(LABEL_SIZE, bold=True))
        painter.setPen(colours.text)
        for index, across in zip(cell, (False, True), strict=True):
            self._paint_name(painter, index, across=across, cleared=True)

    def _paint_sides(self, painter: QPainter) -> None:
        """Write what the sides mean, and class names along them."""
        layout = self.layout
        painter.setPen(theme.current().secondary)
        painter.setFont(theme.font(LABEL_SIZE))
        line = painter.fontMetrics().height()
        painter.drawText(QRect(layout.left, 0, layout.side, line), Align.AlignLeft, "answer →")
        painter.save()
        painter.translate(0, layout.top + layout.side)
        painter.rotate(-90)
        painter.drawText(QRect(0, 0, layout.side, line), Align.AlignRight, "← truth")
        painter.restore()
        for index in range(0, layout.classes, layout.label_step(self.names.lanes)):
            for across in (False, True):
                self._paint_name(painter, index, across=across)

    def _paint_name(
        self, painter: QPainter, index: int, *, across: bool, cleared: bool = False
    ) -> None:
        """Write the name of a class above its column or left of its row.

        With `cleared`, what lies there is painted out first.
        """
        metrics, layout, names = painter.fontMetrics(), self.layout, self.names
        lane = index // layout.label_step(names.lanes) % names.lanes
        end = Qt.TextElideMode.ElideRight
        name = metrics.elidedText(self.class_names[index], end, LONGEST_NAME + NAME_GAP)
        x, y, width, height = layout.rect(index, index)
        room = QRectF(-LONGEST_NAME, -metrics.height() / 2, 2 * LONGEST_NAME, metrics.height())
        painter.save()
        if not across:
            left = layout.left - NAME_GAP - lane * names.lane_width
            painter.translate(left - LONGEST_NAME, y + height / 2)
            side = Align.AlignRight
        elif names.upright:
            painter.translate(x + width / 2, layout.top - NAME_GAP - LONGEST_NAME)
            painter.rotate(-90)
            side = Align.AlignLeft
        else:
            top = layout.top - NAME_GAP - lane * names.lane_height
            painter.translate(x + width / 2, top - metrics.height() / 2 + 2)
            side = Align.AlignHCenter
        flags = int(side | Align.AlignVCenter)
        if cleared:
            # Names of rows lie one above the other, so that only columns crowd sideways.
            beside = LABEL_SIZE if across and layout.label_step(names.lanes) > 1 else 2
            ground = painter.boundingRect(room, flags, name).adjusted(-beside, 0, beside, 0)
            painter.fillRect(ground, theme.current().surface)
        painter.drawText(room, flags, name)
        painter.restore()

    def _paint_cells(self, painter: QPainter) -> None:
        """Fill the cells that hold images and write the counts where they find room."""
        colours, layout = theme.current(), self.layout
        gap = 1 if layout.cell >= 10 else 0
        frame = QRect(layout.left, layout.top, layout.side, layout.side)
        painter.fillRect(frame, mix(colours.surface, colours.line, 0.45 if gap else 0.3))
        font = self._count_font()
        if font is not None:
            painter.setFont(font)
        strength = strengths(self.confusion)
        for row in range(layout.classes):
            for column in range(layout.classes):
                x, y, width, height = layout.rect(row, column)
                place = QRect(x, y, width - gap, height - gap)
                count = int(self.confusion[row, column])
                colour = cell_colour(row == column, float(strength[row, column]))
                if count or gap:
                    painter.fillRect(place, colour)
                if count and font is not None:
                    painter.setPen(readable_on(colour, colours.text, colours.surface))
                    painter.drawText(place, Align.AlignCenter, str(count))

    def _count_font(self) -> QFont | None:
        """Return the largest font in which every count fits its cell, None if that is too small."""
        longest = str(int(self.confusion.max(initial=0)))
        for size in range(COUNT_SIZE, LEAST_COUNT_SIZE - 1, -1):
            font = theme.font(size)
            if QFontMetrics(font).horizontalAdvance(longest) <= self.layout.cell - 5:
                return font
        return None


def cell_colour(right: bool, strength: float) -> QColor:
    """Return the colour of a cell: accent on the diagonal, bad elsewhere, surface if empty."""
    colours = theme.current()
    if right:
        return mix(colours.surface, colours.accent, strength * RIGHT_STRENGTH)
    return mix(colours.surface, colours.bad, strength * WRONG_STRENGTH)
