"""The recipes to choose from, each with what it costs and gives."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QLabel, QRadioButton, QVBoxLayout, QWidget

from mnist_desktop.trainer.recipes import Recipe
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import secondary

INDENT = 24
"""Where a summary begins, in pixels: under the recipe's name, right of its mark."""


class RecipeList(QWidget):
    """Radio buttons with a summary under each; a click on the summary counts too."""

    changed = Signal()

    def __init__(self, recipes: Iterable[Recipe], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recipe_list")
        self.setAccessibleName("Recipe")
        self.recipes = {recipe.name: recipe for recipe in recipes}
        self._buttons: dict[str, QRadioButton] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for recipe in self.recipes.values():
            button = QRadioButton(recipe.name)
            button.setAccessibleDescription(recipe.summary)
            self._buttons[recipe.name] = button
            self._group.addButton(button)
            column.addWidget(button)
            column.addWidget(_Summary(recipe.summary, button))
        self._group.buttonToggled.connect(self._on_toggled)

    def chosen(self) -> Recipe | None:
        """Return the chosen recipe."""
        names = (name for name, button in self._buttons.items() if button.isChecked())
        return next((self.recipes[name] for name in names), None)

    def choose(self, name: str) -> None:
        """Choose a recipe by name; an unknown one changes nothing."""
        if name in self._buttons:
            self._buttons[name].setChecked(True)

    @Slot(object, bool)
    def _on_toggled(self, _button: object, checked: bool) -> None:
        if checked:
            self.changed.emit()


class _Summary(QWidget):
    """The line under a recipe's name."""

    def __init__(self, text: str, button: QRadioButton) -> None:
        super().__init__()
        self._button = button
        self._label: QLabel = secondary(text, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(INDENT, 0, 0, theme.INSIDE)
        column.addWidget(self._label)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the recipe this line is about."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._button.setChecked(True)
            self._button.setFocus(Qt.FocusReason.MouseFocusReason)
