"""What tests of the train page do with it, as a person would."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mnist_desktop.files import user_folder
from mnist_desktop.trainer.progress import TrainingResult, TrainingSettings
from mnist_desktop.ui.train.page import TrainPage

LEFT = Qt.MouseButton.LeftButton


def click(qtbot: QtBot, button: QPushButton) -> None:
    """Click a button that is to be seen and can be pressed."""
    assert button.isVisible()
    assert button.isEnabled()
    qtbot.mouseClick(button, LEFT)


def start(qtbot: QtBot, page: TrainPage) -> TrainingSettings:
    """Press Start and return what is asked for."""
    with qtbot.waitSignal(page.start_requested) as asked:
        click(qtbot, page.controls.start_button)
    settings: TrainingSettings = asked.args[0]
    return settings


def result(**changed: object) -> TrainingResult:
    """Return how a training ended."""
    model, run = user_folder() / "models" / "m.onnx", user_folder() / "runs" / "r"
    usual = TrainingResult(model, run, 3, 2, 1234, 12.3, 0.9, 0.9876, False)
    return replace(usual, **changed)  # type: ignore[arg-type]
