"""Values of a file as a table to read and to copy, straight from the array."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from mnist_desktop.datasets.values import Values
from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.copying import CopiesText

WINDOW = 1_000_000
"""Rows the table holds at once: Qt keeps some bytes for each, and its heights end at 2³¹ pixels."""
MOST_COLUMNS = 4096
MOST_COPIED = 4_000_000
"""Values that fit on a clipboard."""
ROW_HEIGHT = 24
COLUMN_WIDTH, FLOAT_WIDTH = 96, 136

AnyIndex = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
Role = Qt.ItemDataRole


def written(value: np.generic) -> str:
    """Write a stored value as people read it: nine figures tell every 32-bit float apart."""
    number = value.item()
    return f"{number:.9g}" if isinstance(number, float) else str(number)


class ValuesModel(QAbstractTableModel):
    """Some neighbouring rows of a table of values; nothing is copied.

    Labels whose classes have names get a column more, with the names.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: Values | None = None
        self._first = 0

    @property
    def first(self) -> int:
        """Return the row of the file that stands first."""
        return self._first

    def set_values(self, values: Values | None, *, first: int = 0) -> None:
        """Show the rows of a table from `first` on."""
        self.beginResetModel()
        self._values, self._first = values, first
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:
        """Return how many rows the model holds."""
        if self._values is None or parent.isValid():
            return 0
        return min(WINDOW, len(self._values.table) - self._first)

    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:
        """Return the number of columns, with the one for names."""
        if self._values is None or parent.isValid():
            return 0
        return min(self._values.table.shape[1], MOST_COLUMNS) + bool(self._values.class_names)

    def data(self, index: AnyIndex, role: int = Role.DisplayRole) -> object:
        """Return what is written in a cell, and on which side of it."""
        values = self._values
        if values is None or not index.isValid():
            return None
        naming = index.column() >= values.table.shape[1]
        if role == Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if naming else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role != Role.DisplayRole:
            return None
        row = self._first + index.row()
        if naming:
            return values.class_names.get(int(values.table[row, 0]), "")
        return written(values.table[row, index.column()])

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> object:
        """Return the name of a column, with its meaning as a tip, or the number of a row."""
        if self._values is None:
            return None
        if orientation is Qt.Orientation.Vertical:
            return f"{self._first + section:,}" if role == Role.DisplayRole else None
        if section >= self._values.table.shape[1]:
            return "class name" if role == Role.DisplayRole else None
        column = self._values.column(section)
        return {Role.DisplayRole: column.name, Role.ToolTipRole: column.meaning}.get(Role(role))


class ValuesTable(CopiesText, QTableView):
    """A table of any number of values; ctrl+C copies what is selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("values_table")
        self.setAccessibleName("Values")
        self._values: Values | None = None
        self._model = ValuesModel(self)
        self.setModel(self._model)
        self.setFont(theme.font(theme.SECONDARY_PX))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        for header, size in (
            (self.verticalHeader(), ROW_HEIGHT),
            (self.horizontalHeader(), COLUMN_WIDTH),
        ):
            header.setDefaultSectionSize(size)
            header.setHighlightSections(False)
        # Fixed: heights are never asked for cell by cell.
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.verticalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )

    def set_values(self, values: Values | None) -> None:
        """Show these values from the first row on."""
        self._values = values
        fraction = values is not None and values.table.dtype.kind == "f"
        width = FLOAT_WIDTH if fraction else COLUMN_WIDTH
        self.horizontalHeader().setDefaultSectionSize(width)
        self._model.set_values(values)

    def current_row(self) -> int | None:
        """Return the row of the file that is current."""
        index = self.currentIndex()
        return self._model.first + index.row() if index.isValid() else None

    def go_to(self, row: int, *, column: int = 0) -> bool:
        """Make a row of the file current; False when there is none such."""
        if self._values is None or not 0 <= row < len(self._values.table):
            return False
        place = row - self._model.first
        if not 0 <= place < self._model.rowCount():
            last = max(0, len(self._values.table) - WINDOW)
            self._model.set_values(self._values, first=min(last, max(0, row - WINDOW // 2)))
            place = row - self._model.first
        index = self._model.index(place, column)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        return True

    def text(self) -> str:
        """Return the selected values as lines of numbers parted by tabs."""
        chosen = self.selectionModel().selection()
        if self._values is None or chosen.isEmpty():
            return ""
        area = chosen.first()
        first = self._model.first
        width = self._values.table.shape[1]
        left, right = area.left(), min(area.right() + 1, width)
        rows = slice(first + area.top(), first + area.bottom() + 1)
        part = self._values.table[rows, left:right]
        part = part[: MOST_COPIED // max(1, part.shape[1])]
        lines = [[written(value) for value in line] for line in part]
        if area.right() >= width:
            names = self._values.class_names
            for line, label in zip(lines, self._values.table[rows, 0], strict=False):
                line.append(names.get(int(label), ""))
        return "\n".join("\t".join(line) for line in lines)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave letters to the view around it: they are not searched for."""
        if event.text().isalpha() and not event.modifiers():
            event.ignore()
        else:
            super().keyPressEvent(event)
