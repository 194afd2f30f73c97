"""The small widgets of every page: labels, buttons, chips."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from mnist_desktop.ui import icons


def heading(text: str) -> QLabel:
    """Return a page's heading."""
    return _label(text, "heading")


def subheading(text: str) -> QLabel:
    """Return the heading of a part of a page."""
    return _label(text, "subheading")


def secondary(text: str = "", *, wrap: bool = False) -> QLabel:
    """Return words that matter less, smaller and greyer."""
    made = _label(text, "secondary")
    made.setWordWrap(wrap)
    return made


def figure(text: str = "") -> QLabel:
    """Return a number that matters, large and in tabular figures."""
    return _label(text, "figure")


def badge(text: str = "") -> QLabel:
    """Return a small remark on a grey ground."""
    made = _label(text, "badge")
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    return made


def line() -> QFrame:
    """Return a thin horizontal line."""
    made = QFrame()
    made.setProperty("role", "line")
    made.setFixedHeight(1)
    return made


def card() -> QFrame:
    """Return an empty frame that lies on the surface colour; give it a layout."""
    made = QFrame()
    made.setProperty("role", "card")
    return made


def button(text: str, icon: str = "", *, role: str = "") -> QPushButton:
    """Return a push button.

    Parameters
    ----------
    text
        What it says; an `&` marks the letter for Alt.
    icon
        The name of an icon, or nothing.
    role
        "primary" for the one button of a page that goes on, "link" for a button that looks like
        a word in the text, "" for all others.
    """
    made = QPushButton(text)
    if role:
        made.setProperty("role", role)
    if icon:
        ink = {"primary": "on_accent", "link": "accent"}.get(role, "text")
        icons.dress(made, icon, role=ink)
        made.setIconSize(QSize(16, 16))
    return made


def primary_button(text: str, icon: str = "") -> QPushButton:
    """Return the one button of a page that goes on."""
    return button(text, icon, role="primary")


def icon_button(icon: str, name: str, *, shortcut_text: str = "") -> QToolButton:
    """Return a button that shows only an icon.

    Parameters
    ----------
    icon
        The icon's name.
    name
        What it does, for the tool tip and for screen readers.
    shortcut_text
        The key that does the same, shown in the tool tip.
    """
    made = QToolButton()
    icons.dress(made, icon)
    made.setIconSize(QSize(20, 20))
    made.setToolTip(f"{name} ({shortcut_text})" if shortcut_text else name)
    made.setAccessibleName(name)
    return made


def indent(field: QAbstractSpinBox) -> None:
    """Move a field's number off its edge: Qt passes over the padding of the style sheet there."""
    field.lineEdit().setTextMargins(7, 0, 0, 0)


def chip(text: str) -> QPushButton:
    """Return a small round button that stays pressed: one choice of a filter."""
    made = QPushButton(text)
    made.setProperty("role", "chip")
    made.setCheckable(True)
    return made


def set_role(widget: QWidget, role: str) -> None:
    """Give `widget` another role in the style sheet and show it so."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def count_text(number: int) -> str:
    """Write a count with commas: 60,000."""
    return f"{number:,}"


def percent_text(share: float, digits: int = 1) -> str:
    """Write a share of one in percent: 96.8 %."""
    return f"{100 * share:.{digits}f} %"


class ElidedLabel(QLabel):
    """A label that shortens its text where there is no room; the tip has it all.

    Parameters
    ----------
    side
        Where it is shortened; in the middle, as names of files want it, when not given.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        side: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
    ) -> None:
        super().__init__(parent)
        self._side = side
        self._full = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.set_full_text(text)

    def full_text(self) -> str:
        """Return the whole text."""
        return self._full

    def set_full_text(self, text: str) -> None:
        """Show `text`, shortened to the room there is."""
        self._full = text
        self.setAccessibleName(text)
        self._shorten()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text to the new width."""
        super().resizeEvent(event)
        self._shorten()

    def _shorten(self) -> None:
        """Show as much of the text as fits."""
        fitting = self.fontMetrics().elidedText(self._full, self._side, self.contentsRect().width())
        self.setText(fitting)
        self.setToolTip(self._full if fitting != self._full else "")


def _label(text: str, role: str) -> QLabel:
    """Return a label with a role in the style sheet."""
    made = QLabel(text)
    made.setProperty("role", role)
    return made
