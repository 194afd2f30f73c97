"""What stands beside the grid: the sample, or the dataset as a whole, each on a tab."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedLayout, QTabBar, QVBoxLayout, QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.inspector import Inspector
from mnist_desktop.ui.dataset.summary_view import SummaryView
from mnist_desktop.ui.dataset.view_state import TABS

TITLES = {"sample": "Sample", "summary": "Summary"}


class SidePanel(QWidget):
    """Two tabs: the inspector with one sample, and the summary of the dataset.

    `tab_changed` carries the name of the tab that is seen now.
    """

    tab_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side_panel")
        self.inspector = Inspector()
        self.summary = SummaryView()
        self.tabs = QTabBar()
        self.tabs.setObjectName("side_tabs")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setAccessibleName("Sample or summary")
        self._pages = QStackedLayout()
        for name, widget in zip(TABS, (self.inspector, self.summary), strict=True):
            self.tabs.addTab(TITLES[name])
            self._pages.addWidget(widget)
        self.tabs.setTabToolTip(0, "The sample that is chosen in the grid")
        self.tabs.setTabToolTip(1, "The dataset as a whole: what it is, its classes, its ink")
        self.tabs.currentChanged.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addWidget(self.tabs)
        column.addLayout(self._pages, 1)
        self.setMinimumWidth(self.inspector.minimumWidth())

    @property
    def tab(self) -> str:
        """Return the name of the tab that is seen, one of `TABS`."""
        return TABS[self.tabs.currentIndex()]

    def show_tab(self, name: str) -> None:
        """Show the tab of this name."""
        self.tabs.setCurrentIndex(TABS.index(name))

    def close_down(self) -> None:
        """End what runs beside the window."""
        self.inspector.close_down()
        self.summary.close_down()

    @Slot(int)
    def _show(self, place: int) -> None:
        self._pages.setCurrentIndex(place)
        self.tab_changed.emit(TABS[place])
