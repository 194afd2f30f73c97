"""Going through a drawing again, in the real window."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot

from mnist_desktop.inference.classifier import Prediction
from mnist_desktop.inference.pen import draw
from mnist_desktop.inference.replay import Moment, Replay
from mnist_desktop.inference.turns import Turn
from mnist_desktop.ui.draw.history import PastedPicture
from mnist_desktop.ui.draw.page import DrawPage
from mnist_desktop.ui.draw.part_overlay import PartOverlay
from mnist_desktop.ui.draw.replay_painter import named_classes
from mnist_desktop.ui.draw.replay_view import ReplayView
from mnist_desktop.ui.draw.replay_words import moment_words, sentence, turn_words
from mnist_desktop.ui.draw.surface import RASTER, flattened
from mnist_desktop.ui.program import Program
from tests.ui.helpers import a_digit, answer_to, draw_by_mouse

Key = Qt.Key


@pytest.fixture
def view(draw_page: DrawPage, qtbot: QtBot) -> ReplayView:
    """Return the replay's view with an 8 on the pad."""
    found = draw_page.findChild(ReplayView)
    draw_page.drawer.show_view("replay")
    draw_by_mouse(draw_page.pad, a_digit(8))
    shown(found, draw_page, qtbot)
    return found


@pytest.fixture
def overlay(draw_page: DrawPage) -> PartOverlay:
    return draw_page.findChild(PartOverlay)


def shown(view: ReplayView, page: DrawPage, qtbot: QtBot) -> Replay:
    """Return the replay of what is on the pad, once it is shown."""
    count = len(page.pad.items)
    qtbot.waitUntil(
        lambda: view.replay is not None and len(view.replay.drawing) == count, timeout=20_000
    )
    answer_to(page, qtbot)
    return view.replay


def replay_of(*rows: list[float], names: str = "0123456789", sure: float = 0.5) -> Replay:
    """Return a replay with these probabilities, whose drawing does not matter."""
    moments = tuple(Moment(0, float(k + 1)) for k in range(len(rows)))
    probabilities = np.array(rows, np.float32)
    return Replay((), moments, probabilities, tuple(names[: probabilities.shape[1]]), sure)


def test_nothing_is_worked_out_while_the_view_is_hidden(draw_page: DrawPage, qtbot: QtBot) -> None:
    view = draw_page.findChild(ReplayView)
    with qtbot.assertNotEmitted(view.wanted):
        draw_by_mouse(draw_page.pad, a_digit(3))
        answer_to(draw_page, qtbot)
    assert view.replay is None
    draw_page.findChild(object, "drawer_replay").click()
    replay = shown(view, draw_page, qtbot)
    assert replay.prediction(len(replay) - 1).label == draw_page.panel.property("label")


def test_an_empty_pad_has_words_instead(draw_page: DrawPage, view: ReplayView) -> None:
    empty = draw_page.findChild(object, "replay_empty")
    assert not empty.isVisible()
    draw_page.pad.clear()
    assert view.replay is None
    assert empty.isVisible()
    assert "Draw something" in empty.text()


def test_the_slider_shows_the_moment_on_pad_and_panel(
    draw_page: DrawPage, view: ReplayView, overlay: PartOverlay, qtbot: QtBot
) -> None:
    pad, slider = draw_page.pad, view.findChild(QSlider)
    label, before = draw_page.panel.property("label"), pad.grab().toImage()
    assert slider.value() == slider.maximum()
    assert not overlay.isVisible()

    slider.setFocus()
    QTest.keyClick(slider, Key.Key_Home)
    assert overlay.isVisible()
    assert len(overlay.part) == 1
    assert pad.grab().toImage() != before
    first = view.replay.prediction(0)
    assert f"{100 * first.confidence:.1f} %" in draw_page.panel.accessibleDescription()
    assert draw_page.panel.property("label") == label, "what would be kept as right stays the 8"
    assert slider.accessibleDescription().startswith("0 %")
    assert not draw_page.panel.hint.isVisible(), "it is of the whole drawing"

    QTest.keyClick(slider, Key.Key_Right)
    assert view.index == 1
    QTest.keyClick(slider, Key.Key_Escape)
    assert view.index == slider.maximum()
    assert not overlay.isVisible()
    assert draw_page.panel.accessibleDescription().startswith(label)
    assert draw_page.panel.hint.isVisible()
    assert pad.grab().toImage() == before
    assert answer_to(draw_page, qtbot) == label


