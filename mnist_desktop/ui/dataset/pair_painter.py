"""Paint a pair of samples side by side, what differs between them, and what they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from mnist_desktop.datasets.duplicates import Duplicates
from mnist_desktop.datasets.duplicates_report import difference_text
from mnist_desktop.ui import icons, theme
from mnist_desktop.ui.dataset.tiles import ramp
from mnist_desktop.ui.paper import crisp_area, on_paper
from mnist_desktop.ui.theme import Theme

SIDES = {1500: 224, 1040: 168, 0: 112}
"""Room for a picture from each width of the list on: whole numbers of pixels for MNIST's 28."""
MARGIN, GAP, ABOVE = 12, 16, 8
LINE = 20


@dataclass(frozen=True)
class RowLayout:
    """Where the parts of a pair stand in its row.

    Parameters
    ----------
    side
        Width and height of the room for a picture.
    """

    side: int

    @classmethod
    def within(cls, width: int) -> RowLayout:
        """Return the layout for a list of this width."""
        return cls(next(side for least, side in SIDES.items() if width >= least))

    @property
    def height(self) -> int:
        """Return the height of a row."""
        return self.side + 2 * ABOVE

    def picture(self, row: QRect, place: int) -> QRect:
        """Return the room of the first (0) or second (1) picture, or of their difference (2)."""
        left = row.left() + MARGIN + place * (self.side + GAP)
        return QRect(left, row.top() + ABOVE, self.side, self.side)

    def words(self, row: QRect) -> QRect:
        """Return the room of four lines of words."""
        left = self.picture(row, 2).right() + GAP + 8
        top = row.top() + (row.height() - 4 * LINE) // 2
        return QRect(left, top, row.right() - MARGIN - left, 4 * LINE)


@dataclass(frozen=True)
class PairWords:
    """What is said of a pair.

    Parameters
    ----------
    kind
        "bad" for labels that conflict, "careful" for a leak, empty for others.
    title
        What they are.
    samples
        Split and index of both.
    labels
        Their class names, empty where there are none.
    difference
        How much they differ.
    """

    kind: str
    title: str
    samples: tuple[str, str]
    labels: tuple[str, str]
    difference: str

    def sentence(self) -> str:
        """Return all of it for those who cannot see it."""
        both = (
            f"{sample}{f', label {label}' if label else ''}"
            for sample, label in zip(self.samples, self.labels, strict=True)
        )
        return f"{self.title}: {' and '.join(both)}; {self.difference}"


