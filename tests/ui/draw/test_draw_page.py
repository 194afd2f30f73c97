"""Drawing in the real window: the answer follows the pen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.known import EMNIST
from mnist_desktop.inference.classifier import Prediction
from mnist_desktop.inference.ink import prepare
from mnist_desktop.ui.draw.page import DrawPage
from mnist_desktop.ui.program import Program
from mnist_desktop.ui.workers import Answer
from tests.ui.helpers import a_digit, answer_to, draw_by_mouse
from tests.unit.inference.onnx_models import contract_for, linear_model

Key, Ctrl, Shift = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.mark.parametrize("digit", range(10))
def test_a_drawn_digit_is_read(draw_page: DrawPage, qtbot: QtBot, digit: int) -> None:
    draw_by_mouse(draw_page.pad, a_digit(digit))
    assert answer_to(draw_page, qtbot) == str(digit)
    assert draw_page.panel.property("confidence") > 0.5


def test_the_answer_comes_while_the_stroke_is_drawn(draw_page: DrawPage, qtbot: QtBot) -> None:
    pad, (stroke, *_) = draw_page.pad, a_digit(0)
    places = [(stroke[k] * pad.width()).astype(int) for k in range(len(stroke))]
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(*places[0].tolist()))
    for x, y in places[1 : len(places) // 2]:
        QTest.mouseMove(pad, QPoint(int(x), int(y)))
    assert pad.is_drawing
    answer_to(draw_page, qtbot)
    assert draw_page.panel.property("confidence") > 0
    assert draw_page.strip.steps is not None
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(*places[-1].tolist()))


def test_what_the_strip_shows_is_what_the_network_got(
    draw_page: DrawPage, qtbot: QtBot, program: Program
) -> None:
    draw_by_mouse(draw_page.pad, a_digit(4))
    answer_to(draw_page, qtbot)
    shown = draw_page.strip.steps
    assert shown is not None
    np.testing.assert_array_equal(shown.picture, prepare(draw_page.pad.raster()).picture)
    assert program.core.classifier is not None
    again = program.core.classifier.answer(shown.picture)
    assert again.label == draw_page.panel.property("label")
    assert again.confidence == pytest.approx(draw_page.panel.property("confidence"), abs=1e-5)


def test_a_model_of_characters_gets_its_own_ink_recipe(
    draw_page: DrawPage, qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    weights = np.random.default_rng(0).normal(0, 1, (784, 47))
    names = EMNIST["bymerge"].class_names
    contract = contract_for(weights, class_names=names, ink_recipe="emnist")
    model = tmp_path / "characters.onnx"
    model.write_bytes(linear_model(weights, contract=contract))
    program.core.open_model(model)
    qtbot.waitUntil(lambda: program.core.classifier.path == model)
    draw_by_mouse(draw_page.pad, a_digit(4))
    answer_to(draw_page, qtbot)

    shown, raster = draw_page.strip.steps, draw_page.pad.raster()
    assert shown is not None
    np.testing.assert_array_equal(shown.picture, prepare(raster, "emnist").picture)
    assert not np.array_equal(shown.picture, prepare(raster, "mnist").picture)
    assert draw_page.panel.prediction.class_names == names
    assert program.core.classifier.answer(shown.picture).label == draw_page.panel.prediction.label


def test_a_blank_pad_answers_nothing(draw_page: DrawPage, qtbot: QtBot) -> None:
    assert answer_to(draw_page, qtbot) == ""
    draw_by_mouse(draw_page.pad, a_digit(1))
    assert answer_to(draw_page, qtbot) == "1"
    before = draw_page.panel.property("request")
    draw_page.findChild(QAction, "clear_pad").trigger()
    assert draw_page.panel.property("label") == "", "at once, without waiting for the worker"
    assert draw_page.panel.property("confidence") == 0.0
    assert draw_page.panel.property("request") > before
    assert draw_page.strip.steps is None


def test_a_late_answer_to_a_cleared_drawing_is_dropped(draw_page: DrawPage, qtbot: QtBot) -> None:
    draw_by_mouse(draw_page.pad, a_digit(5))
    late = draw_page.newest_request
    draw_page.pad.clear()
    steps = prepare(np.full((560, 560), 255, np.uint8))
    sure = Prediction(np.eye(10, dtype=np.float32)[5], tuple("0123456789"))
    draw_page.show_answer(Answer(late, steps, sure, 0.001))
    assert draw_page.panel.property("label") == ""
    assert answer_to(draw_page, qtbot) == ""


def test_keys(draw_page: DrawPage, qtbot: QtBot) -> None:
    pad = draw_page.pad
    pad.setFocus()
    draw_by_mouse(pad, a_digit(1))
    draw_by_mouse(pad, [np.array([[0.1, 0.1], [0.2, 0.1]], np.float32)])
    assert len(pad.items) > 1
    count = len(pad.items)
    QTest.keyClick(pad, Key.Key_Z, Ctrl)
    assert len(pad.items) == count - 1
    QTest.keyClick(pad, Key.Key_Z, Ctrl | Shift)
    assert len(pad.items) == count
    for key in (Key.Key_Delete, Key.Key_Backspace):
        QTest.keyClick(pad, key)
        assert pad.items == ()
        QTest.keyClick(pad, Key.Key_Z, Ctrl)
        assert len(pad.items) == count
    QTest.keyClick(pad, Key.Key_E)
    assert pad.eraser
    QTest.keyClick(pad, Key.Key_B)
    assert not pad.eraser
    width = pad.brush
    QTest.keyClick(pad, Key.Key_BracketRight)
    assert pad.brush > width
    QTest.keyClick(pad, Key.Key_BracketLeft)
    assert pad.brush == width


def test_buttons_are_enabled_when_they_can_do_something(draw_page: DrawPage) -> None:
    tools = draw_page.toolbar
    assert not any(tool.isEnabled() for tool in (tools.undo, tools.redo, tools.clear))
    draw_by_mouse(draw_page.pad, a_digit(1))
    assert tools.undo.isEnabled()
    assert tools.clear.isEnabled()
    tools.undo.trigger()
    while tools.undo.isEnabled():
        tools.undo.trigger()
    assert tools.redo.isEnabled()
    assert not tools.clear.isEnabled()


def test_copy_and_paste_bring_the_same_answer(draw_page: DrawPage, qtbot: QtBot) -> None:
    pad = draw_page.pad
    draw_by_mouse(pad, a_digit(3))
    before, raster = answer_to(draw_page, qtbot), pad.raster()
    pad.setFocus()
    QTest.keyClick(pad, Key.Key_C, Ctrl)
    pad.clear()
    QTest.keyClick(pad, Key.Key_V, Ctrl)
    assert np.abs(pad.raster().astype(int) - raster).max() <= 1
    assert answer_to(draw_page, qtbot) == before == "3"


def test_pasting_without_a_picture_says_so(draw_page: DrawPage) -> None:
    QGuiApplication.clipboard().setText("no picture")
    draw_page.paste_picture()
    assert "no picture on the clipboard" in draw_page.message.message()
    assert draw_page.pad.items == ()


def test_a_pasted_picture_keeps_its_proportions(draw_page: DrawPage) -> None:
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    for x in range(10, 30):
        image.setPixelColor(x, 10, Qt.GlobalColor.black)
    QGuiApplication.clipboard().setImage(image)
    draw_page.paste_picture()
    rows, columns = (np.flatnonzero(draw_page.pad.raster().max(axis=k)) for k in (1, 0))
    assert (len(rows), len(columns)) == (14, 280)


def test_every_tool_has_a_name_and_takes_the_keyboard(draw_page: DrawPage) -> None:
    buttons = draw_page.toolbar.findChildren(QToolButton)
    assert len(buttons) >= 5
    assert all(b.accessibleName() and b.toolTip() for b in buttons)
    assert draw_page.pad.accessibleName()
    assert draw_page.panel.accessibleName()


def test_without_a_model_the_page_says_what_to_do(draw_page: DrawPage, qtbot: QtBot) -> None:
    draw_page.set_classifier(None)
    draw_page.show_no_model()
    assert "no model" in draw_page.message.message()
    with qtbot.waitSignal(draw_page.open_model_requested):
        draw_page.message.chosen.emit("Open a model")
