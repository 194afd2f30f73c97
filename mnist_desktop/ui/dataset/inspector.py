"""Everything there is to know about one sample: picture, label, model, neighbours, ink, file."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.ink_measures import InkMeasures, measure_ink
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import button, icon_button, line, secondary
from mnist_desktop.ui.dataset.colour_maps import ColourMap
from mnist_desktop.ui.dataset.copying import copy_picture
from mnist_desktop.ui.dataset.file_panel import FilePanel
from mnist_desktop.ui.dataset.ink_panel import InkPanel
from mnist_desktop.ui.dataset.model_answer import ModelAnswer
from mnist_desktop.ui.dataset.nearest_panel import NearestPanel
from mnist_desktop.ui.dataset.pixel_table import PixelTable
from mnist_desktop.ui.dataset.pixel_view import PixelView
from mnist_desktop.ui.folding import FoldingSection

LEAST_WIDTH = 300
RIGHT = 12
"""Pixels between the words and the scroll bar."""
TABLE_HEIGHT = 280


class Inspector(QScrollArea):
    """Shows one sample of a dataset.

    `send_to_pad_requested` carries the sample's image, (h, w) uint8, ink high; `sample_chosen` the
    index of another sample to go to.
    """

    send_to_pad_requested = Signal(object)
    sample_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAccessibleName("Inspector")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(LEAST_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._dataset: Dataset | None = None
        self._index: int | None = None
        self._image: NDArray[np.uint8] | None = None
        self._measures: InkMeasures | None = None
        self._make_head()
        self._make_sections()
        self._build()
        self.set_dataset(None)

    def _make_head(self) -> None:
        """Make what stands above the sections."""
        self.view = PixelView()
        self.view.pixel_changed.connect(self._on_pixel)
        self.view.shape_changed.connect(self._fit_view)
        self.pixel_line = secondary()
        self.marks_button = icon_button("frame", "Ink box and centre of mass")
        self.marks_button.setCheckable(True)
        self.marks_button.toggled.connect(self._show_marks)
        self.copy_button = icon_button("copy", "Copy the picture")
        self.copy_button.clicked.connect(self.copy_picture)
        self.class_line = QLabel()
        self.class_line.setProperty("role", "figure")
        self.class_line.setTextFormat(Qt.TextFormat.PlainText)
        self.class_line.setWordWrap(True)
        self.index_line = secondary()
        self.send_button = button("Send to pad", "draw")
        self.send_button.setToolTip("Put this picture on the drawing pad")
        self.send_button.clicked.connect(self._send)

    def _make_sections(self) -> None:
        """Make the parts that can be folded away."""
        self.answer = ModelAnswer()
        self.nearest = NearestPanel()
        self.nearest.sample_chosen.connect(self.sample_chosen)
        self.ink = InkPanel()
        self.table = PixelTable()
        self.table.setFixedHeight(TABLE_HEIGHT)
        self.file = FilePanel()
        copy_numbers = icon_button("copy", "Copy the numbers")
        copy_numbers.clicked.connect(self.table.copy)
        copy_bytes = icon_button("copy", "Copy the explained bytes")
        copy_bytes.clicked.connect(self.file.bytes.copy)
        self.sections = {
            "model": FoldingSection("Model", self.answer),
            "nearest": FoldingSection("Nearest images", self.nearest),
            "ink": FoldingSection("Ink", self.ink),
            "numbers": FoldingSection("Numbers", self.table, copy_numbers),
            "file": FoldingSection("File", self.file, copy_bytes),
        }
        self.sections["numbers"].opened.connect(self._show_table)

    def _build(self) -> None:
        """Put the parts under one another."""
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, RIGHT, 0)
        column.setSpacing(theme.INSIDE)
        column.addWidget(self.view)
        under = QHBoxLayout()
        under.setSpacing(4)
        under.addWidget(self.pixel_line, 1)
        under.addWidget(self.marks_button)
        under.addWidget(self.copy_button)
        column.addLayout(under)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.class_line)
        words.addWidget(self.index_line)
        label = QHBoxLayout()
        label.setSpacing(theme.INSIDE)
        label.addLayout(words, 1)
        label.addWidget(self.send_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(label)
        for section in self.sections.values():
            column.addWidget(line())
            column.addWidget(section)
        column.addStretch(1)
        self.setWidget(page)
        page.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    # What is shown

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Show samples of this dataset from now on, none yet."""
        self._dataset = dataset
        self.nearest.set_dataset(dataset)
        self.file.set_dataset(dataset)
        self.set_index(None)

    def refine(self, dataset: Dataset, *, settled: bool) -> None:
        """Know better what a dataset is, or finally where `settled`; the sample shown stays."""
        index, self._dataset = self._index, dataset
        if settled:
            self.nearest.set_dataset(dataset)
            self.file.set_dataset(dataset)
        if index is None:
            return
        same = np.array_equal(dataset.images[index], self._image)
        named = self.class_line.text() == (dataset.class_name(index) or "No label")
        if settled or not same or not named:
            self.set_index(index)

    def set_classifier(self, classifier: Classifier | None) -> None:
        """Ask this model what it says of each sample."""
        self.answer.set_classifier(classifier)

    def set_colour_map(self, colour_map: ColourMap) -> None:
        """Show pictures in these colours."""
        self.view.set_colour_map(colour_map)
        self.nearest.row.set_colour_map(colour_map)

    def set_index(self, index: int | None) -> None:
        """Show the sample with this index, or nothing."""
        dataset = self._dataset
        self._index = index if dataset is not None else None
        self._image, self._measures, name = None, None, ""
        if dataset is not None and index is not None:
            # A copy: the inspector must not keep a whole block of the file alive.
            self._image = np.array(dataset.images[index], dtype=np.uint8)
            self._measures = measure_ink(self._image)
            name = dataset.class_name(index)
        self.view.set_image(self._image)
        self._show_marks()
        self._show_table()
        self._show_words(name)
        self.answer.set_sample(self._image, name)
        if self.nearest.dataset is not dataset:  # it has grown since the sample before
            self.nearest.set_dataset(dataset)
        self.nearest.set_index(self._index)
        self.ink.set_measures(self._measures)
        self.file.set_index(self._index)
        for widget in (self.send_button, self.marks_button, self.copy_button):
            widget.setEnabled(self._image is not None)
        self._on_pixel(self.view.pixel)

    def folded(self) -> tuple[str, ...]:
        """Return the names of the sections that are folded away."""
        return tuple(name for name, section in self.sections.items() if not section.is_open)

    def set_folded(self, names: Sequence[str]) -> None:
        """Fold these sections away and open the others; unknown names are without effect."""
        for name, section in self.sections.items():
            section.set_open(name not in names)

    def _show_words(self, name: str) -> None:
        """Say label and index of the sample."""
        dataset, index = self._dataset, self._index
        if dataset is None or index is None:
            self.class_line.setText("")
            self.index_line.setText("No sample is chosen.")
            return
        self.class_line.setText(name or "No label")
        words = [f"Index {index:,}"]
        if dataset.labels is not None:
            stored = dataset.label_values[int(dataset.labels[index])]
            words.append(f"label {stored}")
        self.index_line.setText(" · ".join(words))
        self.view.setAccessibleName(f"Image {index}, {name or 'no label'}")

    @Slot()
    def _show_marks(self) -> None:
        """Draw over the picture where its ink lies, if that is wanted."""
        self.view.set_marks(self._measures if self.marks_button.isChecked() else None)

    @Slot()
    def _show_table(self) -> None:
        """Fill the table of pixel values, if it is open."""
        if self._image is not None and self.sections["numbers"].is_open:
            self.table.set_image(self._image)

    @Slot(object)
    def _on_pixel(self, pixel: tuple[int, int] | None) -> None:
        """Tell the value of the pixel pointed at."""
        if self._image is None:
            self.pixel_line.setText("")
        elif pixel is None:
            rows, columns = self._image.shape
            self.pixel_line.setText(f"{columns} × {rows}, ink 0 to {int(self._image.max())}")
        else:
            column, row = pixel
            value = int(self._image[row, column])
            self.pixel_line.setText(f"column {column}, line {row}: ink {value}")
            self.view.setAccessibleDescription(self.pixel_line.text())
            if self.sections["numbers"].is_open:
                self.table.reveal(pixel)

    @Slot()
    def copy_picture(self) -> None:
        """Put the image on the clipboard as a picture, dark ink on white, in its own size."""
        if self._image is not None:
            copy_picture(self._image)

    @Slot()
    def _send(self) -> None:
        if self._image is not None:
            self.send_to_pad_requested.emit(self._image)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the picture grow with the inspector, and leave room for the words below it."""
        super().resizeEvent(event)
        self._fit_view()

    @Slot()
    def _fit_view(self) -> None:
        room = self.viewport()
        self.view.fit(width=room.width() - RIGHT, height=max(200, round(room.height() * 0.46)))

    def close_down(self) -> None:
        """End what runs beside the window."""
        self.answer.close_down()
        self.nearest.close_down()
