"""The list of duplicate pairs: any number of them, only those in sight are painted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from mnist_desktop.datasets.duplicates import Duplicates
from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.pair_painter import PairPainter, RowLayout, words_of


class PairList(QAbstractScrollArea):
    """Shows pairs below one another; one of them is current, and one of its two samples.

    `sample_activated` carries the pair and which of its samples (0 or 1) a person wants to see
    among the others.
    """

    sample_activated = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pair_list")
        self.setAccessibleName("Duplicate pairs")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(RowLayout.within(0).height)
        self._found: Duplicates | None = None
        self._pairs: NDArray[np.int64] = np.empty(0, np.int64)
        self._painter = PairPainter(theme.current())
        self.current, self.side = -1, 0
        theme.notifier().changed.connect(self._follow_theme)

    def set_pairs(self, found: Duplicates | None, pairs: NDArray[np.int64]) -> None:
        """Show these pairs of a result, (k,) int64, from the first on."""
        self._found, self._pairs = found, pairs
        self.current, self.side = (0 if len(pairs) else -1), 0
        self._fit_scroll_bar()
        self.verticalScrollBar().setValue(0)
        self._tell_current()
        self.viewport().update()

    def __len__(self) -> int:
        return len(self._pairs)

    def pair(self) -> int | None:
        """Return which pair of the result is current, None when nothing is shown."""
        return int(self._pairs[self.current]) if self.current >= 0 else None

    def choose(self, place: int, side: int | None = None) -> None:
        """Make a pair current, by its place in the list, and bring it into sight."""
        if not len(self._pairs):
            return
        self.current = min(max(place, 0), len(self._pairs) - 1)
        self.side = self.side if side is None else side
        bar, row = self.verticalScrollBar(), self.row(self.current)
        if row.top() < 0:
            bar.setValue(bar.value() + row.top())
        elif row.bottom() >= self.viewport().height():
            bar.setValue(bar.value() + row.bottom() + 1 - self.viewport().height())
        self._tell_current()
        self.viewport().update()

    # Geometry

    def row_height(self) -> int:
        """Return the height of a row at this width."""
        return RowLayout.within(self.viewport().width()).height

    def row(self, place: int) -> QRect:
        """Return where a pair stands in the viewport."""
        top = place * self.row_height() - self.verticalScrollBar().value()
        return QRect(0, top, self.viewport().width(), self.row_height())

    def place_at(self, point: QPoint) -> int:
        """Return which pair stands at a point of the viewport, −1 for none."""
        place = (point.y() + self.verticalScrollBar().value()) // self.row_height()
        return place if place < len(self._pairs) else -1

    def _fit_scroll_bar(self) -> None:
        """Let the scroll bar reach the last row."""
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, len(self._pairs) * self.row_height() - height))
        bar.setPageStep(height)
        bar.setSingleStep(self.row_height() // 4)

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the rows to the new size; the current pair stays in sight."""
        self._fit_scroll_bar()
        if event.oldSize().width() > 0 and self.current >= 0:
            self.choose(self.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between pairs and their two samples; Enter asks to see the sample."""
        page = max(1, self.viewport().height() // self.row_height())
        places = {
            Qt.Key.Key_Up: self.current - 1,
            Qt.Key.Key_Down: self.current + 1,
            Qt.Key.Key_PageUp: self.current - page,
            Qt.Key.Key_PageDown: self.current + page,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._pairs) - 1,
        }
        key = Qt.Key(event.key())
        if key in places:
            self.choose(places[key])
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.choose(self.current, int(key == Qt.Key.Key_Right))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current >= 0:
            self._activate()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is clicked."""
        point = event.position().toPoint()
        place = self.place_at(point)
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            row = self.row(place)
            layout = RowLayout.within(row.width())
            sides = [side for side in (0, 1) if layout.picture(row, side).contains(point)]
            self.choose(place, sides[0] if sides else None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask to see the sample that is clicked."""
        self.mousePressEvent(event)
        if self.place_at(event.position().toPoint()) >= 0:
            self._activate()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show by colour that keys work here."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show by colour that keys work elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _activate(self) -> None:
        pair = self.pair()
        if pair is not None:
            self.sample_activated.emit(pair, self.side)

    def _tell_current(self) -> None:
        """Tell the current pair to those who cannot see it."""
        pair = self.pair()
        text = "Nothing is shown"
        if self._found is not None and pair is not None:
            words = words_of(self._found, pair)
            text = f"{self.current + 1:,} of {len(self._pairs):,}: {words.sentence()}"
        self.setAccessibleDescription(text)
        changed = QAccessible.Event.DescriptionChanged
        QAccessible.updateAccessibility(QAccessibleEvent(self, changed))

    @Slot()
    def _follow_theme(self) -> None:
        """Paint in the colours of the present theme."""
        self._painter = PairPainter(theme.current())
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pairs in sight."""
        if self._found is None:
            return
        scroll, area = self.verticalScrollBar().value(), event.rect()
        height = self.row_height()
        first = (scroll + area.top()) // height
        last = min(len(self._pairs) - 1, (scroll + area.bottom()) // height)
        with QPainter(self.viewport()) as painter:
            for place in range(first, last + 1):
                self._painter.paint(
                    painter,
                    self.row(place),
                    self._found,
                    int(self._pairs[place]),
                    side=self.side if place == self.current else -1,
                    focus=self.hasFocus(),
                )
