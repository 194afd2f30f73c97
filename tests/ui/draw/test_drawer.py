"""The drawer shows one view at a time, and all its buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPushButton

from mnist_desktop.ui import theme
from mnist_desktop.ui.draw.page import DrawPage
from mnist_desktop.ui.program import Program


def test_every_button_shows_all_its_words_in_the_smallest_window(
    start: Callable[..., Program],
) -> None:
    program = start(page="draw")
    program.window.resize(1024, 700)
    page = program.window.page("draw")
    assert isinstance(page, DrawPage)
    page.drawer.resize(320, page.drawer.height())
    page.drawer.layout().activate()
    buttons = [
        button
        for button in page.drawer.findChildren(QPushButton)
        if button.objectName().startswith("drawer_")
    ]
    assert len(buttons) >= 3
    words = QFontMetrics(theme.font(theme.SECONDARY_PX))
    for button in buttons:
        room = button.width() - 2
        assert words.horizontalAdvance(button.text()) <= room, button.text()
        assert button.geometry().right() < page.drawer.width()


def test_in_enough_room_nothing_is_pushed_together(start: Callable[..., Program]) -> None:
    page = start(page="draw").window.page("draw")
    assert isinstance(page, DrawPage)
    page.drawer.resize(320, 300)
    steps = page.drawer.findChild(QPushButton, "drawer_steps")
    assert steps is not None
    narrow = steps.sizeHint().width()
    page.drawer.resize(700, 300)

    assert steps.sizeHint().width() > narrow
