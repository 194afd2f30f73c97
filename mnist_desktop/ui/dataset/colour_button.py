"""The button behind which the colours of the pictures are chosen."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from mnist_desktop.ui import icons
from mnist_desktop.ui.dataset.colour_maps import COLOUR_MAP_NAMES, ColourMap


class ColourButton(QToolButton):
    """Lets a person choose a colour map.

    `chosen` carries the `ColourMap`.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("colour_button")
        self.setAccessibleName("Colours of the pictures")
        self.setToolTip("Colours of the pictures")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        icons.dress(self, "palette")
        self.setIconSize(QSize(20, 20))
        self._menu = QMenu(self)
        self._group = QActionGroup(self)
        self.actions_by_map = {}
        for colour_map, name in COLOUR_MAP_NAMES.items():
            action = self._menu.addAction(name)
            action.setCheckable(True)
            action.setData(colour_map)
            self._group.addAction(action)
            self.actions_by_map[colour_map] = action
        self._group.triggered.connect(lambda action: self.chosen.emit(action.data()))
        self.setMenu(self._menu)
        self.set_colour_map(ColourMap.PAPER)

    @property
    def colour_map(self) -> ColourMap:
        """Return the colours that are chosen."""
        return self._group.checkedAction().data()

    def set_colour_map(self, colour_map: ColourMap) -> None:
        """Show which colours are in use, telling nobody."""
        self.actions_by_map[colour_map].setChecked(True)
