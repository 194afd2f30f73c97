"""The images a classifier misread, the surest mistakes first; only what is seen is painted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import percent_text

SMALL_PICTURE, LARGE_PICTURE = 56, 84
"""Sides of a picture in pixels: twice and three times MNIST's, so that its pixels stay even."""
LARGE_FROM = 640
"""Width from which the pictures are large."""
CAPTION = 38
"""Height of the two lines under a picture."""
SPACE = 28
"""Least room between two pictures side by side: captions are broader than pictures."""


@dataclass(frozen=True, eq=False)
class Misread:
    """Images that were misread, in the order to show them.

    Parameters
    ----------
    images
        (n, h, w) uint8, ink high: all images of the dataset.
    indices
        (m,) int64, those to show.
    truth, answer
        (m,) int64, classes.
    confidence
        (m,) float32, 0 to 1: how sure the wrong answer was.
    class_names
        Their names.
    """

    images: np.ndarray
    indices: np.ndarray
    truth: np.ndarray
    answer: np.ndarray
    confidence: np.ndarray
    class_names: tuple[str, ...]

    def __len__(self) -> int:
        """Return how many images there are to show."""
        return len(self.indices)

    def caption(self, place: int) -> tuple[str, str]:
        """Return the two lines under an image."""
        truth = self.class_names[int(self.truth[place])]
        answer = self.class_names[int(self.answer[place])]
        return f"{truth} → {answer}", percent_text(float(self.confidence[place]), 0)

    def sentence(self, place: int) -> str:
        """Return an image's story as a sentence."""
        truth = self.class_names[int(self.truth[place])]
        answer = self.class_names[int(self.answer[place])]
        sure = percent_text(float(self.confidence[place]))
        index = int(self.indices[place])
        return f"Image {index:,}: “{truth}” read as “{answer}” with {sure}"


