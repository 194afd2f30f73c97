"""Paint the visible part of the grid: one image of the cells, frames over it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from mnist_desktop.ui.dataset.captions import Captions
from mnist_desktop.ui.dataset.colour_maps import ColourMap, colour_table
from mnist_desktop.ui.dataset.geometry import Box, Cell, GridGeometry
from mnist_desktop.ui.dataset.selection import Selection
from mnist_desktop.ui.dataset.shown import Shown
from mnist_desktop.ui.dataset.tiles import Composer, frame_pictures
from mnist_desktop.ui.theme import Theme

TINT = 46
"""Opacity, 0 to 255, of the accent colour laid over a selected cell."""


class GridPainter:
    """Paints cells straight from the array; keeps nothing but ready-made captions and a buffer.

    Parameters
    ----------
    colours
        The theme whose colours it paints with.
    colour_map
        The colours of the pictures.
    """

    def __init__(self, colours: Theme, colour_map: ColourMap = ColourMap.PAPER) -> None:
        self._theme = colours
        self._surround = colour_table(ColourMap.PAPER, colours)
        self._pictures = self._surround
        if colour_map is not ColourMap.PAPER:
            self._pictures = colour_table(colour_map, colours)
        self._captions: Captions | None = None
        self._captions_key: tuple[object, ...] = ()
        self._composer = Composer()

    @property
    def paper(self) -> QColor:
        """Return the colour between and behind the pictures."""
        return self._theme.paper

    def paint_cells(
        self,
        painter: QPainter,
        *,
        shown: Shown,
        geometry: GridGeometry,
        rows: range,
        scroll: int,
        ratio: float,
        font: QFont,
    ) -> None:
        """Paint the samples of some rows, reading only their images."""
        positions = geometry.positions_of(rows)
        if not positions:
            return
        captions = None
        if geometry.cell.caption.height:
            pieces = self._pieces(shown, geometry.cell, font, ratio)
            captions = pieces.of(
                shown.indices_at(positions),
                shown.labels_at(positions),
                shown.answers_at(positions),
            )
        columns = min(geometry.columns, len(positions))
        pixels = self._composer.compose(
            shown.images_at(positions), cell=geometry.cell, columns=columns, captions=captions
        )
        colours = self._composer.colour(pixels, self._pictures)
        if self._pictures is not self._surround:
            frame_pictures(
                colours, pixels, self._surround, cell=geometry.cell, count=len(positions)
            )
        height, width = pixels.shape
        image = QImage(colours.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        corner = geometry.box(positions.start, scroll)
        painter.drawImage(QPointF(corner.x / ratio, corner.y / ratio), image)

    def paint_frames(
        self,
        painter: QPainter,
        *,
        geometry: GridGeometry,
        selection: Selection,
        rows: range,
        scroll: int,
        ratio: float,
        focused: bool,
    ) -> None:
        """Paint what marks selected cells and the current one."""
        positions = geometry.positions_of(rows)
        tint = QColor(self._theme.accent)
        tint.setAlpha(TINT)
        for first, last in _runs(selection.mask, positions, geometry.columns):
            start, end = geometry.box(first, scroll), geometry.box(last, scroll)
            area = Box(start.x, start.y, end.right - start.x, start.height)
            painter.fillRect(_logical(area, ratio), tint)
        current = selection.current
        if current is not None and current in positions:
            width = max(1, round(2 * ratio)) / ratio
            colour = self._theme.accent if focused else self._theme.bar
            pen = QPen(colour, width)
            painter.setPen(pen)
            area = _logical(geometry.box(current, scroll), ratio)
            half = width / 2
            painter.drawRect(area.adjusted(half, half, -half, -half))

    def paint_band(self, painter: QPainter, band: QRectF) -> None:
        """Paint the rectangle that the mouse draws to select."""
        tint = QColor(self._theme.accent)
        tint.setAlpha(TINT // 2)
        painter.fillRect(band, tint)
        painter.setPen(QPen(self._theme.accent, 1))
        painter.drawRect(band.adjusted(0.5, 0.5, -0.5, -0.5))

    def _pieces(self, shown: Shown, cell: Cell, font: QFont, ratio: float) -> Captions:
        """Return the captions' pieces, drawn again only when something they show has changed."""
        answers = () if shown.predictions is None else shown.predictions.class_names
        key = (shown.class_names, answers, len(shown.images), cell, font.key(), ratio)
        if self._captions is None or key != self._captions_key:
            self._captions = Captions(
                shown.class_names,
                answers=answers,
                count=len(shown.images),
                cell=cell,
                font=font,
                ratio=ratio,
            )
            self._captions_key = key
        return self._captions


def _runs(mask: NDArray[np.bool_], positions: range, columns: int) -> list[tuple[int, int]]:
    """Return first and last of neighbours in a row that are all selected."""
    chosen = np.flatnonzero(mask[positions.start : positions.stop]) + positions.start
    if not len(chosen):
        return []
    parted = (np.diff(chosen) != 1) | (chosen[1:] % columns == 0)
    firsts, lasts = np.append(True, parted), np.append(parted, True)
    return list(zip(chosen[firsts].tolist(), chosen[lasts].tolist(), strict=True))


def _logical(box: Box, ratio: float) -> QRectF:
    return QRectF(box.x / ratio, box.y / ratio, box.width / ratio, box.height / ratio)
