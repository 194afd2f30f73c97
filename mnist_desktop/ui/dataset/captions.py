"""Draw class names and numbers once, and put captions together from them as plain pixels.

Text through QPainter costs some ten microseconds a piece; hundreds of cells at each frame of
scrolling cannot afford that, so each class name and each of the ten figures is drawn a single time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter

from mnist_desktop.ui.dataset.geometry import Cell

INDEX_STRENGTH = 0.66
"""Coverage of the index beside that of the class name: the secondary text colour on its paper."""


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


@dataclass(frozen=True, eq=False)
class Captions:
    """Ready-made pieces of captions for one dataset, cell size and font.

    Parameters
    ----------
    names
        (k + 1, height, cell width) uint8: each class name; the last one is blank, for samples
        without a label.
    figures
        (11, height, figure width) uint8: the ten figures and a blank.
    digits
        Figures the largest index needs.
    index_offset
        Where the index starts in the cell; None when there is no room for it, and the class name
        stands in the middle.
    """

    names: NDArray[np.uint8]
    figures: NDArray[np.uint8]
    digits: int
    index_offset: int | None

    def of(self, indices: NDArray[np.int64], labels: NDArray[np.int64] | None) -> NDArray[np.uint8]:
        """Return the captions of some samples as (n, height, cell width) uint8 coverage.

        Parameters
        ----------
        indices
            (n,) int64 places of the samples in the dataset.
        labels
            (n,) int64 classes of the same samples, or None.
        """
        blank = len(self.names) - 1
        if labels is None:
            chosen = np.full(len(indices), blank)
        else:
            chosen = np.where((labels < 0) | (labels >= blank), blank, labels)
        captions = self.names[chosen]
        if self.index_offset is not None:
            numbers = self._numbers(indices)
            area = captions[:, :, self.index_offset : self.index_offset + numbers.shape[2]]
            np.maximum(area, numbers, out=area)
        return captions

    def _numbers(self, indices: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return the indices right-aligned, as (n, height, digits · figure width) uint8."""
        powers = 10 ** np.arange(self.digits - 1, -1, -1, dtype=np.int64)
        parts = indices[:, None] // powers
        figures = np.where((parts == 0) & (powers > 1), 10, parts % 10)
        tiles = self.figures[figures]
        count, digits, height, width = tiles.shape
        return tiles.transpose(0, 2, 1, 3).reshape(count, height, digits * width)


def make_captions(
    class_names: Sequence[str], *, count: int, cell: Cell, font: QFont, ratio: float
) -> Captions:
    """Draw the pieces of all captions of a dataset.

    Parameters
    ----------
    class_names
        What stands under the samples of each class; empty strings leave the place blank.
    count
        Number of samples in the dataset: the largest index must fit.
    cell
        The inside of a cell; its caption must have a height.
    font
        With a size in logical pixels.
    ratio
        Device pixels in a logical one.
    """
    height, area = cell.caption.height, cell.caption
    digits = len(str(max(0, count - 1)))
    strong = QFont(font)
    strong.setWeight(QFont.Weight.DemiBold)
    metrics, wide = QFontMetricsF(font), QFontMetricsF(strong)
    figure_width = round(max(metrics.horizontalAdvance(str(digit)) for digit in range(10)) * ratio)
    needed = max((wide.horizontalAdvance(name) * ratio for name in class_names), default=0.0)
    # Wide apart: a label must not be taken for part of the index beside it.
    between = round(3 * metrics.horizontalAdvance("0") * ratio) if needed else 0
    room = area.width - digits * figure_width
    index_offset = area.x + room if room >= needed + between else None
    names = np.zeros((len(class_names) + 1, height, cell.width), dtype=np.uint8)
    for place, name in enumerate(class_names):
        names[place, :, area.x : area.right] = coverage(
            name,
            font=strong,
            ratio=ratio,
            width=area.width,
            height=height,
            centred=index_offset is None,
        )
    figures = np.zeros((11, height, figure_width), dtype=np.uint8)
    for digit in range(10):
        drawn = coverage(str(digit), font=font, ratio=ratio, width=figure_width, height=height)
        figures[digit] = np.rint(drawn * INDEX_STRENGTH)
    return Captions(names=names, figures=figures, digits=digits, index_offset=index_offset)
