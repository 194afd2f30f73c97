"""Choose the order of the samples, or the few of them that are shown."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QWidget

from mnist_desktop.datasets.picking import BY_VALUE, Order, Picking
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import button, icon_button, indent
from mnist_desktop.ui.dataset.lacking import Lacking
from mnist_desktop.ui.dataset.order_words import DIRECTIONS, ORDERS

LARGEST_FIRST = frozenset({Order.LOSS})
"""Orders that begin with the largest value at first: there is what people look for."""
CHANCE = (Order.RANDOM, Order.SHUFFLED)
SEEDS = 10_000
MOST = 1_000_000
ARROW_ROOM = 44
"""Pixels of a list field beside its words."""
USUAL_AMOUNT = Picking().amount


class OrderPicker(QWidget):
    """The order, and what decides it: how many, the seed, which end comes first.

    `changed` tells that something else is asked for.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._largest_first = {order: order in LARGEST_FIRST for order in BY_VALUE}
        self._is_roomy = True
        self.order = QComboBox()
        self.order.setObjectName("order")
        self.order.setAccessibleName("Order of the samples")
        for order, (text, meaning) in ORDERS.items():
            self.order.addItem(text, order)
            self.order.setItemData(self.order.count() - 1, meaning, Qt.ItemDataRole.ToolTipRole)
        # What cannot be chosen says so, in more words than the field should have room for.
        words = self.order.fontMetrics()
        widest = max(words.horizontalAdvance(text) for text, _ in ORDERS.values())
        self.order.setFixedWidth(widest + ARROW_ROOM)
        self.order.currentIndexChanged.connect(self._on_order)
        self.direction = button("", "swap")
        self.direction.setObjectName("direction")
        self.direction.setToolTip("Begin with the other end")
        self.direction.clicked.connect(self._turn_round)
        self.amount = _number("amount", "How many samples", least=1, most=MOST, width=100)
        self.amount.setToolTip("How many samples are drawn")
        self.amount.setValue(USUAL_AMOUNT)
        self.amount.setGroupSeparatorShown(True)
        self.seed = _number("seed", "Seed of chance", least=0, most=SEEDS - 1, width=104)
        self.seed.setToolTip("The same seed always gives the same order")
        self.seed.setPrefix("seed ")
        for field in (self.amount, self.seed):
            field.valueChanged.connect(self.changed)
        self.again = icon_button("shuffle", "Another seed")
        self.again.clicked.connect(self._next_seed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.INSIDE)
        for widget in (self.order, self.direction, self.amount, self.seed, self.again):
            row.addWidget(widget)
        self._show_details()

    def picking(self, classes: frozenset[int], *, misread: bool) -> Picking:
        """Return what is asked for, with these filters."""
        order = self.order.currentData()
        return Picking(
            classes=classes,
            order=order,
            amount=self.amount.value(),
            seed=self.seed.value(),
            largest_first=self._largest_first.get(order, False),
            misread=misread,
        )

    def show_picking(self, picking: Picking) -> None:
        """Show another order, telling nobody."""
        with QSignalBlocker(self.order):
            self.order.setCurrentIndex(self.order.findData(picking.order))
        if picking.order in BY_VALUE:
            self._largest_first[picking.order] = picking.largest_first
        self._show_details()

    def set_roomy(self, roomy: bool) -> None:
        """Show all there is, or only what nothing else does as well."""
        self._is_roomy = roomy
        self._show_details()

    def set_lacking(self, lacks: Lacking) -> None:
        """Offer only what can be done; the others say what they need."""
        for place in range(self.order.count()):
            order = self.order.itemData(place)
            text, meaning = ORDERS[order]
            lack = lacks.for_order(order)
            self.order.model().item(place).setEnabled(lack is None)
            self.order.setItemText(place, text if lack is None else f"{text} ({lack.short})")
            tip = meaning if lack is None else lack.sentence
            self.order.setItemData(place, tip, Qt.ItemDataRole.ToolTipRole)
        # The list may be wider than the field, which needs no room for what cannot be chosen.
        view = self.order.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + 2 * theme.BETWEEN)

    @Slot()
    def _on_order(self) -> None:
        self._show_details()
        self.changed.emit()

    def _show_details(self) -> None:
        """Show what decides the present order, and nothing else."""
        order = self.order.currentData()
        self.amount.setVisible(order is Order.RANDOM)
        self.seed.setVisible(order in CHANCE)
        self.again.setVisible(order in CHANCE and self._is_roomy)
        self.direction.setVisible(order in BY_VALUE)
        if order in BY_VALUE:
            self.direction.setText(DIRECTIONS[order][self._largest_first[order]])

    @Slot()
    def _next_seed(self) -> None:
        self.seed.setValue((self.seed.value() + 1) % SEEDS)

    @Slot()
    def _turn_round(self) -> None:
        order = self.order.currentData()
        self._largest_first[order] = not self._largest_first[order]
        self._show_details()
        self.changed.emit()


def _number(name: str, accessible: str, *, least: int, most: int, width: int) -> QSpinBox:
    """Return a field for a number that is told once it is entered."""
    field = QSpinBox()
    field.setObjectName(name)
    field.setAccessibleName(accessible)
    field.setRange(least, most)
    field.setKeyboardTracking(False)
    field.setFixedWidth(width)
    indent(field)
    return field
