"""The row above the grid: order, filter, go to an index, zoom, colours, captions, inspector."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QIntValidator, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QSlider, QToolButton, QWidget

from mnist_desktop.datasets.picking import Picking
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import ElidedLabel, chip, icon_button, secondary
from mnist_desktop.ui.dataset.colour_button import ColourButton
from mnist_desktop.ui.dataset.geometry import DEFAULT_CELL, ZOOM_STEPS
from mnist_desktop.ui.dataset.lacking import Lacking
from mnist_desktop.ui.dataset.order_picker import OrderPicker

ROOMY = 1100
"""Width in pixels from which there is room for what is only convenient."""

ONLY_MISREAD = "Only what the model takes for another class"


class ViewBar(QWidget):
    """How the grid shows what it shows.

    `picking_changed` tells that order or filter changed, `index_entered` an index to go to,
    `zoom_chosen` a cell size, `colours_chosen` a `ColourMap`; `captions_toggled` and
    `inspector_toggled` tell what is wanted.
    """

    picking_changed = Signal()
    index_entered = Signal(int)
    zoom_chosen = Signal(int)
    colours_chosen = Signal(object)
    captions_toggled = Signal(bool)
    inspector_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._convenient: list[QWidget] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.INSIDE)
        self._add_picking(row)
        self.shown = ElidedLabel(side=Qt.TextElideMode.ElideRight)
        self.shown.setObjectName("shown_line")
        self.shown.setProperty("role", "secondary")
        row.addWidget(self.shown, 1)
        self._add_go_to(row)
        self._add_zoom(row)
        self.colours = ColourButton()
        self.colours.chosen.connect(self.colours_chosen)
        row.addWidget(self.colours)
        self.captions = self._toggle(row, "label", "Labels and indices under the pictures")
        self.captions.toggled.connect(self.captions_toggled)
        self.inspector = self._toggle(row, "panel", "Inspector")
        self.inspector.toggled.connect(self.inspector_toggled)
        # A narrow window must not be kept wide by what it hides when it is narrow.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def _add_picking(self, row: QHBoxLayout) -> None:
        """Add what decides which samples stand where."""
        self.picker = OrderPicker()
        self.picker.changed.connect(self.picking_changed)
        self.misread = chip("Misread")
        self.misread.setObjectName("misread")
        self.misread.setAccessibleName("Only misread samples")
        self.misread.clicked.connect(self.picking_changed)
        row.addWidget(self.picker)
        row.addWidget(self.misread)

    def _add_go_to(self, row: QHBoxLayout) -> None:
        """Add the field for an index."""
        self.index = QLineEdit()
        self.index.setObjectName("go_to_index")
        self.index.setAccessibleName("Go to index")
        self.index.setToolTip("Go to a sample by its index (G)")
        self.index.setFixedWidth(76)
        self._validator = QIntValidator(0, 0, self.index)
        self.index.setValidator(self._validator)
        self.index.setAlignment(Qt.AlignmentFlag.AlignRight)
        label = secondary("Go to")
        label.setBuddy(self.index)
        self._convenient.append(label)
        row.addWidget(label)
        row.addWidget(self.index)
        self.index.returnPressed.connect(self._enter_index)

    def _add_zoom(self, row: QHBoxLayout) -> None:
        """Add slider and buttons for the size of the pictures."""
        self.zoom = QSlider(Qt.Orientation.Horizontal)
        self.zoom.setObjectName("zoom")
        self.zoom.setAccessibleName("Size of the pictures")
        self.zoom.setRange(0, len(ZOOM_STEPS) - 1)
        self.zoom.setPageStep(2)
        self.zoom.setFixedWidth(88)
        self.zoom.setValue(ZOOM_STEPS.index(DEFAULT_CELL))
        self.zoom.valueChanged.connect(lambda place: self.zoom_chosen.emit(ZOOM_STEPS[place]))
        smaller = icon_button("minus", "Smaller pictures", shortcut_text="Ctrl+-")
        smaller.clicked.connect(lambda: self.zoom.setValue(self.zoom.value() - 1))
        larger = icon_button("plus", "Larger pictures", shortcut_text="Ctrl++")
        larger.clicked.connect(lambda: self.zoom.setValue(self.zoom.value() + 1))
        self._convenient += [smaller, larger]
        for widget in (smaller, self.zoom, larger):
            row.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for the words: what keys and wheel do as well shows only in a wide window."""
        super().resizeEvent(event)
        roomy = self.width() >= ROOMY
        self.picker.set_roomy(roomy)
        for widget in self._convenient:
            widget.setVisible(roomy)

    def _toggle(self, row: QHBoxLayout, icon: str, name: str) -> QToolButton:
        """Add a button that stays pressed and return it."""
        made = icon_button(icon, name)
        made.setCheckable(True)
        made.setChecked(True)
        row.addWidget(made)
        return made

    def set_count(self, count: int) -> None:
        """Allow indices of so many samples."""
        self._validator.setTop(max(0, count - 1))

    def set_lacking(self, lacks: Lacking) -> None:
        """Offer only what can be done; the rest says what it needs."""
        self.picker.set_lacking(lacks)
        self.misread.setEnabled(lacks.truth is None)
        self.misread.setToolTip(ONLY_MISREAD if lacks.truth is None else lacks.truth.sentence)

    def reset(self) -> None:
        """Go back to all samples in the order of the file, telling nobody."""
        self.show_picking(Picking())

    def show_picking(self, picking: Picking) -> None:
        """Show what is asked for in another way, telling nobody."""
        self.picker.show_picking(picking)
        self.misread.setChecked(picking.misread)

    def show_zoom(self, cell_size: int) -> None:
        """Show the cell size that came about elsewhere."""
        nearest = min(range(len(ZOOM_STEPS)), key=lambda i: abs(ZOOM_STEPS[i] - cell_size))
        with QSignalBlocker(self.zoom):
            self.zoom.setValue(nearest)

    def show_index(self, index: int | None) -> None:
        """Show the index of the current sample, unless one is being typed."""
        if index is not None and not self.index.hasFocus():
            self.index.setText(str(index))

    def picking(self, classes: frozenset[int]) -> Picking:
        """Return what is asked for, with these classes."""
        return self.picker.picking(classes, misread=self.misread.isChecked())

    @Slot()
    def begin_go_to(self) -> None:
        """Let a person type an index."""
        self.index.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.index.selectAll()

    @Slot()
    def _enter_index(self) -> None:
        self.index_entered.emit(int(self.index.text()))
