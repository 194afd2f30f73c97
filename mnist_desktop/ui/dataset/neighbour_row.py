"""The nearest images side by side, in as many lines as they need."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_desktop.datasets.nearest import ALIKE
from mnist_desktop.ui.dataset.colour_maps import ColourMap
from mnist_desktop.ui.dataset.neighbour import HEIGHT, WIDTH, Neighbour, NeighbourButton

COLUMNS = (4, 6, 12)
"""How many may stand in a line, so that all lines are full."""
GAP = 4


class NeighbourRow(QWidget):
    """Buttons for the nearest images, in as few lines as there is room for.

    Tab leads to one of them, arrow keys, Home and End from one to another. `chosen` tells the index
    of a sample to go to.

    Parameters
    ----------
    columns
        How many may stand in a line, the smallest number first; the largest that fits is taken.
    """

    chosen = Signal(int)

    def __init__(
        self, parent: QWidget | None = None, *, columns: tuple[int, ...] = COLUMNS
    ) -> None:
        super().__init__(parent)
        self._columns = columns
        self.setObjectName("nearest_images")
        self.setAccessibleName("Nearest images")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._count = 0
        self.buttons = [NeighbourButton(self) for _ in range(ALIKE)]
        for made in self.buttons:
            made.clicked.connect(self._on_clicked)
            made.hide()

    def set_neighbours(self, neighbours: Sequence[Neighbour]) -> None:
        """Show these, the nearest first, at most `ALIKE`."""
        self._count = min(len(neighbours), len(self.buttons))
        for made, neighbour in zip(self.buttons, neighbours, strict=False):
            made.set_neighbour(neighbour)
        self._arrange()

    def set_colour_map(self, colour_map: ColourMap) -> None:
        """Show the pictures in these colours."""
        for made in self.buttons:
            made.set_colour_map(colour_map)

    def clear(self, *, keep_room: bool) -> None:
        """Show none; with `keep_room` what stands below does not move."""
        height = self.height()
        self.set_neighbours([])
        if keep_room:
            self.setFixedHeight(height)

    def shown(self) -> list[NeighbourButton]:
        """Return the buttons that are shown."""
        return self.buttons[: self._count]

    def columns(self) -> int:
        """Return how many stand in a line."""
        fitting = (self.width() + GAP) // (WIDTH + GAP)
        return max((n for n in self._columns if n <= fitting), default=self._columns[0])

    def sizeHint(self) -> QSize:
        """Return room for the lines there are."""
        lines = -(-len(self.shown()) // self.columns())
        width = self._columns[0] * (WIDTH + GAP) - GAP
        return QSize(width, max(0, lines * (HEIGHT + GAP) - GAP))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many into a line as fit now."""
        super().resizeEvent(event)
        if self._count:
            self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from one to another by the arrow keys."""
        shown = self.shown()
        here = next((place for place, made in enumerate(shown) if made.hasFocus()), None)
        if here is None:
            super().keyPressEvent(event)
            return
        columns, last = self.columns(), len(shown) - 1
        target = {
            Qt.Key.Key_Left: max(0, here - 1),
            Qt.Key.Key_Right: min(last, here + 1),
            Qt.Key.Key_Up: here - columns if here >= columns else here,
            Qt.Key.Key_Down: min(last, here + columns),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }.get(Qt.Key(event.key()))
        if target is None:
            super().keyPressEvent(event)
            return
        self._let_tab_to(target)
        shown[target].setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        """Put the buttons into their places."""
        columns, shown = self.columns(), self.shown()
        step = max(WIDTH + GAP, (self.width() - WIDTH) // (columns - 1))
        for place, made in enumerate(self.buttons):
            line, column = divmod(place, columns)
            made.move(column * step, line * (HEIGHT + GAP))
            made.setVisible(place < len(shown))
        focused = next((place for place, made in enumerate(shown) if made.hasFocus()), 0)
        self._let_tab_to(focused)
        self.setFixedHeight(self.sizeHint().height())

    def _let_tab_to(self, target: int) -> None:
        """Make one button the one that Tab leads to."""
        for place, made in enumerate(self.buttons):
            reached = Qt.FocusPolicy.StrongFocus if place == target else Qt.FocusPolicy.ClickFocus
            made.setFocusPolicy(reached)

    @Slot()
    def _on_clicked(self) -> None:
        made = self.sender()
        if isinstance(made, NeighbourButton) and made.neighbour is not None:
            self.chosen.emit(made.neighbour.index)
