"""A section of a page folds away what belongs to it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from mnist_desktop.ui.folding import FoldingSection
from tests.ui.helpers import destroy


def test_section_folds_by_mouse_and_by_key(app: QApplication, qtbot: QtBot) -> None:
    content, beside = QLabel("content"), QToolButton()
    section = FoldingSection("Title", content, beside)
    section.show()
    assert content.isVisible()
    with qtbot.waitSignal(section.opened) as told:
        qtbot.mouseClick(section.fold, Qt.MouseButton.LeftButton)
    assert told.args == [False]
    assert not content.isVisible()
    assert not beside.isVisible()
    assert section.fold.accessibleDescription() == "folded"
    with qtbot.waitSignal(section.opened) as told:
        qtbot.keyClick(section.fold, Qt.Key.Key_Space)
    assert told.args == [True]
    assert content.isVisible()
    assert beside.isVisible()
    section.set_open(False)
    assert not section.is_open
    destroy(section)
