"""What a layer of the network makes of the drawing: a grid of small pictures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mnist_desktop.inference.activations import Layer
from mnist_desktop.ui import theme
from mnist_desktop.ui.colours import readable_on
from mnist_desktop.ui.draw.evidence_picture import signed_image
from mnist_desktop.ui.draw.pointed_at import PointedAt

GAP = 3
SMALLEST_MAP, SMALLEST_VALUE = 10.0, 5.0
"""The least longer side of a cell, in pixels, for a map and for a mere number."""
LARGEST_VALUE = 40.0
EVEN = 4.0
"""How many times enlarged pixels look alike whatever the number is."""
NAMED = 16.0
"""The least side of a cell in which the class stands that it is the value of."""


@dataclass(frozen=True)
class Cells:
    """How a layer's pictures are laid out.

    Parameters
    ----------
    columns, shown
        How many stand in a line, and how many in all.
    width, height
        The size of each, in pixels.
    """

    columns: int
    shown: int
    width: float
    height: float

    def area(self, place: int) -> QRectF:
        """Return where a picture stands."""
        line, column = divmod(place, self.columns)
        left, top = column * (self.width + GAP), line * (self.height + GAP)
        return QRectF(1 + left, 1 + top, self.width, self.height)


@lru_cache(maxsize=32)
def cells(width: float, height: float, *, layer: Layer, ratio: float) -> Cells:
    """Return the largest cells in which a layer's pictures fit, or as many as there is room for.

    Parameters
    ----------
    width, height
        The room, in pixels.
    ratio
        Pixels of the screen for each of the window's.
    """
    tall, wide = layer.height, layer.width
    is_value = tall == wide == 1
    least = SMALLEST_VALUE if is_value else SMALLEST_MAP
    best = Cells(1, 0, 0.0, 0.0)
    for columns in range(1, min(layer.maps, int(width)) + 1):
        lines = -(-layer.maps // columns)
        across = (width - 1 + GAP) / columns - GAP
        down = (height - 1 + GAP) / lines - GAP
        scale = min(across / wide, down / tall)
        scale = min(scale, LARGEST_VALUE) if is_value else scale
        # Whole pixels of the screen, so that all cells are of one size.
        side, other = (int(scale * size * ratio) / ratio for size in (wide, tall))
        if max(side, other) >= least and min(side, other) > 0 and side >= best.width:
            best = Cells(columns, layer.maps, side, other)
    if best.shown:
        return best
    side, other = (max(1.0, least * size / max(wide, tall)) for size in (wide, tall))
    columns = max(1, int((width - 1 + GAP) // (side + GAP)))
    lines = max(1, int((height - 1 + GAP) // (other + GAP)))
    return Cells(columns, min(layer.maps, columns * lines), side, other)


class LayerCanvas(PointedAt):
    """Show the maps of a layer: the more ink, the larger the value; below 0 in another colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer_maps")
        self.setAccessibleName("What a layer of the network makes of the drawing")
        self._layer: Layer | None = None
        self._maps: NDArray[np.float32] | None = None
        self._names: tuple[str, ...] = ()
        theme.notifier().changed.connect(self.update)

    def show_maps(
        self,
        layer: Layer | None,
        maps: NDArray[np.float32] | None,
        *,
        class_names: tuple[str, ...] = (),
    ) -> None:
        """Show what a layer made, or empty frames for None.

        Parameters
        ----------
        maps
            (maps, h, w) float32.
        class_names
            The names of the values, where the layer is the answer; else empty.
        """
        self._layer, self._maps, self._names = layer, maps, class_names
        self.update()

    @property
    def layer(self) -> Layer | None:
        """The layer that is shown."""
        return self._layer

    @property
    def maps(self) -> NDArray[np.float32] | None:
        """What is shown, (maps, h, w) float32; None for empty frames."""
        return self._maps

    @property
    def shown(self) -> int:
        """How many of the maps there is room for."""
        return 0 if self._layer is None else self._cells(self._layer).shown

    def words_at(self, place: QPointF) -> str:
        """Return which map a place of the widget belongs to, and its values there."""
        layer, maps = self._layer, self._maps
        if layer is None or maps is None:
            return ""
        laid = self._cells(layer)
        for number in range(laid.shown):
            area = laid.area(number)
            if area.contains(place):
                row = int((place.y() - area.top()) / area.height() * layer.height)
                column = int((place.x() - area.left()) / area.width() * layer.width)
                value = maps[number, min(row, layer.height - 1), min(column, layer.width - 1)]
                if layer.height == layer.width == 1:
                    name = f"{self._names[number]}: " if self._names else f"Value {number + 1}: "
                    return f"{name}{value:.2f}"
                peak = maps[number].max()
                return f"Map {number + 1} of {layer.maps:,}: {value:.2f} here, {peak:.2f} at most"
        return ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all maps by one scale, so that they can be compared."""
        layer = self._layer
        if layer is None:
            return
        colours, laid = theme.current(), self._cells(layer)
        with QPainter(self) as painter:
            if self._maps is not None:
                scale = max(1e-6, float(np.abs(self._maps).max()))
                stacked = self._maps[: laid.shown].reshape(-1, layer.width)
                image = signed_image(stacked, scale=scale, colours=colours)
                # Pixels that are enlarged a little, and not by a whole number, would differ.
                zoom = laid.width * self.devicePixelRatioF() / layer.width
                uneven = zoom < EVEN and zoom != int(zoom)
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, uneven)
            painter.setPen(QPen(colours.line, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for number in range(laid.shown):
                area = laid.area(number)
                painter.fillRect(area, colours.paper)
                if self._maps is not None:
                    top = number * layer.height
                    # A piece of its own: smoothing would reach into the next one.
                    painter.drawImage(area, image.copy(0, top, layer.width, layer.height))
                painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))
                if self._names and laid.width >= NAMED:
                    top = number * layer.height
                    ground = image.pixelColor(0, top) if self._maps is not None else colours.paper
                    self._paint_name(painter, area, self._names[number], ground)

    def _cells(self, layer: Layer) -> Cells:
        """Return how the maps are laid out."""
        ratio = self.devicePixelRatioF()
        return cells(self.width() - 1, self.height() - 1, layer=layer, ratio=ratio)

    def _paint_name(self, painter: QPainter, area: QRectF, name: str, ground: QColor) -> None:
        """Write a class's name into its value."""
        colours = theme.current()
        painter.save()
        painter.setFont(theme.font(theme.SECONDARY_PX))
        painter.setPen(readable_on(ground, colours.text, colours.paper))
        mode = Qt.TextElideMode.ElideRight
        words = painter.fontMetrics().elidedText(name, mode, int(area.width()) - 2)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
        painter.restore()
