"""A scroll area of cells: where they stand, how large they are, how far it is scrolled."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from mnist_desktop.ui.dataset.cells import lay_out_cell, lay_out_single
from mnist_desktop.ui.dataset.geometry import (
    DEFAULT_CELL,
    LARGEST_CELL,
    SMALLEST_CELL,
    GridGeometry,
    zoomed,
)
from mnist_desktop.ui.dataset.selection import Selection
from mnist_desktop.ui.dataset.shown import NOTHING, Shown

CAPTION_FROM = 32
"""Smallest cell, in logical pixels, that has a caption."""
CAPTION_TEXT = 11
"""Size of the caption's text in logical pixels."""


class CellArea(QAbstractScrollArea):
    """Lays cells out, zooms and scrolls; what is painted in them is its subclass's work.

    `zoom_changed` tells the new cell size in logical pixels.
    """

    zoom_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A bar that comes and goes would change the number of columns, and that the bar.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._shown = NOTHING
        self._selection = Selection.empty(0)
        self._cell_size = DEFAULT_CELL
        self._captions = True
        self._geometry = self._lay_out()

    @property
    def shown(self) -> Shown:
        """Return what is shown."""
        return self._shown

    @property
    def selection(self) -> Selection:
        """Return which positions are selected and which is current."""
        return self._selection

    @property
    def layout_geometry(self) -> GridGeometry:
        """Return where cells stand, in device pixels."""
        return self._geometry

    @property
    def cell_size(self) -> int:
        """Return the size of a cell in logical pixels."""
        return self._cell_size

    def set_cell_size(self, size: int, *, hold: QPoint | None = None) -> None:
        """Zoom so that cells have this size.

        Parameters
        ----------
        size
            In logical pixels; brought into the range from `SMALLEST_CELL` to `LARGEST_CELL`.
        hold
            The point of the view whose sample stays where it is; the current sample, or the middle
            of the view, when not given.
        """
        size = min(max(size, SMALLEST_CELL), LARGEST_CELL)
        if size == self._cell_size:
            return
        held = self._held(hold)
        self._cell_size = size
        self._arrange(hold=held, by_pointer=hold is not None)
        self.zoom_changed.emit(size)

    def zoom_by(self, steps: int, *, hold: QPoint | None = None) -> None:
        """Zoom in by some steps, or out when negative."""
        self.set_cell_size(zoomed(self._cell_size, steps), hold=hold)

    def set_captions(self, visible: bool) -> None:
        """Show or hide class names and indices under the pictures."""
        if visible != self._captions:
            held = self._held(None)
            self._captions = visible
            self._arrange(hold=held)

    def scroll(self) -> int:
        """Return the distance from the top of the content to that of the view, device pixels."""
        return self._geometry.clamp_scroll(self.verticalScrollBar().value() * self._unit())

    def device_point(self, point: QPointF) -> tuple[int, int]:
        """Return a point of the viewport in device pixels."""
        ratio = self.devicePixelRatioF()
        return math.floor(point.x() * ratio), math.floor(point.y() * ratio)

    def scroll_to(self, scroll: int) -> None:
        """Scroll to this distance in device pixels, or as far as there is content."""
        self.verticalScrollBar().setValue(-(-scroll // self._unit()))

    @property
    def shows_single(self) -> bool:
        """Say whether one picture fills the view, and scrolling goes from one to the next."""
        return self._cell_size == LARGEST_CELL

    def _unit(self) -> int:
        """Return the device pixels in a step of the scroll bar, which counts in 32 bits."""
        if self.shows_single:
            return self._geometry.cell.height
        return self._geometry.max_scroll // 2**30 + 1

    def _lay_out(self) -> GridGeometry:
        ratio, viewport = self.devicePixelRatioF(), self.viewport()
        caption = 0
        if self._captions and self._cell_size >= CAPTION_FROM:
            caption = math.ceil(QFontMetricsF(self.caption_font()).height() * ratio)
        height, width = (max(1, round(x * ratio)) for x in (viewport.height(), viewport.width()))
        if self.shows_single:
            cell = lay_out_single(
                image_size=self._shown.image_size,
                view_size=(height, width),
                caption_height=caption,
            )
        else:
            # Of a picture larger than the view no more than a part would ever be seen.
            fitting = max(SMALLEST_CELL, min(width, height - caption))
            cell = lay_out_cell(
                image_size=self._shown.image_size,
                cell_size=min(round(self._cell_size * ratio), fitting),
                caption_height=caption,
            )
        return GridGeometry(
            count=self._shown.count, cell=cell, view_width=width, view_height=height
        )

    def caption_font(self) -> QFont:
        """Return the font of captions."""
        font = QFont(self.font())
        font.setPixelSize(CAPTION_TEXT)
        return font

    def _held(self, hold: QPoint | None) -> tuple[int, int] | None:
        """Return the position that zooming holds and its line in the view."""
        geometry, scroll = self._geometry, self.scroll()
        position = self._selection.current
        if hold is not None:
            position = geometry.nearest_position(*self.device_point(QPointF(hold)), scroll)
        elif position not in geometry.visible_positions(scroll):
            middle = geometry.view_width // 2, geometry.view_height // 2
            position = geometry.nearest_position(*middle, scroll)
        if position is None:
            return None
        box = geometry.box(position, scroll)
        return position, box.y + box.height // 2

    def _arrange(self, *, hold: tuple[int, int] | None, by_pointer: bool = False) -> None:
        """Lay out again and keep the held position on its line.

        It is also brought into view as a whole, unless it is held `by_pointer` and would then move
        away from under it.
        """
        self._geometry = self._lay_out()
        geometry, bar = self._geometry, self.verticalScrollBar()
        unit = self._unit()
        bar.setRange(0, -(-geometry.max_scroll // unit))
        bar.setPageStep(max(1, geometry.view_height // unit))
        bar.setSingleStep(max(1, geometry.cell.height // 3 // unit))
        if hold is not None and self.shows_single:
            self.scroll_to(geometry.box(hold[0], scroll=0).y)
        elif hold is not None:
            scroll = geometry.scroll_to_hold(hold[0], line=hold[1])
            whole = not by_pointer or geometry.rows_in_view == 1
            self.scroll_to(geometry.scroll_to_show(hold[0], scroll) if whole else scroll)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new size; what was looked at stays in view."""
        super().resizeEvent(event)
        self._arrange(hold=self._held(None) if event.oldSize().height() > 0 else None)

    def changeEvent(self, event: QEvent) -> None:
        """Lay out anew for another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._arrange(hold=self._held(None))

    def event(self, event: QEvent) -> bool:
        """Stay sharp when the window moves to a screen of another density."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._arrange(hold=None)
        return super().event(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Paint anew instead of moving pixels: it is as fast, and right at every density."""
        self.viewport().update()