def test_the_pen_leaves_the_replay(
    draw_page: DrawPage, view: ReplayView, overlay: PartOverlay, qtbot: QtBot
) -> None:
    pad = draw_page.pad
    view.slider.setValue(3)
    assert overlay.isVisible()
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    assert not overlay.isVisible(), "the pen goes through to the pad"
    assert pad.is_drawing
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    replay = shown(view, draw_page, qtbot)
    assert view.index == len(replay) - 1
    assert draw_page.panel.prediction.confidence == pytest.approx(
        replay.prediction(view.index).confidence, abs=1e-5
    )


@pytest.mark.parametrize("way", ["undo", "clear", "steps"])
def test_other_ways_out(
    draw_page: DrawPage, view: ReplayView, overlay: PartOverlay, way: str
) -> None:
    view.slider.setValue(3)
    if way == "steps":
        draw_page.drawer.show_view("steps")
    else:
        getattr(draw_page.pad, way)()
    assert not overlay.isVisible()


def test_playing_goes_from_the_beginning_to_the_end(
    draw_page: DrawPage, view: ReplayView, overlay: PartOverlay, qtbot: QtBot
) -> None:
    view.slider.setFocus()
    QTest.keyClick(view.slider, Key.Key_Space)
    assert view.is_playing
    assert view.play_button.accessibleName() == "Pause"
    assert overlay.isVisible()
    qtbot.waitUntil(lambda: view.index > 2, timeout=10_000)
    QTest.keyClick(view.slider, Key.Key_Space)
    assert not view.is_playing
    assert 2 < view.index < view.slider.maximum()
    view.slider.setValue(view.slider.maximum() - 2)
    view.play_button.click()
    qtbot.waitUntil(lambda: not view.is_playing, timeout=10_000)
    assert view.index == view.slider.maximum()
    assert not overlay.isVisible()


def test_a_click_in_the_chart_goes_there(
    draw_page: DrawPage, view: ReplayView, overlay: PartOverlay
) -> None:
    plot = view.chart.plot()
    middle = QPoint(round(plot.x(12)), round(plot.area.center().y()))
    QTest.mouseClick(view.chart, Qt.MouseButton.LeftButton, pos=middle)
    assert view.index == 12
    assert overlay.isVisible()
    handle = view.slider.mapTo(view, QPoint(0, 0)).x()
    left = view.chart.mapTo(view, QPoint(round(plot.area.left()), 0)).x()
    assert left - handle == 8, "the slider's ends stand under the chart's"


def test_steps_that_are_off_are_off_in_the_replay(
    draw_page: DrawPage, view: ReplayView, qtbot: QtBot
) -> None:
    before = view.replay
    draw_page.drawer.show_view("steps")
    strip = draw_page.strip
    strip.switch(next(step for step in strip.steps.steps if step.name == "centred"))
    draw_page.drawer.show_view("replay")
    qtbot.waitUntil(lambda: view.replay is not before, timeout=20_000)
    answer_to(draw_page, qtbot)
    last = view.replay.prediction(len(view.replay) - 1)
    assert last.confidence == pytest.approx(draw_page.panel.prediction.confidence, abs=1e-5)
    assert last.confidence != before.prediction(len(before) - 1).confidence


