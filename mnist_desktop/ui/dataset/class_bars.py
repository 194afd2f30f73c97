"""A bar for each class, as long as the class has samples; a click asks for the class."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import count_text, percent_text

ROW = 22
MANY = 20
"""Beyond so many classes the bars stand in several columns."""
MANY_ROW = 18
LEAST_BAR = 40
"""Pixels a bar needs for its length to tell something."""
GAP = 12
NAME_SHARE = 0.4
MOST = 512
"""Classes that get a bar; a file with more of them holds no classes but values."""


class ClassBars(QWidget):
    """Counts per class as bars, in the order of the classes.

    `class_clicked` carries the place of the class a person chose, by mouse or by keys.
    """

    class_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("class_bars")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._names: tuple[str, ...] = ()
        self._counts: tuple[int, ...] = ()
        self._chosen: frozenset[int] = frozenset()
        self._under: int | None = None
        self._current = 0
        self._name_room = self._count_room = 0.0
        theme.notifier().changed.connect(self.update)

    def set_counts(self, names: Sequence[str], counts: Sequence[int]) -> None:
        """Show these classes and how many samples each has."""
        self._names, self._counts = tuple(names[:MOST]), tuple(counts[:MOST])
        self._current, self._under = 0, None
        bold = QFontMetricsF(theme.font(theme.SECONDARY_PX, bold=True))
        widest = max((bold.horizontalAdvance(name) for name in self._names), default=0)
        largest = count_text(max(self._counts, default=0))
        plain = QFontMetricsF(theme.font(theme.SECONDARY_PX))
        self._name_room, self._count_room = widest + 1, plain.horizontalAdvance(largest) + 1
        self.setAccessibleName("Samples of each class")
        self._tell_current()
        self._fit()
        self.update()

    def set_chosen(self, classes: frozenset[int]) -> None:
        """Mark the classes that are filtered by; empty for all."""
        self._chosen = classes
        self.update()

    def words(self, place: int) -> str:
        """Return what a bar says in words: `7: 6,265 samples (10.4 %)`."""
        count, total = self._counts[place], sum(self._counts)
        share = f" ({percent_text(count / total)})" if total else ""
        return f"{self._names[place]}: {count_text(count)} sample{'s' * (count != 1)}{share}"

    # Where things stand

    def sizeHint(self) -> QSize:
        """Return room for every row."""
        return QSize(200, self._rows() * self._row_height())

    def row_box(self, place: int) -> QRectF:
        """Return where the row of a class stands."""
        columns, rows, height = self._columns(), self._rows(), self._row_height()
        width = (self.width() - GAP * (columns - 1)) / columns
        column, row = divmod(place, max(1, rows))
        return QRectF(column * (width + GAP), row * height, width, height)

    def place_at(self, point: QPointF) -> int | None:
        """Return the class whose row is under a point."""
        boxes = (self.row_box(place) for place in range(len(self._names)))
        return next((place for place, box in enumerate(boxes) if box.contains(point)), None)

    def _columns(self) -> int:
        """Return how many columns of bars fit beside one another."""
        if len(self._names) <= MANY:
            return 1
        needed = self._name_room + self._count_room + LEAST_BAR + 2 * theme.INSIDE
        return max(1, min(4, int((self.width() + GAP) / (needed + GAP))))

    def _rows(self) -> int:
        return -(-len(self._names) // self._columns())

    def _row_height(self) -> int:
        return ROW if len(self._names) <= MANY else MANY_ROW

    def _fit(self) -> None:
        self.setFixedHeight(max(1, self.sizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Part into as many columns as there is room for."""
        super().resizeEvent(event)
        self._fit()

    # What is painted

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that can be seen."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            largest = max(self._counts, default=0)
            for place in range(len(self._names)):
                box = self.row_box(place)
                if box.intersects(QRectF(event.rect())):
                    share = self._counts[place] / largest if largest else 0.0
                    self._paint_row(painter, place, box, share=share)

    def _paint_row(self, painter: QPainter, place: int, box: QRectF, *, share: float) -> None:
        """Paint name, bar and count of one class."""
        colours = theme.current()
        chosen = place in self._chosen
        if place == self._under:
            painter.fillRect(box, colours.hover)
        middle = Qt.AlignmentFlag.AlignVCenter
        name_room = min(self._name_room, NAME_SHARE * box.width())
        painter.setFont(theme.font(theme.SECONDARY_PX, bold=True))
        painter.setPen(colours.accent if chosen else colours.text)
        metrics = QFontMetricsF(painter.font())
        name = self._names[place]
        if metrics.horizontalAdvance(name) > name_room:
            name = metrics.elidedText(name, Qt.TextElideMode.ElideRight, name_room)
        inner = box.adjusted(2, 0, -2, 0)
        painter.drawText(inner, int(middle | Qt.AlignmentFlag.AlignLeft), name)
        painter.setFont(theme.font(theme.SECONDARY_PX))
        painter.setPen(colours.accent if chosen else colours.secondary)
        count = count_text(self._counts[place])
        painter.drawText(inner, int(middle | Qt.AlignmentFlag.AlignRight), count)
        left = inner.left() + name_room + theme.INSIDE
        right = inner.right() - self._count_room - theme.INSIDE
        bar = QRectF(left, box.center().y() - 4, max(1.0, (right - left) * share), 8)
        if self._counts[place]:
            painter.fillRect(bar, colours.accent if chosen else colours.bar)
        if self.hasFocus() and place == self._current:
            painter.setPen(QPen(colours.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)

    # Mouse and keys

    def event(self, event: QEvent) -> bool:
        """Tell what a bar says where the pointer rests."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.place_at(QPointF(event.pos()))
            if place is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.words(place), self)
            return True
        if event.type() == QEvent.Type.Leave:
            self._under = None
            self.update()
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show which row a click would choose."""
        under = self.place_at(event.position())
        if under != self._under:
            self._under = under
            self.setCursor(
                Qt.CursorShape.ArrowCursor if under is None else Qt.CursorShape.PointingHandCursor
            )
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the class under the pointer."""
        place = self.place_at(event.position())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go_to(place)
            self.class_clicked.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move along the rows and choose one."""
        last = len(self._names) - 1
        moves = {
            Qt.Key.Key_Up: self._current - 1,
            Qt.Key.Key_Down: self._current + 1,
            Qt.Key.Key_Left: self._current - self._rows(),
            Qt.Key.Key_Right: self._current + self._rows(),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if event.key() in moves and last >= 0:
            target = moves[Qt.Key(event.key())]
            if 0 <= target <= last:
                self._go_to(target)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and last >= 0:
            self.class_clicked.emit(self._current)
        else:
            super().keyPressEvent(event)

    def _go_to(self, place: int) -> None:
        self._current = place
        self._tell_current()
        self.update()

    def _tell_current(self) -> None:
        """Let a screen reader know the row that keys would choose."""
        words = self.words(self._current) if self._names else ""
        self.setAccessibleDescription(words)
