"""The bars below the answer: one for each class, or of many classes for the most probable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_desktop.inference.classifier import Prediction
from mnist_desktop.ui import theme

ROW = 18
"""The lowest a row of the bars may be, in pixels, before they part into two columns."""
MOST_IN_ORDER = 26
"""Up to so many classes each have a bar of their own; of more only the most probable."""
MOST_LEADING, LEAST_SHARE = 8, 0.005
"""How many of many classes are shown, and the least probability of each."""
MOST_NAMED = 100
"""How many class names are listed while the pad is blank."""


@dataclass(frozen=True)
class Row:
    """A class, the share of the answer it has, whether it is the answer, and which one it is."""

    name: str
    share: float
    leads: bool = False
    index: int = -1


def rows_of(prediction: Prediction, *, leading: bool) -> list[Row]:
    """Return what the bars show of a prediction that is not empty.

    Few classes keep their order, so that nothing jumps while a stroke is drawn. Of many those are
    shown that the answer may be, the most probable first, and what is left for all the others.
    """
    names, shares = prediction.class_names, prediction.probabilities
    if len(names) <= MOST_IN_ORDER:
        order = list(range(len(names)))
    else:
        best = np.argsort(-shares, kind="stable")[:MOST_LEADING].tolist()
        order = [place for place in best if shares[place] >= LEAST_SHARE] or best[:1]
    rows = [
        Row(names[place], float(shares[place]), leading and place == prediction.index, place)
        for place in order
    ]
    others = 1.0 - sum(row.share for row in rows)
    if len(rows) < len(names) and others >= LEAST_SHARE:
        rows.append(Row("others", others))
    return rows


class Bars(QWidget):
    """A bar for every class, always in the same order; of many classes for the most probable.

    `class_chosen` tells the class whose bar was clicked.
    """

    class_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._places: list[tuple[QRectF, int]] = []
        self.setToolTip("Click a bar to see what speaks for that class")
        self._names: tuple[str, ...] = tuple("0123456789")
        self._rows: list[Row] = []
        self._blank = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_prediction(self, prediction: Prediction | None, *, leading: bool) -> None:
        """Show other shares, the largest in the accent colour if it is an answer."""
        if prediction is not None and prediction.class_names:
            self._names = prediction.class_names
        self._blank = prediction is None or prediction.is_empty
        if prediction is not None and not prediction.is_empty:
            self._rows = rows_of(prediction, leading=leading)
        elif len(self._names) <= MOST_IN_ORDER:
            self._rows = [Row(name, 0.0) for name in self._names]
        else:
            self._rows = []
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Return the size below which rows would touch."""
        return QSize(260, 5 * 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, in two columns where one is not enough."""
        with QPainter(self) as painter:
            if not self._rows:
                self._paint_names(painter)
                return
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            in_order = len(self._names) <= MOST_IN_ORDER
            count = len(self._rows) if in_order else MOST_LEADING + 1
            columns = 1 if count * ROW <= self.height() or not in_order else 2
            rows = -(-count // columns)
            self._places = []
            height = min(48.0 if in_order else 32.0, self.height() / rows)
            gap = theme.BETWEEN if columns > 1 else 0
            width = (self.width() - gap * (columns - 1)) / columns
            name_room = self._name_room(width)
            for place, shown in enumerate(self._rows):
                column, row = divmod(place, rows)
                cell = QRectF(column * (width + gap), row * height, width, height)
                self._places.append((cell, shown.index))
                self._paint_row(painter, shown, cell, name_room=name_room)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell which class was clicked, if it has a bar now."""
        found = (index for cell, index in self._places if cell.contains(event.position()))
        index = next(found, -1)
        if event.button() == Qt.MouseButton.LeftButton and index >= 0 and not self._blank:
            self.class_chosen.emit(index)

    def _name_room(self, width: float) -> float:
        """Return how much of a row's width the names take."""
        metrics = QFontMetricsF(theme.font(theme.TEXT_PX, bold=True))
        widest = max(metrics.horizontalAdvance(row.name) for row in self._rows)
        if len(self._names) > MOST_IN_ORDER:
            # What is shown changes with each stroke; where the bars begin does not.
            widest = max(widest, metrics.horizontalAdvance("others"))
        return min(0.4 * width, widest + 1)

    def _paint_row(self, painter: QPainter, row: Row, cell: QRectF, *, name_room: float) -> None:
        """Paint a class's name, its bar with the ground it could fill, and its share in percent."""
        colours = theme.current()
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font(theme.TEXT_PX, bold=row.leads))
        painter.setPen(colours.text if row.leads or self._blank else colours.secondary)
        name = QFontMetricsF(painter.font()).elidedText(
            row.name, Qt.TextElideMode.ElideRight, name_room
        )
        painter.drawText(cell, middle | Qt.AlignmentFlag.AlignLeft, name)
        values = theme.font(theme.SECONDARY_PX)
        if not self._blank:
            painter.setFont(values)
            painter.setPen(colours.text if row.leads else colours.secondary)
            painter.drawText(cell, middle | Qt.AlignmentFlag.AlignRight, f"{100 * row.share:.1f}")
        value_room = QFontMetricsF(values).horizontalAdvance("100.0")
        thick = max(4.0, min(cell.height() - 8, 0.55 * cell.height()))
        left, right = cell.left() + name_room + 10, cell.right() - value_room - 10
        bar = QRectF(left, cell.center().y() - thick / 2, right - left, thick)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.hover)
        painter.drawRoundedRect(bar, 2, 2)
        if row.share > 0:
            bar.setWidth(max(2.0, bar.width() * row.share))
            painter.setBrush(colours.accent if row.leads else colours.bar)
            painter.drawRoundedRect(bar, 2, 2)

    def _paint_names(self, painter: QPainter) -> None:
        """Say which characters can be read; there are too many for a bar each."""
        painter.setFont(theme.font(theme.TEXT_PX))
        painter.setPen(theme.current().secondary)
        between = " " if all(len(name) == 1 for name in self._names) else ", "
        text = "The model reads " + between.join(self._names[:MOST_NAMED])
        if len(self._names) > MOST_NAMED:
            text += f" … {len(self._names):,} classes in all"
        painter.drawText(self.rect(), Qt.TextFlag.TextWordWrap, text)
