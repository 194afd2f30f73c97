"""Paint the confidence of every class over the way of the pen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from mnist_desktop.inference.replay import Replay
from mnist_desktop.ui import theme

LEFT, RIGHT = 40, 10
"""Room at the sides, for the scale and for half the slider's handle."""

TURNS = 20
"""Room above, for what the answer becomes."""

NAMES = 18
"""Room between that and the highest line, for the names at the lines."""

MOST_NAMED = 4
"""So many classes at most have a line with a name."""


@dataclass(frozen=True)
class Plot:
    """Where moments and probabilities stand in a chart.

    Parameters
    ----------
    area
        From 0 to 100 % and from the first to the last moment.
    count
        The number of moments.
    """

    area: QRectF
    count: int

    @classmethod
    def within(cls, width: float, height: float, count: int) -> Plot:
        """Return the plot in a chart of this size."""
        top = TURNS + NAMES
        area = QRectF(LEFT, top, max(1.0, width - LEFT - RIGHT), max(1.0, height - top - 4))
        return cls(area, count)

    def x(self, index: float) -> float:
        """Return where a moment stands."""
        return self.area.left() + index / max(1, self.count - 1) * self.area.width()

    def at(self, place: float) -> float:
        """Return where a place on the way stands, 0 to 1."""
        return self.area.left() + place * self.area.width()

    def y(self, share: float) -> float:
        """Return where a probability stands."""
        return self.area.bottom() - share * self.area.height()

    def nearest(self, x: float) -> int:
        """Return the moment nearest to a place in the chart."""
        along = (x - self.area.left()) / self.area.width()
        return round(min(1.0, max(0.0, along)) * (self.count - 1))

    def line(self, shares: NDArray[np.float32]) -> QPolygonF:
        """Return a class's line."""
        return QPolygonF([QPointF(self.x(k), self.y(p)) for k, p in enumerate(shares.tolist())])


def named_classes(replay: Replay) -> tuple[int, ...]:
    """Return the classes worth a name: those that were an answer, the last one first."""
    best = replay.probabilities.max(axis=0)
    last = int(replay.probabilities[-1].argmax())
    sure = replay.probabilities.max(axis=1) >= replay.sure_from
    answers = np.unique(replay.probabilities.argmax(axis=1)[sure]).tolist()
    if not answers:
        answers = np.argsort(-best, kind="stable")[:2].tolist()
    weight = replay.probabilities.sum(axis=0)
    others = sorted((k for k in answers if k != last), key=lambda k: -float(weight[k]))
    return (last, *others)[:MOST_NAMED]


def paint_replay(painter: QPainter, replay: Replay, plot: Plot, *, index: int) -> None:
    """Paint a replay's chart, with a mark at the moment `index`."""
    _paint_ground(painter, replay, plot)
    _paint_lines(painter, replay, plot)
    _paint_doubts(painter, replay, plot)
    _paint_turns(painter, replay, plot)
    _paint_names(painter, replay, plot)
    _paint_mark(painter, replay, plot, index=index)


def _paint_ground(painter: QPainter, replay: Replay, plot: Plot) -> None:
    """Paint the scale, the doubts as hatched stretches, and the ends of the strokes."""
    colours, area = theme.current(), plot.area
    painter.fillRect(area, colours.surface)
    for room in _doubtful(replay, plot):
        painter.fillRect(room, colours.hover)
        painter.fillRect(room, QBrush(colours.line, Qt.BrushStyle.BDiagPattern))
    painter.setPen(QPen(colours.line, 1))
    for share in (0.0, 0.5, 1.0):
        y = round(plot.y(share)) + 0.5
        painter.drawLine(QLineF(area.left(), y, area.right(), y))
    painter.setPen(QPen(colours.bar, 1, Qt.PenStyle.DotLine))
    for k, moment in enumerate(replay.moments[:-1]):
        if moment.length == 0:
            x = round(plot.x(k)) + 0.5
            painter.drawLine(QLineF(x, area.bottom() - 8, x, area.bottom()))
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.setFont(theme.font(theme.SECONDARY_PX))
    for share, text in ((0.0, "0"), (0.5, "50"), (1.0, "100")):
        beside = QRectF(-8, plot.y(share) - 8, LEFT + 2, 16)
        _write(painter, beside, right, text, colours.secondary)


def _doubtful(replay: Replay, plot: Plot) -> list[QRectF]:
    """Return the stretches on which the model was not sure, to half way to their neighbours."""
    half, area = 0.5 / max(1, plot.count - 1), plot.area
    sides = (
        (plot.at(max(0.0, start - half)), plot.at(min(1.0, end + half)))
        for start, end in replay.doubts()
    )
    return [QRectF(left, area.top(), right - left, area.height()) for left, right in sides]


