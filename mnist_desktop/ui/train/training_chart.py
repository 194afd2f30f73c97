"""The chart of a training as it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from mnist_desktop.ui.charts import Chart
from mnist_desktop.ui.train.curves import TrainingCurves

if TYPE_CHECKING:
    from mnist_desktop.trainer.progress import TrainingProgress
    from mnist_desktop.ui.train.training_canvas import TrainingCanvas


class TrainingChart(Chart):
    """Loss and accuracy: training thin and live, validation a point per epoch, the best marked."""

    canvas: TrainingCanvas | None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training_chart")
        self.setAccessibleName("Loss and accuracy of the training")
        self.setMinimumSize(320, 180)
        self.curves = TrainingCurves()

    def make_canvas(self) -> TrainingCanvas:
        """Return the canvas with both panels."""
        from mnist_desktop.ui.train.training_canvas import TrainingCanvas

        return TrainingCanvas()

    def fill_canvas(self, canvas: TrainingCanvas) -> None:
        """Give the canvas the curves as they are now."""
        canvas.set_curves(self.curves)

    def set_curves(self, curves: TrainingCurves) -> None:
        """Show other curves, such as empty ones when a training starts."""
        self.curves = curves
        self.setAccessibleDescription("")
        self.schedule()

    def add(self, progress: TrainingProgress) -> None:
        """Take in one report of the training that goes on."""
        self.curves.add(progress)
        if progress.kind == "epoch" and progress.validation_loss is not None:
            words = f"After epoch {progress.epoch}: validation loss {progress.validation_loss:.4f}"
            if progress.validation_accuracy is not None:
                words += f", accuracy {progress.validation_accuracy:.2%}"
            self.setAccessibleDescription(words)
        self.schedule()
