"""The row above the grid: order, seed, go to an index, zoom, captions, the inspector."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSlider,
    QSpinBox,
    QToolButton,
    QWidget,
)

from mnist_desktop.datasets.picking import Order, Picking
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import ElidedLabel, icon_button, indent, secondary
from mnist_desktop.ui.dataset.geometry import DEFAULT_CELL, ZOOM_STEPS

ORDERS = {
    Order.FILE: "As in the file",
    Order.FIRST_OF_EACH: "First of each class",
    Order.RANDOM: "Random 100",
    Order.SHUFFLED: "Shuffled",
}
CHANCE = (Order.RANDOM, Order.SHUFFLED)
SEEDS = 10_000


class ViewBar(QWidget):
    """How the grid shows what it shows.

    `picking_changed` tells that order or seed changed, `index_entered` an index to go to,
    `zoom_chosen` a cell size; `captions_toggled` and `inspector_toggled` tell what is wanted.
    """

    picking_changed = Signal()
    index_entered = Signal(int)
    zoom_chosen = Signal(int)
    captions_toggled = Signal(bool)
    inspector_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.INSIDE)
        self._add_order(row)
        self.shown = ElidedLabel()
        self.shown.setObjectName("shown_line")
        self.shown.setProperty("role", "secondary")
        row.addWidget(self.shown, 1)
        self._add_go_to(row)
        self._add_zoom(row)
        self.captions = self._toggle(row, "label", "Labels and indices under the pictures")
        self.captions.toggled.connect(self.captions_toggled)
        self.inspector = self._toggle(row, "panel", "Inspector")
        self.inspector.toggled.connect(self.inspector_toggled)

    def _add_order(self, row: QHBoxLayout) -> None:
        """Add what decides which samples stand where."""
        self.order = QComboBox()
        self.order.setObjectName("order")
        self.order.setAccessibleName("Order of the samples")
        for order, text in ORDERS.items():
            self.order.addItem(text, order)
        self.order.currentIndexChanged.connect(self._on_order)
        self.seed = QSpinBox()
        self.seed.setObjectName("seed")
        self.seed.setAccessibleName("Seed of chance")
        self.seed.setToolTip("The same seed always gives the same order")
        self.seed.setRange(0, SEEDS - 1)
        self.seed.setPrefix("seed ")
        self.seed.setKeyboardTracking(False)
        indent(self.seed)
        self.seed.valueChanged.connect(self.picking_changed)
        self.again = icon_button("shuffle", "Another seed")
        self.again.clicked.connect(self._next_seed)
        for widget in (self.order, self.seed, self.again):
            row.addWidget(widget)
        self._on_order()

    def _add_go_to(self, row: QHBoxLayout) -> None:
        """Add the field for an index."""
        self.index = QLineEdit()
        self.index.setObjectName("go_to_index")
        self.index.setAccessibleName("Go to index")
        self.index.setToolTip("Go to a sample by its index (G)")
        self.index.setFixedWidth(84)
        self._validator = QIntValidator(0, 0, self.index)
        self.index.setValidator(self._validator)
        self.index.setAlignment(Qt.AlignmentFlag.AlignRight)
        label = secondary("Go to")
        label.setBuddy(self.index)
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
        self.zoom.setFixedWidth(96)
        self.zoom.setValue(ZOOM_STEPS.index(DEFAULT_CELL))
        self.zoom.valueChanged.connect(lambda place: self.zoom_chosen.emit(ZOOM_STEPS[place]))
        smaller = icon_button("minus", "Smaller pictures", shortcut_text="Ctrl+-")
        smaller.clicked.connect(lambda: self.zoom.setValue(self.zoom.value() - 1))
        larger = icon_button("plus", "Larger pictures", shortcut_text="Ctrl++")
        larger.clicked.connect(lambda: self.zoom.setValue(self.zoom.value() + 1))
        for widget in (smaller, self.zoom, larger):
            row.addWidget(widget)

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

    def set_labelled(self, labelled: bool) -> None:
        """Offer what needs labels only where there are some."""
        place = self.order.findData(Order.FIRST_OF_EACH)
        item = self.order.model().item(place)
        item.setEnabled(labelled)

    def reset(self) -> None:
        """Go back to the order of the file, telling nobody."""
        with QSignalBlocker(self.order):
            self.order.setCurrentIndex(0)
        self._show_seed()

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
        return Picking(classes=classes, order=self.order.currentData(), seed=self.seed.value())

    @Slot()
    def begin_go_to(self) -> None:
        """Let a person type an index."""
        self.index.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.index.selectAll()

    @Slot()
    def _enter_index(self) -> None:
        self.index_entered.emit(int(self.index.text()))

    @Slot()
    def _on_order(self) -> None:
        self._show_seed()
        self.picking_changed.emit()

    def _show_seed(self) -> None:
        by_chance = self.order.currentData() in CHANCE
        self.seed.setVisible(by_chance)
        self.again.setVisible(by_chance)

    @Slot()
    def _next_seed(self) -> None:
        self.seed.setValue((self.seed.value() + 1) % SEEDS)
