"""What is believed of a dataset, with how sure it is and why."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mnist_desktop.datasets.judgement import Certainty
from mnist_desktop.ui.controls import secondary, set_role

WORDS = {
    Certainty.CERTAIN: ("✓ certain", "good"),
    Certainty.LIKELY: ("≈ likely", "good"),
    Certainty.GUESS: ("? only a guess", "careful"),
    Certainty.UNKNOWN: ("not known", "secondary"),
}
"""How sure something is, and the colour of those words."""


class Verdict(QWidget):
    """A statement, how sure it is, and the reason in a sentence below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._certainty = QLabel()
        self._reason = secondary(wrap=True)
        self._reason.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for label in (self._words, self._certainty, self._reason):
            column.addWidget(label)

    def show_words(self, words: str, certainty: Certainty, reason: str) -> None:
        """Say something else."""
        text, role = WORDS[certainty]
        self._words.setText(words)
        self._certainty.setText(text)
        set_role(self._certainty, role)
        self._reason.setText(reason)
        self.setAccessibleName(f"{words}, {text}. {reason}")

    def text(self) -> str:
        """Return all that is said."""
        return f"{self._words.text()} · {self._certainty.text()} · {self._reason.text()}"
