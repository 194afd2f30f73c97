"""Closing the window in the middle of a real training loses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.files import user_folder
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.trainer.progress import TrainingProgress, TrainingSettings
from mnist_desktop.trainer.recipes import RECIPES
from mnist_desktop.trainer.runs import list_runs
from mnist_desktop.ui.closing import FINISH, STOP
from mnist_desktop.ui.program import Program
from mnist_desktop.ui.settings import Settings
from mnist_desktop.ui.train.page import TrainPage


@pytest.fixture
def trained(program: Program, qtbot: QtBot, tmp_path: Path) -> Path:
    """Begin a long training on generated digits, wait for its second epoch; return its output."""
    output = tmp_path / "model.onnx"
    page = program.window.show_page("train")
    assert isinstance(page, TrainPage)
    epochs: list[int] = []

    def count(progress: TrainingProgress) -> None:
        if progress.kind == "epoch":
            epochs.append(progress.epoch)

    program.core.training.progressed.connect(count)
    page.start_requested.emit(
        TrainingSettings(sample_dataset(400), output, RECIPES["quick"], epochs=500, threads=1)
    )
    qtbot.waitUntil(lambda: len(epochs) >= 2, timeout=60_000)
    return output


def choose(program: Program, qtbot: QtBot, text: str) -> None:
    """Close the window, and press a button of the question it asks."""
    program.window.close()
    box = program.window.findChild(QMessageBox, "closing_question")
    (wanted,) = [b for b in box.findChildren(QPushButton) if b.text() == text]
    qtbot.mouseClick(wanted, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not program.window.isVisible(), timeout=60_000)


def test_stopping_keeps_a_run_to_go_on_with(program: Program, qtbot: QtBot, trained: Path) -> None:
    choose(program, qtbot, STOP)
    (run,) = list_runs()
    assert run.resumable
    assert run.epochs_done >= 2
    assert not trained.exists(), "no model is written that was not finished"
    assert not list(user_folder().rglob("*.part"))


def test_finishing_writes_the_model_and_uses_it_next_time(
    program: Program, qtbot: QtBot, trained: Path
) -> None:
    choose(program, qtbot, FINISH)
    assert len(Classifier.load(trained).contract.class_names) == 10
    assert Settings().model == trained
