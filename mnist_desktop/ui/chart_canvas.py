"""What all matplotlib canvases here share; importing this imports matplotlib.

Drawing axes with their texts costs ten times as much as drawing the lines in them. So the still
parts are drawn once and kept as a picture, and an update puts that picture back and draws only the
moving artists over it; the still parts are drawn again when an axis, the size or a colour changes.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from matplotlib.figure import Figure
from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from mnist_desktop.ui.theme import Theme

FONT = "DejaVu Sans"
SMALL = 11
"""Size of the texts in a chart, in pixels: figures are made with 72 points to the inch."""


def new_figure() -> Figure:
    """Return an empty figure in which a point is a pixel of the screen at 100 %."""
    return Figure(dpi=72)


def warm_up() -> None:
    """Draw a small chart out of sight, so that fonts and renderers are ready for the real ones."""
    figure = new_figure()
    axes = figure.add_axes((0.2, 0.2, 0.7, 0.7))
    axes.plot([0, 1], [0, 1])
    axes.text(0, 0, "0 %", family=FONT, size=SMALL)
    FigureCanvasAgg(figure).draw()


class ChartCanvas(FigureCanvasQTAgg):  # type: ignore[misc]
    """A canvas that redraws only what moves.

    Attributes
    ----------
    moving
        The artists drawn over the still picture, with the axes they belong to.
    cost
        Seconds that the last update took.
    still_is_old
        Whether the still parts wait to be drawn again.
    """

    def __init__(self) -> None:
        super().__init__(new_figure())
        self.moving: list[tuple[Axes, Artist]] = []
        self.cost = 0.0
        self._still: Any = None
        self.still_is_old = True
        # Keys and focus belong to the page; the chart's text stands in its accessible description.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def recolour(self, theme: Theme) -> None:
        """Take all colours from `theme`."""
        self.renew_still()

    def renew_still(self) -> None:
        """Draw everything anew at the next update."""
        self.still_is_old = True
        self.draw_idle()

    def show_changes(self) -> None:
        """Bring what the artists hold to the screen."""
        if self.still_is_old or self._still is None:
            self.draw_idle()
            return
        started = time.perf_counter()
        self.restore_region(self._still)
        self._draw_moving()
        self.update()
        self.cost = time.perf_counter() - started

    def draw(self) -> None:
        """Draw all of it, and keep the still picture."""
        started = time.perf_counter()
        super().draw()
        self._still = self.copy_from_bbox(self.figure.bbox)
        self.still_is_old = False
        self._draw_moving()
        self.cost = time.perf_counter() - started

    def _draw_moving(self) -> None:
        for axes, artist in self.moving:
            if axes.get_visible():
                axes.draw_artist(artist)
