"""The sheet on the pad: finished strokes, the one being drawn, and their ink in two sizes."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage

from mnist_desktop.inference.ink import Stroke
from mnist_desktop.ui.draw.history import History, Item, PastedPicture
from mnist_desktop.ui.draw.surface import RASTER, Surface, newest_piece, open_end, touched_area

SMALLEST_STEP = 1.0
"""The pen's way, in pixels of the raster, below which a new place tells nothing new."""


class Sheet:
    """Keep a drawing as data, and as ink: once for the network, once as sharp as the screen.

    Places are in pixels of the raster. Methods that change ink return the area of the raster that
    has to be shown anew, or None where nothing changed.

    Parameters
    ----------
    ink
        The colour of the ink on screen.
    """

    def __init__(self, ink: QColor) -> None:
        self.history = History()
        self.raster = Surface(RASTER, QColor(Qt.GlobalColor.white))
        self.screen = Surface(RASTER, ink)
        self.points: list[tuple[float, float]] = []
        self.width = 1.0
        self.erases = False
        self._earlier: tuple[QImage, QImage] | None = None

    @property
    def is_drawing(self) -> bool:
        """Say whether the pen is down."""
        return bool(self.points)

    def begin(self, place: tuple[float, float], *, width: float, erase: bool) -> QRectF:
        """Put the pen down."""
        self.width, self.erases = width, erase
        # Copies on write: nothing is copied here but by the first ink.
        self._earlier = (QImage(self.raster.image), QImage(self.screen.image))
        self.points = [place]
        for surface in (self.raster, self.screen):
            surface.draw_path(open_end(self.points), width=width, erase=erase)
        return self._near(self.points)

    def go_on(self, place: tuple[float, float]) -> QRectF | None:
        """Move the pen while it is down."""
        if not self.points:
            return None
        (x, y), (last_x, last_y) = place, self.points[-1]
        if (x - last_x) ** 2 + (y - last_y) ** 2 < SMALLEST_STEP**2:
            return None
        self.points.append(place)
        if len(self.points) > 2:
            path = newest_piece(self.points)
            for surface in (self.raster, self.screen):
                surface.draw_path(path, width=self.width, erase=self.erases)
        return self._near(self.points[-4:])

    def end(self) -> QRectF | None:
        """Lift the pen: the stroke is drawn once more in one go, as undo and resizing draw it."""
        if not self.points or self._earlier is None:
            return None
        points = np.asarray(self.points, np.float32)
        stroke = Stroke(points, width=self.width, erase=self.erases)
        area = touched_area(points, self.width)
        for surface, earlier in zip((self.raster, self.screen), self._earlier, strict=True):
            surface.take_back(surface.pixels(area), earlier)
            surface.draw_item(stroke)
        self.points, self._earlier = [], None
        self.history.add(stroke)
        return area

    def add(self, item: Item) -> None:
        """Put a finished stroke or a picture on the sheet.

        Raises
        ------
        ValueError
            When a picture has another size than the raster, or a stroke no point.
        """
        if isinstance(item, PastedPicture):
            if item.ink.shape != (RASTER, RASTER):
                raise ValueError(f"a picture of {item.ink.shape} is not of the raster's size")
        elif len(item.points) == 0:
            raise ValueError("a stroke without a point")
        self.history.add(item)
        for surface in (self.raster, self.screen):
            surface.draw_item(item)

    def redraw(self) -> None:
        """Draw the history's present state on both surfaces."""
        for surface in (self.raster, self.screen):
            surface.draw_items(self.history.items)

    def fit_screen(self, side: int, ink: QColor) -> None:
        """Draw the screen's ink for another size or colour."""
        self.screen = Surface(side, ink)
        self.screen.draw_items(self.history.items)

    def picture(self) -> QImage:
        """Return the drawing as dark ink on light paper, for other programs."""
        image = QImage(RASTER, RASTER, QImage.Format.Format_Grayscale8)
        ink = np.frombuffer(image.bits(), np.uint8).reshape(RASTER, image.bytesPerLine())
        ink[:, :RASTER] = 255 - self.raster.coverage()
        return image

    def _near(self, points: list[tuple[float, float]]) -> QRectF:
        """Return the area around some of the pen's places."""
        return touched_area(np.asarray(points, np.float32), self.width)
