"""The top of the page: which dataset this is, what is known of it, and ways to another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from mnist_desktop.datasets.axes import Axes
from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.early import Early
from mnist_desktop.datasets.judgement import Certainty
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import ElidedLabel, badge, button, secondary
from mnist_desktop.ui.dataset.class_chips import ClassChips
from mnist_desktop.ui.dataset.signs import shown_names
from mnist_desktop.ui.dataset.summary import dataset_line, early_line

if TYPE_CHECKING:
    from mnist_desktop.ui.dataset.axes_bar import AxesBar

BADGES = {
    Certainty.CERTAIN: "recognised",
    Certainty.LIKELY: "likely",
    Certainty.GUESS: "by name only",
}
"""What to say of how a dataset was recognised; the tip and the summary tell why."""


class DatasetBar(QWidget):
    """Name, badges and chips of a dataset, and buttons to open another.

    `open_requested` carries a path, or None to be asked for one; `sample_requested` asks for the
    generated digits, `labels_requested` and `class_names_requested` for other files to go with the
    images.
    """

    open_requested = Signal(object)
    sample_requested = Signal()
    labels_requested = Signal()
    class_names_requested = Signal()
    reading_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel()
        self.title.setProperty("role", "heading")
        self.facts = secondary()
        self.recognised = badge()
        self.turned = badge("turned upright")
        self.turned.setToolTip("Rows and columns of each picture are exchanged (T)")
        self.chips = ClassChips()
        self.open_button = button("Open…", "open")
        self.open_button.setToolTip("Open an IDX file (Ctrl+O)")
        self.open_button.clicked.connect(lambda: self.open_requested.emit(None))
        self.recent_button = button("Recent", "history")
        self.recent_menu = QMenu(self.recent_button)
        self.recent_button.setMenu(self.recent_menu)
        self.sample_button = button("Sample digits")
        self.sample_button.setToolTip("Show generated handwriting")
        self.sample_button.clicked.connect(self.sample_requested)
        self.more_button = button("More")
        self.more_button.setToolTip("What can be done with this dataset")
        self.menu = QMenu(self.more_button)
        self.menu.setObjectName("dataset_menu")
        self.more_button.setMenu(self.menu)
        self.labels_action = self.menu.addAction("Choose labels file…")
        self.names_action = self.menu.addAction("Choose class names…")
        self.labels_action.triggered.connect(lambda: self.labels_requested.emit())
        self.names_action.triggered.connect(lambda: self.class_names_requested.emit())
        self.axes_bar: AxesBar | None = None
        self._build()
        self.set_recent(())

    def _build(self) -> None:
        names = QHBoxLayout()
        names.setSpacing(theme.INSIDE)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        below = QHBoxLayout()
        below.setSpacing(theme.INSIDE)
        for widget in (self.facts, self.recognised, self.turned):
            below.addWidget(widget)
        below.addStretch(1)
        words.addLayout(below)
        names.addLayout(words, 1)
        for made in (self.sample_button, self.recent_button, self.more_button, self.open_button):
            names.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(names)
        column.addWidget(self.chips)

    def set_dataset(self, dataset: Dataset) -> None:
        """Show what is known of this dataset."""
        self.show_facts(dataset)
        names = shown_names(dataset.class_names) if dataset.labels is not None else ()
        self.chips.set_classes(names, _counts(dataset))

    def refine(self, dataset: Dataset) -> None:
        """Show what the same dataset has become; classes of the same names stay chosen."""
        names = shown_names(dataset.class_names) if dataset.labels is not None else ()
        if names != self.chips.names:
            self.set_dataset(dataset)
            return
        self.show_facts(dataset)
        self.chips.set_counts(_counts(dataset))

    def show_facts(self, dataset: Dataset) -> None:
        """Show all but the classes."""
        self.title.set_full_text(dataset.name)
        self.facts.setText(dataset_line(dataset))
        certainty = dataset.identity.certainty
        self.recognised.setText(BADGES.get(certainty, ""))
        self.recognised.setToolTip(f"{dataset.identity.reason}.")
        self.recognised.setVisible(certainty in BADGES and dataset.images_path is not None)
        self.turned.setText("turned upright" if dataset.orientation.lying else "turned")
        self.turned.setVisible(dataset.transposed)
        for action in (self.labels_action, self.names_action):
            action.setEnabled(dataset.images_path is not None)
        self._show_axes(dataset.axes)

    def _show_axes(self, axes: Axes | None) -> None:
        """Offer what else there is to see of a file with more axes than pictures."""
        offered = axes is not None and axes.has_choice
        if offered and self.axes_bar is None:
            from mnist_desktop.ui.dataset.axes_bar import AxesBar

            self.axes_bar = AxesBar()
            self.axes_bar.reading_chosen.connect(self.reading_requested)
            self.layout().addWidget(self.axes_bar)
        if self.axes_bar is not None:
            self.axes_bar.setVisible(offered)
            if axes is not None and offered:
                self.axes_bar.set_axes(axes)

    def show_early(self, early: Early) -> None:
        """Tell how much there is of a dataset that is still read."""
        if not early.is_whole:
            self.facts.setText(early_line(early))

    def show_chips(self, wanted: bool) -> None:
        """Show the chips, if there are any, or hide them."""
        self.chips.setVisible(wanted and self.chips.has_any)

    def set_recent(self, paths: Sequence[Path]) -> None:
        """Offer these files, newest first."""
        self.recent_menu.clear()
        for path in paths:
            action = self.recent_menu.addAction(path.name)
            action.setToolTip(str(path))
            action.setData(path)
            action.triggered.connect(self._open_recent)
        self.recent_menu.setToolTipsVisible(True)
        self.recent_button.setVisible(bool(paths))

    @Slot()
    def _open_recent(self) -> None:
        path = self.sender().data()
        self.open_requested.emit(path)


def _counts(dataset: Dataset) -> list[int]:
    """Return how many samples each class has; none without labels."""
    return dataset.class_counts().tolist() if dataset.labels is not None else []
