"""What a model says of the picture on the way: one line, and a bar for each class that matters."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from mnist_desktop.inference.way import Way
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import percent_text
from mnist_desktop.ui.morph.words import answer_words

MOST = 4
"""Classes that get a bar: those that the model thinks of most, anywhere on the way."""
MATTERS = 0.02
"""A class that nowhere reaches this probability gets no bar."""
WORD, LINE = 32, 16


class WayAnswer(QWidget):
    """Show how the picture at one place of a way is read.

    The classes are chosen for the whole way and keep their order, so that no bar jumps while the
    slider moves.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("way_answer")
        self.setAccessibleName("Answer")
        self._way: Way | None = None
        self._index = 0
        self._classes: list[int] = []
        theme.notifier().changed.connect(self.update)

    def set_way(self, way: Way | None) -> None:
        """Show another way."""
        self._way = way
        self._classes = [] if way is None else leading_classes(way)
        self.set_index(0 if way is None else min(self._index, len(way) - 1))

    def set_index(self, index: int) -> None:
        """Show the answer to another picture of the way."""
        self._index = index
        self.setAccessibleDescription(" ".join(self.words()))
        self.update()

    def words(self) -> tuple[str, str]:
        """Return the answer and what is said beside it."""
        return ("", "") if self._way is None else answer_words(self._way.prediction(self._index))

    def sizeHint(self) -> QSize:
        """Return room for the answer and every bar."""
        return QSize(160, WORD + MOST * LINE)

    def minimumSizeHint(self) -> QSize:
        """Return the same height; the width may shrink."""
        return QSize(100, WORD + MOST * LINE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the answer, and the bars below it."""
        if self._way is None:
            return
        prediction = self._way.prediction(self._index)
        sure = self._way.is_sure(self._index)
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            large, small = self.words()
            word = QRectF(0, 0, self.width(), WORD - 4)
            low = Qt.AlignmentFlag.AlignVCenter
            painter.setFont(theme.font(theme.TEXT_PX))
            painter.setPen(colours.secondary)
            small = "" if sure else small  # the bars tell it of an answer
            painter.drawText(word, low | Qt.AlignmentFlag.AlignRight, small)
            room = self.width() - QFontMetricsF(painter.font()).horizontalAdvance(small) - 8
            painter.setFont(theme.font(26 if sure else theme.HEADING_PX, bold=sure))
            painter.setPen(colours.text if sure else colours.secondary)
            fitting = QFontMetricsF(painter.font()).elidedText(
                large, Qt.TextElideMode.ElideRight, room
            )
            painter.drawText(word, low | Qt.AlignmentFlag.AlignLeft, fitting)
            for line, place in enumerate(self._classes):
                share = float(prediction.probabilities[place])
                leads = sure and place == prediction.index
                self._paint_bar(painter, line, prediction.class_names[place], share, leads=leads)

    def _paint_bar(
        self, painter: QPainter, line: int, name: str, share: float, *, leads: bool
    ) -> None:
        """Paint one class: name, bar, probability."""
        colours = theme.current()
        painter.setFont(theme.font(theme.SECONDARY_PX, bold=leads))
        metrics = QFontMetricsF(theme.font(theme.SECONDARY_PX, bold=True))
        assert self._way is not None
        names = [self._way.class_names[place] for place in self._classes]
        name_room = min(max(map(metrics.horizontalAdvance, names)), 0.4 * self.width())
        value_room = metrics.horizontalAdvance("100.0 %")
        cell = QRectF(0, WORD + line * LINE, self.width(), LINE)
        painter.setPen(colours.text if leads else colours.secondary)
        fitting = metrics.elidedText(name, Qt.TextElideMode.ElideRight, name_room + 1)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(cell, middle | Qt.AlignmentFlag.AlignLeft, fitting)
        painter.drawText(cell, middle | Qt.AlignmentFlag.AlignRight, percent_text(share))
        left = name_room + 8
        bar = QRectF(left, cell.center().y() - 4, self.width() - left - value_room - 8, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.hover)
        painter.drawRoundedRect(bar, 3, 3)
        bar.setWidth(max(2.0, bar.width() * share))
        painter.setBrush(colours.accent if leads else colours.bar)
        painter.drawRoundedRect(bar, min(3.0, bar.width() / 2), 3)


def leading_classes(way: Way) -> list[int]:
    """Return the classes that matter most anywhere on a way, in their own order."""
    if way.probabilities is None:
        return []
    highest = way.probabilities.max(axis=0)
    order = np.argsort(-highest, kind="stable")[:MOST]
    return sorted(place for place in order.tolist() if highest[place] >= MATTERS)
