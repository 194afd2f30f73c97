"""The confusion matrix: truth down, answers across, each cell to be clicked.

It is painted by Qt and not by matplotlib: with 62 classes there are 3,844 cells, of which one has
to light up under the mouse at once.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.colours import mix, readable_on
from mnist_desktop.ui.evaluate.matrix_layout import MatrixLayout, fit_matrix, strengths

LABEL_SIZE, COUNT_SIZE, LEAST_COUNT_SIZE = 12, 13, 9
"""Sizes of class names and counts, in pixels; smaller counts are left out."""
RIGHT_STRENGTH, WRONG_STRENGTH = 0.42, 0.9
"""How far the colours of the diagonal and of the other cells go from the surface."""

Cell = tuple[int, int]


class ConfusionChart(QWidget):
    """A confusion matrix with counts; one cell at a time may be selected."""

    cell_selected = Signal(object)
    """Row and column of the cell now selected, or None."""
    cell_hovered = Signal(object)
    """Row and column of the cell under the mouse, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusion_chart")
        self.setAccessibleName("Confusion matrix")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 240)
        self.confusion = np.zeros((0, 0), np.int64)
        self.class_names: tuple[str, ...] = ()
        self.selected: Cell | None = None
        self._hovered: Cell | None = None
        self._picture: QPixmap | None = None
        theme.notifier().changed.connect(self._forget_picture)

    def sizeHint(self) -> QSize:
        """Ask for a size at which ten classes have counts."""
        return QSize(420, 420)

    def set_confusion(self, confusion: np.ndarray, class_names: tuple[str, ...]) -> None:
        """Show a matrix, nothing selected.

        Parameters
        ----------
        confusion
            (k, k) int64 counts, rows are the truth, columns the answers.
        class_names
            The k names.
        """
        self.confusion, self.class_names = confusion, class_names
        self.selected = self._hovered = None
        self._forget_picture()

    def select(self, cell: Cell | None) -> None:
        """Select a cell (None: none) and say so."""
        if cell == self.selected:
            return
        self.selected = cell
        self.setAccessibleDescription("" if cell is None else self.describe(cell))
        self.update()
        self.cell_selected.emit(cell)

    def describe(self, cell: Cell) -> str:
        """Return a cell's content as a sentence."""
        row, column = cell
        count, of = int(self.confusion[row, column]), int(self.confusion[row].sum())
        truth, answer = self.class_names[row], self.class_names[column]
        share = f" ({count / of:.1%})" if of else ""
        if row == column:
            return f"{count:,} of {of:,} images of “{truth}” read right{share}"
        return f"{count:,} of {of:,} images of “{truth}” read as “{answer}”{share}"

    def layout_now(self) -> MatrixLayout:
        """Return where the cells lie at this size."""
        names = QFontMetrics(theme.font(LABEL_SIZE))
        widest = max((names.horizontalAdvance(n) for n in self.class_names), default=8)
        return fit_matrix(
            width=self.width(),
            height=self.height(),
            classes=max(1, len(self.class_names)),
            left_margin=widest + 10 + names.height(),
            top_margin=2 * names.height() + 8,
        )

    # What the person does

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up the cell under the mouse."""
        self._hover(self._cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Light up nothing."""
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the cell, or nothing where it was selected already."""
        if event.button() == Qt.MouseButton.LeftButton:
            cell = self._cell_at(event.position())
            self.select(None if cell == self.selected else cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the selection with the arrows, drop it with Escape."""
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        classes = len(self.class_names)
        if event.key() == Qt.Key.Key_Escape and self.selected is not None:
            self.select(None)
        elif event.key() in moves and classes:
            down, across = moves[Qt.Key(event.key())]
            row, column = self.selected or (-down, -across)
            self.select(
                (min(classes - 1, max(0, row + down)), min(classes - 1, max(0, column + across)))
            )
        else:
            super().keyPressEvent(event)

    def _cell_at(self, point: QPointF) -> Cell | None:
        return self.layout_now().cell_at(x=point.x(), y=point.y()) if self.class_names else None

    def _hover(self, cell: Cell | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.setCursor(
                Qt.CursorShape.ArrowCursor if cell is None else Qt.CursorShape.PointingHandCursor
            )
            self.update()
            self.cell_hovered.emit(cell)

    # Painting

    @Slot()
    def _forget_picture(self) -> None:
        self._picture = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Paint all cells anew."""
        self._forget_picture()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the cells from their picture, and over it what is selected or under the mouse."""
        if not self.class_names:
            return
        ratio = self.devicePixelRatioF()
        if self._picture is None or self._picture.devicePixelRatio() != ratio:
            self._picture = self._paint_all(ratio)
        layout = self.layout_now()
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._picture)
            for cell, width in ((self._hovered, 1), (self.selected, 2)):
                if cell is not None:
                    self._mark(painter, layout, cell, width)

    def _mark(self, painter: QPainter, layout: MatrixLayout, cell: Cell, width: int) -> None:
        """Frame a cell and bring out its two names, over their neighbours where room is short."""
        colours = theme.current()
        painter.setPen(QPen(colours.text, width))
        painter.drawRect(QRect(*layout.rect(*cell)).adjusted(0, 0, -1, -1))
        painter.setFont(theme.font(LABEL_SIZE, bold=True))
        metrics = painter.fontMetrics()
        for across, index in ((False, cell[0]), (True, cell[1])):
            name, flags = self.class_names[index], self._name_side(across)
            place = self._name_place(layout, index, across=across)
            words = metrics.boundingRect(place, int(flags), name)
            beside = 2 if layout.label_step == 1 else LABEL_SIZE
            painter.fillRect(words.adjusted(-beside, 0, beside, 0), colours.surface)
            painter.setPen(colours.text)
            painter.drawText(place, int(flags | Qt.TextFlag.TextDontClip), name)

    def _paint_all(self, ratio: float) -> QPixmap:
        """Return a picture of the matrix with names and counts."""
        picture = QPixmap((self.size().toSizeF() * ratio).toSize())
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme.current().surface)
        layout = self.layout_now()
        with QPainter(picture) as painter:
            self._paint_names(painter, layout)
            self._paint_cells(painter, layout)
        return picture

    def _paint_names(self, painter: QPainter, layout: MatrixLayout) -> None:
        """Write class names along both sides, and what the sides mean."""
        painter.setPen(theme.current().secondary)
        painter.setFont(theme.font(LABEL_SIZE))
        line = painter.fontMetrics().height()
        painter.drawText(
            QRect(layout.left, 0, layout.side, line), Qt.AlignmentFlag.AlignLeft, "answer →"
        )
        painter.save()
        painter.translate(0, layout.top + layout.side)
        painter.rotate(-90)
        painter.drawText(QRect(0, 0, layout.side, line), Qt.AlignmentFlag.AlignRight, "← truth")
        painter.restore()
        for index in range(0, layout.classes, layout.label_step):
            for across in (False, True):
                place = self._name_place(layout, index, across=across)
                flags = self._name_side(across) | Qt.TextFlag.TextDontClip
                painter.drawText(place, int(flags), self.class_names[index])

    def _name_place(self, layout: MatrixLayout, index: int, *, across: bool) -> QRect:
        """Return where the name of a class stands, above its column or left of its row."""
        if across:
            x, _, width, _ = layout.rect(0, index)
            return QRect(x, layout.top // 2, width, layout.top - layout.top // 2 - 4)
        _, y, _, height = layout.rect(index, 0)
        return QRect(layout.left - 6, y, 0, height)

    def _name_side(self, across: bool) -> Qt.AlignmentFlag:
        if across:
            return Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

    def _paint_cells(self, painter: QPainter, layout: MatrixLayout) -> None:
        """Fill the cells that hold images and write the counts where they find room."""
        colours = theme.current()
        gap = 1 if layout.cell >= 10 else 0
        frame = QRect(layout.left, layout.top, layout.side, layout.side)
        painter.fillRect(frame, mix(colours.surface, colours.line, 0.45 if gap else 0.3))
        font = self._count_font(layout)
        if font is not None:
            painter.setFont(font)
        strength = strengths(self.confusion)
        for row in range(layout.classes):
            for column in range(layout.classes):
                x, y, width, height = layout.rect(row, column)
                place = QRect(x, y, width - gap, height - gap)
                count = int(self.confusion[row, column])
                colour = self._colour(row == column, float(strength[row, column]))
                if count or gap:
                    painter.fillRect(place, colour)
                if count and font is not None:
                    painter.setPen(readable_on(colour, colours.text, colours.surface))
                    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(count))

    def _colour(self, right: bool, strength: float) -> QColor:
        """Return the colour of a cell: accent on the diagonal, bad elsewhere, surface if empty."""
        colours = theme.current()
        if right:
            return mix(colours.surface, colours.accent, strength * RIGHT_STRENGTH)
        return mix(colours.surface, colours.bad, strength * WRONG_STRENGTH)

    def _count_font(self, layout: MatrixLayout) -> QFont | None:
        """Return the largest font in which every count fits its cell, None if that is too small."""
        longest = str(int(self.confusion.max(initial=0)))
        for size in range(COUNT_SIZE, LEAST_COUNT_SIZE - 1, -1):
            font = theme.font(size)
            if QFontMetrics(font).horizontalAdvance(longest) <= layout.cell - 5:
                return font
        return None
