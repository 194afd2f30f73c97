"""The grid of samples: shows any number of images, paints only those in view."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import percent_text
from mnist_desktop.ui.dataset.band import SelectionBand
from mnist_desktop.ui.dataset.cell_area import CellArea
from mnist_desktop.ui.dataset.colour_maps import ColourMap
from mnist_desktop.ui.dataset.grid_keys import handle_key
from mnist_desktop.ui.dataset.grid_painter import GridPainter
from mnist_desktop.ui.dataset.selection import Selection
from mnist_desktop.ui.dataset.shown import Shown


class SampleGrid(CellArea):
    """Shows samples side by side; lets a person choose, zoom and go through them.

    Signals carry facts: `current_changed` the index of the current sample (or None),
    `sample_activated` an index, `selection_changed` how many are selected; `class_key_pressed`,
    `go_to_requested` and `copy_requested` ask.
    """

    current_changed = Signal(object)
    sample_activated = Signal(int)
    selection_changed = Signal(int)
    class_key_pressed = Signal(int)
    go_to_requested = Signal()
    copy_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sample_grid")
        self.setAccessibleName("Samples")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._colour_map = ColourMap.PAPER
        self._painter = GridPainter(theme.current())
        self._band = SelectionBand(self)
        self._wheel = 0
        theme.notifier().changed.connect(self._follow_theme)
        self.zoom_changed.connect(self._follow_single)

    # What is shown

    def set_shown(self, shown: Shown) -> None:
        """Show these samples from the first on, which becomes the current one."""
        self._shown = shown
        self._selection = Selection.empty(shown.count)
        if shown.count:
            self._selection = self._selection.with_current(0)
        self._arrange(hold=None)
        self.scroll_to(0)
        self.selection_changed.emit(0)
        self._tell_current()

    def set_colour_map(self, colour_map: ColourMap) -> None:
        """Show the pictures in these colours."""
        self._colour_map = colour_map
        self._follow_theme()

    def refine(self, shown: Shown) -> None:
        """Show more or other samples of the same dataset; what is looked at stays in its place."""
        current, selected, scroll = self.current_index(), self.selected_indices(), self.scroll()
        self._shown = shown
        position = None if current is None else shown.position_of(current)
        if position is None and shown.count:
            position = 0
        self._selection = replace(
            Selection.of(shown.positions_of(selected), count=shown.count), current=position
        )
        self._arrange(hold=None)
        self.scroll_to(scroll)
        if self._selection.size != len(selected):
            self.selection_changed.emit(self._selection.size)
        if self.current_index() != current:
            self._tell_current()

    def current_index(self) -> int | None:
        """Return the index of the current sample, None when nothing is shown."""
        current = self._selection.current
        return None if current is None else self._shown.index_at(current)

    def go_to(self, index: int) -> bool:
        """Make the sample with this index the current and only selected one.

        Returns
        -------
        bool
            False when it is not among those shown; nothing changes then.
        """
        position = self._shown.position_of(index)
        if position is None:
            return False
        self.change_selection(self._selection.only(position))
        return True

    def look_at(self, index: int) -> bool:
        """Make the sample with this index current without selecting it; see `go_to`."""
        position = self._shown.position_of(index)
        if position is not None:
            self.change_selection(self._selection.with_current(position))
        return position is not None

    def selected_indices(self) -> NDArray[np.int64]:
        """Return the indices of the selected samples in the order shown, as (k,) int64."""
        positions = self._selection.positions()
        indices = self._shown.indices
        return positions if indices is None else indices[positions]

    @Slot()
    def select_all(self) -> None:
        """Select all samples that are shown."""
        self.change_selection(self._selection.everything())

    @Slot()
    def invert_selection(self) -> None:
        """Select those samples that are not selected now, and only those."""
        self.change_selection(self._selection.inverted())

    def change_selection(self, selection: Selection, *, reveal: bool = True) -> None:
        """Select other positions, bring the current one into view and tell both."""
        old, self._selection = self._selection, selection
        if selection.current != old.current:
            if reveal and selection.current is not None:
                self.scroll_to(self._geometry.scroll_to_show(selection.current, self.scroll()))
            self._tell_current()
        if selection.mask is not old.mask:
            self.selection_changed.emit(selection.size)
        self.viewport().update()

    # Events

    @Slot()
    def _follow_theme(self) -> None:
        """Paint in the colours of the present theme."""
        self._painter = GridPainter(theme.current(), self._colour_map)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that the damaged part shows."""
        ratio, scroll, area = self.devicePixelRatioF(), self.scroll(), event.rect()
        rows = self._geometry.visible_rows(
            scroll,
            top=math.floor(area.top() * ratio),
            bottom=math.ceil((area.bottom() + 1) * ratio),
        )
        with QPainter(self.viewport()) as painter:
            painter.fillRect(area, self._painter.paper)
            self._painter.paint_cells(
                painter,
                shown=self._shown,
                geometry=self._geometry,
                rows=rows,
                scroll=scroll,
                ratio=ratio,
                font=self.caption_font(),
            )
            self._painter.paint_frames(
                painter,
                geometry=self._geometry,
                selection=self._selection,
                rows=rows,
                scroll=scroll,
                ratio=ratio,
                focused=self.hasFocus(),
            )
            band = self._band.rectangle()
            if band is not None:
                self._painter.paint_band(painter, band)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or zoom with ctrl held; from a single picture go to the next."""
        zooms = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not zooms and not self.shows_single:
            super().wheelEvent(event)
            return
        self._wheel += event.angleDelta().y()
        # Fine wheels send parts of the 120 that make a notch.
        notches = int(self._wheel / 120)
        self._wheel -= 120 * notches
        if notches and zooms:
            self.zoom_by(notches, hold=event.position().toPoint())
        elif notches:
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - notches)
        event.accept()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Paint anew; where a single picture shows, it is the current one."""
        super().scrollContentsBy(dx, dy)
        self._follow_single()

    @Slot()
    def _follow_single(self) -> None:
        """Make the single picture that fills the view the current one."""
        if not self.shows_single or not self._shown.count:
            return
        seen = self.scroll() // self._geometry.cell.height
        if seen != self._selection.current:
            self.change_selection(self._selection.with_current(seen), reveal=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key means; see `grid_keys`."""
        if handle_key(self, event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select what is clicked, or begin to drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._band.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select what is dragged over."""
        self._band.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End dragging."""
        self._band.release()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the sample."""
        position = self._position_under(event.position())
        if event.button() == Qt.MouseButton.LeftButton and position is not None:
            self.sample_activated.emit(self._shown.index_at(position))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show by colour that keys work here."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show by colour that keys work elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell index and label of the sample under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            position = self._position_under(QPointF(event.pos()))
            if position is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.describe(position), self)
            return True
        return super().viewportEvent(event)

    def describe(self, position: int) -> str:
        """Return index and class of a sample in words."""
        name = self._shown.class_name_at(position)
        words = [f"index {self._shown.index_at(position):,}"]
        words.append(f"label {name}" if name else "no label")
        if (answer := self._shown.answer_at(position)) is not None:
            words.append(f"read as {answer[0]} ({percent_text(answer[1])})")
        return ", ".join(words)

    def _position_under(self, point: QPointF) -> int | None:
        return self._geometry.position_at(*self.device_point(point), self.scroll())

    def _tell_current(self) -> None:
        """Tell the current sample to those who listen and to those who cannot see it."""
        current = self._selection.current
        if current is None:
            text = "Nothing is shown"
        else:
            text = f"{self.describe(current)}, {current + 1:,} of {self._shown.count:,} shown"
        self.setAccessibleDescription(text)
        changed = QAccessible.Event.DescriptionChanged
        QAccessible.updateAccessibility(QAccessibleEvent(self, changed))
        self.current_changed.emit(self.current_index())
