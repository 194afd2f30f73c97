"""The dataset as a whole: what it is, how it lies, its ink, its classes and their mean images."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.statistics import Statistics, statistics_job
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import button, line, secondary, subheading
from mnist_desktop.ui.dataset.class_bars import MOST, ClassBars
from mnist_desktop.ui.dataset.mean_pictures import MeanPictures
from mnist_desktop.ui.dataset.signs import shown_names
from mnist_desktop.ui.dataset.summary import ink_facts, orientation_words, turn_words
from mnist_desktop.ui.dataset.verdict import Verdict
from mnist_desktop.ui.opening import Opener

RIGHT = 12
"""Pixels between the words and the scroll bar."""
WORKING, STOPPED = "Summing up the dataset …", "The dataset was not summed up."
UNSETTLED = "The figures follow once all images are read."


class SummaryView(QScrollArea):
    """Tells what is known of a dataset; figures are computed beside the window once it is seen.

    `class_chosen` carries the place of a class to filter by, `turn_requested` asks to show the
    pictures the other way.
    """

    class_chosen = Signal(int)
    turn_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("summary")
        self.setAccessibleName("Summary of the dataset")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._dataset: Dataset | None = None
        self.statistics: Statistics | None = None
        self._is_stale = False
        self.work = Opener(self)
        self.work.opened.connect(self._show_statistics)
        self.work.failed.connect(lambda error: self._say(f"{STOPPED} {error}", again=True))
        self.work.runner.cancelled.connect(self._on_cancelled)
        self.identity, self.orientation = Verdict(), Verdict()
        self.turn_button = button("")
        self.turn_button.setToolTip("Exchange rows and columns of each picture (T)")
        self.turn_button.clicked.connect(self.turn_requested)
        self.bars = ClassBars()
        self.bars.class_clicked.connect(self.class_chosen)
        self.means = MeanPictures()
        self.means.class_clicked.connect(self.class_chosen)
        self._no_classes = secondary("Without labels nobody knows the classes.", wrap=True)
        self._more = secondary(wrap=True)
        self._state = secondary(wrap=True)
        self._again = button("Sum up")
        self._again.clicked.connect(self._begin)
        self._ink = QFormLayout()
        self._mean_heading = subheading("Mean images")
        self._build()

    def _build(self) -> None:
        """Put the parts under one another."""
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, RIGHT, 0)
        column.setSpacing(theme.INSIDE)
        column.addWidget(subheading("Dataset"))
        column.addWidget(self.identity)
        column.addWidget(line())
        column.addWidget(subheading("Orientation"))
        column.addWidget(self.orientation)
        column.addWidget(self.turn_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(line())
        column.addWidget(subheading("Classes"))
        column.addWidget(self._no_classes)
        column.addWidget(self.bars)
        column.addWidget(self._more)
        column.addWidget(line())
        column.addWidget(self._mean_heading)
        column.addWidget(self._state)
        column.addWidget(self._again, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.means)
        column.addWidget(line())
        column.addWidget(subheading("Ink"))
        self._ink.setContentsMargins(0, 0, 0, 0)
        self._ink.setHorizontalSpacing(theme.BETWEEN)
        self._ink.setVerticalSpacing(4)
        column.addLayout(self._ink)
        column.addStretch(1)
        self.setWidget(page)
        page.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    # What is shown

    def set_dataset(self, dataset: Dataset | None, *, settled: bool = True) -> None:
        """Tell of this dataset from now on; figures of the one before are given up.

        Those of one that is not `settled`, because it is still read, wait for the rest.
        """
        self._dataset, self.statistics = dataset, None
        self._is_stale = dataset is not None and settled
        self.work.forget()
        self._show_ink()
        self.means.hide()
        self._say("" if settled else UNSETTLED)
        if dataset is None:
            return
        self.show_judgement(dataset)
        labelled = dataset.labels is not None
        self._no_classes.setVisible(not labelled)
        self.bars.setVisible(labelled)
        counts = dataset.class_counts().tolist()
        self.bars.set_counts(shown_names(dataset.class_names), counts)
        self.set_chosen(frozenset())
        beyond = len(counts) - MOST
        self._more.setVisible(labelled and beyond > 0)
        self._more.setText(f"{beyond:,} more classes are not shown.")
        if self.isVisible() and self._is_stale:
            self._begin()

    def show_judgement(self, dataset: Dataset) -> None:
        """Say which dataset this is and how its pictures lie, and how sure that is."""
        identity, orientation = dataset.identity, dataset.orientation
        self.identity.show_words(
            identity.title or "No published dataset known here",
            identity.certainty,
            f"{identity.reason}.",
        )
        self.orientation.show_words(
            orientation_words(orientation, shown_turned=dataset.transposed),
            orientation.certainty,
            f"{orientation.reason}.",
        )
        self.turn_button.setText(turn_words(dataset))

    def set_chosen(self, classes: frozenset[int]) -> None:
        """Mark the classes that are filtered by."""
        self.bars.set_chosen(classes)
        self.means.set_chosen(classes)

    def showEvent(self, event: QShowEvent) -> None:
        """Compute the figures now that somebody looks."""
        super().showEvent(event)
        if self._is_stale:
            self._begin()

    def close_down(self) -> None:
        """End what runs beside the window."""
        self.work.forget()
        self.work.runner.wait_closed()

    @Slot()
    def _begin(self) -> None:
        """Have the figures computed."""
        if (dataset := self._dataset) is None:
            return
        self._is_stale = False
        self._say(WORKING)
        self.work.open(lambda: statistics_job(dataset))

    @Slot()
    def _on_cancelled(self) -> None:
        """Say that there are no figures, unless others are on their way."""
        if self._dataset is not None and not self._is_stale and not self.work.runner.is_running:
            self._say(STOPPED, again=True)

    @Slot(object)
    def _show_statistics(self, statistics: Statistics) -> None:
        """Show the figures that were computed."""
        if (dataset := self._dataset) is None:
            return
        self.statistics = statistics
        self._say("")
        self._show_ink()
        if statistics.class_means is not None:
            tips = [self.bars.words(place) for place in range(min(MOST, len(statistics.counts)))]
            names = shown_names(dataset.class_names)
            self.means.set_means(names, statistics.class_means, tips)
        else:
            self.means.set_means(("all images",), statistics.mean_image[None])
        self.means.show()

    def _show_ink(self) -> None:
        """List least, most, mean and spread of the ink."""
        while self._ink.rowCount():
            self._ink.removeRow(0)
        for word, value in ink_facts(self.statistics):
            shown = QLabel(value)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._ink.addRow(secondary(word), shown)

    def _say(self, state: str, *, again: bool = False) -> None:
        """Say what the figures wait for; nothing when they are there."""
        self._state.setText(state)
        self._state.setVisible(bool(state))
        self._again.setVisible(again)
