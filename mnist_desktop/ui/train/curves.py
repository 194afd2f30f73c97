"""The points of a training's curves and the axes that suit them; numbers only, no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mnist_desktop.trainer.progress import TrainingProgress

KEPT_POINTS = 400
"""Points kept of a training curve: more than a chart has room to show apart."""
SMOOTHING_SHARE = 0.1
"""Share of an epoch over which the training curve is averaged (at least `SMOOTHING_STEPS`)."""
SMOOTHING_STEPS = 20.0
WARM_UP_SHARE = 0.12
"""First share of the training curve that the axes need not show: it starts at pure chance."""
SMALLEST_LOSS = 1e-6
"""Top of a loss axis at the least: what lies below is nothing."""
ACCURACY_FLOORS = (0.99, 0.98, 0.95, 0.9, 0.8, 0.5, 0.0)
"""Where an accuracy axis may start; it always ends at 1."""


@dataclass(frozen=True)
class Axis:
    """The range of an axis and where its ticks stand."""

    low: float
    high: float
    ticks: tuple[float, ...]


@dataclass
class Curve:
    """One measure over a training: a thin line by step, and a point per epoch.

    Parameters
    ----------
    x, y
        The training line: position in epochs (0 at the start), smoothed value.
    epochs, points
        The validation points: the epoch's number, the value after it.
    """

    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    epochs: list[int] = field(default_factory=list)
    points: list[float] = field(default_factory=list)

    def append(self, x: float, y: float, *, spacing: float) -> None:
        """Add a point to the training line; one nearer than `spacing` replaces the last one."""
        if len(self.x) > 1 and x - self.x[-2] < spacing:
            self.x[-1], self.y[-1] = x, y
        else:
            self.x.append(x)
            self.y.append(y)

    def settled(self) -> list[float]:
        """Return all values that the axes have to show: those after the first moments."""
        start = self.x[-1] * WARM_UP_SHARE if self.x else 0.0
        late = [y for x, y in zip(self.x, self.y, strict=True) if x >= start]
        return [*late, *self.points]


class TrainingCurves:
    """Loss and accuracy of one training, gathered from its progress.

    A trainer reports the mean since the epoch began; the curve shows what happened since the last
    report (taken back out of that mean) and smooths it over a fixed share of an epoch, so that the
    line has no jump where an epoch begins.

    Parameters
    ----------
    epochs
        Length of the training; the right end of the charts.
    answers
        Whether the network gives answers that are right or wrong; an autoencoder does not, and
        then there is no accuracy.

    Attributes
    ----------
    best_epoch, seconds
        The epoch whose weights are kept; the time an earlier run took. None while unknown.
    """

    def __init__(self, epochs: int = 1, *, answers: bool = True) -> None:
        self.epochs = max(1, epochs)
        self.answers = answers
        self.loss = Curve()
        self.accuracy = Curve()
        self.best_epoch: int | None = None
        self.seconds: float | None = None
        self._seen: tuple[int, int, float, float] = (0, 0, 0.0, 0.0)
        self._sums = [0.0, 0.0, 0.0]

    def __bool__(self) -> bool:
        """Tell whether there is anything to show."""
        return bool(self.loss.x or self.loss.points)

    def best(self) -> tuple[int, float] | None:
        """Return the best epoch and its validation accuracy, or loss where there is no accuracy.

        None where they are not known.
        """
        curve = self.accuracy if self.answers else self.loss
        points = dict(zip(curve.epochs, curve.points, strict=True))
        epoch = self.best_epoch
        return (epoch, points[epoch]) if epoch is not None and epoch in points else None

    def add(self, progress: TrainingProgress) -> None:
        """Take in one report of a training."""
        self.epochs = max(1, progress.epochs)
        if progress.kind == "start":
            return
        self._add_step(progress)
        if progress.kind == "epoch":
            self._add_epoch(progress)

    def _add_step(self, progress: TrainingProgress) -> None:
        """Extend the training lines by what happened since the last report."""
        epoch, step, loss, accuracy = self._seen
        if epoch != progress.epoch:
            step, loss, accuracy = 0, 0.0, 0.0
        fresh = progress.step - step
        if fresh <= 0 or not math.isfinite(progress.loss):
            return
        new_loss = (progress.loss * progress.step - loss * step) / fresh
        new_accuracy = (progress.accuracy * progress.step - accuracy * step) / fresh
        self._seen = (progress.epoch, progress.step, progress.loss, progress.accuracy)

        reach = max(SMOOTHING_STEPS, SMOOTHING_SHARE * progress.steps)
        kept = math.exp(-fresh / reach)
        fed = (1.0, new_loss, min(1.0, max(0.0, new_accuracy)))
        self._sums = [s * kept + v * (1 - kept) for s, v in zip(self._sums, fed, strict=True)]
        weight, loss_sum, accuracy_sum = self._sums
        x = progress.epoch - 1 + progress.step / max(1, progress.steps)
        spacing = self.epochs / KEPT_POINTS
        self.loss.append(x, loss_sum / weight, spacing=spacing)
        self.accuracy.append(x, accuracy_sum / weight, spacing=spacing)

    def _add_epoch(self, progress: TrainingProgress) -> None:
        """Add the validation's points at the end of an epoch."""
        for curve, value in (
            (self.loss, progress.validation_loss),
            (self.accuracy, progress.validation_accuracy),
        ):
            if value is not None and math.isfinite(value):
                curve.epochs.append(progress.epoch)
                curve.points.append(value)
        self.best_epoch = progress.best_epoch


