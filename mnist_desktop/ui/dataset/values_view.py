"""A file that holds no pictures: its values as a table, and what there is to tell of a column."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSplitter, QVBoxLayout, QWidget

from mnist_desktop.datasets.values import Values
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import ElidedLabel, badge, button, icon_button, secondary
from mnist_desktop.ui.dataset.column_panel import ColumnPanel
from mnist_desktop.ui.dataset.summary import counted, type_name
from mnist_desktop.ui.dataset.values_table import ValuesTable

BACK, OPEN = "Back to {name}", "Open…"
_PIECE = 1 << 20


class ValuesView(QWidget):
    """Shows the values of a file that has no pictures.

    `back_requested` asks for the dataset that was shown before, `open_requested` carries None: a
    person wants to choose another file.
    """

    back_requested = Signal()
    open_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("values_view")
        self._values: Values | None = None
        self.title = ElidedLabel()
        self.title.setProperty("role", "heading")
        self.facts = secondary()
        self.recognised = badge("recognised by checksum")
        self.recognised.setToolTip("The file's content is exactly that of the published dataset.")
        self.guessed = badge("by its name")
        self.guessed.setToolTip("Only the file's name says so; its content was never published.")
        self.back = button("", "")
        self.back.clicked.connect(self.back_requested)
        self.open_button = button(OPEN, "open")
        self.open_button.clicked.connect(lambda: self.open_requested.emit(None))
        self.table = ValuesTable()
        self.panel = ColumnPanel()
        self.panel.row_chosen.connect(self._go_to)
        self.panel.value_chosen.connect(self._find_next)
        self._build()

    def _build(self) -> None:
        """Put the parts into their places."""
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(theme.BETWEEN)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self._left())
        self.splitter.addWidget(self.panel)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(self._head())
        column.addWidget(self.splitter, 1)
        self.table.selectionModel().currentChanged.connect(self._on_current)

    def _head(self) -> QHBoxLayout:
        """Return the row with name, facts and what leads elsewhere."""
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        below = QHBoxLayout()
        below.setSpacing(theme.INSIDE)
        for widget in (self.facts, self.recognised, self.guessed):
            below.addWidget(widget)
        below.addStretch(1)
        words.addLayout(below)
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        row.addLayout(words, 1)
        row.addWidget(self.back)
        row.addWidget(self.open_button)
        return row

    def _left(self) -> QWidget:
        """Return the table with its row of tools."""
        self.row = QLineEdit()
        self.row.setObjectName("go_to_row")
        self.row.setAccessibleName("Go to row")
        self.row.setToolTip("Go to a row by its number (G)")
        self.row.setFixedWidth(120)
        self.row.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.row.returnPressed.connect(self._enter_row)
        copy = icon_button("copy", "Copy the selected values", shortcut_text="Ctrl+C")
        copy.clicked.connect(self.table.copy)
        label = secondary("Go to row")
        label.setBuddy(self.row)
        tools = QHBoxLayout()
        tools.setSpacing(theme.INSIDE)
        tools.addWidget(label)
        tools.addWidget(self.row)
        tools.addStretch(1)
        tools.addWidget(copy)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addLayout(tools)
        column.addWidget(self.table, 1)
        return holder

    # What is shown

    @property
    def values(self) -> Values | None:
        """Return what is shown."""
        return self._values

    def set_values(self, values: Values, *, back: str = "") -> None:
        """Show these values.

        Parameters
        ----------
        values
            What to show.
        back
            The name of the dataset that `back_requested` leads to; empty for none.
        """
        self._values = values
        self.title.set_full_text(f"{values.title} · labels" if values.title else values.path.name)
        self.title.setToolTip(str(values.path))
        packed = " · gzip" if values.header.compressed else ""
        self.facts.setText(f"{shape_words(values)} · {type_name(values.header)}{packed}")
        self.recognised.setVisible(values.recognised)
        self.guessed.setVisible(bool(values.title) and not values.recognised)
        self.back.setText(BACK.format(name=back))
        self.back.setVisible(bool(back))
        self.table.set_values(values)
        self.table.go_to(0)
        self.panel.set_values(values)

    def focus(self) -> None:
        """Let keys go to the table."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_down(self) -> None:
        """End what runs beside the window."""
        self.panel.close_down()

    # Going through it

    @Slot(int)
    def _go_to(self, row: int) -> None:
        """Show a row in the table."""
        self.table.go_to(row, column=self.panel.place)

    @Slot()
    def _enter_row(self) -> None:
        """Go to the row a person named."""
        text = self.row.text().replace(",", "").strip()
        if text.isdecimal() and self.table.go_to(int(text)):
            self.focus()
        elif self._values is not None:
            last = len(self._values.table) - 1
            self.row.setToolTip(f"A number from 0 to {last:,}")
            self.row.selectAll()

    @Slot(float)
    def _find_next(self, value: float) -> None:
        """Go to the next row that has this value, from the first again after the last."""
        if self._values is None:
            return
        column = self._values.table[:, self.panel.place]
        current = self.table.current_row()
        begin = 0 if current is None else current + 1
        for first, last in ((begin, len(column)), (0, begin)):
            for start in range(first, last, _PIECE):
                found = np.flatnonzero(column[start : min(start + _PIECE, last)] == value)
                if len(found):
                    self._go_to(start + int(found[0]))
                    return

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, _now: QModelIndex, _before: QModelIndex) -> None:
        """Tell the number of the current row."""
        row = self.table.current_row()
        if row is not None and not self.row.hasFocus():
            self.row.setText(str(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to a row with G."""
        if event.key() == Qt.Key.Key_G and not event.modifiers():
            self.row.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.row.selectAll()
            event.accept()
        else:
            super().keyPressEvent(event)


def shape_words(values: Values) -> str:
    """Return how many values there are: 10,000 values, 60,000 rows × 8 columns, a single value."""
    rows, columns = values.table.shape
    if not values.header.shape:
        return "a single value"
    if len(values.header.shape) == 1:
        return counted(rows, "value")
    sizes = f"{counted(rows, 'row')} × {counted(columns, 'column')}"
    if len(values.header.shape) == 2:
        return sizes
    axes = " × ".join(f"{size:,}" for size in values.header.shape)
    return f"{axes}, as {sizes}"
