"""One end of a way: the image, and what is needed to choose another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSpinBox, QWidget

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import chip, icon_button, indent, subheading
from mnist_desktop.ui.flow import FlowLayout
from mnist_desktop.ui.morph.picture import PictureButton

TITLE, LINE = 24, 32
NO_INDEX = -1
MOST_CHIPS = 12
"""With more classes than these a list takes the place of the chips."""


@dataclass(frozen=True, eq=False)
class End:
    """An image at one end of a way.

    Parameters
    ----------
    image
        (h, w) uint8, ink high, upright.
    index
        Its index in the dataset, None for the drawing on the pad.
    class_name
        The name of its class, empty where nobody has told.
    """

    image: NDArray[np.uint8]
    index: int | None
    class_name: str = ""


class EndPicker(QWidget):
    """Choose the image at one end.

    `changed` tells that another was chosen; `end` has it.

    Parameters
    ----------
    title
        What stands above: From, To.
    name
        How screen readers call the image: first image, second image.
    """

    changed = Signal()

    def __init__(self, title: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._name = title, name
        self._dataset: Dataset | None = None
        self._drawing: NDArray[np.uint8] | None = None
        self._end: End | None = None
        self._chips: dict[int, QPushButton] = {}
        self._random = np.random.default_rng()
        self.title = subheading(title)
        self.picture = PictureButton(name)
        self.picture.setToolTip("Click for another one; a figure key takes one of that class")
        self.index = QSpinBox()
        self.index.setKeyboardTracking(False)
        self.index.setGroupSeparatorShown(True)
        indent(self.index)
        self.index.setAccessibleName(f"Index of the {name}")
        self.index.setToolTip("Index in the dataset")
        self.another = icon_button("reload", f"Another {name}")
        self.another.setToolTip("Another one of this class")
        self.draw = icon_button("draw", f"Take the drawing as the {name}")
        self.draw.setToolTip("Take what is on the pad")
        self.classes = QComboBox()
        self.classes.setAccessibleName(f"Class of the {name}")
        self._chip_holder = QWidget()
        self._row = QWidget()
        self._build()
        self.index.valueChanged.connect(self.choose_index)
        self.picture.clicked.connect(self.choose_another)
        self.picture.digit_pressed.connect(self._on_digit)
        self.another.clicked.connect(self.choose_another)
        self.draw.clicked.connect(self.choose_drawing)
        self.classes.activated.connect(self.choose_class)

    def _build(self) -> None:
        """Put the parts together; `fit` gives them their places."""
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.index.setMaximumWidth(130)
        row.addWidget(self.index, 1)
        row.addWidget(self.another)
        row.addWidget(self.draw)
        row.addWidget(self.classes, 1)
        row.addStretch(0)
        for part in (self.title, self.picture, self._row, self._chip_holder):
            part.setParent(self)
        self.draw.hide()

    # What can be chosen

    def set_dataset(self, dataset: Dataset) -> None:
        """Choose among the images of this dataset, which has at least one; nothing is chosen."""
        self._dataset = dataset
        self._end = None
        self.index.blockSignals(True)
        self.index.setRange(0, len(dataset) - 1)
        self.index.blockSignals(False)
        self._offer_classes(dataset)

    def set_drawing(self, image: NDArray[np.uint8] | None) -> None:
        """Offer what is on the pad, (h, w) uint8 with ink high, or nothing."""
        self._drawing = image
        self.draw.setVisible(image is not None)

    @property
    def end(self) -> End | None:
        """Return what is chosen."""
        return self._end

    # Choosing

    @Slot(int)
    def choose_index(self, index: int) -> None:
        """Take the image with this index."""
        dataset = self._dataset
        if dataset is not None and 0 <= index < len(dataset):
            image = np.ascontiguousarray(dataset.images[index])
            self._choose(End(image, index, dataset.class_name(index)))

    @Slot(int)
    def choose_class(self, place: int) -> bool:
        """Take any image of this class but the present one.

        Returns
        -------
        bool
            False when the class has none.
        """
        dataset = self._dataset
        if dataset is None or dataset.labels is None:
            return False
        return self._choose_among(np.flatnonzero(dataset.labels == place))

    @Slot()
    def choose_another(self) -> None:
        """Take another image of the same class, or any other where there are no labels."""
        dataset, end = self._dataset, self._end
        if dataset is None:
            return
        if dataset.labels is not None and end is not None and end.index is not None:
            self.choose_class(int(dataset.labels[end.index]))
        else:
            self._choose_among(np.arange(len(dataset)))

    @Slot()
    def choose_drawing(self) -> None:
        """Take what is on the pad."""
        if self._drawing is not None:
            self._choose(End(self._drawing, None))

    def choose_end(self, end: End) -> None:
        """Take an end as it is, from the other picker."""
        self._choose(end)

    @Slot(int)
    def _on_digit(self, digit: int) -> None:
        """Take an image of the class with this name, or in this place where none is so called."""
        if self._dataset is not None:
            names = self._dataset.class_names
            name = str(digit)
            self.choose_class(names.index(name) if name in names else digit)

    def _choose_among(self, indices: NDArray[np.int64]) -> bool:
        """Take one of these at random, not the present one if there is another."""
        present = self._end.index if self._end is not None else None
        others = indices[indices != present] if present is not None else indices
        if others.size:
            self.choose_index(int(self._random.choice(others)))
        self._tick()
        return bool(indices.size)

    def _choose(self, end: End) -> None:
        """Show what was chosen, and tell it."""
        if self._end is not None and end.index is not None and self._end.index == end.index:
            return
        self._end = end
        self.picture.set_image(end.image)
        words = end.class_name if end.index is not None else "your drawing"
        self.title.setText(f"{self._title} {words}".strip())
        described = "" if end.index is None else f"image {end.index:,}"
        self.picture.setAccessibleDescription(f"{words} {described}".strip())
        self._show_index(end.index)
        self._tick()
        self.changed.emit()

    def _show_index(self, index: int | None) -> None:
        """Show an index without choosing it; a drawing has none, and so any may be typed."""
        self.index.blockSignals(True)
        self.index.setMinimum(NO_INDEX if index is None else 0)
        self.index.setSpecialValueText("none" if index is None else "")
        self.index.setValue(NO_INDEX if index is None else index)
        self.index.blockSignals(False)

    # Classes

    def _offer_classes(self, dataset: Dataset) -> None:
        """Offer the classes that have samples: as chips, or as a list where they are many."""
        counts = dataset.class_counts()
        there = [place for place, count in enumerate(counts.tolist()) if count]
        chips = bool(there) and len(dataset.class_names) <= MOST_CHIPS
        self._chips = {}
        self.classes.clear()
        self.classes.setVisible(bool(there) and not chips)
        self._chip_holder.deleteLater()
        self._chip_holder = QWidget(self)
        flow = FlowLayout(self._chip_holder, spacing=4)
        self.classes.addItems(list(dataset.class_names))
        for place in there if chips else ():
            made = chip(dataset.class_names[place].replace("&", "&&"))
            made.setToolTip(f"Any {dataset.class_names[place]}")
            made.setAccessibleName(f"{self._name}: any {dataset.class_names[place]}")
            made.clicked.connect(lambda _=False, place=place: self.choose_class(place))
            self._chips[place] = made
            flow.addWidget(made)
        self._chip_holder.setVisible(chips)
        self._chip_holder.show()

    def _tick(self) -> None:
        """Show which class the chosen image has."""
        dataset, end = self._dataset, self._end
        place = -1
        if dataset is not None and dataset.labels is not None and end is not None:
            place = int(dataset.labels[end.index]) if end.index is not None else -1
        for known, made in self._chips.items():
            made.setChecked(known == place)
        self.classes.setCurrentIndex(place)

    # Places

    def controls_height(self, width: int) -> int:
        """Return the height of what stands under the picture at this width."""
        if not self._chips:
            return theme.INSIDE + LINE
        flow = self._chip_holder.layout()
        assert flow is not None
        return 2 * theme.INSIDE + LINE + flow.heightForWidth(width)

    def fit(self, side: int) -> None:
        """Place the parts for a picture of this side, which is the width too."""
        self.title.setGeometry(0, 0, side, TITLE - 4)
        self.picture.setGeometry(0, TITLE, side, side)
        top = TITLE + side + theme.INSIDE
        self._row.setGeometry(0, top, side, LINE)
        flow = self._chip_holder.layout()
        if self._chips and flow is not None:
            height = flow.heightForWidth(side)
            self._chip_holder.setGeometry(0, top + LINE + theme.INSIDE, side, height)

    def sizeHint(self) -> QSize:
        """Return the size around a clear picture."""
        side = self.picture.sizeHint().width()
        return QSize(side, TITLE + side + self.controls_height(side))
