"""How to get a dataset without this program's help: addresses to copy, and the folder."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from mnist_desktop.datasets.shelf import Holding, by_hand
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import button, icon_button, secondary, set_role, subheading

TEXT_HEIGHT = 150


class ByHand(QFrame):
    """A card with the files, their sizes and addresses, and where to put them.

    `folder_requested` asks to show the folder, which it carries; `look_requested` to look whether
    the files are there by now.
    """

    folder_requested = Signal(object)
    look_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("by_hand")
        set_role(self, "card")
        self._holding: Holding | None = None
        self.title = subheading("")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.text.setFixedHeight(TEXT_HEIGHT)
        self.text.setAccessibleName("Files, addresses and folder")
        self.folder_button = button("Open folder", "open")
        self.look_button = button("Look again", "reload")
        close = icon_button("close", "Close")
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(close)
        foot = QHBoxLayout()
        foot.setSpacing(theme.INSIDE)
        foot.addWidget(secondary("The text can be copied. Files are recognised by their content."))
        foot.addStretch(1)
        foot.addWidget(self.folder_button)
        foot.addWidget(self.look_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.BETWEEN, theme.INSIDE, theme.INSIDE, 12)
        column.setSpacing(theme.INSIDE)
        column.addLayout(head)
        column.addWidget(self.text)
        column.addLayout(foot)
        close.clicked.connect(self.hide)
        self.look_button.clicked.connect(self.look_requested)
        self.folder_button.clicked.connect(self._ask_for_folder)
        self.hide()

    def show_for(self, holding: Holding) -> None:
        """Tell of the files that are missing."""
        self._holding = holding
        self.title.setText(f"{holding.dataset.title} by hand")
        self.text.setPlainText(by_hand(holding))
        self.show()

    def set_holdings(self, holdings: tuple[Holding, ...]) -> None:
        """Tell what is missing by now; nothing any more if the dataset is there."""
        if self._holding is None or self.isHidden():
            return
        key = self._holding.dataset.key
        now = next((holding for holding in holdings if holding.dataset.key == key), None)
        if now is None or not now.missing:
            self.hide()
        elif now != self._holding:
            self.show_for(now)

    def _ask_for_folder(self) -> None:
        """Ask to show the folder."""
        if self._holding is not None:
            self.folder_requested.emit(self._holding.folder)
