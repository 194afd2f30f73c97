"""The tools under the pad: brush and its size, eraser, undo, redo, clear."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QToolButton, QWidget

from mnist_desktop.ui import icons, theme
from mnist_desktop.ui.settings import BRUSH_RANGE, DEFAULT_BRUSH

BRUSH_STEP = 4


class Toolbar(QWidget):
    """Offer the tools, as buttons and as keys of the page it belongs to.

    Parameters
    ----------
    page
        The widget in which the keys work.
    """

    brush_changed = Signal(int)
    eraser_changed = Signal(bool)

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.brush = _action(page, "brush", "Brush", ["B"])
        self.eraser = _action(page, "eraser", "Eraser", ["E"])
        self.undo = _action(page, "undo", "Undo", ["Ctrl+Z"])
        self.redo = _action(page, "redo", "Redo", ["Ctrl+Shift+Z", "Ctrl+Y"])
        self.clear = _action(page, "clear_pad", "Clear", ["Del", "Backspace"], icon="clear")
        self.copy = _action(page, "copy_picture", "Copy the picture", ["Ctrl+C"], icon="copy")
        self.paste = _action(page, "paste_picture", "Paste a picture", ["Ctrl+V"], icon="paste")
        thinner = _action(page, "thinner", "Thinner brush", ["["], icon="")
        thicker = _action(page, "thicker", "Thicker brush", ["]"], icon="")
        tools = QActionGroup(self)
        for tool in (self.brush, self.eraser):
            tool.setCheckable(True)
            tools.addAction(tool)
        self.brush.setChecked(True)
        self.eraser.toggled.connect(self.eraser_changed)
        self.size = QSlider(Qt.Orientation.Horizontal)
        self.size.setObjectName("brush_size")
        self.size.setAccessibleName("Brush size")
        self.size.setToolTip("Brush size ([ and ])")
        self.size.setRange(*BRUSH_RANGE)
        self.size.setSingleStep(BRUSH_STEP)
        self.size.setPageStep(2 * BRUSH_STEP)
        self.size.setValue(DEFAULT_BRUSH)
        self.size.setMinimumWidth(72)
        self.size.setMaximumWidth(180)
        self.size.valueChanged.connect(self.brush_changed)
        thinner.triggered.connect(lambda: self.size.setValue(self.size.value() - BRUSH_STEP))
        thicker.triggered.connect(lambda: self.size.setValue(self.size.value() + BRUSH_STEP))
        self._lay_out()

    def _lay_out(self) -> None:
        """Put the buttons in a row."""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(_button(self.brush))
        row.addWidget(self.size, 1)
        row.addSpacing(4)
        row.addWidget(_button(self.eraser))
        row.addSpacing(theme.INSIDE)
        row.addWidget(_button(self.undo))
        row.addWidget(_button(self.redo))
        row.addStretch(1)
        row.addWidget(_button(self.clear, words=True))


def _action(
    page: QWidget, name: str, text: str, keys: list[str], *, icon: str | None = None
) -> QAction:
    """Return an action whose keys work while `page` is shown."""
    made = QAction(text, page)
    made.setObjectName(name)
    made.setShortcuts([QKeySequence(key) for key in keys])
    made.setToolTip(f"{text} ({' or '.join(keys)})")
    if icon != "":
        icons.dress(made, icon or name)
    page.addAction(made)
    return made


def _button(action: QAction, *, words: bool = False) -> QToolButton:
    """Return a button for an action."""
    made = QToolButton()
    made.setDefaultAction(action)
    made.setIconSize(QSize(20, 20))
    made.setAccessibleName(action.text())
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    if words:
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return made
