"""What was drawn before stays in the history, and comes back with its strokes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListView
from pytestqt.qtbot import QtBot

from mnist_desktop.inference.classifier import Prediction
from mnist_desktop.inference.pen import Stroke
from mnist_desktop.ui.draw.earlier import MOST, EarlierDrawing, EarlierDrawings
from mnist_desktop.ui.draw.earlier_view import EarlierView
from mnist_desktop.ui.draw.page import DrawPage
from mnist_desktop.ui.program import Program
from tests.ui.helpers import a_digit, answer_to, draw_by_mouse

Key, Left = Qt.Key, Qt.MouseButton.LeftButton


@pytest.fixture
def view(draw_page: DrawPage) -> EarlierView:
    draw_page.drawer.show_view("history")
    return draw_page.findChild(EarlierView)


def drawn(page: DrawPage, qtbot: QtBot, digit: int) -> str:
    """Draw a digit, and return the answer."""
    draw_by_mouse(page.pad, a_digit(digit))
    return answer_to(page, qtbot)


def told(view: EarlierView) -> list[str]:
    """Return what the cells say, the newest first."""
    model = view.drawings
    return [model.data(model.index(row)) for row in range(len(model))]


def click(view: EarlierView, row: int) -> None:
    place = view.list.visualRect(view.drawings.index(row)).center()
    QTest.mouseClick(view.list.viewport(), Left, pos=place)


def test_what_is_cleared_is_kept_with_its_answer(
    draw_page: DrawPage, view: EarlierView, qtbot: QtBot
) -> None:
    empty = view.findChild(QLabel, "earlier_empty")
    assert empty.isVisible()
    assert "until the program ends" in empty.text()
    answers = []
    for digit in (3, 8):
        answers.append(drawn(draw_page, qtbot, digit))
        share = draw_page.panel.property("confidence")
        draw_page.pad.clear()
    assert not empty.isVisible()
    assert [words.split()[0] for words in told(view)] == answers[::-1]
    assert told(view)[0] == f"{answers[1]} {100 * share:.0f} %"


def test_a_click_brings_a_drawing_back_with_its_strokes(
    draw_page: DrawPage, view: EarlierView, qtbot: QtBot
) -> None:
    pad = draw_page.pad
    first = drawn(draw_page, qtbot, 4)
    items, ink = pad.items, pad.raster()
    pad.clear()
    second = drawn(draw_page, qtbot, 7)
    other = pad.items
    click(view, 0)
    assert pad.items == items
    np.testing.assert_array_equal(pad.raster(), ink)
    assert answer_to(draw_page, qtbot) == first
    assert [words.split()[0] for words in told(view)] == [second, first], "the 7 was replaced"
    draw_page.toolbar.undo.trigger()
    assert pad.items == other
    assert answer_to(draw_page, qtbot) == second


def test_the_same_drawing_is_not_kept_twice(
    draw_page: DrawPage, view: EarlierView, qtbot: QtBot
) -> None:
    drawn(draw_page, qtbot, 3)
    draw_page.pad.clear()
    drawn(draw_page, qtbot, 5)
    draw_page.pad.clear()
    click(view, 1)
    answer = answer_to(draw_page, qtbot)
    draw_page.pad.clear()
    assert len(view.drawings) == 2
    assert told(view)[0].split()[0] == answer == "3"
    draw_page.toolbar.undo.trigger()
    draw_page.pad.clear()
    assert len(view.drawings) == 2


def test_keys(draw_page: DrawPage, view: EarlierView, qtbot: QtBot) -> None:
    pad, kept = draw_page.pad, []
    for digit in (1, 2, 3):
        drawn(draw_page, qtbot, digit)
        kept.insert(0, pad.items)
        pad.clear()
    shown: QListView = view.list
    shown.setFocus()
    shown.setCurrentIndex(view.drawings.index(0))
    QTest.keyClick(shown, Key.Key_Right)
    QTest.keyClick(shown, Key.Key_Return)
    assert pad.items == kept[1]
    pad.clear()
    shown.setCurrentIndex(view.drawings.index(2))
    QTest.keyClick(shown, Key.Key_Space)
    assert pad.items == kept[2]


def test_an_answer_that_comes_late_is_still_the_drawings(
    draw_page: DrawPage, view: EarlierView, qtbot: QtBot
) -> None:
    draw_by_mouse(draw_page.pad, a_digit(8))
    draw_page.pad.clear()
    assert view.drawings.drawing(0).prediction is None
    assert told(view) == ["no answer"]
    qtbot.waitUntil(lambda: told(view) != ["no answer"], timeout=20_000)
    assert told(view)[0].split()[0] == "8"


def test_a_moment_of_a_replay_is_not_its_answer(
    draw_page: DrawPage, program: Program, qtbot: QtBot
) -> None:
    draw_page.drawer.show_view("replay")
    answer = drawn(draw_page, qtbot, 8)
    replay = program.replaying.view
    qtbot.waitUntil(lambda: replay.replay is not None, timeout=20_000)
    replay.slider.setValue(1)
    draw_page.pad.clear()
    assert told(program.earlier.view)[0].split()[0] == answer


def test_a_blank_pad_leaves_nothing(draw_page: DrawPage, view: EarlierView) -> None:
    draw_page.pad.clear()
    assert len(view.drawings) == 0


def a_drawing(number: int, prediction: Prediction | None = None) -> EarlierDrawing:
    return EarlierDrawing((Stroke(np.zeros((1, 2)), 9.0),), number, prediction)


def test_the_oldest_goes_first(qtbot: QtBot) -> None:
    drawings = EarlierDrawings()
    for number in range(MOST + 5):
        drawings.add(a_drawing(number))
        drawings.picture(0)
    assert len(drawings) == MOST == drawings.rowCount()
    assert drawings.drawing(0).request == MOST + 4
    assert drawings.drawing(MOST - 1).request == 5
    assert drawings.picture(MOST - 1).shape == drawings.picture(0).shape


def test_screen_readers_are_told_the_answer(qtbot: QtBot) -> None:
    drawings, role = EarlierDrawings(), Qt.ItemDataRole.AccessibleTextRole
    names = ("4", "9")
    drawings.add(a_drawing(1, Prediction(np.array([0.1, 0.9], np.float32), names)))
    drawings.add(a_drawing(2, Prediction(np.array([0.45, 0.4], np.float32), names)))
    drawings.add(a_drawing(3))
    assert [drawings.data(drawings.index(row), role) for row in range(3)] == [
        "No answer; drawing 1 of 3",
        "Not sure, perhaps 4, 45 %; drawing 2 of 3",
        "Read as 9, 90 %; drawing 3 of 3",
    ]