def test_another_model_is_asked_anew(
    draw_page: DrawPage, view: ReplayView, program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    from tests.unit.inference.onnx_models import contract_for, linear_model

    weights = np.random.default_rng(0).normal(0, 1, (784, 3))
    path = tmp_path / "letters.onnx"
    contract = contract_for(weights, class_names=("a", "b", "c"))
    path.write_bytes(linear_model(weights, contract=contract))
    program.core.open_model(path)
    qtbot.waitUntil(lambda: view.replay.class_names == ("a", "b", "c"), timeout=20_000)
    assert view.replay.probabilities.shape[1] == 3


def test_the_flattened_stroke_leaves_the_pads_ink(draw_page: DrawPage) -> None:
    draw_by_mouse(draw_page.pad, a_digit(6))
    strokes = [flattened(item) for item in draw_page.pad.items]
    ink = draw(strokes, (RASTER, RASTER)).astype(int)
    difference = np.abs(ink - draw_page.pad.raster())
    assert (difference > 128).sum() <= 12
    assert difference.mean() < 0.3


def test_a_pasted_picture_has_its_moment(
    draw_page: DrawPage, view: ReplayView, overlay: PartOverlay, qtbot: QtBot
) -> None:
    ink = np.zeros((RASTER, RASTER), np.uint8)
    ink[100:400, 250:300] = 255
    draw_page.pad.add_item(PastedPicture(ink))
    draw_by_mouse(draw_page.pad, a_digit(1))
    replay = shown(view, draw_page, qtbot)
    index = next(k for k, m in enumerate(replay.moments) if m == Moment(2))
    view.slider.setValue(index)
    assert overlay.part[1] is draw_page.pad.items[1]
    middle = overlay.grab().toImage().pixelColor(overlay.width() // 2, overlay.height() // 2)
    assert middle.lightness() < 64, "dark ink where the picture has it"


def test_a_dot_has_one_moment(draw_page: DrawPage, view: ReplayView, qtbot: QtBot) -> None:
    pad = draw_page.pad
    pad.clear()
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    assert len(shown(view, draw_page, qtbot)) == 1
    assert not view.slider.isEnabled()
    assert not view.play_button.isEnabled()
    assert view.chart.grab().width() > 0


def test_going_back_draws_what_going_on_drew(
    draw_page: DrawPage, view: ReplayView, overlay: PartOverlay, qtbot: QtBot
) -> None:
    draw_page.pad.clear()
    ink = np.zeros((RASTER, RASTER), np.uint8)
    ink[100:400, 250:300] = 255
    draw_by_mouse(draw_page.pad, a_digit(4))
    draw_page.pad.add_item(PastedPicture(ink))
    draw_page.pad.eraser = True
    draw_by_mouse(draw_page.pad, a_digit(7))
    replay = shown(view, draw_page, qtbot)
    seen = []
    for index in range(0, len(replay) - 1, 4):
        view.slider.setValue(index)
        seen.append(overlay.grab().toImage())
    assert all(first != second for first, second in pairwise(seen))
    for index in reversed(range(0, len(replay) - 1, 4)):
        view.slider.setValue(index)
        assert overlay.grab().toImage() == seen.pop()


def test_words() -> None:
    replay = replay_of([0.4, 0.3, 0.3], [0.9, 0.1, 0], [0.5, 0.5, 0.1], [0.1, 0.9, 0], names="148")
    assert sentence(replay) == "Read as 1 from 33 % on; at 83 % the 1 becomes a 4."
    assert turn_words(Turn(0.5, "3", "8")) == "the 3 becomes an 8"
    assert moment_words(replay, 0) == "0 %: not sure, perhaps 1, 40.0 %"
    assert moment_words(replay, 3) == "100 %: 4, 90.0 %"
    assert sentence(replay_of([0.3, 0.3], [0.2, 0.3])) == (
        "The model is not sure of it at any moment."
    )
    doubtful = replay_of([1, 0], [0.4, 0.4])
    assert sentence(doubtful) == "Read as 0; in the end it is not sure."
    many = replay_of([1, 0], [0, 1], [1, 0], [0, 1], [1, 0])
    assert "it changes 4 times, last at 88 %: the 1 becomes a 0" in sentence(many)


def test_lines_with_a_name_are_those_that_were_an_answer() -> None:
    replay = replay_of([0.9, 0.1, 0], [0.2, 0.8, 0], [0.1, 0.45, 0.45], [0, 0.1, 0.9])
    assert named_classes(replay) == (2, 1, 0)
    unsure = replay_of([0.4, 0.35, 0.2], [0.3, 0.4, 0.2])
    assert set(named_classes(unsure)) == {0, 1}


def test_moments_of_nothing_have_no_words_of_an_answer() -> None:
    replay = replay_of([0.0, 0.0], [0.9, 0.1])
    assert moment_words(replay, 0) == "0 %: no ink yet"
    assert isinstance(replay.prediction(0), Prediction)
