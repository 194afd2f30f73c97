"""What an evaluation found: the accuracy, the confusion matrix, the classes, the misread images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import button, card, count_text, percent_text, secondary, subheading
from mnist_desktop.ui.evaluate.class_table import ClassTable
from mnist_desktop.ui.evaluate.confusion_chart import Cell, ConfusionChart
from mnist_desktop.ui.evaluate.misread_gallery import Misread, MisreadGallery

if TYPE_CHECKING:
    from mnist_desktop.datasets.dataset import Dataset
    from mnist_desktop.inference.evaluation import Evaluation

HINT = "Click a cell to see its images."
ACCURACY_PX = 40


class ResultView(QWidget):
    """One evaluation, with the matrix, the table and the gallery following each other."""

    show_sample_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._evaluation: Evaluation | None = None
        self._dataset: Dataset | None = None
        self._misread = np.zeros(0, np.int64)
        self._of_class: int | None = None
        self.confusion_chart = ConfusionChart()
        self.class_table = ClassTable()
        self.gallery = MisreadGallery()
        self.hint = secondary(HINT)
        self.gallery_title = subheading("")
        self.show_all_button = button("Show all", role="link")
        self._build()
        self._connect()

    def _build(self) -> None:
        """Lay it out: the matrix on the left, gallery and table on the right."""
        self.accuracy = QLabel()
        self.accuracy.setObjectName("accuracy")
        self.accuracy.setFont(theme.font(ACCURACY_PX, bold=True))
        # Set once more as a style: the window's style sheet has the last word on sizes.
        self.accuracy.setStyleSheet(f"font-size: {ACCURACY_PX}px; font-weight: 600;")
        self.interval = QLabel()
        self.interval.setObjectName("interval")
        self.summary, self.loss = secondary(), secondary()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        for line in (self.interval, self.summary, self.loss):
            words.addWidget(line)
        words.addStretch()
        top = QHBoxLayout()
        top.setSpacing(theme.BETWEEN)
        top.addWidget(self.accuracy)
        top.addLayout(words, 1)

        matrix = _carded(self.confusion_chart, self.hint)
        left = QVBoxLayout()
        left.setSpacing(theme.INSIDE)
        left.addLayout(top)
        left.addWidget(matrix, 1)

        title = QHBoxLayout()
        title.addWidget(self.gallery_title)
        title.addStretch()
        title.addWidget(self.show_all_button)
        gallery = card()
        inside = QVBoxLayout(gallery)
        inside.setContentsMargins(12, theme.INSIDE, 4, 4)
        inside.setSpacing(4)
        inside.addLayout(title)
        inside.addWidget(self.gallery, 1)
        # The link comes and goes; the line it stands in keeps its height.
        self.gallery_title.setMinimumHeight(self.show_all_button.sizeHint().height())
        right = QSplitter(Qt.Orientation.Vertical)
        right.setChildrenCollapsible(False)
        right.setHandleWidth(theme.INSIDE)
        right.addWidget(gallery)
        right.addWidget(self.class_table)
        right.setStretchFactor(0, 5)
        right.setStretchFactor(1, 4)
        self.class_table.setMinimumHeight(120)

        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(theme.BETWEEN)
        columns.addLayout(left, 1)
        columns.addWidget(right, 1)

    def _connect(self) -> None:
        """Connect signals."""
        self.confusion_chart.cell_selected.connect(self._on_cell_selected)
        self.confusion_chart.cell_hovered.connect(self._on_cell_hovered)
        self.class_table.class_selected.connect(self._on_class_selected)
        self.gallery.activated.connect(self.show_sample_requested)
        self.show_all_button.clicked.connect(self.show_all)

    def set_evaluation(self, evaluation: Evaluation, dataset: Dataset) -> None:
        """Show what came out for `dataset`, nothing selected."""
        self._evaluation, self._dataset = evaluation, dataset
        low, high = evaluation.interval()
        self._misread = evaluation.misread
        wrong = len(self._misread)
        self.accuracy.setText(percent_text(evaluation.accuracy, 2))
        self.interval.setText(f"{percent_text(low, 2)} to {percent_text(high, 2)}, 95 % sure")
        self.interval.setToolTip(
            "An accuracy measured on so many images lies in this range with a certainty of 95 %"
            " (Wilson's interval)."
        )
        self.summary.setText(f"{count_text(wrong)} of {count_text(evaluation.count)} misread")
        self.loss.setText(f"loss {evaluation.loss:.4f}")
        self.confusion_chart.set_confusion(evaluation.confusion, evaluation.class_names)
        self.class_table.set_evaluation(evaluation)
        self.show_all()

    @Slot()
    def show_all(self) -> None:
        """Show all misread images, nothing selected."""
        self._of_class = None
        self.confusion_chart.select(None)
        self.class_table.select_class(None)
        self._fill_gallery()

    @Slot(object)
    def _on_cell_selected(self, cell: Cell | None) -> None:
        """Show the images of one cell."""
        if cell is not None:
            self._of_class = None
            self.class_table.select_class(None)
        self._fill_gallery()
        self._on_cell_hovered(None)

    @Slot(object)
    def _on_class_selected(self, number: int | None) -> None:
        """Show the misread images of one class."""
        self._of_class = number
        if number is not None:
            self.confusion_chart.select(None)
        self._fill_gallery()

    @Slot(object)
    def _on_cell_hovered(self, cell: Cell | None) -> None:
        """Say what the cell under the mouse holds, else the selected one."""
        cell = cell or self.confusion_chart.selected
        self.hint.setText(HINT if cell is None else self.confusion_chart.describe(cell))

    def _fill_gallery(self) -> None:
        """Show the images that the selection is about, the surest answers first."""
        if self._evaluation is None or self._dataset is None:
            return
        evaluation, cell = self._evaluation, self.confusion_chart.selected
        names, truth = evaluation.class_names, evaluation.truth
        shown, title = self._misread, "Misread, the surest first"
        if cell is not None:
            shown = evaluation.samples(truth=cell[0], predicted=cell[1])
            title = f"“{names[cell[0]]}” read as “{names[cell[1]]}”"
            if cell[0] == cell[1]:
                # Nothing on the diagonal was misread; the least sure are the ones to look at.
                shown = shown[::-1]
                title = f"“{names[cell[0]]}” read right, the least sure first"
        elif self._of_class is not None:
            shown = shown[truth[shown] == self._of_class]
            title = f"“{names[self._of_class]}” misread, the surest first"
        self.gallery_title.setText(f"{title}  ·  {count_text(len(shown))}")
        self.show_all_button.setVisible(cell is not None or self._of_class is not None)
        self.gallery.set_misread(
            Misread(
                images=self._dataset.images,
                indices=shown,
                truth=truth[shown],
                answer=evaluation.predicted[shown],
                confidence=evaluation.confidence[shown],
                class_names=names,
            )
        )


def _carded(chart: QWidget, hint: QWidget) -> QFrame:
    """Return a card with a chart and a line below it."""
    made = card()
    inside = QVBoxLayout(made)
    inside.setContentsMargins(theme.INSIDE, theme.INSIDE, theme.INSIDE, theme.INSIDE)
    inside.setSpacing(4)
    inside.addWidget(chart, 1)
    inside.addWidget(hint)
    inside.addStretch()
    return made
