"""The row of figures under the charts: epoch, speed, time left, best."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import count_text, figure, percent_text, secondary, set_role

if TYPE_CHECKING:
    from mnist_desktop.trainer.progress import TrainingProgress, TrainingResult
    from mnist_desktop.ui.train.curves import TrainingCurves

NOTHING = "–"


class FiguresRow(QFrame):
    """Four figures with a word above each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training_figures")
        set_role(self, "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.BETWEEN, theme.INSIDE, theme.BETWEEN, theme.INSIDE)
        row.setSpacing(theme.BETWEEN)
        self._figures = {}
        self._words = {}
        for name in ("epoch", "images/s", "time left", "best"):
            column = QVBoxLayout()
            column.setSpacing(0)
            self._words[name] = secondary(name)
            self._figures[name] = figure(NOTHING)
            column.addWidget(self._words[name])
            column.addWidget(self._figures[name])
            row.addLayout(column, 1)

    def value(self, name: str) -> str:
        """Return what a figure shows."""
        return self._figures[name].text()

    def clear(self) -> None:
        """Show that there is nothing to tell yet."""
        for shown in self._figures.values():
            shown.setText(NOTHING)
        self._words["best"].setText("best")
        self._words["time left"].setText("time left")

    def show_progress(self, progress: TrainingProgress) -> None:
        """Show where a training stands."""
        self._figures["epoch"].setText(f"{progress.epoch} of {progress.epochs}")
        if progress.images_per_second > 0:
            self._figures["images/s"].setText(speed_text(progress.images_per_second))
            self._figures["time left"].setText(time_text(progress.seconds_left))
        accuracy, loss = progress.validation_accuracy, progress.validation_loss
        value = loss if accuracy is None else accuracy
        if value is not None and progress.best_epoch == progress.epoch:
            self._show_best(progress.epoch, value, is_accuracy=accuracy is not None)

    def show_curves(self, curves: TrainingCurves) -> None:
        """Show the best epoch of curves that were there before."""
        best = curves.best()
        if best is not None:
            self._show_best(*best, is_accuracy=curves.answers)

    def _show_best(self, epoch: int, value: float, *, is_accuracy: bool) -> None:
        """Show the best epoch and its value."""
        what = "best" if is_accuracy else "lowest loss"
        self._words["best"].setText(f"{what}, epoch {epoch}")
        self._figures["best"].setText(percent_text(value, 2) if is_accuracy else f"{value:.4f}")

    def show_run(self, curves: TrainingCurves, *, epochs: int, seconds: float | None) -> None:
        """Show an earlier run: epochs done, and the time they took where it is known."""
        self.clear()
        self.show_curves(curves)
        self._figures["epoch"].setText(f"{epochs} of {curves.epochs}")
        if seconds is not None:
            self._words["time left"].setText("time taken")
            self._figures["time left"].setText(time_text(seconds))

    def show_result(self, result: TrainingResult) -> None:
        """Show what a training took."""
        self._words["time left"].setText("time taken")
        self._figures["time left"].setText(time_text(result.train_seconds))
        if result.validation_accuracy is not None:
            self._show_best(result.best_epoch, result.validation_accuracy, is_accuracy=True)


def speed_text(images_per_second: float) -> str:
    """Write a speed with three figures, so that it does not flicker: 21,400."""
    whole = round(images_per_second)
    step = 10 ** max(0, len(str(whole)) - 3)
    return count_text(round(images_per_second / step) * step)


def time_text(seconds: float) -> str:
    """Write a time as a clock does: 0:07, 12:30, 1:05:00."""
    whole = max(0, round(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def result_text(result: TrainingResult) -> str:
    """Return what a training ended with, in a sentence."""
    if result.stopped is not None:
        return f"{result.stopped}; epoch {result.best_epoch} is kept"
    early = f", finished early after {result.epochs} epochs" if result.finished_early else ""
    if result.test_accuracy is not None:
        share = percent_text(result.test_accuracy, 2)
        return f"Trained{early}: {share} of the test images are read right"
    if result.validation_accuracy is not None:
        share = percent_text(result.validation_accuracy, 2)
        return f"Trained{early}: {share} of the images kept for validation are read right"
    return f"Trained{early}"


def delivery_text(result: TrainingResult) -> str:
    """Return where the model is, and what it can be used for, in a sentence."""
    if result.decoder is not None:
        return f"Written as {result.model.name}, its decoder beside it, for the Morph page."
    return f"Written as {result.model.name}; the pad uses it now."
