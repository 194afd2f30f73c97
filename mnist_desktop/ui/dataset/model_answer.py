"""What the loaded model says of one sample, asked beside the window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from mnist_desktop.datasets.merging import places_of
from mnist_desktop.inference.classifier import Classifier, Prediction
from mnist_desktop.progress import Job
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import percent_text, secondary, set_role
from mnist_desktop.ui.workers import JobRunner

LEADING = 3
"""How many of the most probable classes are shown."""
LINE = 20


class LeadingBars(QWidget):
    """The most probable classes with their probabilities, one a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._rows: list[tuple[str, float]] = []
        theme.notifier().changed.connect(self.update)

    def set_prediction(self, prediction: Prediction) -> None:
        """Show the leading classes of a prediction."""
        order = np.argsort(-prediction.probabilities, kind="stable")[:LEADING]
        values = prediction.probabilities
        self._rows = [(prediction.class_names[place], float(values[place])) for place in order]
        words = [f"{name} {percent_text(value)}" for name, value in self._rows]
        self.setAccessibleName(", ".join(words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for each line."""
        return QSize(160, LINE * LEADING)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint name, bar and value of each class; the leading bar in the accent colour."""
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setFont(theme.font(theme.SECONDARY_PX))
            metrics = painter.fontMetrics()
            widest = max((metrics.horizontalAdvance(name) for name, _ in self._rows), default=0)
            name_width = min(widest, self.width() // 3) + theme.INSIDE
            value_width = metrics.horizontalAdvance("100.0 %") + theme.INSIDE
            room = max(8, self.width() - name_width - value_width)
            middle = Qt.AlignmentFlag.AlignVCenter
            for place, (name, value) in enumerate(self._rows):
                top = place * LINE
                shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, name_width)
                painter.setPen(colours.text)
                painter.drawText(QRectF(0, top, name_width, LINE), int(middle), shown)
                bar = QRectF(name_width, top + LINE / 2 - 4, max(1.0, room * value), 8)
                painter.fillRect(bar, colours.accent if place == 0 else colours.bar)
                right = QRectF(self.width() - value_width, top, value_width, LINE)
                side = int(middle | Qt.AlignmentFlag.AlignRight)
                painter.setPen(colours.text if place == 0 else colours.secondary)
                painter.drawText(right, side, percent_text(value))


class ModelAnswer(QWidget):
    """Says how the loaded model reads a sample and whether that agrees with its label.

    One question is on its way at a time; of those that come meanwhile only the newest is asked.
    `answered` tells the `Prediction` once it is shown.
    """

    answered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("model_answer")
        self._verdict = QLabel()
        self._verdict.setWordWrap(True)
        self._verdict.setTextFormat(Qt.TextFormat.PlainText)
        self._bars = LeadingBars()
        self._none = secondary("No model is loaded.", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self._verdict, self._bars, self._none):
            column.addWidget(widget)
        self._classifier: Classifier | None = None
        self._image: NDArray[np.uint8] | None = None
        self._class_name = ""
        self._asked: tuple[Classifier, NDArray[np.uint8]] | None = None
        self._runner = JobRunner(self)
        self._runner.finished.connect(self._on_answer)
        self._runner.failed.connect(self._on_failure)
        self._runner.cancelled.connect(self._ask)
        self._show_nothing("No model is loaded.")

    def set_classifier(self, classifier: Classifier | None) -> None:
        """Ask this model from now on."""
        self._classifier = classifier
        self._ask()

    def set_sample(self, image: NDArray[np.uint8] | None, class_name: str) -> None:
        """Ask about another sample: (h, w) uint8, ink high, and its class name (or nothing)."""
        self._image, self._class_name = image, class_name
        self._ask()

    def close_down(self) -> None:
        """End the question that is on its way; no other follows."""
        self._classifier = None
        self._runner.wait_closed()

    @Slot()
    def _ask(self) -> None:
        if self._classifier is None or self._image is None:
            words = "No model is loaded." if self._classifier is None else "No sample is chosen."
            self._show_nothing(words)
        elif not self._runner.is_running:
            self._asked = classifier, image = self._classifier, self._image
            self._runner.start(lambda: _question(classifier, image))

    def _up_to_date(self) -> bool:
        """Say whether what was asked is still what is shown; ask anew when it is not."""
        asked = self._asked
        same = asked is not None and asked[0] is self._classifier and asked[1] is self._image
        if not same:
            self._ask()
        return same

    @Slot(object)
    def _on_answer(self, prediction: Prediction) -> None:
        if not self._up_to_date():
            return
        text, role = verdict(prediction, self._class_name)
        self._verdict.setText(text)
        set_role(self._verdict, role)
        self._bars.set_prediction(prediction)
        self._show_answer(True)
        self.answered.emit(prediction)

    @Slot(object)
    def _on_failure(self, error: Exception) -> None:
        if self._up_to_date():
            self._show_nothing(f"The model cannot read this image: {error}")

    def _show_nothing(self, words: str) -> None:
        self._none.setText(words)
        self._show_answer(False)

    def _show_answer(self, there_is_one: bool) -> None:
        self._verdict.setVisible(there_is_one)
        self._bars.setVisible(there_is_one)
        self._none.setVisible(not there_is_one)


def verdict(prediction: Prediction, class_name: str) -> tuple[str, str]:
    """Return what a prediction says of a sample with this label, and the role of the words.

    A model of other classes is neither right nor wrong about it, and that is told.
    """
    name, share = prediction.label, percent_text(prediction.confidence)
    if not class_name:
        return f"Reads it as {name}, {share}", ""
    (place,) = places_of((class_name,), prediction.class_names)
    if place < 0:
        return f"Reads it as {name}, {share}; “{class_name}” is none of its classes", ""
    if prediction.index == place:
        return f"✓ Reads it as {name}, as labelled", "good"
    own = percent_text(float(prediction.probabilities[place]))
    return f"≠ Reads it as {name}; its label, {class_name}, gets {own}", "careful"


def _question(classifier: Classifier, image: NDArray[np.uint8]) -> Job[Prediction]:
    """Ask the model once; a job without steps."""
    yield from ()
    return classifier.answer(image)
