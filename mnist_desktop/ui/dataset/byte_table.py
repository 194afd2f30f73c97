"""Bytes of a file with their places and what they mean, as a table to read and to copy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from mnist_desktop.datasets.byte_group import ByteGroup
from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.copying import CopiesText

FIGURES_PX = 11
COLUMNS = ("Byte", "Hex", "Meaning")
LONGEST_PLACE = 9
"""Letters of a place that stand in one line; at the end of a large file they are many more."""
ROOM = 4
"""Pixels between two lines of the table."""
UNBROKEN = Qt.ItemDataRole.UserRole
HEADER_STYLE = "QHeaderView::section { padding: 2px 3px; }"

Layer = tuple[str, Sequence[ByteGroup]]


class ByteTable(CopiesText, QTableWidget):
    """Explained bytes, some under one title; ctrl+C copies the lines selected, or all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self.setObjectName("byte_table")
        self.setAccessibleName("Bytes of the header")
        self.setHorizontalHeaderLabels(list(COLUMNS))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(FIGURES_PX)
        self.setFont(font)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setStyleSheet(HEADER_STYLE)
        header.setMinimumSectionSize(1)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def set_layers(self, layers: Sequence[Layer]) -> None:
        """Show these bytes, each layer under its title; a layer without bytes is left out."""
        self.clearSpans()
        self.setRowCount(0)
        for title, groups in layers:
            if groups:
                self._add_title(title)
            for group in groups:
                self._add_line(group)
        self._fit()

    def text(self) -> str:
        """Return the selected lines, or all, with tabs between the columns."""
        chosen = sorted({index.row() for index in self.selectedIndexes()})
        return "\n".join(self._line(row) for row in chosen or range(self.rowCount()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        super().resizeEvent(event)
        self._fit()

    def _line(self, row: int) -> str:
        """Return a line as text."""
        items = [self.item(row, column) for column in range(self.columnCount())]
        return "\t".join(item.data(UNBROKEN) for item in items if item is not None)

    def _add_title(self, title: str) -> None:
        row = self.rowCount()
        self.insertRow(row)
        item = _item(title)
        item.setFont(theme.font(theme.SECONDARY_PX, bold=True))
        self.setItem(row, 0, item)
        self.setSpan(row, 0, 1, self.columnCount())

    def _add_line(self, group: ByteGroup) -> None:
        row = self.rowCount()
        self.insertRow(row)
        place, parts = group.place, group.hexadecimal.split(" ")
        if len(place) > LONGEST_PLACE:
            place = place.replace("–", "–\n")
        lines = [" ".join(parts[first : first + 4]) for first in range(0, len(parts), 4)]
        self.setItem(row, 0, _item(group.place, shown=place))
        self.setItem(row, 1, _item(group.hexadecimal, shown="\n".join(lines)))
        meaning = _item(group.meaning)
        meaning.setFont(theme.font(theme.SECONDARY_PX))
        self.setItem(row, 2, meaning)

    def _fit(self) -> None:
        """Give each line the room it needs, and the table the room of all lines."""
        letter = self.fontMetrics().horizontalAdvance("0")
        texts = [[self.item(row, column) for row in range(self.rowCount())] for column in (0, 1)]
        for column, items in enumerate(texts):
            longest = max(
                (
                    len(part)
                    for row, item in enumerate(items)
                    if item is not None and self.columnSpan(row, 0) == 1
                    for part in item.text().split("\n")
                ),
                default=4,
            )
            self.setColumnWidth(column, (max(longest, 4) + 1) * letter + 6)
        rest = self.viewport().width() - self.columnWidth(0) - self.columnWidth(1)
        self.setColumnWidth(2, max(40, rest))
        for row in range(self.rowCount()):
            self.setRowHeight(row, self.sizeHintForRow(row) + ROOM)
        height = self.horizontalHeader().sizeHint().height()
        height += sum(self.rowHeight(row) for row in range(self.rowCount()))
        self.setFixedHeight(height + 4)


def _item(text: str, *, shown: str = "") -> QTableWidgetItem:
    """Return a cell; what is copied of it is not broken into lines."""
    made = QTableWidgetItem(shown or text)
    made.setData(UNBROKEN, text)
    made.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    return made
