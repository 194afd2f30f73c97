"""The line above: what is morphed, by what, and what can be done with both ends at once."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.inference.morphing import Autoencoder
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import ElidedLabel, button, heading, set_role


class Head(QWidget):
    """Heading, subject and buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.subject = ElidedLabel()
        set_role(self.subject, "secondary")
        self.open_dataset = button("Open a dataset", role="link")
        self.swap = button("Swap", "swap")
        self.swap.setToolTip("Exchange the two ends")
        self.another = button("Another pair", "shuffle")
        self.another.setToolTip("Two other images, of two classes")
        self.save = button("Save row …", "save")
        self.save.setToolTip("Write the row of steps as a PNG picture")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.INSIDE)
        row.addWidget(heading("Morph"))
        row.addSpacing(theme.INSIDE)
        row.addWidget(self.subject, 1)
        for part in (self.open_dataset, self.swap, self.another, self.save):
            row.addWidget(part)

    def show_subject(self, dataset: Dataset, autoencoder: Autoencoder, *, is_open: bool) -> None:
        """Say what is morphed by what; offer to open a dataset where none is."""
        by = f"autoencoder {autoencoder.name}"
        if autoencoder.trained_on:
            by += f", trained on {autoencoder.trained_on}"
        self.subject.set_full_text(f"{dataset.name} · {by}")
        self.open_dataset.setVisible(not is_open)
