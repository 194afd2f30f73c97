"""Paint the row of steps with the answer under each, on the screen or into a file."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from mnist_desktop.inference.way import Way
from mnist_desktop.ui import theme
from mnist_desktop.ui.morph.picture import EDGE, paint_picture
from mnist_desktop.ui.morph.words import answer_words

STEPS = 9
"""Pictures in the row."""

BAND = 20
"""Pixels above the pictures, for what the answer turns to."""

CAPTION = 40
"""Pixels under the pictures, for answer and confidence."""

GAP = 10
"""The least pixels between two pictures."""


@dataclass(frozen=True)
class RowLayout:
    """Where the steps stand.

    Parameters
    ----------
    width
        Of the whole row, in pixels.
    side
        Of a picture with its frame.
    """

    width: float
    side: float

    @property
    def height(self) -> float:
        """Return the height of band, pictures and captions."""
        return BAND + self.side + CAPTION

    def x(self, place: float) -> float:
        """Return where a place on the way, 0 to 1, is: the middle of the steps at the ends."""
        cell = self.width / STEPS
        return cell / 2 + place * (self.width - cell)

    def cell(self, step: int) -> QRectF:
        """Return the place of one step from its picture's top to its caption's end."""
        cell = self.width / STEPS
        return QRectF(step * cell, BAND, cell, self.side + CAPTION)

    def picture(self, step: int) -> QRectF:
        """Return the place of one step's picture with its frame."""
        return QRectF(self.x(step / (STEPS - 1)) - self.side / 2, BAND, self.side, self.side)


def row_layout(width: float, *, most: float, pixels: int) -> RowLayout:
    """Return a layout whose pictures have a whole number of screen pixels for each of theirs.

    Parameters
    ----------
    width
        Of the row.
    most
        The greatest height of the row.
    pixels
        The longer side of a picture, in its own pixels.
    """
    room = min(width / STEPS - GAP, most - BAND - CAPTION) - 2 * EDGE
    scale = max(1, int(room // pixels)) if room >= pixels else room / pixels
    return RowLayout(width, scale * pixels + 2 * EDGE)


def paint_row(
    painter: QPainter,
    way: Way,
    layout: RowLayout,
    *,
    current: int = -1,
    hovered: int = -1,
    rise: float = 0.0,
    colours: theme.Theme | None = None,
) -> None:
    """Paint the row with its left upper corner at the painter's origin.

    Parameters
    ----------
    current, hovered
        The steps to be framed as chosen and as under the pointer, -1 for none.
    rise
        How far the turns' lines begin above the row, in pixels.
    colours
        Another theme than the present one.
    """
    colours = colours or theme.current()
    _paint_turns(painter, way, layout, rise=rise, colours=colours)
    for step, index in enumerate(way.steps(STEPS)):
        chosen = step == current
        frame = "accent" if chosen else "bar" if step == hovered else "line"
        room = layout.picture(step)
        image = way.pictures[index]
        thick = 2 if chosen else 1
        paint_picture(painter, room, image, frame=frame, thick=thick, colours=colours)
        _paint_caption(painter, way, index, layout.cell(step), layout.side, colours)


def _paint_turns(
    painter: QPainter, way: Way, layout: RowLayout, *, rise: float, colours: theme.Theme
) -> None:
    """Paint a thin line at each turn, and what the answer turns to where there is room.

    A line that meets a picture ends there; one between two pictures goes on to the captions.
    """
    painter.setFont(theme.font(theme.SECONDARY_PX, bold=True))
    metrics = QFontMetricsF(painter.font())
    free = 0.0
    for turn in way.turns():
        x = round(layout.x(turn.place)) + 0.5
        painter.setPen(QPen(colours.accent, 1))
        rooms = (layout.picture(step) for step in range(STEPS))
        meets = any(room.left() - 2 <= x <= room.right() + 2 for room in rooms)
        end = BAND - 2 if meets else BAND + layout.side
        painter.drawLine(QLineF(x, -rise, x, end))
        words = f"{turn.before} → {turn.after}"
        width = metrics.horizontalAdvance(words)
        left = x + 5 if x + 5 + width <= layout.width else x - 5 - width
        if left >= free:
            painter.drawText(
                QRectF(left, 0, width + 1, BAND - 3),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                words,
            )
            free = left + width + 6


def _paint_caption(
    painter: QPainter, way: Way, index: int, cell: QRectF, side: float, colours: theme.Theme
) -> None:
    """Paint the answer and its confidence under a picture."""
    large, small = answer_words(way.prediction(index))
    sure = way.is_sure(index)
    first = QRectF(cell.left(), cell.top() + side + 2, cell.width(), 20)
    second = QRectF(cell.left(), first.bottom(), cell.width(), 16)
    font = theme.font(15 if sure else theme.TEXT_PX, bold=sure)
    _centred(painter, first, large, font, colours.text if sure else colours.secondary)
    _centred(painter, second, small, theme.font(theme.SECONDARY_PX), colours.secondary)


def _centred(painter: QPainter, area: QRectF, words: str, font: QFont, colour: QColor) -> None:
    """Write in the middle of `area`, shortened to fit."""
    painter.setFont(font)
    painter.setPen(colour)
    fitting = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, fitting)
