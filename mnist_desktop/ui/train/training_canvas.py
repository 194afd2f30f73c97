"""Loss and accuracy over the epochs, drawn by matplotlib; importing this imports matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator, FuncFormatter
from PySide6.QtGui import QResizeEvent

from mnist_desktop.ui.chart_canvas import FONT, SMALL, ChartCanvas
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
WIDE = 1.7
"""Breadth of a pleasant chart, in heights."""


class Panel:
    """One measure: its axes, its two lines, their labels and the mark at the best epoch."""

    def __init__(self, canvas: ChartCanvas, title: str, *, percent: bool) -> None:
        self.percent = percent
        self.axes: Axes = canvas.figure.add_axes((0.1, 0.1, 0.8, 0.8))
        self.axis = Axis(0.0, 1.0, ())
        self.epoch_axis = Axis(0.0, 1.0, ())
        axes = self.axes
        for side in ("top", "left", "right"):
            axes.spines[side].set_visible(False)
        axes.tick_params(length=0, pad=6, labelsize=SMALL, labelfontfamily=FONT)
        axes.grid(visible=True, axis="y", linewidth=1)
        axes.set_axisbelow(True)
        self.title = axes.set_title(title, loc="left", size=13, weight="bold", family=FONT, pad=12)
        self.epoch_word = axes.annotate(
            "epoch",
            xy=(1, 0),
            xycoords="axes fraction",
            xytext=(9, -6),
            textcoords="offset points",
            va="top",
            family=FONT,
            size=SMALL,
        )

        self.training = Line2D([], [], linewidth=1.3, solid_joinstyle="round")
        self.validation = Line2D([], [], linewidth=2, marker="o", markersize=5)
        self.best = Line2D([], [], linestyle="", marker="o", markersize=11, markeredgewidth=2)
        self.best.set_markerfacecolor("none")
        for line in (self.training, self.validation, self.best):
            axes.add_line(line)
        self.best.set_clip_on(False)
        self.training_label = self._label()
        self.validation_label = self._label()
        self.labels = (self.training_label, self.validation_label)
        self.best_label = self._label()
        self.best_label.set(text="best", position=(0, -14), ha="center")
        moving = (
            *(self.training, self.validation, self.best),
            *(*self.labels, self.best_label),
        )
        for artist in moving:
            artist.set_animated(True)
            canvas.moving.append((axes, artist))

    def _label(self) -> Text:
        """Return an empty label for the end of a line, some pixels from a point of the data."""
        return self.axes.annotate(
            "",
            xy=(0, 0),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
            family=FONT,
            size=SMALL,
            linespacing=1.15,
            annotation_clip=False,
        )

    def recolour(self, theme: Theme) -> None:
        """Take all colours from `theme`."""
        surface, line = theme.surface.name(), theme.line.name()
        self.axes.set_facecolor(surface)
        self.axes.spines["bottom"].set_color(line)
        self.axes.grid(color=line, axis="y")
        self.axes.tick_params(labelcolor=theme.secondary.name())
        self.epoch_word.set_color(theme.secondary.name())
        self.title.set_color(theme.text.name())
        self.training.set_color(theme.secondary.name())
        self.training_label.set_color(theme.secondary.name())
        self.validation.set_color(theme.accent.name())
        self.validation_label.set_color(theme.accent.name())
        self.best.set_markeredgecolor(theme.good.name())
        self.best_label.set_color(theme.good.name())
        # A halo keeps the word readable where a line runs through it.
        self.best_label.set_path_effects([withStroke(linewidth=3, foreground=surface)])

    def set_axes(self, epochs: Axis, axis: Axis) -> bool:
        """Use these ranges and ticks; return whether that changed the still picture."""
        if epochs == self.epoch_axis and axis == self.axis:
            return False
        self.epoch_axis, self.axis = epochs, axis
        self.axes.set_xlim(epochs.low, epochs.high)
        self.axes.set_ylim(axis.low, axis.high)
        self.axes.xaxis.set_major_locator(FixedLocator(epochs.ticks))
        self.axes.yaxis.set_major_locator(FixedLocator(axis.ticks))
        self.axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
        write = _percent_tick if self.percent else _plain_tick
        self.axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: write(y, axis)))
        return True

    def set_curve(self, curve: Curve, *, best_epoch: int | None) -> None:
        """Move the lines, the labels and the mark to the curve's values."""
        self.training.set_data(curve.x, curve.y)
        self.validation.set_data(curve.epochs, curve.points)
        # A marker on the frame shows whole, a line that leaves the axes does not.
        inside = all(self.axis.low <= p <= self.axis.high for p in curve.points)
        self.validation.set_clip_on(not inside)
        self._mark_best(curve, best_epoch)
        end = max([*curve.x[-1:], *curve.epochs[-1:]], default=0.0)
        ends = [
            (label, name, values[-1])
            for label, name, values in (
                (self.training_label, "training", curve.y),
                (self.validation_label, "validation", curve.points),
            )
            if values
        ]
        for label in self.labels:
            label.set_text("")
        heights = self._apart([value for _, _, value in ends])
        for (label, name, value), height in zip(ends, heights, strict=True):
            label.set_text(
                f"{name}\n{value * 100:.2f} %" if self.percent else f"{name}\n{value:.4f}"
            )
            label.xy = (end, height)

    def _mark_best(self, curve: Curve, best_epoch: int | None) -> None:
        """Put the ring and its word at the best epoch, if it is in the axes."""
        points = dict(zip(curve.epochs, curve.points, strict=True))
        value = points.get(best_epoch or 0)
        shown = value is not None and self.axis.low <= value <= self.axis.high
        self.best.set_visible(shown)
        self.best_label.set_visible(shown)
        if shown:
            self.best.set_data([best_epoch], [value])
            self.best_label.xy = (best_epoch, value)
            at_the_end = best_epoch > 0.9 * self.epoch_axis.high
            self.best_label.set_ha("right" if at_the_end else "center")
            # The best point is the top of one curve and the bottom of the other: the word stands
            # beyond it, where no line is, unless the frame is near.
            share = (value - self.axis.low) / (self.axis.high - self.axis.low)
            above = share < 0.9 if self.percent else share < 0.12
            self.best_label.set_position((0, 14 if above else -14))

    def _apart(self, values: list[float]) -> list[float]:
        """Return heights for labels at `values`: inside the axes, and not over one another."""
        axis = self.axis
        pixels = max(1.0, self.axes.bbox.height / self.axes.figure.dpi * 72)
        gap = LABEL_HEIGHT / pixels * (axis.high - axis.low)
        inside = [min(axis.high, max(axis.low + gap / 2, v)) for v in values]
        if len(inside) < 2 or abs(inside[0] - inside[1]) >= gap:
            return inside
        middle = sum(inside) / 2
        middle = min(axis.high - gap / 2, max(axis.low + gap, middle))
        upper, lower = middle + gap / 2, middle - gap / 2
        return [upper, lower] if inside[0] >= inside[1] else [lower, upper]