def images_of(found: Duplicates, pair: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return both images of a pair, (h, w) uint8."""
    first, second = (
        found.splits[int(found.which[pair, side])].images[int(found.index[pair, side])]
        for side in (0, 1)
    )
    return first, second


def words_of(found: Duplicates, pair: int) -> PairWords:
    """Return what is said of a pair."""
    conflict, leak = bool(found.conflict[pair]), bool(found.leak[pair])
    way = " → ".join(found.split_name(int(split)) for split in found.which[pair])
    if conflict:
        title = "Conflicting labels" + (f", and a leak {way}" if leak else "")
    elif leak:
        title = f"{'Leak' if found.exact[pair] else 'Near leak'} {way}"
    else:
        title = "Exact duplicate" if found.exact[pair] else "Near duplicate"
    return PairWords(
        kind="bad" if conflict else "careful" if leak else "",
        title=title,
        samples=(_sample(found, pair, 0), _sample(found, pair, 1)),
        labels=(found.class_name(pair, 0), found.class_name(pair, 1)),
        difference=_difference_words(found, pair),
    )


def _sample(found: Duplicates, pair: int, side: int) -> str:
    """Return split and index of a sample."""
    return f"{found.split_name(int(found.which[pair, side]))} {found.index[pair, side]:,}"


def _difference_words(found: Duplicates, pair: int) -> str:
    """Return how much the images of a pair differ."""
    if found.exact[pair]:
        return "equal in every pixel"
    if found.distance[pair] == 0:
        return "equal, but moved by a pixel"
    first, second = images_of(found, pair)
    apart = np.abs(first.astype(np.int16) - second)
    pixels = np.count_nonzero(apart)
    text = f"differ by {difference_text(float(found.distance[pair]))}"
    if found.moved:
        return f"{text}, one perhaps moved"
    return f"{text}: {pixels:,} {'pixel' if pixels == 1 else 'pixels'}, by {apart.max()} at most"


def difference_image(first: NDArray[np.uint8], second: NDArray[np.uint8], colours: Theme) -> QImage:
    """Return where two images differ: blank where equal, one colour for more ink in each.

    The largest difference has the full colour, however small it is, so that it can be seen.
    """
    apart = first.astype(np.int16) - second
    largest = max(1, int(np.abs(apart).max()))
    strength = (np.abs(apart).astype(np.int32) * 255 // largest).astype(np.uint8)
    only_first, only_second = (_ramp(colours, colour) for colour in difference_colours(colours))
    pixels = np.where(apart >= 0, only_first[strength], only_second[strength]).astype(np.uint32)
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
    return image.copy()  # with memory of its own: that of the array goes away


def difference_colours(colours: Theme) -> tuple[QColor, QColor]:
    """Return the colours of ink that only the first image has, and only the second."""
    return colours.accent, colours.careful


def _ramp(colours: Theme, ink: QColor) -> NDArray[np.uint32]:
    """Return 256 colours from paper to some ink."""
    paper = colours.paper
    return ramp((paper.red(), paper.green(), paper.blue()), (ink.red(), ink.green(), ink.blue()))


class PairPainter:
    """Paints rows of a list of pairs in the colours of a theme."""

    def __init__(self, colours: Theme) -> None:
        self.colours = colours

    def paint(
        self, painter: QPainter, row: QRect, found: Duplicates, pair: int, *, side: int, focus: bool
    ) -> None:
        """Paint a pair; `side` is the sample that is chosen in it, −1 for a pair that is not."""
        colours, ratio = self.colours, painter.device().devicePixelRatioF()
        if side >= 0:
            painter.fillRect(row.adjusted(0, 1, 0, -1), colours.hover)
        painter.fillRect(QRect(row.left(), row.bottom(), row.width(), 1), colours.line)
        layout = RowLayout.within(row.width())
        first, second = images_of(found, pair)
        pictures = (
            on_paper(first, colours),
            on_paper(second, colours),
            difference_image(first, second, colours),
        )
        for place, picture in enumerate(pictures):
            area = layout.picture(row, place)
            painter.fillRect(area, colours.paper)
            painter.drawImage(crisp_area(QRectF(area), shape=first.shape, ratio=ratio), picture)
            chosen = place == side
            strong = colours.accent if focus else colours.secondary
            painter.setPen(QPen(strong if chosen else colours.line, 2 if chosen else 1))
            painter.drawRect(area.adjusted(-1, -1, 0, 0))
        self._paint_words(painter, layout.words(row), words_of(found, pair))

    def _paint_words(self, painter: QPainter, area: QRect, words: PairWords) -> None:
        """Paint what is said of a pair, at the right of its pictures."""
        colours = self.colours
        left, top, room = area.left(), area.top(), area.width()
        loud = {"bad": colours.bad, "careful": colours.careful}.get(words.kind, colours.text)
        indent = 0
        if words.kind:
            sign = icons.pixmap(
                words.kind, 16, role=words.kind, ratio=painter.device().devicePixelRatioF()
            )
            painter.drawPixmap(left, top + 2, sign)
            indent = 22
        self._text(painter, words.title, left + indent, top, room - indent, loud, bold=True)
        for line, (sample, label) in enumerate(zip(words.samples, words.labels, strict=True), 1):
            here = top + line * LINE
            used = self._text(painter, sample, left, here, room, colours.text)
            if label:
                ink = colours.bad if words.kind == "bad" else colours.text
                at = left + used + 12
                self._text(painter, f"“{label}”", at, here, room - used - 12, ink, bold=True)
        self._text(painter, words.difference, left, top + 3 * LINE, room, colours.secondary)

    def _text(
        self,
        painter: QPainter,
        text: str,
        left: int,
        top: int,
        room: int,
        colour: QColor,
        *,
        bold: bool = False,
    ) -> int:
        """Write a line, shortened where there is no room, and return its width."""
        painter.setFont(theme.font(bold=bold))
        painter.setPen(colour)
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        area = QRect(left, top, max(0, room), LINE)
        painter.drawText(
            area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown
        )
        return metrics.horizontalAdvance(shown)
