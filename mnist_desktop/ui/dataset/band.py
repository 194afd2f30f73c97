"""Selecting in the grid by mouse: click, shift, ctrl, and a rectangle drawn while dragging."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from mnist_desktop.ui.dataset.geometry import Box
from mnist_desktop.ui.dataset.selection import Selection

if TYPE_CHECKING:
    from mnist_desktop.ui.dataset.grid import SampleGrid

FRAME = 16
"""Milliseconds between two steps of scrolling while the pointer is beyond the edge."""
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class SelectionBand(QObject):
    """Turns presses and moves of the mouse into a selection.

    Its corners are points of the content, in device pixels, so that scrolling while dragging
    makes the rectangle grow.
    """

    def __init__(self, grid: SampleGrid) -> None:
        super().__init__(grid)
        self._grid = grid
        self._pressed: QPointF | None = None
        self._start = (0, 0)
        self._end: tuple[int, int] | None = None
        self._before: Selection | None = None
        self._pointer = QPointF()
        self._timer = QTimer(self, interval=FRAME)
        self._timer.timeout.connect(self._scroll_on)

    def press(self, event: QMouseEvent) -> None:
        """Begin a click or a rectangle."""
        grid, keys = self._grid, event.modifiers()
        self._pressed = self._pointer = event.position()
        self._start, self._end = self._content_point(event.position()), None
        position = grid.layout_geometry.position_at(
            *grid.device_point(event.position()), grid.scroll()
        )
        selection = grid.selection
        if position is None:
            selection = selection if keys & (SHIFT | CTRL) else selection.nothing()
        elif keys & SHIFT:
            selection = selection.extended(position)
        elif keys & CTRL:
            selection = selection.toggled(position)
        else:
            selection = selection.only(position)
        grid.change_selection(selection, reveal=False)
        self._before = selection if keys & CTRL else selection.nothing()

    def move(self, event: QMouseEvent) -> None:
        """Draw the rectangle on, once the mouse has moved far enough to mean it."""
        if self._pressed is None:
            return
        self._pointer = event.position()
        distance = (self._pointer - self._pressed).manhattanLength()
        if self._end is None and distance < QApplication.startDragDistance():
            return
        self._update()
        beyond = not self._grid.viewport().rect().contains(self._pointer.toPoint())
        if beyond and not self._timer.isActive():
            self._timer.start()
        elif not beyond:
            self._timer.stop()

    def release(self) -> None:
        """End the rectangle; what it touched stays selected."""
        self._timer.stop()
        self._pressed, self._end, self._before = None, None, None
        self._grid.viewport().update()

    def rectangle(self) -> QRectF | None:
        """Return the rectangle in logical pixels of the view, None while none is drawn."""
        area = self._area()
        if area is None:
            return None
        ratio = self._grid.devicePixelRatioF()
        top = area.y - self._grid.scroll()
        return QRectF(area.x / ratio, top / ratio, area.width / ratio, area.height / ratio)

    def _area(self) -> Box | None:
        """Return the rectangle in device pixels of the content."""
        if self._end is None:
            return None
        (x0, y0), (x1, y1) = self._start, self._end
        return Box(min(x0, x1), min(y0, y1), abs(x1 - x0) + 1, abs(y1 - y0) + 1)

    def _content_point(self, point: QPointF) -> tuple[int, int]:
        x, y = self._grid.device_point(point)
        return x, y + self._grid.scroll()

    def _update(self) -> None:
        """Select what the rectangle now touches, besides what was selected before."""
        grid, geometry = self._grid, self._grid.layout_geometry
        self._end = self._content_point(self._pointer)
        area = self._area()
        if area is None or self._before is None:
            return
        touched = geometry.ranges_in(area)
        under = geometry.position_at(*grid.device_point(self._pointer), grid.scroll())
        if under is not None and not any(under in part for part in touched):
            under = None
        grid.change_selection(self._before.covering(touched, current=under), reveal=False)

    def _scroll_on(self) -> None:
        """Scroll towards a pointer held beyond the edge, faster the farther it is."""
        height = self._grid.viewport().height()
        beyond = min(0.0, self._pointer.y()) + max(0.0, self._pointer.y() - height)
        bar = self._grid.verticalScrollBar()
        bar.setValue(bar.value() + round(beyond * self._grid.devicePixelRatioF()))
        self._update()
