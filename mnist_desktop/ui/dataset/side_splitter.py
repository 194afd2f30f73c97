"""The grid and what stands beside it, as wide as a person made it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSplitter, QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.view_state import DEFAULT_SHARE

LEAST_TOTAL = 1000
"""The width that is parted as long as the window has none yet."""


class SideSplitter(QSplitter):
    """Parts the width between a widget and one beside it that may be hidden.

    Parameters
    ----------
    main, side
        The two, from left to right.
    """

    def __init__(self, main: QWidget, side: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("dataset_splitter")
        self.setHandleWidth(theme.BETWEEN)
        self.setChildrenCollapsible(False)
        self.addWidget(main)
        self.addWidget(side)
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 1)
        self._side = side
        self.share = DEFAULT_SHARE
        self.splitterMoved.connect(self._on_moved)

    @Slot(bool)
    def unfold(self, visible: bool) -> None:
        """Show the widget at the side as wide as it was, or hide it."""
        self._side.setVisible(visible)
        if visible:
            width = max(self.width(), LEAST_TOTAL)
            self.setSizes([round(width * (1 - self.share)), round(width * self.share)])

    @Slot()
    def _on_moved(self) -> None:
        """Remember how wide the widget at the side was made."""
        main, side = self.sizes()
        if side:
            self.share = side / (main + side)
