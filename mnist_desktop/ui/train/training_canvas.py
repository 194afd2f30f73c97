"""Loss and accuracy over the epochs; importing this imports matplotlib."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from PySide6.QtCore import QEvent, QPointF, QRectF
from PySide6.QtGui import QHelpEvent, QResizeEvent
from PySide6.QtWidgets import QToolTip

from mnist_desktop.ui.chart_canvas import Align, Caption, ChartCanvas
from mnist_desktop.ui.controls import percent_text
from mnist_desktop.ui.train.curves import (
    Axis,
    Curve,
    TrainingCurves,
    accuracy_axis,
    epoch_axis,
    loss_axis,
)

if TYPE_CHECKING:
    from mnist_desktop.ui.theme import Theme

LEFT, RIGHT, TOP, BOTTOM = 46, 92, 34, 26
"""Room around the curves, in pixels: tick labels, line labels, title, epochs."""
LABEL_HEIGHT = 30
"""Least distance between the labels of two lines, in pixels: two lines of text."""
LABEL_GAP = 9
"""Pixels between the end of a line and its label."""
WIDE = 1.7
"""Breadth of a pleasant chart, in heights."""
TITLE_SIZE = 13


class Panel:
    """One measure: the grid, its two lines, and the mark at the best epoch.

    Attributes
    ----------
    place
        Where the curves are drawn, in pixels of the canvas.
    axis, epoch_axis
        The ranges shown there.
    """

    def __init__(
        self,
        axes: Axes,
        title: str,
        *,
        tick: Callable[[float, Axis], str],
        value: Callable[[float], str],
    ) -> None:
        self.axes, self.title = axes, title
        self._tick, self._value = tick, value
        self.place = QRectF()
        self.axis = self.epoch_axis = Axis(0.0, 1.0, ())
        self.curve, self.best_epoch = Curve(), None
        axes.set_axis_off()
        self.grid = LineCollection([], transform=axes.get_yaxis_transform(), linewidths=1)
        self.grid.set_clip_on(False)
        axes.add_collection(self.grid, autolim=False)
        self.training = Line2D([], [], linewidth=1.3, solid_joinstyle="round")
        self.validation = Line2D([], [], linewidth=2, marker="o", markersize=5)
        self.best = Line2D([], [], linestyle="", marker="o", markersize=11, markeredgewidth=2)
        self.best.set_markerfacecolor("none")
        for line in (self.training, self.validation, self.best):
            axes.add_line(line)
        self.best.set_clip_on(False)

    best_epoch: int | None

    def recolour(self, colours: Theme) -> None:
        """Take all colours from a theme."""
        self.grid.set_color(colours.line.name())
        self.training.set_color(colours.secondary.name())
        self.validation.set_color(colours.accent.name())
        self.best.set_markeredgecolor(colours.good.name())

    def set_place(self, place: QRectF, *, width: int, height: int) -> None:
        """Draw in `place`, given in pixels of a canvas of this size."""
        self.place = place
        bottom = height - place.bottom()
        self.axes.set_position(
            (place.left() / width, bottom / height, place.width() / width, place.height() / height)
        )

    def set_curve(self, curve: Curve, *, axis: Axis, epochs: Axis, best_epoch: int | None) -> None:
        """Show a curve in these ranges, with the best epoch marked if it is inside."""
        self.curve, self.axis, self.epoch_axis = curve, axis, epochs
        self.axes.set_xlim(epochs.low, epochs.high)
        self.axes.set_ylim(axis.low, axis.high)
        self.grid.set_segments([[(0, tick), (1, tick)] for tick in axis.ticks])
        self.training.set_data(curve.x, curve.y)
        self.validation.set_data(curve.epochs, curve.points)
        # A marker on the frame shows whole, a line that leaves the axes does not.
        inside = all(axis.low <= point <= axis.high for point in curve.points)
        self.validation.set_clip_on(not inside)
        best = dict(zip(curve.epochs, curve.points, strict=True)).get(best_epoch or 0)
        shown = best is not None and axis.low <= best <= axis.high
        self.best_epoch = best_epoch if shown else None
        self.best.set_data([best_epoch] if shown else [], [best] if shown else [])

    def point(self, x: float, y: float) -> QPointF:
        """Return where a value lies, in pixels; what is beyond the axes, at their edge."""
        across = (x - self.epoch_axis.low) / (self.epoch_axis.high - self.epoch_axis.low)
        up = min(1.0, max(0.0, (y - self.axis.low) / (self.axis.high - self.axis.low)))
        return QPointF(
            self.place.left() + across * self.place.width(),
            self.place.bottom() - up * self.place.height(),
        )

    def readout(self, point: QPointF) -> str:
        """Return what the lines say at the epoch nearest to a point; empty outside."""
        curve, place = self.curve, self.place.adjusted(-LABEL_GAP, 0, LABEL_GAP, 0)
        if not place.contains(point) or not curve.x:
            return ""
        share = (point.x() - self.place.left()) / self.place.width()
        x = share * self.epoch_axis.high
        lines = [f"{self.title}, epoch {min(int(self.epoch_axis.high), max(1, math.ceil(x)))}"]
        if curve.epochs:
            nearest = min(range(len(curve.epochs)), key=lambda k: abs(curve.epochs[k] - x))
            lines = [f"{self.title}, epoch {curve.epochs[nearest]}"]
            lines.append(f"validation {self._value(curve.points[nearest])}")
            x = float(curve.epochs[nearest])
        nearest = min(range(len(curve.x)), key=lambda k: abs(curve.x[k] - x))
        lines.append(f"training {self._value(curve.y[nearest])}")
        return "\n".join(lines)

    def captions(self) -> Iterator[Caption]:
        """Return title, ticks and labels."""
        place = self.place
        yield Caption(
            self.title,
            place.left(),
            place.top() - 12,
            Align.AlignLeft | Align.AlignBottom,
            role="text",
            size=TITLE_SIZE,
            bold=True,
        )
        for tick in self.axis.ticks:
            y = self.point(0.0, tick).y()
            side = Align.AlignRight | Align.AlignVCenter
            yield Caption(self._tick(tick, self.axis), place.left() - 6, y, side)
        below = place.bottom() + 5
        for tick in self.epoch_axis.ticks:
            x = self.point(tick, 0.0).x()
            yield Caption(f"{tick:g}", x, below, Align.AlignHCenter | Align.AlignTop)
        yield Caption("epoch", place.right() + LABEL_GAP, below, Align.AlignLeft | Align.AlignTop)
        yield from self._best_caption()
        yield from self._line_labels()

    def _best_caption(self) -> Iterator[Caption]:
        """Return the word at the best epoch's mark, on the side where no line is.

        The best point is the top of one curve and the bottom of the other.
        """
        if self.best_epoch is None:
            return
        value = dict(zip(self.curve.epochs, self.curve.points, strict=True))[self.best_epoch]
        point = self.point(self.best_epoch, value)
        high = value >= sum(self.curve.points) / len(self.curve.points)
        above = point.y() - self.place.top() > 20 if high else self.place.bottom() - point.y() < 20
        side = Align.AlignBottom if above else Align.AlignTop
        across = Align.AlignHCenter
        if point.x() > self.place.right() - 20:
            across = Align.AlignRight
        y = point.y() + (-8 if above else 8)
        yield Caption("best", point.x(), y, across | side, role="good", cleared=True)

    def _line_labels(self) -> Iterator[Caption]:
        """Return the names and last values of the lines, beside their ends."""
        curve = self.curve
        ends = [
            (name, role, values[-1])
            for name, role, values in (
                ("training", "secondary", curve.y),
                ("validation", "accent", curve.points),
            )
            if values
        ]
        end = max([*curve.x[-1:], *curve.epochs[-1:]], default=0.0)
        heights = self._apart([self.point(end, value).y() for _, _, value in ends])
        for (name, role, value), y in zip(ends, heights, strict=True):
            x = self.point(end, value).x() + LABEL_GAP
            yield Caption(f"{name}\n{self._value(value)}", x, y, role=role, cleared=True)

    def _apart(self, heights: list[float]) -> list[float]:
        """Return heights for labels near these: above the epochs, and not over one another."""
        lowest = self.place.bottom() - LABEL_HEIGHT / 2
        inside = [min(lowest, y) for y in heights]
        if len(inside) < 2 or abs(inside[0] - inside[1]) >= LABEL_HEIGHT:
            return inside
        middle = min(lowest - LABEL_HEIGHT / 2, sum(inside) / 2)
        upper, lower = middle - LABEL_HEIGHT / 2, middle + LABEL_HEIGHT / 2
        return [upper, lower] if heights[0] <= heights[1] else [lower, upper]


class TrainingCanvas(ChartCanvas):
    """Two panels, beside each other where there is the breadth, else one above the other."""

    def __init__(self) -> None:
        super().__init__()
        box = (0.1, 0.1, 0.8, 0.8)
        axes = [self.figure.add_axes(box, label=name) for name in ("loss", "accuracy")]
        self.loss = Panel(axes[0], "Loss", tick=_plain_tick, value="{:.4f}".format)
        self.accuracy = Panel(axes[1], "Accuracy", tick=_percent_tick, value=_percent_value)
        self.panels: tuple[Panel, ...] = (self.loss, self.accuracy)
        self.shows_curves = False
        self.set_curves(TrainingCurves())

    def recolour(self, colours: Theme) -> None:
        """Take all colours from a theme."""
        for panel in (self.loss, self.accuracy):
            panel.recolour(colours)
        super().recolour(colours)

    def set_curves(self, curves: TrainingCurves) -> None:
        """Show `curves`; the axes follow where they must."""
        now = self.loss.axis if self.shows_curves else None
        self.shows_curves = bool(curves)
        epochs, best = epoch_axis(curves.epochs), curves.best_epoch
        loss = loss_axis(curves.loss.settled(), now=now)
        self.loss.set_curve(curves.loss, axis=loss, epochs=epochs, best_epoch=best)
        accuracy = accuracy_axis(curves.accuracy.settled())
        self.accuracy.set_curve(curves.accuracy, axis=accuracy, epochs=epochs, best_epoch=best)
        self.panels = (self.loss, self.accuracy) if curves.answers else (self.loss,)
        for panel in (self.loss, self.accuracy):
            panel.axes.set_visible(self.shows_curves and panel in self.panels)
        self._arrange()
        self.draw_idle()

    def captions(self) -> Iterator[Caption]:
        """Return the words of both panels, or what will stand in their place."""
        if not self.shows_curves:
            text = "Loss and accuracy appear here while a training runs."
            middle = Align.AlignCenter
            yield Caption(text, self.width() / 2, self.height() / 2, middle, size=TITLE_SIZE - 1)
            return
        for panel in self.panels:
            yield from panel.captions()

    def event(self, event: QEvent) -> bool:
        """Show the values under the mouse in a tool tip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            told = [panel.readout(QPointF(event.pos())) for panel in self.panels]
            QToolTip.showText(event.globalPos(), "".join(told), self)
            return True
        return bool(super().event(event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the panels to the new size."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Give each panel the place where the curves get the most room."""
        width, height = max(1, self.width()), max(1, self.height())
        count = len(self.panels)
        beside = (width / count - LEFT - RIGHT, float(height - TOP - BOTTOM))
        above = (float(width - LEFT - RIGHT), height / count - TOP - BOTTOM)
        side_by_side = _worth(*beside) >= _worth(*above)
        wide, high = (max(10.0, size) for size in (beside if side_by_side else above))
        for number, panel in enumerate(self.panels):
            x = LEFT + (number * width / count if side_by_side else 0)
            y = TOP + (0 if side_by_side else number * height / count)
            panel.set_place(QRectF(x, y, wide, high), width=width, height=height)


def _worth(width: float, height: float) -> float:
    """Return how good a place of this size is for a chart: the size of its best rectangle."""
    return min(width, WIDE * height)


def _percent_value(value: float) -> str:
    """Write the last value of an accuracy."""
    return percent_text(value, 2)


def _percent_tick(value: float, axis: Axis) -> str:
    """Write a tick of an accuracy axis."""
    digits = 0 if axis.high - axis.low >= 0.05 - 1e-9 else 1
    return f"{value * 100:.{digits}f} %"


def _plain_tick(value: float, axis: Axis) -> str:
    """Write a tick of a loss axis with as many decimals as its steps need."""
    step = (axis.high - axis.low) / max(1, len(axis.ticks) - 1)
    digits = next((d for d in range(7) if abs(step * 10**d - round(step * 10**d)) < 1e-6), 6)
    return f"{value:.{digits}f}"
