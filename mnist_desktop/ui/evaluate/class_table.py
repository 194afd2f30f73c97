"""The table of classes: how many of each were found, and how far each answer is to be trusted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from mnist_desktop.ui import theme

if TYPE_CHECKING:
    from mnist_desktop.inference.evaluation import Evaluation

AnyIndex = QModelIndex | QPersistentModelIndex


PADDING = 6
"""Room left and right of a cell's text, in pixels."""
SORT_ARROW = 16
"""Width of the mark beside the heading of the column that sorts."""
_HEADINGS = ("class", "precision", "recall", "F1", "misread", "images")
_TIPS = (
    "",
    "Of all answers of this class, the share that was right",
    "Of all images of this class, the share that was read right",
    "Precision and recall in one number (their harmonic mean)",
    "Images of this class that were read as another",
    "Images of this class in the dataset",
)


class ClassModel(QAbstractTableModel):
    """A row for each class: name, precision, recall, F1, misread, images."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[str | float | int | None, ...]] = []

    def set_evaluation(self, evaluation: Evaluation) -> None:
        """Show the classes of another evaluation."""
        right = evaluation.confusion.diagonal().tolist()
        self.beginResetModel()
        self.rows = [
            (score.name, score.precision, score.recall, score.f1, score.count - good, score.count)
            for score, good in zip(evaluation.per_class, right, strict=True)
        ]
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return how many classes there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a column's heading, and in a tool tip what it means."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _HEADINGS[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _TIPS[section] or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(section)
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's text, or under `UserRole` the value it sorts by."""
        value = self.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _written(value)
        if role == Qt.ItemDataRole.UserRole:
            if index.column() == 0:
                return index.row()
            return -math.inf if value is None else value
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(index.column())
        return None


def _written(value: str | float | int | None) -> str:
    """Write a value for the table."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value * 100:.2f} %"


def _side(column: int) -> Qt.AlignmentFlag:
    """Return where a column's texts stand: names left, numbers right."""
    across = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
    return across | Qt.AlignmentFlag.AlignVCenter


class ClassTable(QTableView):
    """A table of classes that sorts by any column and tells which class is selected."""

    class_selected = Signal(object)
    """The number of the selected class, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("class_table")
        self.setAccessibleName("Accuracy by class")
        self.rows = ClassModel()
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.rows)
        self._sorted.setSortRole(Qt.ItemDataRole.UserRole)
        self.setModel(self._sorted)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setStyleSheet(f"QTableView::item {{ padding: 0 {PADDING - 2}px; }}")
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        words = QFontMetrics(theme.font(theme.SECONDARY_PX))
        figures = words.horizontalAdvance("99.99 %") + theme.INSIDE
        for column, name in enumerate(_HEADINGS[1:], 1):
            width = max(figures, words.horizontalAdvance(name) + SORT_ARROW)
            header.resizeSection(column, width + 2 * PADDING)
        header.setStyleSheet(f"QHeaderView::section {{ padding: 4px {PADDING}px; }}")
        header.setHighlightSections(False)
        header.setMinimumSectionSize(32)
        self.selectionModel().selectionChanged.connect(self._tell)

    def set_evaluation(self, evaluation: Evaluation) -> None:
        """Show another evaluation's classes; the order chosen by the person stays."""
        self.rows.set_evaluation(evaluation)

    def select_class(self, number: int | None) -> None:
        """Select a class's row, or none."""
        if number is None:
            self.clearSelection()
        elif number != self.selected_class():
            self.selectRow(self._sorted.mapFromSource(self.rows.index(number, 0)).row())

    def selected_class(self) -> int | None:
        """Return the number of the selected class."""
        chosen = self.selectionModel().selectedRows()
        return self._sorted.mapToSource(chosen[0]).row() if chosen else None

    @Slot()
    def _tell(self) -> None:
        self.class_selected.emit(self.selected_class())