class TrainingCanvas(ChartCanvas):
    """Two panels, beside each other where there is the breadth, else one above the other."""

    def __init__(self) -> None:
        super().__init__()
        self.loss = Panel(self, "Loss", percent=False)
        self.accuracy = Panel(self, "Accuracy", percent=True)
        self.hint = self.figure.text(
            0.5,
            0.5,
            "Loss and accuracy appear here while a training runs.",
            family=FONT,
            size=12,
            ha="center",
            va="center",
        )
        self._show_panels(False)

    def recolour(self, theme: Theme) -> None:
        """Take all colours from `theme`."""
        self.figure.set_facecolor(theme.surface.name())
        self.hint.set_color(theme.secondary.name())
        self.loss.recolour(theme)
        self.accuracy.recolour(theme)
        super().recolour(theme)

    def set_curves(self, curves: TrainingCurves) -> None:
        """Show `curves`; the axes follow where they must."""
        epochs = epoch_axis(curves.epochs)
        loss = loss_axis(curves.loss.settled(), now=self.loss.axis if curves else None)
        accuracy = accuracy_axis(curves.accuracy.settled())
        moved = self.loss.set_axes(epochs, loss)
        moved |= self.accuracy.set_axes(epochs, accuracy)
        best = curves.best_epoch
        self.loss.set_curve(curves.loss, best_epoch=best)
        self.accuracy.set_curve(curves.accuracy, best_epoch=best)
        if moved or self.hint.get_visible() == bool(curves):
            self._show_panels(bool(curves))
            self.renew_still()

    def _show_panels(self, shown: bool) -> None:
        """Show the panels, or in their place what will stand there."""
        self.hint.set_visible(not shown)
        for panel in (self.loss, self.accuracy):
            panel.axes.set_visible(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the panels anew."""
        super().resizeEvent(event)
        self._arrange(self.width(), self.height())

    def _arrange(self, width: int, height: int) -> None:
        """Give each panel the place where the curves get the most room."""
        beside = (width / 2 - LEFT - RIGHT, float(height - TOP - BOTTOM))
        above = (float(width - LEFT - RIGHT), height / 2 - TOP - BOTTOM)
        side_by_side = _worth(*beside) >= _worth(*above)
        plot_width, plot_height = (max(10.0, v) for v in (beside if side_by_side else above))
        for place, panel in enumerate((self.loss, self.accuracy)):
            x = LEFT + (place * width / 2 if side_by_side else 0)
            y = BOTTOM + (0 if side_by_side else (1 - place) * height / 2)
            panel.axes.set_position(
                (x / width, y / height, plot_width / width, plot_height / height)
            )


def _worth(width: float, height: float) -> float:
    """Return how good a place of this size is for a chart: the size of its best rectangle."""
    return min(width, WIDE * height)


def _percent_tick(value: float, axis: Axis) -> str:
    """Write a tick of an accuracy axis."""
    digits = 0 if axis.high - axis.low >= 0.05 - 1e-9 else 1
    return f"{value * 100:.{digits}f} %"


def _plain_tick(value: float, axis: Axis) -> str:
    """Write a tick of a loss axis with as many decimals as its steps need."""
    step = (axis.high - axis.low) / max(1, len(axis.ticks) - 1)
    digits = next((d for d in range(7) if abs(step * 10**d - round(step * 10**d)) < 1e-6), 6)
    return f"{value:.{digits}f}"
