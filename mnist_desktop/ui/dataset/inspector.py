"""Everything there is to know about one sample: picture, numbers, label, file, the model's word."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QResizeEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.header import IdxHeader
from mnist_desktop.datasets.idx import read_header
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import (
    ElidedLabel,
    button,
    icon_button,
    line,
    secondary,
    subheading,
)
from mnist_desktop.ui.dataset.model_answer import ModelAnswer
from mnist_desktop.ui.dataset.pixel_table import PixelTable
from mnist_desktop.ui.dataset.pixel_view import PixelView
from mnist_desktop.ui.dataset.summary import header_facts, sample_offset

LEAST_WIDTH = 300
RIGHT = 12
"""Pixels between the words and the scroll bar."""
TABLE_HEIGHT = 280


class Inspector(QScrollArea):
    """Shows one sample of a dataset.

    `send_to_pad_requested` carries the sample's image, (h, w) uint8, ink high.
    """

    send_to_pad_requested = Signal(object)

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
        self._header: IdxHeader | None = None
        self._index: int | None = None
        self._image: NDArray[np.uint8] | None = None
        self.view = PixelView()
        self.view.pixel_changed.connect(self._on_pixel)
        self.view.shape_changed.connect(self._fit_view)
        self.pixel_line = secondary()
        self.class_line = QLabel()
        self.class_line.setProperty("role", "figure")
        self.class_line.setTextFormat(Qt.TextFormat.PlainText)
        self.class_line.setWordWrap(True)
        self.index_line = secondary()
        self.answer = ModelAnswer()
        self.table = PixelTable()
        self.table.setFixedHeight(TABLE_HEIGHT)
        self.table.hide()
        self._facts = QFormLayout()
        self._build()
        self.set_dataset(None)

    def _build(self) -> None:
        """Put the parts under one another."""
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, RIGHT, 0)
        column.setSpacing(theme.INSIDE)
        column.addWidget(self.view)
        under = QHBoxLayout()
        under.addWidget(self.pixel_line, 1)
        copy = icon_button("copy", "Copy the picture")
        copy.clicked.connect(self.copy_picture)
        under.addWidget(copy)
        column.addLayout(under)
        column.addWidget(self.class_line)
        column.addWidget(self.index_line)
        column.addLayout(self._buttons())
        column.addWidget(self.table)
        column.addWidget(line())
        column.addWidget(subheading("Model"))
        column.addWidget(self.answer)
        column.addWidget(line())
        column.addWidget(subheading("File"))
        self._facts.setContentsMargins(0, 0, 0, 0)
        self._facts.setHorizontalSpacing(theme.BETWEEN)
        self._facts.setVerticalSpacing(4)
        column.addLayout(self._facts)
        column.addStretch(1)
        self.setWidget(page)
        page.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def _buttons(self) -> QHBoxLayout:
        """Return the row of what can be done with the sample."""
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        self.send_button = button("Send to pad", "draw")
        self.send_button.setToolTip("Put this picture on the drawing pad")
        self.send_button.clicked.connect(self._send)
        self.numbers_button = button("Numbers")
        self.numbers_button.setCheckable(True)
        self.numbers_button.setToolTip("Show the value of every pixel as a table")
        self.numbers_button.toggled.connect(self.show_numbers)
        self.copy_numbers_button = icon_button("copy", "Copy the numbers")
        self.copy_numbers_button.clicked.connect(self.table.copy)
        self.copy_numbers_button.hide()
        row.addWidget(self.send_button)
        row.addWidget(self.numbers_button)
        row.addWidget(self.copy_numbers_button)
        row.addStretch(1)
        return row

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Show samples of this dataset from now on, none yet."""
        self._dataset = dataset
        self._header = None
        if dataset is not None and dataset.images_path is not None:
            try:
                self._header = read_header(dataset.images_path)
            except (UserError, OSError):
                # The file went away after it was opened: what was read of it is still shown.
                self._header = None
        self.set_index(None)

    def set_classifier(self, classifier: Classifier | None) -> None:
        """Ask this model what it says of each sample."""
        self.answer.set_classifier(classifier)

    def set_index(self, index: int | None) -> None:
        """Show the sample with this index, or nothing."""
        dataset = self._dataset
        self._index = index if dataset is not None else None
        self._image, name = None, ""
        if dataset is not None and index is not None:
            # A copy: the inspector must not keep a whole block of the file alive.
            self._image = np.array(dataset.images[index], dtype=np.uint8)
            name = dataset.class_name(index)
        self.view.set_image(self._image)
        self._show_table()
        self._show_words(name)
        self.answer.set_sample(self._image, name)
        for widget in (self.send_button, self.numbers_button):
            widget.setEnabled(self._image is not None)
        self._on_pixel(self.view.pixel)
        self._show_facts()

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

    def _show_facts(self) -> None:
        """List what the file's header says and where in it the sample stands."""
        while self._facts.rowCount():
            self._facts.removeRow(0)
        dataset = self._dataset
        if dataset is None:
            return
        path = dataset.images_path
        rows = [("Images", path.name if path else "made in memory, no file")]
        if dataset.labels_path is not None:
            rows.append(("Labels", dataset.labels_path.name))
        if self._header is not None:
            rows += header_facts(self._header)
            if self._index is not None:
                offset = sample_offset(self._header, self._index)
                rows.append(("This image", f"byte {offset:,}"))
        for word, value in rows:
            shown = ElidedLabel(value)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts.addRow(secondary(word), shown)

    @Slot(bool)
    def show_numbers(self, visible: bool) -> None:
        """Show or hide the table of pixel values."""
        self.table.setVisible(visible)
        self.copy_numbers_button.setVisible(visible)
        self.numbers_button.setChecked(visible)
        self._show_table()
        if visible:
            self.widget().layout().activate()
            self.ensureWidgetVisible(self.table)

    def _show_table(self) -> None:
        if self._image is not None and not self.table.isHidden():
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
            if not self.table.isHidden():
                self.table.reveal(pixel)

    @Slot()
    def copy_picture(self) -> None:
        """Put the image on the clipboard as a picture, dark ink on white, in its own size."""
        if self._image is None:
            return
        paper = np.ascontiguousarray(255 - self._image)
        height, width = paper.shape
        picture = QImage(paper.data, width, height, width, QImage.Format.Format_Grayscale8)
        data = QMimeData()
        data.setImageData(picture.copy())
        QGuiApplication.clipboard().setMimeData(data)

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
