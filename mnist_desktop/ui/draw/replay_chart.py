"""The chart of a replay, to look at and to move in."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_desktop.inference.replay import Replay
from mnist_desktop.ui import theme
from mnist_desktop.ui.draw.replay_painter import Plot, paint_replay


class ReplayChart(QWidget):
    """The chart of a replay; `chosen` carries the moment that is clicked or dragged to."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("replay_chart")
        self.setAccessibleName("Confidence of the classes over the pen's way")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._replay: Replay | None = None
        self._index = 0
        theme.notifier().changed.connect(self.update)

    def show_replay(self, replay: Replay, index: int) -> None:
        """Show a replay with a mark at one of its moments."""
        self._replay, self._index = replay, index
        self.update()

    def plot(self) -> Plot:
        """Return where things stand in the chart now."""
        count = 1 if self._replay is None else len(self._replay)
        return Plot.within(self.width(), self.height(), count)

    def minimumSizeHint(self) -> QSize:
        """Return the size below which nothing could be told apart."""
        return QSize(200, 90)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chart."""
        if self._replay is not None:
            with QPainter(self) as painter:
                paint_replay(painter, self._replay, self.plot(), index=self._index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the moment under the pointer."""
        if self._replay is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self.plot().nearest(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer while the button is down."""
        if self._replay is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self.chosen.emit(self.plot().nearest(event.position().x()))
