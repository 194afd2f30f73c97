"""The map of what speaks for a class and what against it, over the ink."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mnist_desktop.inference.explanation import Occlusion
from mnist_desktop.ui import theme
from mnist_desktop.ui.draw.evidence_picture import evidence_image
from mnist_desktop.ui.draw.odds_words import odds_text
from mnist_desktop.ui.draw.pointed_at import PointedAt
from mnist_desktop.ui.paper import crisp_area

TELLING = 0.5
"""The least change of the log-odds that gets a sign: less is nothing to point at."""

SIGN = 5.0
"""Half the length of a sign's lines, in pixels."""


class EvidenceCanvas(PointedAt):
    """Show the picture the network gets, its ink coloured; the pointer tells numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evidence_map")
        self.setAccessibleName("What speaks for the answer, and what against it")
        self._picture: NDArray[np.uint8] | None = None
        self._occlusion: Occlusion | None = None
        self._name = ""
        theme.notifier().changed.connect(self.update)

    def show_map(
        self, picture: NDArray[np.uint8] | None, occlusion: Occlusion | None, *, name: str
    ) -> None:
        """Show another map, or empty paper for None.

        Parameters
        ----------
        picture
            (h, w) uint8, ink high: what was explained.
        name
            The class that is explained.
        """
        self._picture, self._occlusion, self._name = picture, occlusion, name
        self.update()

    @property
    def occlusion(self) -> Occlusion | None:
        """What is shown."""
        return self._occlusion

    def words_at(self, place: QPointF) -> str:
        """Return what covering a place of the widget does, empty beside the picture."""
        if self._picture is None or self._occlusion is None:
            return ""
        area = self._area()
        if not area.contains(place):
            return ""
        rows, columns = self._picture.shape
        row = min(rows - 1, int((place.y() - area.top()) / area.height() * rows))
        column = min(columns - 1, int((place.x() - area.left()) / area.width() * columns))
        if not self._picture[row, column]:
            return "No ink here"
        before, after = self._occlusion.log_odds, self._occlusion.log_odds_without(row, column)
        return (
            f"Without the ink here {self._name} goes from {odds_text(before)} "
            f"to {odds_text(after)} (log-odds {after - before:+.1f})"
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the map on paper, with a sign where it says most."""
        colours, area = theme.current(), self._area()
        with QPainter(self) as painter:
            painter.fillRect(area, colours.paper)
            if self._picture is not None and self._occlusion is not None:
                image = evidence_image(self._picture, self._occlusion, colours=colours)
                painter.drawImage(area, image)
                for place, plus in telling_places(self._occlusion):
                    self._paint_sign(painter, area, place, plus=plus)
            painter.setPen(QPen(colours.line, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))

    def _area(self) -> QRectF:
        """Return where the picture stands: at the top left, all its pixels alike."""
        shape = (28, 28) if self._picture is None else self._picture.shape
        side = min(self.width(), self.height()) - 2
        room = QRectF(1, 1, side, side)
        area = crisp_area(room, shape=(shape[0], shape[1]), ratio=self.devicePixelRatioF())
        area.moveTopLeft(room.topLeft())
        return area

    def _paint_sign(
        self, painter: QPainter, area: QRectF, place: tuple[int, int], *, plus: bool
    ) -> None:
        """Paint a plus or a minus at a pixel, readable on any colour."""
        assert self._picture is not None
        rows, columns = self._picture.shape
        x = area.left() + (place[1] + 0.5) * area.width() / columns
        y = area.top() + (place[0] + 0.5) * area.height() / rows
        colours = theme.current()
        for pen in (QPen(colours.paper, 5), QPen(colours.text, 2)):
            painter.setPen(pen)
            painter.drawLine(QPointF(x - SIGN, y), QPointF(x + SIGN, y))
            if plus:
                painter.drawLine(QPointF(x, y - SIGN), QPointF(x, y + SIGN))


def telling_places(occlusion: Occlusion) -> list[tuple[tuple[int, int], bool]]:
    """Return where most speaks for the class (True) and most against it (False), if any does."""
    evidence, found = occlusion.evidence, []
    for best, plus in ((int(evidence.argmax()), True), (int(evidence.argmin()), False)):
        row, column = divmod(best, evidence.shape[1])
        value = float(evidence[row, column])
        if (value if plus else -value) >= TELLING:
            found.append(((row, column), plus))
    return found
