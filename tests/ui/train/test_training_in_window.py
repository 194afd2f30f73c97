"""The real window: from the sample digits to a trained model in the pad, and its evaluation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mnist_desktop.trainer.runs import list_runs
from mnist_desktop.ui.evaluate.page import EvaluatePage
from mnist_desktop.ui.program import Program
from mnist_desktop.ui.train.controls import State
from mnist_desktop.ui.train.page import TrainPage

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def trainer(program: Program, qtbot: QtBot) -> TrainPage:
    """Return the Train page of the real window, with the sample digits open."""
    program.core.open_samples()
    qtbot.waitUntil(lambda: program.core.dataset is not None, timeout=20_000)
    page = program.window.show_page("train")
    assert isinstance(page, TrainPage)
    page.form.recipes.choose("quick")
    page.form.advanced.threads.setValue(1)
    return page


def wait_idle(qtbot: QtBot, page: TrainPage) -> None:
    qtbot.waitUntil(lambda: page.state is State.IDLE, timeout=60_000)


def test_train_use_evaluate(program: Program, trainer: TrainPage, qtbot: QtBot) -> None:
    before = program.core.classifier
    target = trainer.form.advanced.output_path()
    QTest.mouseClick(trainer.controls.start_button, LEFT)
    assert trainer.state in (State.STARTING, State.RUNNING)
    wait_idle(qtbot, trainer)
    assert trainer.message.kind == "good", trainer.message.message()
    assert target.is_file()
    qtbot.waitUntil(lambda: program.core.classifier is not before, timeout=20_000)
    assert program.core.classifier is not None
    assert program.core.classifier.path == target
    assert trainer.findChild(QWidget, "training_chart") is trainer.training_chart

    page = program.window.show_page("evaluate")
    assert isinstance(page, EvaluatePage)
    (evaluate,) = page._stack.currentWidget().buttons[:1]
    QTest.mouseClick(evaluate, LEFT)
    qtbot.waitUntil(lambda: not page.is_running, timeout=60_000)
    assert page.result.isVisible(), page.message.message()
    assert int(page.result.confusion_chart.confusion.sum()) == 2000
    first = page.result.gallery.misread
    assert first is not None
    page.show_sample_requested.emit(int(first.indices[0]) if len(first) else 0)
    assert program.window.page_name == "dataset"


def test_stop_then_resume_on_the_open_dataset(
    program: Program, trainer: TrainPage, qtbot: QtBot
) -> None:
    trainer.form.advanced.epochs.setValue(30)
    QTest.mouseClick(trainer.controls.start_button, LEFT)
    qtbot.waitUntil(lambda: len(trainer.training_chart.curves.loss.x) >= 1, timeout=60_000)
    qtbot.waitUntil(lambda: any(run.epochs_done for run in list_runs()), timeout=60_000)
    QTest.mouseClick(trainer.controls.stop_button, LEFT)
    wait_idle(qtbot, trainer)
    trainer.runs.table.selectRow(0)
    QTest.mouseClick(trainer.runs.resume_button, LEFT)
    qtbot.waitUntil(lambda: trainer.state is State.RUNNING, timeout=60_000)
    QTest.mouseClick(trainer.controls.finish_button, LEFT)
    wait_idle(qtbot, trainer)
    assert trainer.message.kind == "good", trainer.message.message()
    (run,) = list_runs()
    assert run.model is not None


def test_choices_are_there_at_the_next_start(
    start: Callable[..., Program], trainer: TrainPage, qtbot: QtBot
) -> None:
    trainer.form.advanced.seed.setValue(77)
    trainer.form.recipes.choose("thorough")
    QTest.mouseClick(trainer.controls.start_button, LEFT)
    qtbot.waitUntil(lambda: trainer.state is State.RUNNING, timeout=60_000)
    QTest.mouseClick(trainer.controls.stop_button, LEFT)
    wait_idle(qtbot, trainer)
    later = start(page="train").window.page("train")
    assert isinstance(later, TrainPage)
    assert later.form.choices() == trainer.form.choices()
    assert later.form.choices().seed == 77
