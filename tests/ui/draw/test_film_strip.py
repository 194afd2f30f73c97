"""Steps of the ink recipe are switched off and on, and the answer follows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mnist_desktop.inference.ink import prepare
from mnist_desktop.inference.likeness import Level
from mnist_desktop.ui.draw.page import DrawPage
from mnist_desktop.ui.draw.step_frame import StepFrame
from mnist_desktop.ui.program import Program
from tests.ui.helpers import a_digit, answer_to, draw_by_mouse
from tests.unit.inference.onnx_models import contract_for, linear_model

SMALL_TWO = [0.1 + 0.3 * stroke for stroke in a_digit(2)]


def frame_of(page: DrawPage, name: str) -> StepFrame:
    """Return the picture of a step."""
    return next(frame for frame in page.strip.frames if frame.step and frame.step.name == name)


def network_gets(page: DrawPage) -> np.ndarray:
    """Return the large picture."""
    assert page.strip.steps is not None
    return page.strip.steps.picture


def test_a_click_leaves_a_step_out_and_the_answer_follows(
    draw_page: DrawPage, qtbot: QtBot, program: Program
) -> None:
    draw_by_mouse(draw_page.pad, SMALL_TWO)
    assert answer_to(draw_page, qtbot) == "2"
    raster = draw_page.pad.raster()
    QTest.mouseClick(frame_of(draw_page, "square"), Qt.MouseButton.LeftButton)
    answer_to(draw_page, qtbot)
    wanted = prepare(raster, without=["square"]).picture
    np.testing.assert_array_equal(network_gets(draw_page), wanted)
    assert not np.array_equal(wanted, prepare(raster).picture)
    assert program.core.classifier is not None
    again = program.core.classifier.answer(wanted)
    assert again.confidence == pytest.approx(draw_page.panel.property("confidence"), abs=1e-5)

    box = frame_of(draw_page, "square")
    assert not box.isChecked()
    assert box.accessibleName().endswith("off")
    assert "(off)" in draw_page.strip.accessibleDescription()
    assert draw_page.panel.hint.text() == "Box is off: size and place matter"
    QTest.mouseClick(box, Qt.MouseButton.LeftButton)
    assert answer_to(draw_page, qtbot) == "2"
    np.testing.assert_array_equal(network_gets(draw_page), prepare(raster).picture)


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_the_keyboard_switches_too(draw_page: DrawPage, qtbot: QtBot, key: Qt.Key) -> None:
    draw_by_mouse(draw_page.pad, SMALL_TWO)
    answer_to(draw_page, qtbot)
    frame = frame_of(draw_page, "centred")
    frame.setFocus(Qt.FocusReason.TabFocusReason)
    assert frame.hasFocus()
    QTest.keyClick(frame, key)
    answer_to(draw_page, qtbot)
    assert draw_page.strip.left_out == {"centred"}
    assert frame.hasFocus(), "the focus stays where it was"


def test_every_step_but_the_ink_can_be_reached_and_says_what_it_is(
    draw_page: DrawPage, qtbot: QtBot
) -> None:
    draw_by_mouse(draw_page.pad, SMALL_TWO)
    answer_to(draw_page, qtbot)
    ink, *others = draw_page.strip.frames
    assert not ink.isEnabled()
    assert [frame.isEnabled() for frame in others] == [True] * len(others)
    assert all(frame.accessibleName().endswith(", on") for frame in others)
    assert all(frame.focusPolicy() & Qt.FocusPolicy.TabFocus for frame in others)


def test_a_link_takes_all_steps_again(draw_page: DrawPage, qtbot: QtBot) -> None:
    draw_by_mouse(draw_page.pad, SMALL_TWO)
    answer_to(draw_page, qtbot)
    link = draw_page.findChild(QPushButton, "all_steps_on")
    assert not link.isVisible()
    for name in ("square", "small", "centred"):
        frame_of(draw_page, name).click()
        answer_to(draw_page, qtbot)
    assert draw_page.panel.hint.text() == "Box, 20×20 and Centred are off", "called as before"
    assert draw_page.panel.hint.level is None
    draw_page.pad.clear()
    assert link.isVisible(), "also on blank paper"
    link.click()
    assert not link.isVisible()
    assert draw_page.panel.hint.text() == ""
    draw_by_mouse(draw_page.pad, SMALL_TWO)
    assert answer_to(draw_page, qtbot) == "2"
    assert draw_page.strip.left_out == frozenset()


def test_a_step_that_is_off_looks_so_without_colour(draw_page: DrawPage, qtbot: QtBot) -> None:
    draw_by_mouse(draw_page.pad, SMALL_TWO)
    answer_to(draw_page, qtbot)
    frame = frame_of(draw_page, "full")
    before = frame.grab().toImage()
    frame.click()
    answer_to(draw_page, qtbot)
    after = frame.grab().toImage()
    caption = range(int(frame.side) + 3, frame.height())
    changed = [
        (x, y)
        for y in caption
        for x in range(frame.width())
        if before.pixel(x, y) != after.pixel(x, y)
    ]
    assert changed, "the tick is gone and a word has come"


def test_another_recipe_begins_with_all_steps(
    draw_page: DrawPage, qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    draw_by_mouse(draw_page.pad, SMALL_TWO)
    answer_to(draw_page, qtbot)
    frame_of(draw_page, "square").click()
    answer_to(draw_page, qtbot)
    weights = np.random.default_rng(0).normal(0, 1, (784, 10))
    model = tmp_path / "other.onnx"
    model.write_bytes(linear_model(weights, contract=contract_for(weights, ink_recipe="emnist")))
    program.core.open_model(model)
    qtbot.waitUntil(lambda: program.core.classifier.path == model)
    answer_to(draw_page, qtbot)
    assert draw_page.strip.left_out == frozenset()
    wanted = prepare(draw_page.pad.raster(), "emnist").picture
    qtbot.waitUntil(lambda: np.array_equal(network_gets(draw_page), wanted))


def test_the_remark_follows_the_drawing(draw_page: DrawPage, qtbot: QtBot) -> None:
    hint = draw_page.panel.hint
    assert (hint.text(), hint.level) == ("", None)
    draw_by_mouse(draw_page.pad, SMALL_TWO)
    answer_to(draw_page, qtbot)
    assert (hint.text(), hint.level) == ("Like the training data", Level.LIKE)
    assert hint.accessibleDescription() == hint.text()
    draw_page.pad.clear()
    assert (hint.text(), hint.level) == ("", None)
    bars = [np.array([[x, 0.2], [x, 0.8]], np.float32) for x in (0.2, 0.7)]
    draw_by_mouse(draw_page.pad, bars)
    answer_to(draw_page, qtbot)
    assert hint.text().startswith("Separate things")
    assert hint.level is Level.UNLIKE


def test_a_hidden_strip_shows_the_newest_drawing_when_it_is_opened(
    draw_page: DrawPage, qtbot: QtBot
) -> None:
    draw_page.drawer.show_view("why")
    assert not draw_page.strip.isVisible()
    draw_by_mouse(draw_page.pad, SMALL_TWO)
    answer_to(draw_page, qtbot)
    assert draw_page.strip.frames == [], "nothing is painted for nobody"
    draw_page.drawer.show_view("steps")
    large = draw_page.strip.frames[-1].step
    assert large is not None
    np.testing.assert_array_equal(large.picture, prepare(draw_page.pad.raster()).picture)
