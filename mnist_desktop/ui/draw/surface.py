"""Ink on an off-screen picture: a round pen along a smooth curve."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from mnist_desktop.inference.ink import Stroke
from mnist_desktop.ui.draw.history import Item, PastedPicture

RASTER = 560
"""Width and height of the raster in pixels: twenty for each pixel that a network of 28×28 gets."""

BEND = 40.0
"""How far from a point its bend may reach, in pixels of the raster: about a pen’s width."""


class Surface:
    """A picture of the raster's ink in any size and colour; blank parts are transparent.

    Parameters
    ----------
    side
        Width and height in pixels.
    ink
        The colour of the ink.
    """

    def __init__(self, side: int, ink: QColor) -> None:
        self.ink = ink
        self.image = QImage(QSize(side, side), QImage.Format.Format_ARGB32_Premultiplied)
        self.image.fill(Qt.GlobalColor.transparent)

    @property
    def scale(self) -> float:
        """Pixels of this surface for each pixel of the raster."""
        return self.image.width() / RASTER

    def draw_items(self, items: Iterable[Item]) -> None:
        """Draw everything anew."""
        self.image.fill(Qt.GlobalColor.transparent)
        for item in items:
            self.draw_item(item)

    def draw_item(self, item: Item) -> None:
        """Draw one item over what is there."""
        if isinstance(item, PastedPicture):
            with QPainter(self.image) as painter:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(QRectF(self.image.rect()), tinted(item.ink, self.ink))
        else:
            self.draw_path(stroke_path(item.points), width=item.width, erase=item.erase)

    def draw_path(self, path: QPainterPath, *, width: float, erase: bool) -> None:
        """Draw along `path` (in raster pixels) with a round pen, or wipe there."""
        with QPainter(self.image) as painter:
            painter.scale(self.scale, self.scale)
            if erase:
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
            draw_with_pen(painter, path, colour=self.ink, width=width)

    def take_back(self, area: QRect, earlier: QImage) -> None:
        """Put the pixels of an earlier picture back into `area`."""
        with QPainter(self.image) as painter:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.drawImage(area, earlier, area)

    def pixels(self, area: QRectF) -> QRect:
        """Return the whole pixels of this surface that an area of the raster touches."""
        k = self.scale
        scaled = QRectF(area.x() * k, area.y() * k, area.width() * k, area.height() * k)
        return scaled.toAlignedRect().adjusted(-1, -1, 1, 1).intersected(self.image.rect())

    def coverage(self) -> np.ndarray:
        """Return how much ink is where, (side, side) uint8, 0 none to 255 full; a copy."""
        image = self.image
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
        return rows[:, 3 : 4 * image.width() : 4].copy()


def draw_with_pen(painter: QPainter, path: QPainterPath, *, colour: QColor, width: float) -> None:
    """Draw `path` with a round pen; a path without length is a dot."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(
        QPen(
            colour,
            width,
            Qt.PenStyle.SolidLine,
            Qt.PenCapStyle.RoundCap,
            Qt.PenJoinStyle.RoundJoin,
        )
    )
    if path.elementCount() <= 1:
        painter.drawPoint(path.currentPosition())
    else:
        painter.drawPath(path)


def stroke_path(points: np.ndarray) -> QPainterPath:
    """Return the curve of a stroke: straight, with a quadratic bend around each point.

    A bend begins and ends half-way to the neighbouring points, but no farther than `BEND` away:
    places close together give one smooth curve, places far apart keep their corners.

    Parameters
    ----------
    points
        (k, 2) x and y, k at least 1; the curve begins at the first and ends at the last.
    """
    places = [QPointF(float(x), float(y)) for x, y in points]
    path = QPainterPath(places[0])
    for (before, corner), (_, after) in pairwise(pairwise(places)):
        _bend(path, before, corner, after)
    if len(places) > 1:
        path.lineTo(places[-1])
    return path


def flattened(stroke: Stroke) -> Stroke:
    """Return a stroke whose straight pieces leave the ink that the curve of `stroke` leaves."""
    curves = stroke_path(stroke.points).toSubpathPolygons()
    places = [(place.x(), place.y()) for place in curves[0]] if curves else stroke.points
    return Stroke(np.asarray(places, np.float32), stroke.width, stroke.erase)


def newest_piece(points: list[tuple[float, float]]) -> QPainterPath:
    """Return the piece that the last point added to the curve of `points`, which has three or more.

    It ends where the bend ends: where the curve goes from there the next point decides.
    """
    before, corner, after = (QPointF(*point) for point in points[-3:])
    path = QPainterPath(before if len(points) == 3 else _towards(before, corner))
    _bend(path, before, corner, after)
    return path


def open_end(points: list[tuple[float, float]]) -> QPainterPath:
    """Return the line from where `newest_piece` ended to the pen's place."""
    last = QPointF(*points[-1])
    if len(points) == 1:
        return QPainterPath(last)
    before = QPointF(*points[-2])
    path = QPainterPath(before if len(points) == 2 else _towards(before, last))
    path.lineTo(last)
    return path


def _bend(path: QPainterPath, before: QPointF, corner: QPointF, after: QPointF) -> None:
    """Go on from `before` round `corner` towards `after`; a corner where the pen turns back stays.

    Qt leaves ink out around a curve that is bent more sharply than the pen is wide.
    """
    first, second = corner - before, after - corner
    turns_back = QPointF.dotProduct(first, second) < 0
    if turns_back:
        path.lineTo(corner)
        path.lineTo(_towards(corner, after))
    else:
        path.lineTo(_towards(corner, before))
        path.quadTo(corner, _towards(corner, after))


def _towards(corner: QPointF, other: QPointF) -> QPointF:
    """Return where the bend around `corner` meets the line to `other`."""
    line = QLineF(corner, other)
    length = line.length()
    return line.pointAt(min(0.5, BEND / length)) if length > 0 else corner


def tinted(ink: np.ndarray, colour: QColor) -> QImage:
    """Return a picture in which `ink` (h, w) uint8 is the opacity of `colour`."""
    height, width = ink.shape
    opacity = ink.astype(np.uint16)
    pixels = np.empty((height, width, 4), np.uint8)
    for place, part in enumerate((colour.blue(), colour.green(), colour.red())):
        pixels[..., place] = opacity * part // 255
    pixels[..., 3] = ink
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()


def touched_area(points: np.ndarray, width: float) -> QRectF:
    """Return the part of the raster that a pen of `width` going by `points` can have touched."""
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    margin = width / 2 + 2
    return QRectF(
        float(left) - margin,
        float(top) - margin,
        float(right - left) + 2 * margin,
        float(bottom - top) + 2 * margin,
    )
