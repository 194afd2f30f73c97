"""The confusion matrix: truth down, answers across, each cell to be clicked.

It is painted by Qt and not by matplotlib: with 62 classes there are 3,844 cells, of which one has
to light up under the mouse at once.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import percent_text
from mnist_desktop.ui.evaluate.confusion_painter import ConfusionPainter
from mnist_desktop.ui.evaluate.matrix_layout import MatrixLayout

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
        self._drawn: ConfusionPainter | None = None
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
        self._limit_height()

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
        share = f" ({percent_text(count / of)})" if of else ""
        if row == column:
            return f"{count:,} of {of:,} images of “{truth}” read right{share}"
        return f"{count:,} of {of:,} images of “{truth}” read as “{answer}”{share}"

    def layout_now(self) -> MatrixLayout:
        """Return where the cells lie at this size."""
        return self._painter().layout

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

    def _painter(self) -> ConfusionPainter:
        """Return what paints the matrix at the present size."""
        if self._drawn is None or self._drawn.size != self.size():
            self._drawn = ConfusionPainter(self.confusion, self.class_names, self.size())
        return self._drawn

    @Slot()
    def _forget_picture(self) -> None:
        self._picture = self._drawn = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Paint all cells anew."""
        self._forget_picture()
        self._limit_height()

    def _limit_height(self) -> None:
        """Take no more height than a square of this width needs."""
        names = self._painter().names
        self.setMaximumHeight(max(self.minimumHeight(), self.width() - names.left + names.top))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the cells from their picture, and over it what is selected or under the mouse."""
        if not self.class_names:
            return
        ratio, drawn = self.devicePixelRatioF(), self._painter()
        if self._picture is None or self._picture.devicePixelRatio() != ratio:
            self._picture = drawn.picture(ratio)
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._picture)
            for cell, width in ((self._hovered, 1), (self.selected, 2)):
                if cell is not None:
                    drawn.mark(painter, cell, width=width)
