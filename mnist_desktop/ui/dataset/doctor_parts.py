"""What the doctor's view is made of: a problem with its sign, and a row of pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mnist_desktop.datasets.doctor import Problem
from mnist_desktop.ui import icons, theme
from mnist_desktop.ui.controls import secondary
from mnist_desktop.ui.paper import crisp_area, on_paper

CELL, GAP = 64, 8
"""Size of a picture in the row and the space between two, in pixels."""


class Sign(QLabel):
    """An icon that stands for a judgement, in its colour.

    Parameters
    ----------
    size
        Its width and height in pixels.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size
        self._name = "info"
        self.setFixedSize(size, size)
        theme.notifier().changed.connect(self._draw)
        self._draw()

    def set_kind(self, kind: str) -> None:
        """Show the sign of "good", "careful", "bad" or "info"."""
        self._name = kind
        self._draw()

    @Slot()
    def _draw(self) -> None:
        """Draw the icon in the theme's colours."""
        role = self._name if self._name in ("good", "careful", "bad") else "secondary"
        ratio = self.devicePixelRatioF()
        self.setPixmap(icons.pixmap(self._name, self._size, role=role, ratio=ratio))


class ProblemRow(QWidget):
    """One problem: a sign, what it is, where, and what to do about it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        sign = Sign(20)
        sign.set_kind("bad" if problem.fault else "careful")
        self.text = _words(QLabel(f"{problem.text}."))
        self.advice = _words(secondary(problem.advice))
        self.advice.setVisible(bool(problem.advice))
        kind = "Fault" if problem.fault else "Remark"
        place = f" · byte {problem.offset:,} (0x{problem.offset:X})" if problem.offset else ""
        self.place = secondary(kind + place)
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self.text, self.advice, self.place):
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.INSIDE)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.setAccessibleName(f"{kind}: {problem.text}. {problem.advice}")


class PictureRow(QWidget):
    """As many of the first pictures of a file as fit side by side."""

    def __init__(self) -> None:
        super().__init__()
        self._pictures: NDArray[np.uint8] = np.zeros((0, 1, 1), np.uint8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.notifier().changed.connect(self.update)

    def set_pictures(self, pictures: NDArray[np.uint8] | None) -> None:
        """Show these, (n, h, w) uint8 with ink high, or nothing."""
        self._pictures = self._pictures[:0] if pictures is None else pictures
        self.setAccessibleName(f"The first {len(self._pictures)} pictures")
        self.setVisible(len(self._pictures) > 0)
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for one row."""
        return QSize(CELL, CELL)

    def shown_count(self) -> int:
        """Return how many pictures have room."""
        return min(len(self._pictures), max(1, (self.width() + GAP) // (CELL + GAP)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pictures, each pixel alike."""
        colours, ratio = theme.current(), self.devicePixelRatioF()
        with QPainter(self) as painter:
            for place in range(self.shown_count()):
                picture = self._pictures[place]
                room = QRectF(place * (CELL + GAP), 0, CELL, CELL)
                painter.fillRect(room, colours.paper)
                area = crisp_area(room, shape=picture.shape, ratio=ratio)
                painter.drawImage(area, on_paper(picture, colours))
                painter.setPen(colours.line)
                painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -0.5))


def _words(label: QLabel) -> QLabel:
    """Let a label break its lines, and its text be selected and copied."""
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
