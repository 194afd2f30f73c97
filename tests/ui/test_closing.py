"""The window goes only when everything that runs has ended."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from mnist_desktop.inference.classifier import default_model_path
from mnist_desktop.progress import Job, Progress, Request
from mnist_desktop.ui.closing import FINISH, GO_ON, STOP
from mnist_desktop.ui.program import Program


class Training:
    """Work that goes on until it is asked to finish, or closed."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.end = ""

    def job(self) -> Job[SimpleNamespace]:
        step = 0
        try:
            while True:
                self.begun.set()
                step += 1
                request = yield Progress(step, 0, "epoch 1 of 3")
                if request is Request.FINISH_EPOCH:
                    self.end = "finished"
                    return SimpleNamespace(model=default_model_path(), decoder=None)
        except GeneratorExit:
            self.end = "closed"
            raise


@pytest.fixture
def training(program: Program, qtbot: QtBot) -> Training:
    work = Training()
    program.core.training.start(work.job)
    qtbot.waitUntil(work.begun.is_set)
    return work


def question(program: Program, qtbot: QtBot) -> QMessageBox:
    """Return the question that closing the window asks."""
    program.window.close()
    box = program.window.findChild(QMessageBox, "closing_question")
    assert box is not None
    assert program.window.isVisible()
    return box


def press(qtbot: QtBot, box: QMessageBox, text: str) -> None:
    (wanted,) = [b for b in box.findChildren(QPushButton) if b.text() == text]
    qtbot.mouseClick(wanted, Qt.MouseButton.LeftButton)


def test_a_quiet_window_closes_at_once(program: Program, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not program.core.jobs.running())
    program.window.close()
    assert not program.window.isVisible()


def test_going_on_keeps_window_and_training(
    program: Program, training: Training, qtbot: QtBot
) -> None:
    press(qtbot, question(program, qtbot), GO_ON)
    assert program.window.isVisible()
    assert program.core.training.is_running
    assert not program.core.closing.is_closing


def test_stopping_closes_the_job_before_the_window(
    program: Program, training: Training, qtbot: QtBot
) -> None:
    press(qtbot, question(program, qtbot), STOP)
    qtbot.waitUntil(lambda: not program.window.isVisible())
    assert training.end == "closed"
    assert not program.core.training.is_running


@pytest.mark.parametrize("paused", [False, True])
def test_finishing_keeps_the_result(
    program: Program, training: Training, qtbot: QtBot, *, paused: bool
) -> None:
    results: list[object] = []
    program.core.training.finished.connect(results.append)
    if paused:
        program.core.training.pause()
    press(qtbot, question(program, qtbot), FINISH)
    assert program.window.status_bar.job_button.text().startswith("Closing")
    qtbot.waitUntil(lambda: not program.window.isVisible())
    assert training.end == "finished"
    assert len(results) == 1


def test_closing_twice_asks_once(program: Program, training: Training, qtbot: QtBot) -> None:
    question(program, qtbot)
    program.window.close()
    assert len(program.window.findChildren(QMessageBox, "closing_question")) == 1


def test_a_training_that_ends_takes_the_question_back(
    program: Program, training: Training, qtbot: QtBot
) -> None:
    question(program, qtbot)
    program.core.training.send(Request.FINISH_EPOCH)
    qtbot.waitUntil(lambda: not program.window.isVisible())
    assert training.end == "finished"


def test_other_jobs_are_cancelled_without_a_question(program: Program, qtbot: QtBot) -> None:
    reading = Training()
    program.core.datasets.open(reading.job)
    qtbot.waitUntil(reading.begun.is_set)
    program.window.close()
    assert program.window.findChild(QMessageBox, "closing_question") is None
    qtbot.waitUntil(lambda: not program.window.isVisible())
    assert reading.end == "closed"


def test_the_status_bar_shows_and_cancels_the_job(
    program: Program, training: Training, qtbot: QtBot
) -> None:
    bar = program.window.status_bar
    qtbot.waitUntil(lambda: bar.job_button.text() == "epoch 1 of 3")
    assert bar.cancel_button.isVisible()
    program.core.training.pause()
    qtbot.waitUntil(lambda: bar.job_button.text().startswith("Paused"))
    qtbot.mouseClick(bar.cancel_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: training.end == "closed")
    qtbot.waitUntil(lambda: not bar.job_button.isVisible())
