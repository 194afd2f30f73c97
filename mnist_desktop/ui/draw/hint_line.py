"""One calm line under the answer: how usual the drawing is, and what could help."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mnist_desktop.inference.likeness import Level, remark
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import ElidedLabel, button, set_role
from mnist_desktop.ui.workers import Answer

LEVELS = {
    Level.LIKE: "Like the training data",
    Level.EDGE: "A little unlike the training data",
    Level.UNLIKE: "Unlike the training data",
}
"""What the meter says in words."""


class HintLine(QWidget):
    """Say in a few words what a person may want to know of the drawing beside its answer.

    `all_on_requested` asks to take all steps of the ink recipe again.
    """

    all_on_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hint_line")
        self.setAccessibleName("Remark")
        self._meter = Meter()
        self._words = ElidedLabel(side=Qt.TextElideMode.ElideRight)
        set_role(self._words, "secondary")
        self._link = button("Turn all on", role="link")
        self._link.setObjectName("all_steps_on")
        self._link.setToolTip("Take all steps from the ink to the network again")
        # A line of words is lower than a button is elsewhere.
        self._link.setStyleSheet("QPushButton { min-height: 20px; max-height: 20px; }")
        self._link.clicked.connect(self.all_on_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.INSIDE)
        middle = Qt.AlignmentFlag.AlignVCenter
        row.addWidget(self._meter, 0, middle)
        row.addWidget(self._words, 1, middle)
        row.addWidget(self._link, 0, middle)
        self.setFixedHeight(26)
        self.show_answer(None, "")

    def text(self) -> str:
        """Return what the line says."""
        return self._words.full_text()

    @property
    def level(self) -> Level | None:
        """What the meter shows, None for nothing."""
        return self._meter.level

    def show_answer(self, answer: Answer | None, left_out: str) -> None:
        """Show the remark on a drawing; that steps are off comes before all else.

        Parameters
        ----------
        answer
            What is known of the drawing; None for blank paper.
        left_out
            Which steps are off, in words; empty for none.
        """
        likeness, prediction = (answer.likeness, answer.prediction) if answer else (None, None)
        level = None if likeness is None or left_out else likeness.level
        words = left_out or remark(likeness, prediction) or ("" if level is None else LEVELS[level])
        self._meter.show_level(level)
        self._words.set_full_text(words)
        self._link.setVisible(bool(left_out))
        self.setAccessibleDescription(words)


class Meter(QWidget):
    """Show in three steps how usual a drawing is; the tip says it in words."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("likeness_meter")
        self.level: Level | None = None
        self.setFixedSize(38, 14)

    def show_level(self, level: Level | None) -> None:
        """Show another level; None takes the meter away."""
        if level is not self.level:
            self.level = level
            words = "" if level is None else LEVELS[level]
            self.setToolTip(words)
            self.setAccessibleName(words)
            self.update()
        self.setVisible(level is not None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as many full boxes as the level has steps."""
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colours.bar, 1))
            for place in range(len(Level)):
                full = self.level is not None and place < self.level
                painter.setBrush(colours.bar if full else Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(13 * place + 0.5, 3.5, 10, 7), 2, 2)
