"""The lower right of the page: one of several views of the drawing at a time."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import chip

TABS = 28
"""Height of the row of buttons."""

BESIDE_WORDS = 24
APART, TIGHT = 4, 2
"""Pixels of a button beside its words, and between two of them: in enough room, and in little."""


class Drawer(QWidget):
    """Show one view of the drawing, and a row of buttons to choose which.

    `view_changed` tells the name of the view that is shown now. A view that is not shown need not
    compute anything: it gets its `showEvent` when it is chosen.
    """

    view_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drawer")
        self._views: dict[str, QWidget] = {}
        self._preferred = ""
        self._buttons = QButtonGroup(self)
        self._row = QHBoxLayout()
        self._row.setSpacing(APART)
        self._row.addStretch(1)
        self._stack = QStackedLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addLayout(self._row)
        column.addLayout(self._stack, 1)

    def add_view(self, name: str, title: str, view: QWidget, *, tip: str) -> QPushButton:
        """Add a view behind those there are, and return its button; the first one is shown.

        Parameters
        ----------
        name
            What settings and tests call it.
        title, tip
            What the button says, and what its tool tip does.
        """
        made = chip(title)
        made.setObjectName(f"drawer_{name}")
        made.setFixedHeight(TABS)
        made.setToolTip(tip)
        made.clicked.connect(lambda: self.show_view(name))
        self._views[name] = view
        self._buttons.addButton(made)
        self._row.insertWidget(self._row.count() - 1, made)
        self._stack.addWidget(view)
        self._fit()
        if len(self._views) == 1:
            made.setChecked(True)
        if name == self._preferred:
            self.show_view(name)
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the buttons to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Push the buttons together where they have too little room side by side."""
        words = QFontMetrics(theme.font(theme.SECONDARY_PX))
        made = self._buttons.buttons()
        needed = sum(words.horizontalAdvance(button.text()) + BESIDE_WORDS for button in made)
        tight = needed + APART * (len(made) - 1) > self.width()
        self._row.setSpacing(TIGHT if tight else APART)
        for button in made:
            if bool(button.property("tight")) != tight:
                button.setProperty("tight", tight)
                button.style().unpolish(button)
                button.style().polish(button)

    def prefer(self, name: str) -> None:
        """Show the view of this name now, or as soon as it is added; nothing for an empty one."""
        self._preferred = name
        self.show_view(name)

    @property
    def view_name(self) -> str:
        """The name of the view that is shown; empty while there is none."""
        shown = self._stack.currentWidget()
        return next((name for name, view in self._views.items() if view is shown), "")

    def show_view(self, name: str) -> None:
        """Show the view of this name; an unknown one changes nothing."""
        if name in self._views:
            self._preferred = ""
            self._stack.setCurrentWidget(self._views[name])
            self._buttons.buttons()[list(self._views).index(name)].setChecked(True)
            self.view_changed.emit(name)

    def close_down(self) -> None:
        """End what the views do beside the window."""
        for view in self._views.values():
            close_down = getattr(view, "close_down", None)
            if close_down is not None:
                close_down()
