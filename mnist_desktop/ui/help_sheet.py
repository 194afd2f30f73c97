"""The sheet behind F1: what each page is for, and every key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mnist_desktop import __version__
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import heading, primary_button, secondary, subheading

ABOUT = (
    ("Draw", "Draw a digit and watch the answer follow. At the right: what the network gets."),
    ("Dataset", "Look at IDX files such as MNIST: drop one on the window, or get one by name."),
    ("Train", "Train a network on the open dataset; it goes into the pad by itself."),
    ("Evaluate", "See how often a model is right, and what it takes for what."),
    ("Morph", "Go from one image to another, and see where the answer turns."),
)
KEYS = (
    (
        "Everywhere",
        (
            ("Ctrl+1 … 5", "the pages"),
            ("Ctrl+O", "open an IDX, ONNX or picture file"),
            ("F1", "this sheet"),
            ("Ctrl+Q", "quit"),
        ),
    ),
    (
        "Draw",
        (
            ("Delete, Backspace", "clear the pad"),
            ("Ctrl+Z, Ctrl+Shift+Z", "undo, redo"),
            ("B, E", "brush, eraser"),
            ("[ ]", "thinner, thicker"),
            ("Ctrl+C, Ctrl+V", "copy, paste a picture"),
            ("Alt+0 … 9, Alt+N", "say that it was this digit, or none; it is kept with yours"),
            ("Alt+Enter, Alt+Backspace", "the answer is right; take back what you said"),
            ("Space, arrows, Escape", "in the replay: play or pause, go on and back, to the end"),
        ),
    ),
    (
        "Dataset",
        (
            ("Arrows, Home, End, Page", "move in the grid"),
            ("Enter", "open the image"),
            ("G", "go to an index"),
            ("T", "turn the pictures upright, or show them as stored"),
            ("0 … 9", "show a class, or drop it again"),
            (
                "Ctrl++, Ctrl+-, Ctrl+0",
                "larger (up to a single one), smaller, usual pictures; Ctrl+wheel too",
            ),
            ("Shift, Ctrl, Space", "with arrows or clicks: select several"),
            ("Ctrl+A, Ctrl+I, Escape", "select all, the others, none"),
            ("Ctrl+C", "copy the picture"),
            ("Ctrl+E", "export the selection, what is shown, or everything"),
        ),
    ),
    (
        "Duplicates",
        (
            ("Up, Down, Page, Home, End", "through the pairs"),
            ("Left, Right", "the one sample or the other"),
            ("Enter", "show it among the others"),
            ("Escape", "back to the grid"),
        ),
    ),
    ("Train", (("Space", "start, pause, go on"),)),
    (
        "Morph",
        (
            ("Left, Right", "a little along the way"),
            ("Page Up, Page Down", "a step along the way"),
            ("Home, End", "to the first, the second image"),
            ("0 … 9", "on an image: another one of that class"),
        ),
    ),
)


class HelpSheet(QDialog):
    """Show pages and keys; the window stays usable."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("help_sheet")
        self.setWindowTitle("Keys and help")
        self.resize(560, 640)
        inside = QWidget()
        inside.setProperty("role", "page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.EDGE, theme.EDGE, theme.EDGE, theme.BETWEEN)
        column.setSpacing(theme.BETWEEN)
        column.addWidget(heading("What the pages are for"))
        column.addLayout(_table(ABOUT))
        column.addWidget(heading("Keys"))
        for title, rows in KEYS:
            column.addWidget(subheading(title))
            column.addLayout(_table(rows))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        close = primary_button("Close")
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.EDGE, theme.INSIDE, theme.EDGE, theme.BETWEEN)
        foot.addWidget(secondary(f"MNIST Desktop {__version__}"))
        foot.addStretch(1)
        foot.addWidget(close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area, 1)
        whole.addLayout(foot)


def _table(rows: tuple[tuple[str, str], ...]) -> QGridLayout:
    """Return two columns: a word or key, and what it means."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.BETWEEN)
    grid.setVerticalSpacing(6)
    grid.setColumnMinimumWidth(0, 176)
    grid.setColumnStretch(1, 1)
    for place, (word, meaning) in enumerate(rows):
        label = QLabel(word)
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
        says = secondary(meaning, wrap=True)
        says.setAlignment(Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label, place, 0)
        grid.addWidget(says, place, 1)
    return grid
