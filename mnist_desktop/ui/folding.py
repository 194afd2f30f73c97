"""A part of a page with a title that folds it away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from mnist_desktop.ui import icons, theme


class FoldingSection(QWidget):
    """A title to click and, while it is open, what belongs to it.

    `opened` tells whether the section is open now.

    Parameters
    ----------
    title
        What the title says.
    content
        What is folded away.
    beside
        Buttons that stand at the right of the title while the section is open.
    """

    opened = Signal(bool)

    def __init__(
        self, title: str, content: QWidget, *beside: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.content = content
        self._beside = beside
        self.fold = QToolButton()
        self.fold.setObjectName("fold")
        self.fold.setText(title)
        self.fold.setFont(theme.font(bold=True))
        self.fold.setCheckable(True)
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.fold)
        head.addStretch(1)
        for widget in beside:
            head.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(content)
        self.fold.toggled.connect(self._on_fold)
        self.fold.setChecked(True)

    @property
    def is_open(self) -> bool:
        """Say whether the content is shown."""
        return self.fold.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Show the content or fold it away."""
        self.fold.setChecked(is_open)

    @Slot(bool)
    def _on_fold(self, is_open: bool) -> None:
        """Show or hide the content, and tell."""
        icons.dress(self.fold, "down" if is_open else "right", role="secondary")
        state = "open" if is_open else "folded"
        self.fold.setAccessibleDescription(state)
        for widget in (self.content, *self._beside):
            widget.setVisible(is_open)
        self.opened.emit(is_open)
