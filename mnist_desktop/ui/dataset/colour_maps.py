"""The colours in which pictures are shown: ink on paper, the other way round, or by a scale."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from mnist_desktop.ui.colours import mix
from mnist_desktop.ui.dataset.tiles import ramp
from mnist_desktop.ui.theme import Theme

VIRIDIS = (
    "#440154", "#481769", "#472a7a", "#433d84", "#3d4e8a", "#355e8d",
    "#2e6d8e", "#297b8e", "#23898e", "#1f978b", "#21a585", "#2eb37c",
    "#46c06f", "#65cb5e", "#89d548", "#b0dd2f", "#d8e219", "#fde725",
)  # fmt: skip
"""Viridis at every fifteenth of its 256 colours, by N. J. Smith and S. van der Walt (2015, CC0)."""


class ColourMap(Enum):
    """Which colours stand for the values from blank paper to full ink."""

    PAPER = "paper"
    INVERTED = "inverted"
    VIRIDIS = "viridis"


COLOUR_MAP_NAMES = {
    ColourMap.PAPER: "Ink on paper",
    ColourMap.INVERTED: "Inverted",
    ColourMap.VIRIDIS: "Viridis",
}


def colour_table(colour_map: ColourMap, colours: Theme) -> NDArray[np.uint32]:
    """Return the screen colour of each of the 256 values, from blank paper to full ink.

    Returns
    -------
    ndarray
        (256,) uint32, 0xFFRRGGBB as `QImage.Format_RGB32` wants it; read-only.
    """
    if colour_map is ColourMap.VIRIDIS:
        return _viridis()
    paper, ink = _rgb(colours.paper), _rgb(colours.ink)
    return ramp(paper, ink) if colour_map is ColourMap.PAPER else ramp(ink, paper)


@lru_cache(maxsize=1)
def _viridis() -> NDArray[np.uint32]:
    """Return viridis, mixed between its stops so that equal steps look equal."""
    stops = [QColor(stop) for stop in VIRIDIS]
    last = len(stops) - 1
    table = np.empty(256, np.uint32)
    for value in range(256):
        before, share = divmod(value * last / 255, 1)
        first = min(int(before), last - 1)
        colour = mix(stops[first], stops[first + 1], share + int(before) - first)
        table[value] = colour.rgb()
    table.setflags(write=False)
    return table


def _rgb(colour: QColor) -> tuple[int, int, int]:
    """Return red, green and blue, 0 to 255."""
    return colour.red(), colour.green(), colour.blue()
