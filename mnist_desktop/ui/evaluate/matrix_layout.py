"""Where the cells of a confusion matrix lie in its widget, and how strong their colours are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LEAST_LABEL_STEP = 12
"""Pixels that a class name needs beside or above the matrix."""
FAINTEST = 0.14
"""Strength of the colour of a cell with a single image; fainter would pass for an empty one."""


@dataclass(frozen=True)
class MatrixLayout:
    """The place of a square matrix in a widget, in pixels.

    Parameters
    ----------
    left, top
        The matrix's corner.
    side
        Its breadth and height.
    classes
        Number of rows and of columns, at least 1.
    """

    left: int
    top: int
    side: int
    classes: int

    @property
    def cell(self) -> float:
        """Return the breadth of a cell."""
        return self.side / self.classes

    def label_step(self, lanes: int = 1) -> int:
        """Return how many classes there are to each name shown: 1 where all find room.

        Names may stand alternately in several lanes, so that each has more room.
        """
        return max(1, -(-LEAST_LABEL_STEP // max(1, lanes * int(self.cell))))

    def edge(self, index: int) -> int:
        """Return the distance of the line before row or column `index` from the corner."""
        return round(index * self.side / self.classes)

    def rect(self, row: int, column: int) -> tuple[int, int, int, int]:
        """Return left, top, width and height of a cell; neighbours meet without a gap."""
        x, y = self.edge(column), self.edge(row)
        return (
            self.left + x,
            self.top + y,
            self.edge(column + 1) - x,
            self.edge(row + 1) - y,
        )

    def cell_at(self, *, x: float, y: float) -> tuple[int, int] | None:
        """Return row and column at a point of the widget, None outside the matrix."""
        across, down = x - self.left, y - self.top
        if not (0 <= across < self.side and 0 <= down < self.side):
            return None
        column = min(self.classes - 1, int(across * self.classes / self.side))
        row = min(self.classes - 1, int(down * self.classes / self.side))
        # Edges are rounded to whole pixels, so a point beside one may belong to the neighbour.
        column += int(across >= self.edge(column + 1)) - int(across < self.edge(column))
        row += int(down >= self.edge(row + 1)) - int(down < self.edge(row))
        return row, column


def fit_matrix(
    *, width: int, height: int, classes: int, left_margin: int, top_margin: int
) -> MatrixLayout:
    """Return the largest matrix in a widget of this size, its cells whole pixels where possible."""
    side = max(classes, min(width - left_margin, height - top_margin) - 1)
    if side >= 10 * classes:
        side -= side % classes
    return MatrixLayout(left=left_margin, top=top_margin, side=side, classes=classes)


def strengths(confusion: np.ndarray) -> np.ndarray:
    """Return how strong the colour of each cell is.

    The diagonal shows the share of its row that was read right. The other cells show their count by
    its square root against the largest of them, since few of them are large.

    Parameters
    ----------
    confusion
        (k, k) int64, rows are the truth.

    Returns
    -------
    (k, k) float32, 0 to 1; exactly 0 where the count is 0.
    """
    counts = confusion.astype(np.float32)
    rows = np.maximum(counts.sum(axis=1), 1)
    right = np.diagonal(counts) / rows
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    strength = np.sqrt(wrong / max(1.0, float(wrong.max())))
    np.fill_diagonal(strength, right)
    strength = FAINTEST + (1 - FAINTEST) * strength
    return np.where(confusion > 0, strength, 0).astype(np.float32)
