"""What only some trainings need: epochs, seed, threads, validation share, output file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from mnist_desktop.trainer.crew import available_cores
from mnist_desktop.trainer.recipes import Recipe
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import icon_button, indent, secondary

AS_RECIPE = 0
"""The value of the epochs field that leaves them to the recipe."""
MOST_EPOCHS, MOST_SEED, MOST_VALIDATION = 999, 999_999_999, 50


class AdvancedForm(QWidget):
    """The fields; each has a value that leaves the matter to the recipe or the machine."""

    changed = Signal()
    output_edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("advanced_form")
        self.epochs = _spin(AS_RECIPE, MOST_EPOCHS, "Epochs")
        self.seed = _spin(0, MOST_SEED, "Seed")
        self.threads = _spin(0, available_cores(), "Threads")
        self.threads.setSpecialValueText(f"all {available_cores()} cores")
        # One below 0 % stands for the recipe's own share: 0 % is a choice too.
        self.validation = _spin(-1, MOST_VALIDATION, "Share kept for validation")
        self.validation.setValue(-1)
        self.validation.setSuffix(" %")
        self.output = QLineEdit()
        self.output.setAccessibleName("File of the trained model")
        self.output_problem = secondary(wrap=True)
        self.output_problem.setObjectName("output_problem")
        self._build()
        for field in (self.epochs, self.seed, self.threads, self.validation):
            field.valueChanged.connect(self.changed)
        self.output.textChanged.connect(self.changed)
        self.output.textEdited.connect(self.output_edited)

    def _build(self) -> None:
        """Lay the fields out in two columns, the file below."""
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.INSIDE)
        grid.setVerticalSpacing(theme.INSIDE)
        rows = (
            ("Epochs", self.epochs, "How often the training goes through all samples"),
            ("Validation", self.validation, "Samples kept apart to choose the best epoch"),
            ("Threads", self.threads, "Cores to train with; fewer leave more to other programs"),
            ("Seed", self.seed, "The same seed gives the same model"),
        )
        for row, (name, field, tip) in enumerate(rows):
            label = QLabel(name)
            label.setBuddy(field)
            label.setToolTip(tip)
            field.setToolTip(tip)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        browse = icon_button("open", "Choose where the model is written")
        browse.clicked.connect(self._on_browse)
        file_row = QHBoxLayout()
        file_row.setSpacing(4)
        file_row.addWidget(self.output, 1)
        file_row.addWidget(browse)
        label = QLabel("Write the model to")
        label.setBuddy(self.output)
        grid.addWidget(label, len(rows), 0, 1, 2)
        grid.addLayout(file_row, len(rows) + 1, 0, 1, 2)
        grid.addWidget(self.output_problem, len(rows) + 2, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        self.output_problem.hide()

    def follow(self, recipe: Recipe) -> None:
        """Say in the fields what `recipe` decides where they do not."""
        self.epochs.setSpecialValueText(f"{recipe.epochs}, as the recipe says")
        self.validation.setSpecialValueText(f"{recipe.validation * 100:g} %, as the recipe says")

    def chosen_epochs(self) -> int | None:
        """Return the epochs asked for, None for the recipe's."""
        return self.epochs.value() or None

    def chosen_threads(self) -> int | None:
        """Return the threads asked for, None for all."""
        return self.threads.value() or None

    def chosen_validation(self) -> float | None:
        """Return the share asked for, 0 to 0.5, None for the recipe's."""
        value = self.validation.value()
        return None if value < 0 else value / 100

    def output_path(self) -> Path:
        """Return the file named in the field."""
        return Path(self.output.text().strip()).expanduser()

    @Slot()
    def _on_browse(self) -> None:
        """Let the person choose the file."""
        name, _ = QFileDialog.getSaveFileName(
            self, "Write the model to", self.output.text(), "ONNX models (*.onnx)"
        )
        if name:
            path = Path(name)
            self.output.setText(str(path if path.suffix else path.with_suffix(".onnx")))
            self.output_edited.emit()


def _spin(low: int, high: int, name: str) -> QSpinBox:
    """Return a field for a whole number."""
    made = QSpinBox()
    made.setRange(low, high)
    made.setAccessibleName(name)
    indent(made)
    # The longest text of a field must not make the form wider than its place.
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return made