def curves_of_run(
    metrics: list[dict[str, Any]], *, epochs: int, answers: bool = True
) -> TrainingCurves:
    """Return the curves of a run as its folder keeps them: a point per epoch.

    Parameters
    ----------
    metrics
        As `mnist_desktop.trainer.runs.read_metrics` returns them; what is no number is left out.
    epochs
        How many the run was to have.
    answers
        As of `TrainingCurves`.
    """
    curves = TrainingCurves(epochs, answers=answers)
    best = -math.inf
    for line in metrics:
        for curve, name in ((curves.loss, "loss"), (curves.accuracy, "accuracy")):
            mean, point = _number(line.get(name)), _number(line.get(f"validation_{name}"))
            if mean is not None:
                curve.append(float(line["epoch"]), mean, spacing=0.0)
            if point is not None:
                curve.epochs.append(line["epoch"])
                curve.points.append(point)
        curves.seconds = _number(line.get("seconds"))
        score = _number(line.get("validation_accuracy" if answers else "validation_loss"))
        score = -score if score is not None and not answers else score
        if score is not None and score >= best:
            best, curves.best_epoch = score, line["epoch"]
    return curves


def _number(value: object) -> float | None:
    """Return `value` where it is a finite number."""
    known = isinstance(value, int | float) and math.isfinite(value)
    return float(value) if known else None  # type: ignore[arg-type]


def epoch_axis(epochs: int) -> Axis:
    """Return the horizontal axis of a training of so many epochs, with at most seven ticks."""
    if epochs == 1:
        return Axis(0.0, 1.0, (0.0, 0.5, 1.0))
    step = next(s for k in range(9) for s in (10**k, 2 * 10**k, 5 * 10**k) if epochs / s <= 6)
    return Axis(0.0, float(epochs), tuple(float(t) for t in range(0, epochs + 1, step)))


def accuracy_axis(values: list[float]) -> Axis:
    """Return an axis to 100 % that starts at the highest round value below all `values` (0..1)."""
    lowest = min(values, default=0.0)
    low = next((f for f in ACCURACY_FLOORS if lowest >= f + 0.04 * (1 - f)), 0.0)
    return Axis(low, 1.0, tuple(low + (1 - low) * k / 5 for k in range(6)))


def loss_axis(values: list[float], *, now: Axis | None = None) -> Axis:
    """Return an axis from 0, or from a round value where all `values` lie far above 0.

    The axis `now` stays while the values fill it well, so that it does not move at every report.
    """
    lowest, highest = min(values, default=0.0), max(values, default=1.0)
    if now is not None and _fills(now, lowest, highest):
        return now
    highest = max(highest, SMALLEST_LOSS)
    base = lowest - 0.2 * (highest - lowest) if lowest > 0.5 * highest else 0.0
    step = _nice_above((highest * 1.05 - base) / 4)
    first, last = math.floor(base / step), math.ceil(highest * 1.05 / step)
    ticks = tuple(k * step for k in range(first, last + 1))
    return Axis(ticks[0], ticks[-1], ticks)


def _fills(axis: Axis, lowest: float, highest: float) -> bool:
    """Tell whether values from `lowest` to `highest` are inside the axis and use most of it."""
    span = axis.high - axis.low
    return axis.low <= lowest and axis.low + 0.5 * span <= highest <= axis.high - 0.02 * span


def _nice_above(value: float) -> float:
    """Return the next round number (1, 2, 2.5 or 5 times a power of ten) from `value` up."""
    scale = 10.0 ** math.floor(math.log10(value))
    return next(n for n in (1.0, 2.0, 2.5, 5.0, 10.0) if n * scale >= value * (1 - 1e-9)) * scale
