"""Models in the real window: opened, refused, remembered, and those that came along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from mnist_desktop.inference import classifier as classifier_module
from mnist_desktop.inference.classifier import default_model_path
from mnist_desktop.ui.draw.page import DrawPage
from mnist_desktop.ui.program import Program
from mnist_desktop.ui.wiring import core
from tests.ui.helpers import a_digit, answer_to, draw_by_mouse, drop

Start = Callable[..., Program]


def test_a_file_that_is_no_model_leaves_the_model_as_it_was(
    program: Program, draw_page: DrawPage, qtbot: QtBot, tmp_path: Path
) -> None:
    before = program.core.classifier
    bad = tmp_path / "bad.onnx"
    bad.write_bytes(b"this is no model")
    drop(program.window, bad)
    qtbot.waitUntil(lambda: draw_page.message.message() != "")
    assert "bad.onnx" in draw_page.message.message()
    assert program.core.classifier is before
    assert "digits" in program.window.status_bar.model_button.text()
    draw_by_mouse(draw_page.pad, a_digit(2))
    assert answer_to(draw_page, qtbot) == "2"


def test_a_dropped_model_answers_and_is_remembered(
    program: Program, draw_page: DrawPage, qtbot: QtBot, tmp_path: Path, start: Start
) -> None:
    model = tmp_path / "数字 ディジット 숫자.onnx"
    model.write_bytes(default_model_path().read_bytes())
    draw_by_mouse(draw_page.pad, a_digit(6))
    assert answer_to(draw_page, qtbot) == "6"
    asked = draw_page.newest_request
    drop(program.window, model)
    qtbot.waitUntil(lambda: program.core.classifier.path == model)
    assert draw_page.newest_request > asked, "the new model is asked about the drawing"
    assert answer_to(draw_page, qtbot) == "6"
    assert program.settings.model == model
    program.settings.save()
    again = start(page="draw")
    qtbot.waitUntil(lambda: again.core.classifier is not None)
    assert again.core.classifier.path == model


def shipped_actions(program: Program) -> dict[str, QAction]:
    """Return what the menu of the model offers of the models that came along."""
    return {
        action.text(): action
        for action in program.menus.model_menu().actions()
        if "built in" in action.text()
    }


def test_the_models_that_came_along_are_in_the_menu(
    program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, start: Start
) -> None:
    own = tmp_path / "models" / "digits.onnx"
    own.parent.mkdir()
    own.write_bytes(default_model_path().read_bytes())
    for module in (classifier_module, core):
        monkeypatch.setattr(module, "default_model_path", lambda: own)
    assert list(shipped_actions(program)) == ["Digits (built in)"], "only what is there"
    characters = own.with_name("characters.onnx")
    characters.write_bytes(own.read_bytes())
    found = shipped_actions(program)
    assert list(found) == ["Digits (built in)", "Letters and digits (built in)"]

    found["Letters and digits (built in)"].trigger()
    qtbot.waitUntil(lambda: program.core.classifier.path == characters)
    ticked = [text for text, action in shipped_actions(program).items() if action.isChecked()]
    assert ticked == ["Letters and digits (built in)"]
    assert program.settings.recent == [], "what came along is no recent file"
    program.settings.save()
    again = start(page="draw")
    qtbot.waitUntil(lambda: again.core.classifier is not None)
    assert again.core.classifier.path == characters

    shipped_actions(program)["Digits (built in)"].trigger()
    qtbot.waitUntil(lambda: program.core.classifier.path == own)
    assert program.settings.model is None


def test_a_model_whose_contract_is_a_guess_comes_with_a_warning(
    program: Program, draw_page: DrawPage
) -> None:
    classifier = program.core.classifier
    assert "says itself" in program.window.status_bar.model_button.toolTip()
    classifier.contract = replace(classifier.contract, origin="assumed")
    program.core.models.opened.emit(classifier)
    assert "does not say" in draw_page.message.message()
    assert "guess" in program.window.status_bar.model_button.toolTip()


def test_without_any_model_the_window_opens_and_says_what_to_do(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    missing = tmp_path / "none.onnx"
    assert classifier_module.default_model_path() != missing
    monkeypatch.setattr(core, "default_model_path", lambda: missing)
    program = start(page="draw")
    page = program.window.page("draw")
    assert isinstance(page, DrawPage)
    qtbot.waitUntil(lambda: page.message.message() != "")
    assert "no model" in page.message.message()
    draw_by_mouse(page.pad, a_digit(1))
    assert answer_to(page, qtbot) == ""
    assert page.strip.steps is not None, "the ink's way is shown without a model too"
