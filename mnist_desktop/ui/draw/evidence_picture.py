"""Colours for what a network makes of a picture: above and below 0, for and against a class."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from mnist_desktop.inference.explanation import Occlusion
from mnist_desktop.ui.theme import Theme

LEAST_SCALE = 2.0
"""The fall of the log-odds that gets the full colour at least: smaller ones stay pale."""

INK_BELOW, COLOUR_OVER = 0.5, 0.9
"""How strong the ink is where nothing is coloured, and how much of it the full colour hides."""

_ZERO = 128


def speaks_for(colours: Theme) -> QColor:
    """Return the colour of what speaks for a class."""
    return colours.accent


def speaks_against(colours: Theme) -> QColor:
    """Return the colour of what speaks against a class."""
    return colours.careful


def signed_image(values: NDArray[np.float32], *, scale: float, colours: Theme) -> QImage:
    """Return values as a picture: paper for 0, ink above it, the colour of care below.

    Parameters
    ----------
    values
        (h, w) float32.
    scale
        The value that gets the full colour, above 0.
    """
    codes = np.rint(values * (127.0 / scale)).clip(-127, 127).astype(np.int16) + _ZERO
    data = np.ascontiguousarray(codes.astype(np.uint8))
    height, width = data.shape
    image = QImage(data.data, width, height, width, QImage.Format.Format_Indexed8)
    ramps = colours.paper.rgb(), colours.ink.rgb(), colours.careful.rgb()
    image.setColorTable(_signed_table(*ramps))
    return image.convertToFormat(QImage.Format.Format_RGB32)


def evidence_image(picture: NDArray[np.uint8], occlusion: Occlusion, *, colours: Theme) -> QImage:
    """Return a picture's ink coloured by what it says of the class that is explained.

    Parameters
    ----------
    picture
        (h, w) uint8, ink high: what was explained.
    """
    share = (occlusion.evidence / scale_of(occlusion))[..., np.newaxis]
    paper, ink = _rgb(colours.paper), _rgb(colours.ink)
    shown = paper + (ink - paper) * (INK_BELOW * picture[..., np.newaxis] / 255.0)
    full = np.where(share >= 0, _rgb(speaks_for(colours)), _rgb(speaks_against(colours)))
    # The root lets weak evidence be seen beside strong one.
    shown += (full - shown) * (COLOUR_OVER * np.sqrt(np.abs(share)))
    data = np.ascontiguousarray(np.rint(shown).astype(np.uint8))
    height, width = picture.shape
    return QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def scale_of(occlusion: Occlusion) -> float:
    """Return the fall of the log-odds that gets the full colour."""
    return max(LEAST_SCALE, float(np.abs(occlusion.evidence).max()))


@lru_cache(maxsize=2)
def _signed_table(paper: int, above: int, below: int) -> list[int]:
    """Return the colours of -127 to 127, 0xFFRRGGBB; the first one is not used."""
    share = ((np.arange(256) - _ZERO) / 127.0).clip(-1.0, 1.0)[:, np.newaxis]
    ground = _rgb(QColor(paper))
    full = np.where(share >= 0, _rgb(QColor(above)), _rgb(QColor(below)))
    rows = np.rint(ground + (full - ground) * np.abs(share)).astype(int)
    return [0xFF000000 | r << 16 | g << 8 | b for r, g, b in rows.tolist()]


def _rgb(colour: QColor) -> NDArray[np.float64]:
    """Return red, green and blue, (3,) 0 to 255."""
    return np.array([colour.red(), colour.green(), colour.blue()], np.float64)
