"""The answer: the class in large letters, its confidence, and a bar for every class."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Property, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from mnist_desktop.inference.classifier import Prediction
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import percent_text

ROW = 18
"""The lowest a row of the bars may be, in pixels, before they part into more columns."""
SURE = 0.5
"""The confidence below which more speaks against the best class than for it.

Of 1,500 pen strokes by 30 people it refuses 0.7 % of those read right and 25 % of those misread.
"""


class PredictionPanel(QWidget):
    """Show what a classifier says of the drawing.

    The Qt properties `label` (empty for no answer, also when the classifier is not sure),
    `confidence` (0 to 1) and `request` (rising with each answer) tell the same to programs.
    """

    answered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prediction_panel")
        self.setAccessibleName("Answer")
        self._prediction: Prediction | None = None
        self._request = 0
        self._waiting = True
        self._word = _Word()
        self._bars = _Bars()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addWidget(self._word)
        column.addWidget(self._bars, 1)
        self.show_prediction(Prediction.empty(), 0)

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
        words = _words(prediction, waiting=self._waiting)
        self._word.show_words(words)
        self._bars.show_prediction(prediction, leading=words.sure)
        self.setAccessibleDescription(f"{words.large} {words.small}".strip())
        self.answered.emit()

    @property
    def prediction(self) -> Prediction | None:
        """The prediction that is shown."""
        return self._prediction

    def is_sure(self) -> bool:
        """Say whether an answer is shown, and not only a guess."""
        shown = self._prediction
        return shown is not None and not shown.is_empty and shown.confidence >= SURE

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
    if prediction.confidence < SURE:
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


class _Bars(QWidget):
    """A bar for every class, always in the same order."""

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = tuple("0123456789")
        self._shares: list[float] = [0.0] * 10
        self._leading = -1
        self._blank = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_prediction(self, prediction: Prediction | None, *, leading: bool) -> None:
        """Show other shares, the largest in the accent colour if it is an answer."""
        if prediction is not None and prediction.class_names:
            self._names = prediction.class_names
        self._blank = prediction is None or prediction.is_empty
        self._shares = (
            [0.0] * len(self._names)
            if prediction is None or self._blank
            else [float(p) for p in prediction.probabilities]
        )
        self._leading = prediction.index if prediction is not None and leading else -1
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Return the size below which rows would touch."""
        return QSize(260, 10 * 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, in as many columns as they need."""
        count = len(self._names)
        columns = next((c for c in (1, 2, 3) if -(-count // c) * ROW <= self.height()), 4)
        rows = -(-count // columns)
        height = min(48.0, self.height() / rows)
        gap = theme.BETWEEN if columns > 1 else 0
        width = (self.width() - gap * (columns - 1)) / columns
        names, values = theme.font(theme.TEXT_PX, bold=True), theme.font(theme.SECONDARY_PX)
        widest = max(QFontMetricsF(names).horizontalAdvance(name) for name in self._names)
        name_room = min(0.4 * width, widest + 1)
        value_room = QFontMetricsF(values).horizontalAdvance("100.0")
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for place in range(count):
                column, row = divmod(place, rows)
                cell = QRectF(column * (width + gap), row * height, width, height)
                self._paint_words(painter, place, cell, name_room=name_room)
                if columns > 2:
                    # No room between the words: a line below them.
                    bar = QRectF(cell.left(), cell.bottom() - 3, cell.width(), 2)
                else:
                    thick = max(4.0, min(height - 8, 0.55 * height))
                    left, right = cell.left() + name_room + 10, cell.right() - value_room - 10
                    bar = QRectF(left, cell.center().y() - thick / 2, right - left, thick)
                self._paint_bar(painter, place, bar)

    def _paint_words(
        self, painter: QPainter, place: int, cell: QRectF, *, name_room: float
    ) -> None:
        """Paint a class's name at the left of its cell, its share in percent at the right."""
        colours, leads = theme.current(), place == self._leading
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font(theme.TEXT_PX, bold=leads))
        painter.setPen(colours.text if leads or self._blank else colours.secondary)
        name = QFontMetricsF(painter.font()).elidedText(
            self._names[place], Qt.TextElideMode.ElideRight, name_room
        )
        painter.drawText(cell, middle | Qt.AlignmentFlag.AlignLeft, name)
        if not self._blank:
            painter.setFont(theme.font(theme.SECONDARY_PX))
            painter.setPen(colours.text if leads else colours.secondary)
            share = f"{100 * self._shares[place]:.1f}"
            painter.drawText(cell, middle | Qt.AlignmentFlag.AlignRight, share)

    def _paint_bar(self, painter: QPainter, place: int, area: QRectF) -> None:
        """Paint a class's bar, and the ground it could fill."""
        colours, share = theme.current(), self._shares[place]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.hover)
        painter.drawRoundedRect(area, 2, 2)
        if share > 0:
            area.setWidth(max(2.0, area.width() * share))
            painter.setBrush(colours.accent if place == self._leading else colours.bar)
            painter.drawRoundedRect(area, 2, 2)


def _fitting(text: str, room: float, largest: int, *, bold: bool) -> QFont:
    """Return the largest font, up to `largest` pixels, in which `text` fits into `room`."""
    made = theme.font(largest, bold=bold)
    wide = QFontMetricsF(made).horizontalAdvance(text)
    if wide > room > 0:
        made.setPixelSize(max(theme.TEXT_PX, int(largest * room / wide)))
    return made
