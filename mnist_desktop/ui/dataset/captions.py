"""Draw class names and numbers once, and put captions together from them as plain pixels.

Text through QPainter costs some ten microseconds a piece; hundreds of cells at each frame of
scrolling cannot afford that, so each class name and each of the ten figures is drawn a single time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter

from mnist_desktop.ui.dataset.geometry import Cell

INDEX_STRENGTH = 0.66
"""Coverage of the index beside that of the class name: the secondary text colour on its paper."""
ARROW = " → "
MOST_KEPT = 4096
"""Drawn names that are kept; one may take some tens of kilobytes where a picture fills the view."""
MOST_MEASURED = 4096
"""Class names that are measured before any is seen; with more of them the index is left out."""


def coverage(
    text: str, *, font: QFont, ratio: float, width: int, height: int, centred: bool = False
) -> NDArray[np.uint8]:
    """Return the text as (height, width) uint8 coverage, elided where it is too long.

    Parameters
    ----------
    text, font
        What to draw, with a font in logical pixels.
    ratio
        Device pixels in a logical one.
    width, height
        Size of the result in device pixels.
    centred
        Put it in the middle instead of at the left edge.
    """
    image = QImage(width, height, QImage.Format.Format_Grayscale8)
    image.fill(0)
    image.setDevicePixelRatio(ratio)
    area = QRectF(0, 0, width / ratio, height / ratio)
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width() + 0.5)
    side = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft
    with QPainter(image) as painter:
        painter.setFont(font)
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
    lines = np.frombuffer(image.constBits(), dtype=np.uint8)
    return lines.reshape(height, image.bytesPerLine())[:, :width].copy()


class Captions:
    """Captions for one dataset, cell size and font, each name drawn when it is first seen.

    Parameters
    ----------
    names, answers
        Names of the dataset's classes, and of those a model answers with: what it took a sample for
        stands behind its label, `4 → 9`, where that is another one.
    count
        Number of samples in the dataset: the largest index must fit.
    cell
        The inside of a cell; its caption must have a height.
    font
        With a size in logical pixels.
    ratio
        Device pixels in a logical one.
    """

    def __init__(
        self,
        names: Sequence[str],
        *,
        answers: Sequence[str] = (),
        count: int,
        cell: Cell,
        font: QFont,
        ratio: float,
    ) -> None:
        self._names, self._answers = names, answers
        self._cell, self._ratio = cell, ratio
        self._strong = QFont(font)
        self._strong.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetricsF(font)
        height, area = cell.caption.height, cell.caption
        self._digits = len(str(max(0, count - 1)))
        width = round(max(metrics.horizontalAdvance(str(digit)) for digit in range(10)) * ratio)
        needed = self._widest() * ratio
        # Wide apart: a label must not be taken for part of the index beside it.
        between = round(3 * metrics.horizontalAdvance("0") * ratio) if needed else 0
        room = area.width - self._digits * width
        self._index_offset = area.x + room if room >= needed + between else None
        self._drawn: dict[tuple[int, int], NDArray[np.uint8]] = {}
        self._figures = np.zeros((11, height, width), dtype=np.uint8)
        for digit in range(10):
            drawn = coverage(str(digit), font=font, ratio=ratio, width=width, height=height)
            self._figures[digit] = np.rint(drawn * INDEX_STRENGTH)

    def of(
        self,
        indices: NDArray[np.int64],
        labels: NDArray[np.int64] | None,
        answers: NDArray[np.int64] | None = None,
    ) -> NDArray[np.uint8]:
        """Return the captions of some samples as (n, height, cell width) uint8 coverage.

        Parameters
        ----------
        indices
            (n,) int64 places of the samples in the dataset.
        labels
            (n,) int64 classes of the same samples, or None; a value below 0 means no label.
        answers
            (n,) int64, what a model took them for; -1 or None where that shall not be told.
        """
        # A number for each pair of label and answer, either of which may be -1.
        kinds = np.zeros(len(indices), dtype=np.int64)
        several = len(self._answers) + 1
        if labels is not None:
            kinds += (labels + 1) * several
        if answers is not None:
            kinds += answers + 1
        found, places = np.unique(kinds, return_inverse=True)
        names = [self._name(kind // several - 1, kind % several - 1) for kind in found.tolist()]
        captions = np.stack(names)[places] if names else self._blank(0)
        if self._index_offset is not None:
            numbers = self._numbers(indices)
            area = captions[:, :, self._index_offset : self._index_offset + numbers.shape[2]]
            np.maximum(area, numbers, out=area)
        return captions

    def _widest(self) -> float:
        """Return the room for any name, in logical pixels, as far as many classes allow to ask."""
        metrics = QFontMetricsF(self._strong)
        if max(len(self._names), len(self._answers)) > MOST_MEASURED:
            return math.inf
        own, read = (
            max((metrics.horizontalAdvance(name) for name in names), default=0.0)
            for names in (self._names, self._answers)
        )
        return own + (metrics.horizontalAdvance(ARROW) + read if self._answers else 0.0)

    def _blank(self, count: int) -> NDArray[np.uint8]:
        """Return captions with nothing on them."""
        return np.zeros((count, self._cell.caption.height, self._cell.width), dtype=np.uint8)

    def _name(self, label: int, answer: int) -> NDArray[np.uint8]:
        """Return the (height, cell width) uint8 coverage of a class name and an answer."""
        key = (label, answer)
        if key not in self._drawn:
            if len(self._drawn) >= MOST_KEPT:
                self._drawn.clear()
            made, area = self._blank(1)[0], self._cell.caption
            made[:, area.x : area.right] = coverage(
                self._words(label, answer),
                font=self._strong,
                ratio=self._ratio,
                width=area.width,
                height=area.height,
                centred=self._index_offset is None,
            )
            self._drawn[key] = made
        return self._drawn[key]

    def _words(self, label: int, answer: int) -> str:
        """Return a label and what it was taken for."""
        name = self._names[label] if 0 <= label < len(self._names) else ""
        if not 0 <= answer < len(self._answers):
            return name
        return f"{name}{ARROW}{self._answers[answer]}"

    def _numbers(self, indices: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return the indices right-aligned, as (n, height, digits · figure width) uint8."""
        powers = 10 ** np.arange(self._digits - 1, -1, -1, dtype=np.int64)
        parts = indices[:, None] // powers
        figures = np.where((parts == 0) & (powers > 1), 10, parts % 10)
        tiles = self._figures[figures]
        count, digits, height, width = tiles.shape
        return tiles.transpose(0, 2, 1, 3).reshape(count, height, digits * width)
