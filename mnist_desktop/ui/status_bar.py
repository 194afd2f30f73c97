"""The line at the bottom: the model and the dataset in use, and the job that runs."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from mnist_desktop.ui import icons, theme
from mnist_desktop.ui.controls import icon_button, percent_text

LONGEST_NAME = 36
"""Letters of a name that are shown; the tool tip has them all."""


class StatusBar(QFrame):
    """Show what is in use; each part is a button that leads there."""

    model_clicked = Signal()
    dataset_clicked = Signal()
    job_clicked = Signal()
    cancel_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status_bar")
        self.model_button = _part("model")
        self.dataset_button = _part("dataset")
        self.job_button = _part("")
        self.progress = QProgressBar()
        self.progress.setFixedWidth(120)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress")
        self.cancel_button = icon_button("close", "Cancel")
        self.cancel_button.setIconSize(QSize(14, 14))
        self.cancel_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.model_button.clicked.connect(self.model_clicked)
        self.dataset_button.clicked.connect(self.dataset_clicked)
        self.job_button.clicked.connect(self.job_clicked)
        self.cancel_button.clicked.connect(self.cancel_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.INSIDE, 3, theme.INSIDE, 3)
        row.setSpacing(theme.INSIDE)
        row.addWidget(self.model_button)
        row.addWidget(self.dataset_button)
        row.addStretch(1)
        for part in (self.job_button, self.progress, self.cancel_button):
            row.addWidget(part)
        self.setFixedHeight(36)
        self.set_model("", None)
        self.set_dataset("", 0)
        self.clear_job()

    def set_model(
        self, name: str, accuracy: float | None, *, detail: str = "", looking: bool = False
    ) -> None:
        """Show the model in use.

        Parameters
        ----------
        name
            Its name, empty when there is none.
        accuracy
            Its share of right answers on its test split, None where it is not known.
        detail
            More about it, for the tool tip.
        looking
            Whether it is just being loaded.
        """
        if name:
            figure = "" if accuracy is None else f"  {percent_text(accuracy)}"
            text, full = f"{_short(name)}{figure}", f"Model in use: {name}{figure}"
        else:
            text = "Loading the model …" if looking else "No model"
            full = text
        self.model_button.setText(text)
        self.model_button.setToolTip(f"{full}\n{detail}" if detail else full)
        self.model_button.setAccessibleName(full)

    def set_dataset(self, name: str, count: int) -> None:
        """Show the dataset in use and its number of samples; an empty name means none."""
        text = f"{_short(name)}  {count:,}" if name else "No dataset"
        full = f"Dataset in use: {name}, {count:,} samples" if name else text
        self.dataset_button.setText(text)
        self.dataset_button.setToolTip(full)
        self.dataset_button.setAccessibleName(full)

    def set_job(self, what: str, fraction: float | None) -> None:
        """Show the job that runs.

        Parameters
        ----------
        what
            What it does, in a few words.
        fraction
            How far it has come, 0 to 1; None while that is not known.
        """
        self.job_button.setText(what)
        self.job_button.setAccessibleName(f"Running: {what}")
        self.progress.setRange(0, 0 if fraction is None else 1000)
        if fraction is not None:
            self.progress.setValue(round(1000 * fraction))
        for part in (self.job_button, self.progress, self.cancel_button):
            part.show()

    def clear_job(self) -> None:
        """Show that nothing runs."""
        for part in (self.job_button, self.progress, self.cancel_button):
            part.hide()


def _part(icon: str) -> QToolButton:
    """Return one flat button of the bar; a click does not take the keyboard from the page."""
    made = QToolButton()
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
    if icon:
        icons.dress(made, icon, role="secondary")
        made.setIconSize(QSize(16, 16))
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return made


def _short(name: str) -> str:
    """Return a name that fits into the bar."""
    if len(name) <= LONGEST_NAME:
        return name
    half = (LONGEST_NAME - 1) // 2
    return f"{name[:half]}…{name[-half:]}"
