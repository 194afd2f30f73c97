"""Say where each sample stands in the grid: pure arithmetic in device pixels, no Qt.

A *position* counts the cells in the order in which they are shown; which sample stands at a
position is not known here. *Scroll* is the distance from the top of the content to the top of the
view. Everything is a whole number of device pixels, so that nothing is ever drawn between two.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from mnist_desktop.ui.dataset.cells import Box, Cell

SMALLEST_CELL = 16
DEFAULT_CELL = 64
LARGEST_CELL = 4096
"""The size that stands for a single picture, as large as the view allows."""
ZOOM_STEPS = (16, 24, 32, 40, 48, 64, 80, 96, 128, 160, 192, 256, 320, 384, 512, LARGEST_CELL)
"""Cell sizes in logical pixels that zooming visits; an eighth of each is the gap around the
picture, so that 28 pixels are shown at 1/2, 3/4, 1, 1 1/4, 1 1/2, 2, … times their size."""


class Step(Enum):
    """A way in which a key moves the current position."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    HOME = "home"
    END = "end"
    PAGE_UP = "page up"
    PAGE_DOWN = "page down"


@dataclass(frozen=True)
class GridGeometry:
    """Where every cell stands, in device pixels.

    Parameters
    ----------
    count
        Number of cells.
    cell
        The inside of each.
    view_width, view_height
        Size of the part of the window through which the grid is seen.
    """

    count: int
    cell: Cell
    view_width: int
    view_height: int

    @property
    def columns(self) -> int:
        """Return the number of cells side by side, at least 1."""
        return max(1, self.view_width // self.cell.width)

    @property
    def rows(self) -> int:
        """Return the number of rows, 0 when there are no cells."""
        return -(-self.count // self.columns)

    @property
    def margin(self) -> int:
        """Return the free pixels left of the first column, as many as right of the last."""
        return max(0, self.view_width - self.columns * self.cell.width) // 2

    @property
    def content_height(self) -> int:
        """Return the height of all rows together."""
        return self.rows * self.cell.height

    @property
    def max_scroll(self) -> int:
        """Return the largest scroll: the last row stands at the bottom of the view."""
        return max(0, self.content_height - self.view_height)

    @property
    def rows_in_view(self) -> int:
        """Return how many whole rows the view holds, at least 1."""
        return max(1, self.view_height // self.cell.height)

    def clamp_scroll(self, scroll: int) -> int:
        """Return the nearest scroll that shows content."""
        return min(max(0, scroll), self.max_scroll)

    def visible_rows(self, scroll: int, *, top: int = 0, bottom: int | None = None) -> range:
        """Return the rows that show between the lines `top` and `bottom` of the view.

        Parameters
        ----------
        scroll
            Distance from the top of the content to the top of the view.
        top, bottom
            The part of the view asked for; the whole view when not given.
        """
        bottom = self.view_height if bottom is None else min(bottom, self.view_height)
        first = max(0, (scroll + top) // self.cell.height)
        last = min(self.rows, -(-(scroll + bottom) // self.cell.height))
        return range(first, max(first, last))

    def visible_positions(self, scroll: int) -> range:
        """Return the positions of which at least one line shows."""
        rows = self.visible_rows(scroll)
        return self.positions_of(rows)

    def positions_of(self, rows: range) -> range:
        """Return the positions that stand in `rows`."""
        first = min(self.count, rows.start * self.columns)
        return range(first, max(first, min(self.count, rows.stop * self.columns)))

    def box(self, position: int, scroll: int) -> Box:
        """Return the rectangle of a cell in the view; it may lie outside it."""
        row, column = divmod(position, self.columns)
        return Box(
            self.margin + column * self.cell.width,
            row * self.cell.height - scroll,
            self.cell.width,
            self.cell.height,
        )

    def position_at(self, x: int, y: int, scroll: int) -> int | None:
        """Return the position of the cell under a point of the view, or None beside the cells."""
        column = (x - self.margin) // self.cell.width
        row = (y + scroll) // self.cell.height
        position = row * self.columns + column
        inside = 0 <= column < self.columns and row >= 0 and position < self.count
        return position if inside else None

    def nearest_position(self, x: int, y: int, scroll: int) -> int | None:
        """Return the position nearest to a point of the view, or None when there are no cells."""
        if not self.count:
            return None
        column = min(max(0, (x - self.margin) // self.cell.width), self.columns - 1)
        row = min(max(0, (y + scroll) // self.cell.height), self.rows - 1)
        return min(row * self.columns + column, self.count - 1)

    def ranges_in(self, area: Box) -> list[range]:
        """Return the positions that a rectangle of the *content* touches, a range for each row."""
        first_row = max(0, area.y // self.cell.height)
        last_row = min(self.rows - 1, (area.bottom - 1) // self.cell.height)
        first = max(0, (area.x - self.margin) // self.cell.width)
        last = min(self.columns - 1, (area.right - 1 - self.margin) // self.cell.width)
        if first > last:
            return []
        return [
            range(row * self.columns + first, min(self.count, row * self.columns + last + 1))
            for row in range(first_row, last_row + 1)
            if row * self.columns + first < self.count
        ]

    def scroll_to_show(self, position: int, scroll: int) -> int:
        """Return the scroll nearest to `scroll` at which the whole cell is in view."""
        top = position // self.columns * self.cell.height
        lowest = top + self.cell.height - self.view_height
        # When the view is lower than a cell, the top of the cell matters most.
        return self.clamp_scroll(min(max(scroll, lowest), top))

    def scroll_to_hold(self, position: int, line: int) -> int:
        """Return the scroll that puts the middle of a cell's row on a line of the view."""
        middle = position // self.columns * self.cell.height + self.cell.height // 2
        return self.clamp_scroll(middle - line)

    def moved(self, position: int, step: Step) -> int:
        """Return where a key leads from `position`; the same one where there is no way on."""
        last = self.count - 1
        if step is Step.HOME:
            return 0
        if step is Step.END:
            return last
        page = self.rows_in_view * self.columns
        distance = {
            Step.LEFT: -1,
            Step.RIGHT: 1,
            Step.UP: -self.columns,
            Step.DOWN: self.columns,
            Step.PAGE_UP: -page,
            Step.PAGE_DOWN: page,
        }[step]
        target = position + distance
        if 0 <= target <= last:
            return target
        if step in (Step.LEFT, Step.RIGHT):
            return position
        return self._edge_in_column(position, downwards=distance > 0)

    def _edge_in_column(self, position: int, *, downwards: bool) -> int:
        """Return the first or last position of the column in which `position` stands."""
        column = position % self.columns
        if not downwards:
            return column
        last_row = (self.count - 1) // self.columns
        if position // self.columns == last_row:
            return position
        # The last row may be too short for this column: its last cell is then the nearest.
        return min(last_row * self.columns + column, self.count - 1)


def zoomed(cell_size: int, steps: int) -> int:
    """Return the cell size `steps` zoom steps larger (or smaller, when negative)."""
    larger = [size for size in ZOOM_STEPS if size > cell_size]
    smaller = [size for size in reversed(ZOOM_STEPS) if size < cell_size]
    for _ in range(abs(steps)):
        ahead = larger if steps > 0 else smaller
        if not ahead:
            break
        cell_size = ahead.pop(0)
    return cell_size
