"""The numbers an image is made of, as a table to read and to copy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.copying import CopiesText

FIGURES_PX = 10
CELL_WIDTH, CELL_HEIGHT = 25, 18
HEADER_STYLE = "QHeaderView::section { padding: 0 2px; font-size: 10px; border: none; }"

AnyIndex = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class PixelModel(QAbstractTableModel):
    """The values of an image: 0 for paper, 255 for full ink, on a ground of that ink."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: NDArray[np.uint8] = np.zeros((0, 0), dtype=np.uint8)
        self._grounds: list[QBrush] = []
        self._inks: list[QBrush] = []
        self.set_colours()

    @property
    def image(self) -> NDArray[np.uint8]:
        """Return the (h, w) uint8 image shown."""
        return self._image

    def set_image(self, image: NDArray[np.uint8]) -> None:
        """Show the values of an (h, w) uint8 image."""
        if image.shape == self._image.shape:
            self._image = image
            last = self.index(image.shape[0] - 1, image.shape[1] - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        else:
            self.beginResetModel()
            self._image = image
            self.endResetModel()

    @Slot()
    def set_colours(self) -> None:
        """Take grounds and text colours from the theme."""
        paper, ink = theme.current().paper, theme.current().ink
        self._grounds = [QBrush(_between(paper, ink, value / 255)) for value in range(256)]
        quiet = theme.current().secondary
        self._inks = [QBrush(quiet if v == 0 else ink if v < 112 else paper) for v in range(256)]
        if self._image.size:
            self.dataChanged.emit(self.index(0, 0), self.index(0, 0))

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        """Return the number of lines."""
        return 0 if parent.isValid() else self._image.shape[0]

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns."""
        return 0 if parent.isValid() else self._image.shape[1]

    def data(self, index: AnyIndex, role: int = Role.DisplayRole) -> object:
        """Return value, ground or alignment of a pixel."""
        value = int(self._image[index.row(), index.column()])
        if role == Role.DisplayRole:
            return str(value)
        if role == Role.BackgroundRole:
            return self._grounds[value]
        if role == Role.ForegroundRole:
            return self._inks[value]
        if role == Role.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignCenter)
        if role == Role.AccessibleDescriptionRole:
            return f"column {index.column()}, line {index.row()}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> object:
        """Return the number of a column or line."""
        return str(section) if role == Role.DisplayRole else None


class PixelDelegate(QStyledItemDelegate):
    """Paints a value in the middle of its cell, without the margins that would cut it short."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint ground, value, and a frame around what is selected."""
        painter.fillRect(option.rect, index.data(Role.BackgroundRole))
        painter.setFont(option.font)
        painter.setPen(index.data(Role.ForegroundRole).color())
        centre = int(Qt.AlignmentFlag.AlignCenter)
        painter.drawText(option.rect, centre, index.data(Role.DisplayRole))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(theme.current().accent, 2))
            painter.drawRect(option.rect.adjusted(1, 1, -1, -1))


class PixelTable(CopiesText, QTableView):
    """A table of pixel values; ctrl+C copies what is selected, or everything."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pixel_table")
        self.setAccessibleName("Values of the pixels")
        self._model = PixelModel(self)
        self.setModel(self._model)
        self.setShowGrid(False)
        self.setFont(theme.font(FIGURES_PX))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for header, size in (
            (self.horizontalHeader(), CELL_WIDTH),
            (self.verticalHeader(), CELL_HEIGHT),
        ):
            header.setMinimumSectionSize(1)
            header.setDefaultSectionSize(size)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setHighlightSections(False)
            header.setStyleSheet(HEADER_STYLE)
        self.setItemDelegate(PixelDelegate(self))
        theme.notifier().changed.connect(self._model.set_colours)
        theme.notifier().changed.connect(self.viewport().update)

    def set_image(self, image: NDArray[np.uint8]) -> None:
        """Show the values of an (h, w) uint8 image."""
        self._model.set_image(image)
        self.show_ink()

    def show_ink(self) -> None:
        """Scroll to where the ink begins: the paper around it has only zeros to tell."""
        image = self._model.image
        rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
        if len(rows):
            corner = self._model.index(int(rows[0]), int(columns[0]))
            self.scrollTo(corner, QAbstractItemView.ScrollHint.PositionAtTop)
            self.horizontalScrollBar().setValue(int(columns[0]) * CELL_WIDTH)

    def reveal(self, pixel: tuple[int, int]) -> None:
        """Bring the value of a pixel (column, line) into view and select it."""
        self.setCurrentIndex(self._model.index(pixel[1], pixel[0]))

    def text(self) -> str:
        """Return the selected values, or all, as lines of numbers parted by tabs."""
        image = self._model.image
        chosen = self.selectedIndexes()
        if len(chosen) > 1:
            rows = [index.row() for index in chosen]
            columns = [index.column() for index in chosen]
            image = image[min(rows) : max(rows) + 1, min(columns) : max(columns) + 1]
        return "\n".join("\t".join(map(str, line)) for line in image.tolist())


def _between(first: QColor, second: QColor, share: float) -> QColor:
    """Return the colour that lies `share` of the way from one to another."""
    parts = zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)
    return QColor(*(round(a + (b - a) * share) for a, b in parts))
