"""What the colours of a difference picture mean."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.pair_painter import difference_colours

WORDS = ("more ink left", "more ink right")
MARK, SPACE = 10, 6


class DifferenceKey(QWidget):
    """A small square of each colour with its words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Difference: blue where the left has more ink, ochre the right")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFont(theme.font(theme.SECONDARY_PX))
        theme.notifier().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return room for the words."""
        words = sum(self.fontMetrics().horizontalAdvance(text) for text in WORDS)
        return QSize(words + 2 * (MARK + SPACE) + theme.BETWEEN, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint marks and words."""
        colours, left = theme.current(), 0
        with QPainter(self) as painter:
            painter.setFont(self.font())
            for text, colour in zip(WORDS, difference_colours(colours), strict=True):
                painter.fillRect(left, (self.height() - MARK) // 2, MARK, MARK, colour)
                width = self.fontMetrics().horizontalAdvance(text)
                painter.setPen(colours.secondary)
                area = QRect(left + MARK + SPACE, 0, width + 2, self.height())
                painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), text)
                left += MARK + SPACE + width + theme.BETWEEN
