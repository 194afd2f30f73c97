"""What tests of the morph page do with it and read from it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mnist_desktop.inference.way import Way
from mnist_desktop.ui.morph.page import MorphPage


def press(qtbot: QtBot, page: MorphPage, text: str) -> None:
    """Click the visible button with this text."""
    QApplication.processEvents()
    buttons = [
        made for made in page.findChildren(QPushButton) if made.text() == text and made.isVisible()
    ]
    assert len(buttons) == 1, f"{len(buttons)} buttons say {text}"
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)


def said(page: MorphPage) -> str:
    """Return everything that visible labels say, those just made among them."""
    QApplication.processEvents()
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def ends(page: MorphPage) -> tuple[int | None, int | None]:
    """Return the indices of the two ends."""
    first, second = page.stage.first.end, page.stage.second.end
    assert first is not None
    assert second is not None
    return first.index, second.index


def way_of(page: MorphPage) -> Way:
    assert page.way is not None
    return page.way
