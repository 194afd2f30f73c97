"""A real training on generated digits, through the page and the job runner, and its run after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.progress import Request
from mnist_desktop.trainer.job import resume_settings, train
from mnist_desktop.trainer.progress import TrainingSettings
from mnist_desktop.trainer.runs import list_runs
from mnist_desktop.ui.train.controls import State
from mnist_desktop.ui.train.page import TrainPage
from mnist_desktop.ui.train.run_actions import DELETE, KEEP
from mnist_desktop.ui.workers import JobRunner

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def runner(qtbot: QtBot, page: TrainPage, digits: Dataset) -> Iterator[JobRunner]:
    """Return a runner wired to the page as the window does it."""
    made = JobRunner()

    def run(settings: TrainingSettings) -> None:
        made.start(lambda: train(settings))

    page.start_requested.connect(run)
    page.resume_requested.connect(lambda folder: run(resume_settings(folder, digits)))
    page.pause_requested.connect(lambda pause: made.pause() if pause else made.resume())
    page.finish_epoch_requested.connect(lambda: made.send(Request.FINISH_EPOCH))
    page.stop_requested.connect(made.cancel)
    made.started.connect(page.on_started)
    made.progressed.connect(page.on_progress)
    made.paused.connect(page.on_paused)
    made.finished.connect(page.on_finished)
    made.failed.connect(page.on_failed)
    made.cancelled.connect(page.on_cancelled)
    page.set_dataset(digits)
    page.form.recipes.choose("quick")
    page.form.advanced.threads.setValue(1)
    yield made
    assert made.wait_closed()


def wait_idle(qtbot: QtBot, page: TrainPage) -> None:
    qtbot.waitUntil(lambda: page.state is State.IDLE, timeout=60_000)


def press(qtbot: QtBot, page: TrainPage, text: str) -> None:
    """Click the button of the message that has this text, as soon as it is there."""

    def found() -> list[QPushButton]:
        buttons = page.message.findChildren(QPushButton)
        return [b for b in buttons if b.text() == text and b.isVisible()]

    qtbot.waitUntil(lambda: len(found()) == 1)
    qtbot.mouseClick(found()[0], LEFT)


def test_train_then_see_the_run_and_delete_it(
    qtbot: QtBot, page: TrainPage, runner: JobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.form.advanced.epochs.setValue(2)
    page.form.advanced.validation.setValue(20)
    qtbot.mouseClick(page.controls.start_button, LEFT)
    wait_idle(qtbot, page)
    assert page.message.kind == "good", page.message.message()
    assert page.training_chart.curves.accuracy.epochs == [1, 2]
    assert len(page.training_chart.curves.loss.x) >= 2
    (run,) = page.runs.runs
    assert page.runs.current() == run
    assert run.model is not None

    with qtbot.waitSignal(page.use_model_requested) as used:
        qtbot.mouseClick(page.runs.use_button, LEFT)
    assert used.args == [run.model]
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    qtbot.mouseClick(page.runs.folder_button, LEFT)
    assert [Path(url.toLocalFile()) for url in opened] == [run.folder]

    qtbot.mouseClick(page.runs.delete_button, LEFT)
    assert run.name in page.message.message()
    press(qtbot, page, KEEP)
    assert run.folder.is_dir()
    qtbot.mouseClick(page.runs.delete_button, LEFT)
    press(qtbot, page, DELETE)
    assert not run.folder.exists()
    assert page.runs.runs == []


def test_stop_after_an_epoch_then_resume(qtbot: QtBot, page: TrainPage, runner: JobRunner) -> None:
    page.form.advanced.epochs.setValue(40)
    page.form.advanced.validation.setValue(20)
    qtbot.mouseClick(page.controls.start_button, LEFT)
    qtbot.waitUntil(lambda: len(page.training_chart.curves.accuracy.points) >= 1, timeout=60_000)
    qtbot.mouseClick(page.controls.stop_button, LEFT)
    wait_idle(qtbot, page)
    (run,) = page.runs.runs
    assert run.resumable
    assert run.model is None
    page.runs.table.selectRow(0)
    assert page.training_chart.curves.accuracy.epochs == list(range(1, run.epochs_done + 1))
    assert page.figures.value("epoch") == f"{run.epochs_done} of 40"
    assert not page.runs.use_button.isEnabled()

    qtbot.mouseClick(page.runs.resume_button, LEFT)
    qtbot.waitUntil(
        lambda: len(page.training_chart.curves.accuracy.points) > run.epochs_done, timeout=60_000
    )
    assert page.training_chart.curves.accuracy.epochs[0] == 1
    qtbot.mouseClick(page.controls.finish_button, LEFT)
    wait_idle(qtbot, page)
    assert "early" in page.message.message()
    (run,) = list_runs()
    assert run.model is not None
    assert run.epochs_done < 40


def test_a_failing_training_is_told(
    qtbot: QtBot, page: TrainPage, runner: JobRunner, tmp_path: Path
) -> None:
    page.form.advanced.output.setText(str(tmp_path / "later" / "m.onnx"))
    (tmp_path / "later").write_bytes(b"in the way")
    # The file came after the form was checked: only the training itself can notice.
    page.form.fault = lambda: ""  # type: ignore[method-assign]
    qtbot.mouseClick(page.controls.start_button, LEFT)
    wait_idle(qtbot, page)
    assert page.message.kind == "bad"
    assert "could not be" in page.message.message()
