"""Saying what a drawing was, and teaching the model a hand, in the real window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import NONE_OF_THEM, open_dataset
from mnist_desktop.inference.drawing import Drawing
from mnist_desktop.inference.ink import prepare
from mnist_desktop.inference.own_drawings import DRAWINGS, IMAGES, OwnDrawings
from mnist_desktop.trainer.teaching import Lesson, Score, Taught
from mnist_desktop.ui.dataset.page import DatasetPage
from mnist_desktop.ui.draw.page import DrawPage
from mnist_desktop.ui.program import Program
from mnist_desktop.ui.wiring import teaching
from mnist_desktop.ui.wiring.own import OwnWiring
from tests.ui.helpers import a_digit, answer_to, draw_by_mouse
from tests.unit.inference.onnx_models import contract_for, linear_model

Key, Alt = Qt.Key, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def own(program: Program, qtbot: QtBot) -> Iterator[OwnWiring]:
    """Return the wiring, once it has looked for drawings; it has done everything at the end."""
    qtbot.waitUntil(lambda: not program.own.files.is_busy, timeout=20_000)
    yield program.own
    program.own.files.finish()


def drawings(home: Path) -> tuple[Drawing, ...]:
    return OwnDrawings(home / "drawings").read().drawings


def draw(page: DrawPage, qtbot: QtBot, digit: int, *, seed: int = 1) -> None:
    page.pad.clear()
    draw_by_mouse(page.pad, a_digit(digit, seed=seed))
    answer_to(page, qtbot)


def settle(own: OwnWiring, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not own.files.is_busy, timeout=20_000)


def test_one_click_keeps_the_answer_that_is_shown(
    draw_page: DrawPage, own: OwnWiring, qtbot: QtBot, home: Path
) -> None:
    assert not own.row.right.isEnabled()
    draw(draw_page, qtbot, 3)
    qtbot.mouseClick(own.row.right, Qt.MouseButton.LeftButton)
    settle(own, qtbot)
    (kept,) = drawings(home)
    assert (kept.label, kept.answer, kept.raster) == ("3", "3", 560)
    np.testing.assert_array_equal(kept.picture, prepare(draw_page.pad.raster()).picture)
    assert len(kept.strokes) == len(draw_page.pad.items)
    assert own.row.told.full_text() == "Kept as 3"
    assert open_dataset(home / "drawings" / IMAGES).labels.tolist() == [3]
    qtbot.mouseClick(own.row.back, Qt.MouseButton.LeftButton)
    settle(own, qtbot)
    assert drawings(home) == ()
    assert not own.row.is_kept
    assert own.row.right.isEnabled()


def test_keys_say_what_it_was_and_take_it_back(
    draw_page: DrawPage, own: OwnWiring, qtbot: QtBot, home: Path
) -> None:
    draw(draw_page, qtbot, 1)
    draw_page.pad.setFocus()
    for key, label in ((Key.Key_7, "7"), (Key.Key_N, NONE_OF_THEM)):
        QTest.keyClick(draw_page.pad, key, Alt)
        settle(own, qtbot)
        assert [d.label for d in drawings(home)] == [label], "a correction takes the first's place"
    QTest.keyClick(draw_page.pad, Key.Key_Backspace, Alt)
    settle(own, qtbot)
    assert drawings(home) == ()
    assert draw_page.pad.items, "the drawing itself stays"
    QTest.keyClick(draw_page.pad, Key.Key_Return, Alt)
    settle(own, qtbot)
    assert [d.label for d in drawings(home)] == ["1"]


def test_another_stroke_makes_it_another_drawing(
    draw_page: DrawPage, own: OwnWiring, qtbot: QtBot, home: Path
) -> None:
    draw(draw_page, qtbot, 1)
    own.row.named.emit("1")
    settle(own, qtbot)
    assert own.row.is_kept
    draw(draw_page, qtbot, 4)
    assert not own.row.is_kept
    own.row.named.emit("4")
    settle(own, qtbot)
    assert [d.label for d in drawings(home)] == ["1", "4"]


def test_a_blank_pad_is_nothing_to_keep(
    draw_page: DrawPage, own: OwnWiring, qtbot: QtBot, home: Path
) -> None:
    draw_page.pad.setFocus()
    for key in (Key.Key_7, Key.Key_N, Key.Key_Return, Key.Key_Backspace):
        QTest.keyClick(draw_page.pad, key, Alt)
    settle(own, qtbot)
    assert not (home / "drawings").exists()


def test_the_menu_has_the_classes_of_the_model(
    draw_page: DrawPage, own: OwnWiring, program: Program, qtbot: QtBot, tmp_path: Path, home: Path
) -> None:
    names = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    weights = np.random.default_rng(0).normal(0, 1, (784, 26))
    model = tmp_path / "letters.onnx"
    model.write_bytes(linear_model(weights, contract=contract_for(weights, class_names=names)))
    program.core.open_model(model)
    qtbot.waitUntil(lambda: program.core.classifier.path == model, timeout=20_000)
    parts = [action.menu() for action in own.row.menu.actions() if action.menu()]
    assert "".join(a.text() for part in parts for a in part.actions()) == "".join(names)
    draw(draw_page, qtbot, 0)
    parts[1].actions()[2].trigger()
    settle(own, qtbot)
    assert [d.label for d in drawings(home)] == ["O"]
    dataset = open_dataset(home / "drawings" / IMAGES)
    assert dataset.class_name(0) == "O"


def test_what_was_said_is_kept_when_the_window_closes_at_once(
    draw_page: DrawPage, own: OwnWiring, program: Program, qtbot: QtBot, home: Path
) -> None:
    draw(draw_page, qtbot, 5)
    for label in "567":
        own.keep(label)
    program.window.close()
    qtbot.waitUntil(lambda: not program.window.isVisible(), timeout=20_000)
    assert [d.label for d in drawings(home)] == ["7"], "the same drawing, corrected twice"


def test_they_are_seen_on_the_dataset_page(
    draw_page: DrawPage, own: OwnWiring, program: Program, qtbot: QtBot
) -> None:
    for digit in (2, 8):
        draw(draw_page, qtbot, digit)
        own.row.named.emit(str(digit))
        settle(own, qtbot)
    page = cast("DatasetPage", program.window.show_page("dataset"))
    settle(own, qtbot)
    action = next(a for a in page.bar.menu.actions() if a.objectName() == "my_drawings")
    assert action.text() == "My drawings (2)"
    action.trigger()
    qtbot.waitUntil(lambda: page.dataset is not None, timeout=20_000)
    assert page.dataset.labels.tolist() == [2, 8]


def test_a_damaged_file_is_told_and_kept_aside(
    start: Callable[..., Program], qtbot: QtBot, home: Path
) -> None:
    (home / "drawings").mkdir()
    (home / "drawings" / DRAWINGS).write_bytes(b"\x00\x01no drawings\n")
    program = start(page="draw")
    page = cast("DrawPage", program.window.page("draw"))
    qtbot.waitUntil(lambda: "put in order" in page.message.message(), timeout=20_000)
    aside = home / "drawings" / f"damaged-1-{DRAWINGS}"
    assert aside.read_bytes() == b"\x00\x01no drawings\n"


def kept_some(own: OwnWiring, page: DrawPage, qtbot: QtBot, count: int) -> None:
    for digit in range(count):
        draw(page, qtbot, digit % 10)
        own.row.named.emit(str(digit % 10))
        settle(own, qtbot)


def a_lesson_of(taught: Callable[[Lesson], Taught]) -> Callable[..., object]:
    """Return a job that ends at once with what `taught` makes of its lesson."""

    def job(*given: object) -> object:
        yield from ()
        return taught(teaching.lesson_of(*given))  # type: ignore[arg-type]

    return job


def test_a_model_is_taught_judged_and_used_only_when_accepted(
    draw_page: DrawPage,
    own: OwnWiring,
    program: Program,
    qtbot: QtBot,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept_some(own, draw_page, qtbot, 2)
    path = program.core.classifier.path
    model = path.read_bytes()

    def taught(lesson: Lesson) -> Taught:
        count = len(lesson.drawings)
        own = Score(4, 2, 3)
        return Taught(model, lesson.start, count, own, Score(1000, 990, 991), "MNIST", "MNIST", 1.0)

    monkeypatch.setattr(teaching, "teach_job", a_lesson_of(taught))
    view = own.view
    for use in (False, True):
        view.teach.click()
        qtbot.waitUntil(lambda: view.taught is not None, timeout=20_000)
        assert draw_page.drawer.view_name == "yours"
        assert program.core.classifier.path == path, "nothing is replaced before it is accepted"
        words = view.result.accessibleDescription()
        assert "2 of 4 before, 3 of 4 after" in words
        assert "99.00 % before, 99.10 % after" in words
        (view.result.use if use else view.result.keep).click()
        qtbot.waitUntil(lambda: view.taught is None, timeout=20_000)
        assert (home / "models").exists() == use
    qtbot.waitUntil(lambda: program.core.classifier.name == "my hand", timeout=20_000)
    texts = [action.text() for action in program.menus.model_menu().actions()]
    assert "my hand (yours)" in texts


def test_a_model_of_others_cannot_be_taught_and_says_so(
    draw_page: DrawPage, own: OwnWiring, program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    weights = np.random.default_rng(0).normal(0, 1, (784, 10))
    model = tmp_path / "theirs.onnx"
    model.write_bytes(linear_model(weights, contract=contract_for(weights)))
    program.core.open_model(model)
    qtbot.waitUntil(lambda: program.core.classifier.path == model, timeout=20_000)
    kept_some(own, draw_page, qtbot, 1)
    program.teaching.teach()
    qtbot.waitUntil(
        lambda: "cannot be trained further" in own.view.message.message(), timeout=60_000
    )
    assert own.view.teach.isVisibleTo(own.view)


def test_teaching_can_be_stopped_from_the_status_bar(
    draw_page: DrawPage, own: OwnWiring, program: Program, qtbot: QtBot
) -> None:
    kept_some(own, draw_page, qtbot, 1)
    own.view.teach.click()
    assert program.teaching.runner.is_running
    program.window.status_bar.cancel_button.click()
    qtbot.waitUntil(lambda: not program.teaching.runner.is_running, timeout=60_000)
    assert own.view.message.message() == "Teaching was stopped"


def test_without_drawings_there_is_nothing_to_teach(own: OwnWiring, program: Program) -> None:
    assert not own.view.teach.isEnabled()
    own.row.teach_requested.emit()
    assert "no drawing to learn from" in own.view.message.message()
    assert not program.teaching.runner.is_running
