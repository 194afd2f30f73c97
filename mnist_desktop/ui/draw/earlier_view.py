"""The view “History”: what was drawn and answered in this session, to be brought back."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QListView,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import secondary
from mnist_desktop.ui.draw.earlier import EarlierDrawings
from mnist_desktop.ui.paper import on_paper

PICTURE = 64
"""Side of a drawing's picture in pixels."""

CELL = QSize(72, 92)

NOTHING = (
    "What you clear stays here with its answer until the program ends; a click brings it back."
)


class EarlierView(QWidget):
    """Show the earlier drawings; `chosen` carries the items of one that is to come back."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("earlier_view")
        self.drawings = EarlierDrawings(self)
        self.list = _DrawingList()
        self.list.setModel(self.drawings)
        self._empty = secondary(NOTHING, wrap=True)
        self._empty.setObjectName("earlier_empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.list)
        self.list.chosen.connect(self._on_chosen)
        self.drawings.rowsInserted.connect(lambda: self._stack.setCurrentIndex(1))
        theme.notifier().changed.connect(self.list.viewport().update)

    @Slot(int)
    def _on_chosen(self, row: int) -> None:
        """Ask for a drawing to come back."""
        self.chosen.emit(self.drawings.drawing(row).items)


class _DrawingList(QListView):
    """Pictures in lines; a click, Enter or Space chooses one."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("earlier_drawings")
        self.setAccessibleName("Earlier drawings, the newest first")
        self.setAccessibleDescription("Enter brings a drawing back to the pad")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setGridSize(CELL)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_DrawingPainter(self))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda index: self.chosen.emit(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with Enter or Space; Qt moves with the other keys."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)


class _DrawingPainter(QStyledItemDelegate):
    """Paint a drawing on paper, and under it how it was read."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the size of a cell."""
        return CELL

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one drawing."""
        drawings = index.model()
        if not isinstance(drawings, EarlierDrawings):
            return
        colours, state = theme.current(), option.state
        room = QRect(option.rect)
        picture = QRectF(
            room.left() + (room.width() - PICTURE) / 2, room.top() + 4, PICTURE, PICTURE
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(picture, on_paper(drawings.picture(index.row()), colours))
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        frame = colours.accent if focused else colours.bar if hovered else colours.line
        painter.setPen(QPen(frame, 2 if focused else 1))
        painter.drawRect(picture)
        below = QRectF(
            room.left(), picture.bottom() + 2, room.width(), room.bottom() - picture.bottom() - 3
        )
        self._write(painter, below, *drawings.drawing(index.row()).words())
        painter.restore()

    def _write(self, painter: QPainter, room: QRectF, answer: str, share: str) -> None:
        """Write the answer, and beside it its confidence in smaller letters."""
        colours = theme.current()
        large = theme.font(theme.TEXT_PX if share else theme.SECONDARY_PX, bold=bool(share))
        small = theme.font(theme.SECONDARY_PX)
        share_width = QFontMetricsF(small).horizontalAdvance(share) if share else 0.0
        gap = 4 if share else 0
        metrics = QFontMetricsF(large)
        answer = metrics.elidedText(
            answer, Qt.TextElideMode.ElideRight, room.width() - share_width - gap
        )
        width = metrics.horizontalAdvance(answer)
        left = room.center().x() - (width + gap + share_width) / 2
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(large)
        painter.setPen(colours.text if share else colours.secondary)
        painter.drawText(QRectF(left, room.top(), width + 1, room.height()), align, answer)
        painter.setFont(small)
        painter.setPen(colours.secondary)
        beside = QRectF(left + width + gap, room.top(), share_width + 1, room.height())
        painter.drawText(beside, align, share)
