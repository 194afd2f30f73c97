"""What the colours of a picture mean, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_desktop.ui import theme

SWATCH, BESIDE, LINE, APART = 14, 7, 17, 6


@dataclass(frozen=True)
class Meaning:
    """A line of the legend.

    Parameters
    ----------
    title, detail
        What the colour means, and more of it on a line below; that one may be empty.
    role
        The name of the theme's colour for the swatch, empty for none.
    sign
        The sign in the swatch, so that the colour is not alone.
    """

    title: str
    detail: str = ""
    role: str = ""
    sign: str = ""


class Legend(QWidget):
    """Lines of words, each with a swatch of the colour it tells of."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("legend")
        self.setAccessibleName("Legend")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._lines: tuple[Meaning, ...] = ()
        theme.notifier().changed.connect(self.update)

    def show_lines(self, lines: Sequence[Meaning]) -> None:
        """Show these lines."""
        if tuple(lines) == self._lines:
            return
        self._lines = tuple(lines)
        words = (f"{line.title} {line.detail}".strip() for line in self._lines)
        self.setAccessibleDescription("; ".join(words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for the lines."""
        heights = [LINE * (2 if line.detail else 1) + APART for line in self._lines]
        return QSize(100, sum(heights))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines, each shortened to the room there is."""
        colours, top = theme.current(), 0
        with QPainter(self) as painter:
            for line in self._lines:
                left = 0
                if line.role:
                    left = SWATCH + BESIDE
                    swatch = QRectF(0.5, top + (LINE - SWATCH) / 2, SWATCH, SWATCH)
                    painter.setPen(QPen(colours.line, 1))
                    painter.setBrush(getattr(colours, line.role))
                    painter.drawRect(swatch)
                    painter.setFont(theme.font(theme.TEXT_PX, bold=True))
                    painter.setPen(colours.paper)
                    painter.drawText(swatch, Qt.AlignmentFlag.AlignCenter, line.sign)
                painter.setFont(theme.font(theme.SECONDARY_PX))
                for words, colour in ((line.title, colours.text), (line.detail, colours.secondary)):
                    if words:
                        painter.setPen(colour)
                        room = QRectF(left, top, self.width() - left, LINE)
                        mode = Qt.TextElideMode.ElideRight
                        fitting = painter.fontMetrics().elidedText(words, mode, int(room.width()))
                        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, fitting)
                        top += LINE
                top += APART