class MisreadGallery(QAbstractScrollArea):
    """A grid of misread images with the truth, the answer and how sure it was."""

    activated = Signal(int)
    """The dataset's index of an image that was double-clicked or chosen by Enter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("misread_gallery")
        self.setAccessibleName("Misread images")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(SMALL_PICTURE + CAPTION)
        self.misread: Misread | None = None
        self.current = -1
        theme.notifier().changed.connect(self.viewport().update)

    def set_misread(self, misread: Misread | None) -> None:
        """Show other images, from the top."""
        self.misread, self.current = misread, -1
        self.verticalScrollBar().setValue(0)
        self._fit_scroll_bar()
        self.viewport().update()

    # Geometry

    def picture_side(self) -> int:
        """Return the side of a picture at this width."""
        return LARGE_PICTURE if self.viewport().width() >= LARGE_FROM else SMALL_PICTURE

    def columns(self) -> int:
        """Return how many images stand in a row."""
        return max(1, self.viewport().width() // (self.picture_side() + SPACE))

    def cell(self, place: int) -> QRect:
        """Return where an image and its caption stand in the viewport."""
        columns, height = self.columns(), self.picture_side() + CAPTION
        row, column = divmod(place, columns)
        left = column * self.viewport().width() // columns
        right = (column + 1) * self.viewport().width() // columns
        return QRect(left, row * height - self.verticalScrollBar().value(), right - left, height)

    def place_at(self, point: QPointF) -> int:
        """Return which image stands at a point of the viewport, -1 for none."""
        if self.misread is None or not self.viewport().rect().contains(point.toPoint()):
            return -1
        columns = self.columns()
        row = int(point.y() + self.verticalScrollBar().value()) // (self.picture_side() + CAPTION)
        place = row * columns + int(point.x()) * columns // max(1, self.viewport().width())
        return place if place < len(self.misread) else -1

    def _fit_scroll_bar(self) -> None:
        """Let the scroll bar reach the last row."""
        rows = -(-len(self.misread or ()) // self.columns())
        height, row = self.viewport().height(), self.picture_side() + CAPTION
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, rows * row - height))
        bar.setPageStep(height)
        bar.setSingleStep(row // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the rows to the new size."""
        self._fit_scroll_bar()

    # What the person does

    def set_current(self, place: int) -> None:
        """Select an image and bring it into sight."""
        if self.misread is None or not len(self.misread):
            return
        self.current = min(len(self.misread) - 1, max(0, place))
        self.setAccessibleDescription(self.misread.sentence(self.current))
        cell, bar = self.cell(self.current), self.verticalScrollBar()
        if cell.top() < 0:
            bar.setValue(bar.value() + cell.top())
        elif cell.bottom() >= self.viewport().height():
            bar.setValue(bar.value() + cell.bottom() + 1 - self.viewport().height())
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the image under the mouse."""
        place = self.place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self.set_current(place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask to see the image in its dataset."""
        self._activate(self.place_at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with arrows, Home, End and Page; Enter asks to see the image in its dataset."""
        page = self.columns() * max(1, self.viewport().height() // (self.picture_side() + CAPTION))
        last = len(self.misread or ()) - 1
        moves = {
            Qt.Key.Key_Left: self.current - 1,
            Qt.Key.Key_Right: self.current + 1,
            Qt.Key.Key_Up: self.current - self.columns(),
            Qt.Key.Key_Down: self.current + self.columns(),
            Qt.Key.Key_PageUp: self.current - page,
            Qt.Key.Key_PageDown: self.current + page,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if event.key() in moves:
            self.set_current(moves[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current >= 0:
            self._activate(self.current)
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell the story of the image under the mouse in a tool tip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.place_at(QPointF(event.pos()))
            text = self.misread.sentence(place) if self.misread and place >= 0 else ""
            QToolTip.showText(event.globalPos(), text, self.viewport())
            return True
        return super().viewportEvent(event)

    def _activate(self, place: int) -> None:
        if self.misread is not None and place >= 0:
            self.activated.emit(int(self.misread.indices[place]))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows in sight."""
        if self.misread is None:
            return
        row, columns = self.picture_side() + CAPTION, self.columns()
        top = self.verticalScrollBar().value() // row
        bottom = (self.verticalScrollBar().value() + self.viewport().height()) // row + 1
        colours = ink_colours()
        with QPainter(self.viewport()) as painter:
            for place in range(top * columns, min(len(self.misread), bottom * columns)):
                self._paint_cell(painter, place, colours)

    def _paint_cell(self, painter: QPainter, place: int, colours: list[int]) -> None:
        """Paint an image with its frame and caption."""
        assert self.misread is not None
        cell, side, palette = self.cell(place), self.picture_side(), theme.current()
        picture = QRect(cell.left() + (cell.width() - side) // 2, cell.top() + 2, side, side)
        pixels = np.ascontiguousarray(self.misread.images[int(self.misread.indices[place])])
        height, width = pixels.shape
        image = QImage(pixels.data, width, height, width, QImage.Format.Format_Indexed8)
        image.setColorTable(colours)
        painter.drawImage(picture, image)
        chosen = place == self.current
        painter.setPen(QPen(palette.accent if chosen else palette.line, 2 if chosen else 1))
        painter.drawRect(picture)
        first, second = self.misread.caption(place)
        for text, top, size, bold, colour in (
            (first, 4, theme.SECONDARY_PX, True, palette.text),
            (second, 19, theme.SECONDARY_PX, False, palette.secondary),
        ):
            painter.setFont(theme.font(size, bold=bold))
            painter.setPen(colour)
            place_of_text = QRect(cell.left() + 2, picture.bottom() + top, cell.width() - 4, 16)
            elided = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideMiddle, place_of_text.width()
            )
            painter.drawText(place_of_text, Qt.AlignmentFlag.AlignCenter, elided)


def ink_colours() -> list[int]:
    """Return the 256 colours from blank paper to full ink in the present theme."""
    paper, ink = theme.current().paper, theme.current().ink
    start, end = (np.array(c.getRgb()[:3], np.float64) for c in (paper, ink))
    steps = start + np.linspace(0, 1, 256)[:, None] * (end - start)
    return [QColor(*(round(v) for v in rgb)).rgb() for rgb in steps.tolist()]
