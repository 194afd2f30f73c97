"""The answer: the class in large letters, its confidence, a remark, and bars for the classes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Property, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mnist_desktop.inference.classifier import Prediction
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import percent_text
from mnist_desktop.ui.draw.bars import Bars
from mnist_desktop.ui.draw.hint_line import HintLine


class PredictionPanel(QWidget):
    """Show what a classifier says of the drawing.

    The Qt properties `label` (empty for no answer, also when the classifier is not sure),
    `confidence` (0 to 1) and `request` (rising with each answer) tell the same to programs.
    `class_chosen` tells the class whose bar was clicked.
    """

    answered = Signal()
    class_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prediction_panel")
        self.setAccessibleName("Answer")
        self._prediction: Prediction | None = None
        self._request = 0
        self._waiting = True
        self._word = _Word()
        self.hint = HintLine()
        room = self.hint.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self.hint.setSizePolicy(room)
        self._bars = Bars()
        self._bars.class_chosen.connect(self.class_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addWidget(self._word)
        column.addWidget(self.hint)
        column.addWidget(self._bars, 1)
        self.show_prediction(Prediction.empty(), 0)

    def add_below(self, row: QWidget) -> None:
        """Put a row under the bars."""
        self.layout().addWidget(row)

    def set_waiting(self, waiting: bool) -> None:
        """Say whether a missing classifier is still on its way, or there is none."""
        self._waiting = waiting
        self.show_prediction(self._prediction, self._request)

    def show_prediction(self, prediction: Prediction | None, request: int) -> None:
        """Show an answer.

        Parameters
        ----------
        prediction
            What the classifier says; empty for a blank pad, None where there is no classifier.
        request
            The number of the request it answers.
        """
        self._prediction, self._request = prediction, request
        self._paint(prediction)
        self.answered.emit()

    def show_meanwhile(self, prediction: Prediction | None) -> None:
        """Show what was said of a part of the drawing; None shows the answer to all of it again.

        The properties, and so what is done with the answer, stay those of the whole drawing; the
        remark on it is hidden.
        """
        self.hint.setVisible(prediction is None)
        self._paint(self._prediction if prediction is None else prediction)

    def _paint(self, prediction: Prediction | None) -> None:
        """Show a prediction in words and bars."""
        words = _words(prediction, waiting=self._waiting)
        self._word.show_words(words)
        self._bars.show_prediction(prediction, leading=words.sure)
        self.setAccessibleDescription(f"{words.large} {words.small}".strip())

    @property
    def prediction(self) -> Prediction | None:
        """The prediction that is shown."""
        return self._prediction

    def is_sure(self) -> bool:
        """Say whether an answer is shown, and not only a guess."""
        shown = self._prediction
        return shown is not None and shown.is_sure

    def _label(self) -> str:
        """Return the class that is answered, empty for no answer."""
        shown = self._prediction
        return shown.label if shown is not None and self.is_sure() else ""

    def _confidence(self) -> float:
        """Return the probability of the best class, 0 to 1."""
        return 0.0 if self._prediction is None else self._prediction.confidence

    def _request_number(self) -> int:
        """Return the number of the request that is answered."""
        return self._request

    label = Property(str, _label, notify=answered)
    confidence = Property(float, _confidence, notify=answered)
    request = Property(int, _request_number, notify=answered)


@dataclass(frozen=True)
class _Words:
    """What stands above the bars."""

    large: str
    small: str
    sure: bool
    calm: bool


def _words(prediction: Prediction | None, *, waiting: bool) -> _Words:
    """Return what to say of a prediction."""
    if prediction is None:
        text = "Loading the model …" if waiting else "No model"
        return _Words(text, "", sure=False, calm=True)
    if prediction.is_empty:
        return _Words("Draw, and the answer follows", "", sure=False, calm=True)
    share = percent_text(prediction.confidence)
    if not prediction.is_sure:
        return _Words("Not sure", f"perhaps {prediction.label}, {share}", sure=False, calm=True)
    return _Words(prediction.label, share, sure=True, calm=False)


class _Word(QWidget):
    """The class in large letters at the left, its confidence at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._words = _Words("", "", sure=False, calm=True)
        self.setFixedHeight(88)

    def show_words(self, words: _Words) -> None:
        """Show other words."""
        if words != self._words:
            self._words = words
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words on one baseline."""
        colours, words = theme.current(), self._words
        small = theme.font(20 if words.sure else theme.TEXT_PX)
        small_width = QFontMetricsF(small).horizontalAdvance(words.small)
        room = self.width() - (small_width + theme.BETWEEN if words.small else 0)
        large = _fitting(words.large, room, 24 if words.calm else theme.ANSWER_PX, bold=words.sure)
        metrics = QFontMetricsF(large)
        baseline = (self.height() + metrics.capHeight()) / 2
        with QPainter(self) as painter:
            painter.setFont(large)
            painter.setPen(colours.secondary if words.calm else colours.text)
            painter.drawText(0, round(baseline), words.large)
            painter.setFont(small)
            painter.setPen(colours.secondary)
            painter.drawText(round(self.width() - small_width), round(baseline), words.small)


def _fitting(text: str, room: float, largest: int, *, bold: bool) -> QFont:
    """Return the largest font, up to `largest` pixels, in which `text` fits into `room`."""
    made = theme.font(largest, bold=bold)
    wide = QFontMetricsF(made).horizontalAdvance(text)
    if wide > room > 0:
        made.setPixelSize(max(theme.TEXT_PX, int(largest * room / wide)))
    return made
