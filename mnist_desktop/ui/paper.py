"""Show ink as it looks on the pad's paper: dark on light, or light on dark, by the theme."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from mnist_desktop.ui.theme import Theme

_RAMPS: dict[str, list[int]] = {}


def on_paper(ink: NDArray[np.uint8], colours: Theme) -> QImage:
    """Return ink (h, w) uint8 in a theme's colours, from paper for 0 to full ink for 255."""
    return in_colours(ink, _ramp(colours))


def in_colours(ink: NDArray[np.uint8], table: list[int]) -> QImage:
    """Return ink (h, w) uint8 in the 256 colours of a table, 0xFFRRGGBB each."""
    ink = np.ascontiguousarray(ink)
    height, width = ink.shape
    image = QImage(ink.data, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable(table)
    return image.convertToFormat(QImage.Format.Format_RGB32)


def crisp_area(room: QRectF, *, shape: tuple[int, int], ratio: float) -> QRectF:
    """Return the largest place for a picture within `room` that shows all its pixels alike.

    Parameters
    ----------
    room
        Where it may stand, in logical pixels.
    shape
        Height and width of the picture, in its own pixels.
    ratio
        Screen pixels for a logical one.

    Returns
    -------
    QRectF
        In the middle of `room`, on whole screen pixels, a whole number of them for each pixel of
        the picture; where there is not even one for each, as large as it fits.
    """
    rows, columns = shape
    scale = min(room.width() * ratio / columns, room.height() * ratio / rows)
    scale = float(int(scale + 1e-6)) if scale >= 1 else scale
    width, height = max(1, round(columns * scale)), max(1, round(rows * scale))
    left = round(room.center().x() * ratio - width / 2)
    top = round(room.center().y() * ratio - height / 2)
    return QRectF(left / ratio, top / ratio, width / ratio, height / ratio)


def _ramp(colours: Theme) -> list[int]:
    """Return 256 colours from paper to ink."""
    if colours.name not in _RAMPS:
        paper, ink = (
            np.array([c.red(), c.green(), c.blue()], np.float64)
            for c in (colours.paper, colours.ink)
        )
        share = np.linspace(0, 1, 256)[:, None]
        rows = np.rint(paper + (ink - paper) * share).astype(int)
        _RAMPS[colours.name] = [0xFF000000 | r << 16 | g << 8 | b for r, g, b in rows.tolist()]
    return _RAMPS[colours.name]
