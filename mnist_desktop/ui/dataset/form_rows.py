"""What the forms of an export and of an import are made of: rows, fields, the target."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import button, indent

LABEL_WIDTH = 96
MOST_NAME_BYTES = 200
"""Of a target: systems take 255, and words for the split and the labels come on top."""
_LONGEST_PATH = 4000  # characters; no system takes more


class Rows:
    """A column of rows, each with words on the left and fields on the right.

    Parameters
    ----------
    grid
        The layout to fill.
    """

    def __init__(self, grid: QGridLayout) -> None:
        self.grid = grid
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.BETWEEN)
        grid.setVerticalSpacing(theme.INSIDE)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        self._fields: dict[str, tuple[QLabel, QWidget]] = {}

    def add(self, words: str, *fields: QWidget | QLayout, name: str = "") -> QWidget:
        """Add a row, and return the widget that holds its fields.

        Parameters
        ----------
        words
            What stands on the left; an `&` marks the letter for Alt.
        fields
            From left to right.
        name
            By which `show_row` knows it.
        """
        inside = QWidget()
        line = QHBoxLayout(inside)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.INSIDE)
        for field in fields:
            if isinstance(field, QLayout):
                line.addLayout(field, 1)
            else:
                wide = field.sizePolicy().horizontalPolicy() in (
                    QSizePolicy.Policy.Expanding,
                    QSizePolicy.Policy.Ignored,
                )
                line.addWidget(field, 1 if wide else 0)
        if not any(line.stretch(place) for place in range(line.count())):
            line.addStretch(1)
        label = QLabel(words)
        label.setMinimumHeight(32)
        buddy = next((field for field in fields if isinstance(field, QWidget)), None)
        if buddy is not None:
            label.setBuddy(buddy)
        row = self.grid.rowCount()
        self.grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        self.grid.addWidget(inside, row, 1)
        self._fields[name or words] = (label, inside)
        return inside

    def show_row(self, name: str, visible: bool) -> None:
        """Show or hide a row."""
        for widget in self._fields[name]:
            widget.setVisible(visible)


class TargetField(QWidget):
    """A path that can be typed or chosen in a dialog that does not block.

    `changed` tells that there is another path; `browse_requested` that a person wants to choose.
    """

    changed = Signal()
    browse_requested = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = Path.home()
        self.edit = QLineEdit()
        self.edit.setMaxLength(_LONGEST_PATH)
        self.edit.setAccessibleName(name)
        self.edit.textChanged.connect(self.changed)
        self.browse_button = button("Browse…")
        self.browse_button.setAutoDefault(False)
        self.browse_button.clicked.connect(self.browse_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.INSIDE)
        row.addWidget(self.edit, 1)
        row.addWidget(self.browse_button)
        self.setFocusProxy(self.edit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def path(self) -> Path | None:
        """Return the path, None while nothing is named; a mere name lies in the folder before."""
        text = self.edit.text().strip()
        if not text:
            return None
        path = self._folder / os.path.expanduser(text)
        return path if path.is_absolute() else Path(os.path.abspath(path))

    def set_path(self, path: Path) -> None:
        """Show another path, its end in view."""
        self._folder = path.parent
        self.edit.setText(str(path))
        self.edit.setCursorPosition(len(self.edit.text()))


def ask_for_target(parent: QWidget, title: str, path: Path, use: object) -> None:
    """Let a person choose a file to write, and hand its path to `use`; nothing blocks.

    Whether something is replaced is told in the form, which knows of all the files.
    """
    dialog = QFileDialog(parent, title, str(path))
    dialog.setObjectName("file_dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: use(Path(name)))  # type: ignore[operator]
    dialog.open()


def ask_for_folder(parent: QWidget, title: str, path: Path, use: object) -> None:
    """Let a person choose a folder, and hand its path to `use`; nothing blocks."""
    dialog = QFileDialog(parent, title, str(path))
    dialog.setObjectName("file_dialog")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: use(Path(name)))  # type: ignore[operator]
    dialog.open()


def chooser(name: str, choices: Iterable[tuple[str, object]]) -> QComboBox:
    """Return a list to choose from, each choice with its words and its value."""
    made = QComboBox()
    made.setAccessibleName(name)
    for words, value in choices:
        made.addItem(words, value)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return made


def choose(field: QComboBox, value: object) -> None:
    """Choose the entry with this value, if there is one."""
    place = field.findData(value)
    if place >= 0:
        field.setCurrentIndex(place)


def number_field(name: str, low: int, high: int, *, prefix: str = "", suffix: str = "") -> QSpinBox:
    """Return a field for a whole number."""
    made = QSpinBox()
    made.setAccessibleName(name)
    made.setRange(low, high)
    made.setPrefix(prefix)
    made.setSuffix(suffix)
    made.setMaximumWidth(150)
    indent(made)
    return made


def foot_with(dialog: QDialog, start: QPushButton) -> QHBoxLayout:
    """Return the row at the foot of a dialog: *Close*, and the button that starts, its default."""
    close = button("Close")
    close.setAutoDefault(False)
    close.clicked.connect(dialog.reject)
    foot = QHBoxLayout()
    foot.addStretch(1)
    foot.addWidget(close)
    foot.addWidget(start)
    start.setDefault(True)
    return foot


def lay_out(dialog: QDialog, content: QLayout, foot: QLayout, *, grows: bool = False) -> None:
    """Put the form of a dialog above its buttons, with the margins of the window's pages.

    Parameters
    ----------
    dialog, content, foot
        The dialog, its form and its buttons.
    grows
        Whether the form takes the room there is, instead of standing at the top.
    """
    whole = QVBoxLayout(dialog)
    whole.setContentsMargins(theme.EDGE, theme.EDGE, theme.EDGE, theme.BETWEEN)
    whole.setSpacing(theme.BETWEEN)
    whole.addLayout(content, 1 if grows else 0)
    whole.addStretch(0 if grows else 1)
    whole.addLayout(foot)
