"""The row under the answer, in which a person says what the drawing was."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from mnist_desktop.datasets.dataset import NONE_OF_THEM
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import ElidedLabel, button, count_text

MOST_IN_MENU = 12
"""Of more classes the menu has smaller menus, with so many each."""

HEIGHT = 32


def name_text(label: str) -> str:
    """Return how a class is called in a sentence."""
    return "no digit" if label == NONE_OF_THEM else label


class NamingRow(QWidget):
    """Say that the answer is right, or what the drawing was instead; both can be taken back.

    `named` carries the name of a class, `NONE_OF_THEM` for a drawing of no class.

    Parameters
    ----------
    page
        The widget in which the keys work.
    """

    named = Signal(str)
    taken_back = Signal()
    teach_requested = Signal()
    show_requested = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.setObjectName("naming_row")
        self.setFixedHeight(HEIGHT)
        self._answer = ""
        self._is_drawn = False
        self._classes: tuple[str, ...] = ()
        self._page = page
        self._keys: list[QAction] = []
        self.right = button("Right", "good")
        self.right.setObjectName("right_answer")
        self.right.clicked.connect(self._say_right)
        self.that_was = button("That was a …")
        self.that_was.setObjectName("that_was")
        self.that_was.setToolTip("Say what you drew; it is kept with your drawings (Alt and digit)")
        self.menu = QMenu(self.that_was)
        self.menu.setObjectName("classes_menu")
        self.that_was.setMenu(self.menu)
        self.told = ElidedLabel(side=Qt.TextElideMode.ElideRight)
        self.told.setProperty("role", "secondary")
        self.told.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.back = button("Take back", role="link")
        self.back.setObjectName("take_back")
        self.back.setToolTip("Forget what you said of this drawing (Alt+Backspace)")
        self.back.clicked.connect(self.taken_back)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.INSIDE)
        for part in (self.right, self.that_was):
            part.setFixedHeight(HEIGHT)
            row.addWidget(part)
        row.addWidget(self.told, 1)
        row.addWidget(self.back)
        self._add_key("Alt+Return", self._say_right)
        self._add_key("Alt+N", lambda: self._say(NONE_OF_THEM))
        self._add_key("Alt+Backspace", self._take_back)
        self.set_classes(())
        self.show_open(0)

    def set_classes(self, names: tuple[str, ...]) -> None:
        """Offer these classes, by the menu and where they are digits by keys."""
        if names == self._classes and self.menu.actions():
            return
        self._classes = names
        for key in self._keys:
            self._page.removeAction(key)
            key.deleteLater()
        self._keys = [
            self._add_key(f"Alt+{name}", lambda name=name: self._say(name))
            for name in names
            if len(name) == 1 and name in "0123456789"
        ]
        self.menu.clear()
        if len(names) <= MOST_IN_MENU:
            self._add_classes(self.menu, names)
        else:
            for first in range(0, len(names), MOST_IN_MENU):
                part = names[first : first + MOST_IN_MENU]
                self._add_classes(self.menu.addMenu(f"{part[0]} … {part[-1]}"), part)
        none = self.menu.addAction(f"No digit ({NONE_OF_THEM})\tAlt+N")
        none.triggered.connect(lambda: self._say(NONE_OF_THEM))
        self.menu.addSeparator()
        self.menu.addAction("Show my drawings", self.show_requested.emit)
        self.menu.addAction("Teach it my hand…", self.teach_requested.emit)

    def set_answer(self, label: str, *, drawn: bool) -> None:
        """Know what the answer is, empty where the model is not sure, and if there is ink."""
        if (label, drawn) == (self._answer, self._is_drawn):
            return
        self._answer, self._is_drawn = label, drawn
        self._show_state()

    def show_open(self, count: int) -> None:
        """Ask what the drawing is; `count` drawings are kept."""
        self.back.hide()
        self.right.show()
        self.told.set_full_text(f"{count_text(count)} kept" if count else "")
        self._show_state()

    def show_kept(self, label: str, count: int) -> None:
        """Show that the drawing is kept as one of a class."""
        self.right.hide()
        self.back.show()
        self.told.set_full_text(f"Kept as {name_text(label)}")
        self.told.setAccessibleDescription(f"{count_text(count)} drawings are kept in all")

    @property
    def is_kept(self) -> bool:
        """Say whether the drawing on the pad is kept."""
        return not self.back.isHidden()

    def _show_state(self) -> None:
        """Enable what can be said now."""
        self.right.setEnabled(self._is_drawn and bool(self._answer))
        tip = f"Keep this drawing as {name_text(self._answer)} (Alt+Enter)"
        self.right.setToolTip(tip if self._answer else "Keep this drawing under the answer")
        self.right.setAccessibleName(f"Right: it is {self._answer}" if self._answer else "Right")

    def _add_classes(self, menu: QMenu, names: tuple[str, ...]) -> None:
        """Add an action for each class."""
        for name in names:
            key = f"\tAlt+{name}" if len(name) == 1 and name in "0123456789" else ""
            action = menu.addAction(f"{name.replace('&', '&&')}{key}")
            action.triggered.connect(lambda _=False, name=name: self._say(name))

    def _add_key(self, key: str, act: object) -> QAction:
        """Let a key of the page do something."""
        action = QAction(self._page)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda _=False: act())  # type: ignore[operator]
        self._page.addAction(action)
        return action

    def _say(self, label: str) -> None:
        """Say what the drawing is, if there is one."""
        if self._is_drawn:
            self.named.emit(label)

    @Slot()
    def _say_right(self) -> None:
        """Say that the answer is right, if there is one."""
        if self._answer and not self.is_kept:
            self._say(self._answer)

    def _take_back(self) -> None:
        """Take back what was said, by the key."""
        if self.is_kept:
            self.taken_back.emit()
