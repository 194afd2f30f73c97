"""What was drawn before, and how it was read."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from mnist_desktop.inference.classifier import Prediction
from mnist_desktop.ui.controls import percent_text
from mnist_desktop.ui.draw.history import Item
from mnist_desktop.ui.draw.surface import Surface

MOST = 200
"""So many drawings are kept; the oldest goes first."""

SIDE = 128
"""Side of a drawing's picture in pixels: sharp at twice the size of a cell."""

Row = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, eq=False)
class EarlierDrawing:
    """A drawing that was cleared or replaced.

    Parameters
    ----------
    items
        Its strokes and pictures, as they were made.
    request
        The number of the request whose answer is the drawing's.
    prediction
        How it was read; None while that is not known.
    """

    items: tuple[Item, ...]
    request: int
    prediction: Prediction | None = None

    def is_of(self, items: tuple[Item, ...]) -> bool:
        """Say whether these very items are the drawing's."""
        return len(items) == len(self.items) and all(
            mine is other for mine, other in zip(self.items, items, strict=True)
        )

    def words(self) -> tuple[str, str]:
        """Return the answer, and its confidence where it counts."""
        if self.prediction is None or self.prediction.is_empty:
            return "no answer", ""
        if not self.prediction.is_sure:
            return "not sure", ""
        return self.prediction.label, percent_text(self.prediction.confidence, 0)

    def told(self) -> str:
        """Say in whole words how it was read."""
        answer, share = self.words()
        if share:
            return f"Read as {answer}, {share}"
        if self.prediction is None or self.prediction.is_empty:
            return "No answer"
        best = self.prediction
        return f"Not sure, perhaps {best.label}, {percent_text(best.confidence, 0)}"


class EarlierDrawings(QAbstractListModel):
    """The earlier drawings of a session, the newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drawings: list[EarlierDrawing] = []
        self._pictures: dict[int, NDArray[np.uint8]] = {}

    def __len__(self) -> int:
        return len(self._drawings)

    def drawing(self, row: int) -> EarlierDrawing:
        """Return the drawing in a row, 0 for the newest."""
        return self._drawings[row]

    def picture(self, row: int) -> NDArray[np.uint8]:
        """Return a drawing's ink, (SIDE, SIDE) uint8, drawn when it is first wanted."""
        drawing = self._drawings[row]
        if id(drawing.items) not in self._pictures:
            surface = Surface(SIDE, QColor(Qt.GlobalColor.white))
            surface.draw_items(drawing.items)
            self._pictures[id(drawing.items)] = surface.coverage()
        return self._pictures[id(drawing.items)]

    def add(self, drawing: EarlierDrawing) -> None:
        """Put a drawing first; one that was there already moves."""
        for row, known in enumerate(self._drawings):
            if known.is_of(drawing.items):
                self._drop(row)
                break
        while len(self._drawings) >= MOST:
            self._drop(len(self._drawings) - 1)
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._drawings.insert(0, drawing)
        self.endInsertRows()

    def set_answer(self, request: int, prediction: Prediction | None) -> None:
        """Give the answer to a drawing that was put away before the answer came."""
        for row, known in enumerate(self._drawings):
            if known.request == request and known.prediction is None:
                self._drawings[row] = replace(known, prediction=prediction)
                self.dataChanged.emit(self.index(row), self.index(row))

    def _drop(self, row: int) -> None:
        """Forget a drawing."""
        self.beginRemoveRows(QModelIndex(), row, row)
        self._pictures.pop(id(self._drawings.pop(row).items), None)
        self.endRemoveRows()

    def rowCount(self, parent: Row | None = None) -> int:
        """Return how many drawings there are."""
        return 0 if parent is not None and parent.isValid() else len(self._drawings)

    def data(self, index: Row, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return a drawing's words."""
        if not index.isValid() or index.row() >= len(self._drawings):
            return None
        drawing = self._drawings[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join(drawing.words()).strip()
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{drawing.told()}. A click brings it back."
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{drawing.told()}; drawing {index.row() + 1} of {len(self._drawings)}"
        return None
