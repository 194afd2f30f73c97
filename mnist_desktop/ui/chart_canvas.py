"""What all matplotlib canvases here share; importing this imports matplotlib.

Matplotlib draws what is data: lines, marks and the grid. All words are painted over it by Qt, in
the window's own font: text is what makes a redraw by matplotlib costly (some 60 ms for two axes
with their ticks, where lines and grid take 3), and beside the rest of the window Qt's is sharper.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from matplotlib.figure import Figure
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent

from mnist_desktop.ui import theme
from mnist_desktop.ui.theme import Theme

SMALL = 11
"""Size of ticks and labels in a chart, in pixels."""
_WIDE, _HIGH = 400.0, 80.0
_HALO = 2.0

Align = Qt.AlignmentFlag


@dataclass(frozen=True)
class Caption:
    """Words in a chart.

    Parameters
    ----------
    text
        One line or more.
    x, y
        Where their anchor lies, in pixels from the canvas's upper left corner.
    anchor
        The corner, side or middle of the words that lies there.
    role
        The field of the theme that colours them.
    size, bold
        Their font.
    cleared
        Whether lines under them are painted out.
    """

    text: str
    x: float
    y: float
    anchor: Qt.AlignmentFlag = Align.AlignLeft | Align.AlignVCenter
    role: str = "secondary"
    size: int = SMALL
    bold: bool = False
    cleared: bool = False

    def place(self) -> QRectF:
        """Return a rectangle in which these words, aligned to the anchor, lie at their point."""
        left, top = self.x - _WIDE / 2, self.y - _HIGH / 2
        if self.anchor & Align.AlignLeft:
            left = self.x
        elif self.anchor & Align.AlignRight:
            left = self.x - _WIDE
        if self.anchor & Align.AlignTop:
            top = self.y
        elif self.anchor & Align.AlignBottom:
            top = self.y - _HIGH
        return QRectF(left, top, _WIDE, _HIGH)


def new_figure() -> Figure:
    """Return an empty figure in which a point is a pixel of the screen at 100 %."""
    return Figure(dpi=72)


def warm_up() -> None:
    """Draw a line out of sight, so that the first chart finds everything ready."""
    figure = new_figure()
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.plot([0, 1], [0, 1], marker="o")
    FigureCanvasAgg(figure).draw()


class ChartCanvas(FigureCanvasQTAgg):  # type: ignore[misc]
    """A canvas whose words are painted by Qt.

    Attributes
    ----------
    cost
        Seconds that the last drawing took.
    drawn
        How often it has been drawn.
    """

    def __init__(self) -> None:
        super().__init__(new_figure())
        self.cost = 0.0
        self.drawn = 0
        # Keys and focus belong to the page; the chart's text stands in its accessible description.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def recolour(self, colours: Theme) -> None:
        """Take all colours from a theme."""
        self.figure.set_facecolor(colours.surface.name())
        self.draw_idle()

    def captions(self) -> Iterable[Caption]:
        """Return the words to paint over the drawing as it is now."""
        return ()

    def draw(self) -> None:
        """Draw all of it, and note what that took."""
        started = time.perf_counter()
        super().draw()
        self.cost = time.perf_counter() - started
        self.drawn += 1

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the drawing, and the words over it."""
        super().paintEvent(event)
        colours = theme.current()
        with QPainter(self) as painter:
            for caption in self.captions():
                painter.setFont(theme.font(caption.size, bold=caption.bold))
                place, flags = caption.place(), int(caption.anchor)
                if caption.cleared:
                    words = painter.boundingRect(place, flags, caption.text)
                    painter.fillRect(words.adjusted(-_HALO, 0, _HALO, 0), colours.surface)
                painter.setPen(getattr(colours, caption.role))
                painter.drawText(place, flags, caption.text)