def _paint_doubts(painter: QPainter, replay: Replay, plot: Plot) -> None:
    """Write in words what the hatching means, where there is room for them."""
    colours = theme.current()
    painter.setFont(theme.font(theme.SECONDARY_PX))
    needed = QFontMetricsF(painter.font()).horizontalAdvance("not sure") + 12
    for room in _doubtful(replay, plot):
        if needed < room.width():
            # In the upper half: where a model is not sure, most lines run low.
            words = QRectF(room.left(), plot.y(0.75) - 9, room.width(), 18)
            align = Qt.AlignmentFlag.AlignCenter
            _write(painter, words, align, "not sure", colours.secondary, ground=colours.hover)


def _paint_lines(painter: QPainter, replay: Replay, plot: Plot) -> None:
    """Paint the lines, those with a name over the others."""
    colours, named = theme.current(), named_classes(replay)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(plot.area.adjusted(-2, -2, 2, 2))
    others = [k for k in range(len(replay.class_names)) if k not in named]
    for k in (*others, *reversed(named)):
        if replay.probabilities[:, k].max() < 0.01:
            continue
        colour, width = _pen(k, named, colours)
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(plot.line(replay.probabilities[:, k]))
    painter.restore()


def _pen(k: int, named: Sequence[int], colours: theme.Theme) -> tuple[QColor, float]:
    """Return colour and width of a class's line."""
    if k not in named:
        return colours.bar, 1.0
    return (colours.accent, 2.5) if k == named[0] else (colours.text, 1.5)


def _paint_turns(painter: QPainter, replay: Replay, plot: Plot) -> None:
    """Paint a line at each turn, and what becomes what where there is room."""
    colours, free = theme.current(), 0.0
    painter.setFont(theme.font(theme.SECONDARY_PX, bold=True))
    for turn in replay.turns():
        x = round(plot.at(turn.place)) + 0.5
        words = f"{turn.before} → {turn.after}"
        width = QFontMetricsF(painter.font()).horizontalAdvance(words) + 2
        painter.setPen(QPen(colours.accent, 1))
        right = plot.area.right() + RIGHT
        left = min(max(0.0, x - width / 2), right - width)
        has_words = left >= free
        top = TURNS - 2 if has_words else TURNS + 4
        painter.drawLine(QLineF(x, top, x, plot.area.bottom()))
        if has_words:
            align = Qt.AlignmentFlag.AlignCenter
            _write(painter, QRectF(left, 0, width, TURNS - 3), align, words, colours.text)
            free = left + width + 6


def _paint_names(painter: QPainter, replay: Replay, plot: Plot) -> None:
    """Write the names of the leading classes where their lines are highest and there is room."""
    colours, named = theme.current(), named_classes(replay)
    font = theme.font(theme.TEXT_PX, bold=True)
    painter.setFont(font)
    taken: list[QRectF] = []
    for k in named:
        name = replay.class_names[k]
        shares = replay.probabilities[:, k]
        width = QFontMetricsF(font).horizontalAdvance(name) + 6
        # Half way along where it leads, if that is its height; else where it is highest.
        for index in _high_places(shares):
            left = min(max(plot.area.left(), plot.x(index) - width / 2), plot.area.right() - width)
            room = QRectF(left, plot.y(float(shares[index])) - NAMES, width, NAMES - 1)
            if not any(room.adjusted(-2, 0, 2, 0).intersects(other) for other in taken):
                colour, _ = _pen(k, named, colours)
                _write(painter, room, Qt.AlignmentFlag.AlignCenter, name, colour)
                taken.append(room)
                break


def _high_places(shares: NDArray[np.float32]) -> list[int]:
    """Return the moments at which a line may have its name, the best one first."""
    high = np.flatnonzero(shares >= 0.97 * shares.max())
    parts = np.split(high, np.flatnonzero(np.diff(high) > 1) + 1)
    longest = max(parts, key=len)
    middle = int(longest[len(longest) // 2])
    rest = np.argsort(-shares, kind="stable").tolist()
    return [middle, *(k for k in rest if shares[k] >= 0.5 * shares.max())]


def _paint_mark(painter: QPainter, replay: Replay, plot: Plot, *, index: int) -> None:
    """Paint where the replay is: a line, and a dot on the line of the leading class."""
    colours = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    x = plot.x(index)
    painter.setPen(QPen(colours.text, 1))
    painter.drawLine(QLineF(x, plot.area.top(), x, plot.area.bottom()))
    painter.setPen(QPen(colours.surface, 1.5))
    painter.setBrush(colours.text)
    share = float(replay.probabilities[index].max())
    painter.drawEllipse(QPointF(x, plot.y(share)), 4.5, 4.5)
    painter.restore()


def _write(
    painter: QPainter,
    room: QRectF,
    align: Qt.AlignmentFlag,
    words: str,
    colour: QColor,
    *,
    ground: QColor | None = None,
) -> None:
    """Write words, over a ground of their own where lines would cross them."""
    if ground is not None:
        painter.fillRect(painter.boundingRect(room, align, words).adjusted(-3, 0, 3, 0), ground)
    painter.setPen(colour)
    painter.drawText(room, align, words)
