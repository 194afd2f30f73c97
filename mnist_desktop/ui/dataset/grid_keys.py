"""What each key does in the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from mnist_desktop.ui.dataset.geometry import DEFAULT_CELL, Step

if TYPE_CHECKING:
    from mnist_desktop.ui.dataset.grid import SampleGrid

Key = Qt.Key
Standard = QKeySequence.StandardKey
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier

STEPS = {
    Key.Key_Left: Step.LEFT,
    Key.Key_Right: Step.RIGHT,
    Key.Key_Up: Step.UP,
    Key.Key_Down: Step.DOWN,
    Key.Key_Home: Step.HOME,
    Key.Key_End: Step.END,
    Key.Key_PageUp: Step.PAGE_UP,
    Key.Key_PageDown: Step.PAGE_DOWN,
}


def handle_key(grid: SampleGrid, event: QKeyEvent) -> bool:
    """Do what a key asks of the grid; return False when it means nothing here."""
    return _zoom(grid, event) or _move(grid, event) or _choose(grid, event) or _ask(grid, event)


def _zoom(grid: SampleGrid, event: QKeyEvent) -> bool:
    if not event.modifiers() & CTRL:
        return False
    # Which key makes a plus differs between keyboards; "=" is it without shift on many.
    if event.key() in (Key.Key_Plus, Key.Key_Equal):
        grid.zoom_by(1)
    elif event.key() in (Key.Key_Minus, Key.Key_Underscore):
        grid.zoom_by(-1)
    elif event.key() == Key.Key_0:
        grid.set_cell_size(DEFAULT_CELL)
    else:
        return False
    return True


def _move(grid: SampleGrid, event: QKeyEvent) -> bool:
    """Move the current position; shift selects up to it, ctrl leaves the selection alone."""
    step = STEPS.get(Key(event.key()))
    if step is None or event.modifiers() & Qt.KeyboardModifier.AltModifier:
        return False
    selection = grid.selection
    if selection.current is None:
        return True
    target = grid.layout_geometry.moved(selection.current, step)
    if event.modifiers() & SHIFT:
        selection = selection if selection.anchor is not None else selection.only(selection.current)
        grid.change_selection(selection.extended(target))
    elif event.modifiers() & CTRL:
        grid.change_selection(selection.with_current(target))
    else:
        grid.change_selection(selection.only(target))
    return True


def _choose(grid: SampleGrid, event: QKeyEvent) -> bool:
    selection = grid.selection
    if event.matches(Standard.SelectAll):
        grid.select_all()
    elif event.modifiers() & CTRL and event.key() == Key.Key_I:
        grid.invert_selection()
    elif event.key() == Key.Key_Escape and selection.size:
        grid.change_selection(selection.nothing())
    elif event.key() == Key.Key_Space and selection.current is not None:
        grid.change_selection(selection.toggled(selection.current))
    else:
        return False
    return True


def _ask(grid: SampleGrid, event: QKeyEvent) -> bool:
    """Tell of keys whose work is done elsewhere."""
    plain = not event.modifiers() & (CTRL | Qt.KeyboardModifier.AltModifier)
    index = grid.current_index()
    if event.matches(Standard.Copy):
        grid.copy_requested.emit()
    elif plain and event.key() in (Key.Key_Return, Key.Key_Enter) and index is not None:
        grid.sample_activated.emit(index)
    elif plain and event.key() == Key.Key_G:
        grid.go_to_requested.emit()
    elif plain and Key.Key_0 <= event.key() <= Key.Key_9:
        grid.class_key_pressed.emit(event.key() - Key.Key_0)
    else:
        return False
    return True
