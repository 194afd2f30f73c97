"""The recipes to choose from, each with what it costs and gives, and one from a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QLabel,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mnist_desktop.errors import UserError
from mnist_desktop.trainer.recipe_file import read_recipe
from mnist_desktop.trainer.recipes import Recipe
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import button, secondary

INDENT = 24
"""Where a summary begins, in pixels: under the recipe's name, right of its mark."""

LONGEST_NAME = 220
"""Pixels of a recipe's name; a person's own may be longer than the form is wide."""


class RecipeList(QWidget):
    """Radio buttons with a summary under each; a click on the summary counts too.

    `open_button` lets a person open a recipe of their own, which then stands above the others; the
    form places it.
    """

    changed = Signal()
    opened = Signal()
    """A recipe was read from a file and chosen."""
    failed = Signal(object)
    """A recipe's file cannot be used; carries the error."""

    def __init__(self, recipes: Iterable[Recipe], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recipe_list")
        self.setAccessibleName("Recipe")
        self.recipes = {recipe.name: recipe for recipe in recipes}
        self.file: Path | None = None
        self._own: Recipe | None = None
        self._buttons: dict[str, QRadioButton] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # On top, where it is seen at once and needs no scrolling.
        self._own_row = _Row("", "")
        self._own_row.hide()
        self._group.addButton(self._own_row.button)
        column.addWidget(self._own_row)
        for recipe in self.recipes.values():
            row = _Row(recipe.name, recipe.summary)
            self._buttons[recipe.name] = row.button
            self._group.addButton(row.button)
            column.addWidget(row)
        self.open_button = button("Open a recipe…", role="link")
        self.open_button.setObjectName("open_recipe")
        self.open_button.setToolTip("Choose a TOML file with a recipe of your own")
        self.open_button.clicked.connect(self._on_open)
        self._group.buttonToggled.connect(self._on_toggled)

    def chosen(self) -> Recipe | None:
        """Return the chosen recipe."""
        if self.own_is_chosen():
            return self._own
        names = (name for name, button in self._buttons.items() if button.isChecked())
        return next((self.recipes[name] for name in names), None)

    def own_is_chosen(self) -> bool:
        """Return whether the recipe that was read from a file is the chosen one."""
        return self._own_row.button.isChecked()

    def choose(self, name: str) -> None:
        """Choose a recipe that came along by name; an unknown one changes nothing."""
        if name in self._buttons:
            self._buttons[name].setChecked(True)

    # A recipe of one's own

    def open_file(self, path: Path) -> None:
        """Read a recipe from a file and choose it; what is wrong with it is told."""
        if self._read(path.absolute()):
            self._own_row.button.setChecked(True)
            self.opened.emit()

    def restore(self, path: Path, *, chosen: bool) -> None:
        """List the file of an earlier start; its faults are told only where it was chosen."""
        if self._read(path, quietly=not chosen) and chosen:
            self._own_row.button.setChecked(True)

    def read_again(self) -> bool:
        """Read the chosen file as it is now; return whether it, or no file, can be trained by."""
        return not self.own_is_chosen() or self.file is None or self._read(self.file)

    def _read(self, path: Path, *, quietly: bool = False) -> bool:
        """Show the recipe in a file above the others; return whether it can be used."""
        try:
            recipe = read_recipe(path)
        except UserError as error:
            if not quietly:
                self.failed.emit(error)
            return False
        if (path, recipe) != (self.file, self._own):
            self._use(path, recipe)
        return True

    def _use(self, path: Path, recipe: Recipe) -> None:
        """Take another recipe for the person's own."""
        self.file, self._own = path, recipe
        told = recipe.summary if path.name in recipe.summary else f"{path.name}: {recipe.summary}"
        self._own_row.tell(recipe.name, told.removesuffix(": "), tip=str(path))
        self._own_row.show()
        if self.own_is_chosen():
            self.changed.emit()

    @Slot()
    def _on_open(self) -> None:
        """Show a file dialog that does not block."""
        folder = self.file.parent if self.file is not None else Path.home()
        dialog = QFileDialog(self, "Open a recipe", str(folder), "Recipes (*.toml);;All files (*)")
        dialog.setObjectName("file_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.open_file(Path(name)))
        dialog.open()

    @Slot(object, bool)
    def _on_toggled(self, _button: object, checked: bool) -> None:
        if checked:
            self.changed.emit()


class _Row(QWidget):
    """A recipe's button with its summary under it."""

    def __init__(self, name: str, summary: str) -> None:
        super().__init__()
        self.button = QRadioButton()
        self.summary = _Summary(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.button)
        column.addWidget(self.summary)
        self.tell(name, summary)

    def tell(self, name: str, summary: str, *, tip: str = "") -> None:
        """Show another recipe."""
        self.button.ensurePolished()
        short = self.button.fontMetrics().elidedText(
            name, Qt.TextElideMode.ElideRight, LONGEST_NAME
        )
        self.button.setText(short.replace("&", "&&"))
        self.button.setAccessibleName(name)
        self.button.setAccessibleDescription(summary)
        self.setToolTip(tip)
        self.summary.label.setText(summary)


class _Summary(QWidget):
    """The line under a recipe's name."""

    def __init__(self, button: QRadioButton) -> None:
        super().__init__()
        self.setObjectName("recipe_summary")
        self._button = button
        self.label: QLabel = secondary(wrap=True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        # A long word in it must not make the form wider than its place.
        policy = self.label.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        self.label.setSizePolicy(policy)
        column = QVBoxLayout(self)
        column.setContentsMargins(INDENT, 0, 0, theme.INSIDE)
        column.addWidget(self.label)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the recipe this line is about."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._button.setChecked(True)
            self._button.setFocus(Qt.FocusReason.MouseFocusReason)
