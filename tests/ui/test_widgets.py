"""The shared widgets say what they should."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from mnist_desktop.errors import UserError
from mnist_desktop.ui import controls, messages


def test_a_message_strip_shows_an_error_and_offers_actions(app: QApplication, qtbot: QtBot) -> None:
    strip = messages.MessageStrip()
    qtbot.addWidget(strip)
    assert strip.message() == ""
    strip.show_error(UserError("“a.gz” is a web page", "Download it again."), actions=["Again"])
    assert strip.message() == "“a.gz” is a web page"
    assert strip.kind == "bad"
    assert "Download it again." in strip.accessibleName()
    (again,) = [b for b in strip.findChildren(QPushButton) if b.text() == "Again"]
    with qtbot.waitSignal(strip.chosen) as chosen:
        qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    assert chosen.args == ["Again"]
    with qtbot.waitSignal(strip.closed):
        strip.dismiss()
    assert strip.message() == ""


def test_an_unexpected_error_is_not_hidden(app: QApplication, qtbot: QtBot) -> None:
    strip = messages.MessageStrip()
    qtbot.addWidget(strip)
    strip.show_error(ZeroDivisionError("division by zero"))
    assert "division by zero" in strip.message()


def test_an_empty_state_offers_its_actions(app: QApplication, qtbot: QtBot) -> None:
    empty = messages.EmptyState("Nothing is open.", ["Open a file", "Get MNIST"], icon="dataset")
    qtbot.addWidget(empty)
    with qtbot.waitSignal(empty.chosen) as chosen:
        empty.buttons[1].click()
    assert chosen.args == ["Get MNIST"]


def test_a_long_sentence_of_an_empty_state_is_whole(app: QApplication, qtbot: QtBot) -> None:
    empty = messages.EmptyState("Choose a dataset with labels. " * 5, ["Choose"], icon="dataset")
    qtbot.addWidget(empty)
    empty.resize(700, 500)
    with qtbot.waitExposed(empty):
        empty.show()
    label = empty.sentence
    assert label.height() >= label.heightForWidth(label.width())
    assert label.width() <= 520


def test_a_long_text_is_shortened_in_the_middle(app: QApplication, qtbot: QtBot) -> None:
    label = controls.ElidedLabel("train-images-idx3-ubyte.gz in a very long folder name")
    qtbot.addWidget(label)
    label.show()
    label.resize(120, 20)
    assert "…" in label.text()
    assert label.toolTip() == label.full_text()
    label.resize(1200, 20)
    assert label.text() == label.full_text()
    assert label.toolTip() == ""


def test_numbers_are_written_for_people() -> None:
    assert controls.count_text(60000) == "60,000"
    assert controls.percent_text(0.968) == "96.8 %"
