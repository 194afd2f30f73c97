"""What to show of a file that has more axes than pictures: its channels, the axes in front."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QWidget

from mnist_desktop.datasets.axes import APART, MIXED, Axes, Reading
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import indent, secondary

ALL = -1
"""Instead of an index of an axis: everything along it."""


class AxesBar(QWidget):
    """Lets a person choose a channel, or an index of the axes in front of the pictures.

    `reading_chosen` carries the `Reading` that is wanted.
    """

    reading_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("axes_bar")
        self.channel = QComboBox()
        self.channel.setObjectName("channel")
        self.channel.setAccessibleName("Channel")
        self.channel.currentIndexChanged.connect(self._tell)
        self.indices: list[QSpinBox] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.INSIDE)
        self._row.addWidget(self.channel)
        self._row.addStretch(1)
        self._shape: tuple[int, ...] = ()

    def set_axes(self, axes: Axes) -> None:
        """Offer what these axes have, and show what was chosen of them."""
        with QSignalBlocker(self.channel):
            self.channel.clear()
            self.channel.addItem("Channels mixed to grey", MIXED)
            for place in range(axes.channels):
                self.channel.addItem(f"Channel {place + 1} of {axes.channels}", place)
            self.channel.addItem("Each channel by itself", APART)
            self.channel.setCurrentIndex(self.channel.findData(axes.reading.channel))
        self.channel.setVisible(axes.channels > 1)
        if axes.shape != self._shape:
            self._shape = axes.shape
            self._make_indices(axes.leading if len(axes.leading) > 1 else ())
        chosen = axes.reading.leading
        for place, box in enumerate(self.indices):
            index = chosen[place] if place < len(chosen) else None
            with QSignalBlocker(box):
                box.setValue(ALL if index is None else index)

    def _make_indices(self, sizes: tuple[int, ...]) -> None:
        """Make a field for each axis in front."""
        while self._row.count() > 2:
            widget = self._row.takeAt(1).widget()
            widget.hide()
            widget.deleteLater()
        self.indices = []
        for place, size in enumerate(sizes):
            box = QSpinBox()
            box.setAccessibleName(f"Index along axis {place + 1}")
            box.setToolTip(f"Show only one of the {size:,} along this axis, or all")
            box.setRange(ALL, size - 1)
            box.setSpecialValueText("all")
            box.setKeyboardTracking(False)
            indent(box)
            box.valueChanged.connect(self._tell)
            self._row.insertWidget(self._row.count() - 1, secondary(f"axis {place + 1}"))
            self._row.insertWidget(self._row.count() - 1, box)
            self.indices.append(box)

    @Slot()
    def _tell(self) -> None:
        """Tell what is wanted now."""
        leading = tuple(None if box.value() == ALL else box.value() for box in self.indices)
        self.reading_chosen.emit(Reading(self.channel.currentData(), leading))
