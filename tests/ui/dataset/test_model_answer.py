"""The inspector tells what the loaded model says, and never makes the window wait for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.inference.classifier import Classifier, Prediction, default_model_path
from mnist_desktop.inference.contract import ModelError
from mnist_desktop.ui.dataset.model_answer import ModelAnswer
from mnist_desktop.ui.dataset.page import DatasetPage

NAMES = tuple("0123456789")


class SlowModel:
    """Answers with the class that the first pixel tells, once it is let go."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.go = threading.Event()

    def answer(self, image: NDArray[np.uint8]) -> Prediction:
        self.asked.append(int(image[0, 0]))
        if not self.go.wait(10):
            raise TimeoutError
        if image[0, 0] == 9:
            raise ModelError("the model failed on this image")
        probabilities = np.zeros(10, np.float32)
        probabilities[image[0, 0]] = 1
        return Prediction(probabilities, NAMES)


def image(value: int) -> NDArray[np.uint8]:
    return np.full((28, 28), value, np.uint8)


@pytest.fixture
def answer(app: QApplication) -> Iterator[ModelAnswer]:
    made = ModelAnswer()
    made.show()
    yield made
    made.close_down()
    made.deleteLater()


@pytest.fixture
def slow(answer: ModelAnswer) -> Iterator[SlowModel]:
    model = SlowModel()
    answer.set_classifier(cast(Classifier, model))
    yield model
    model.go.set()


def test_without_a_model_it_says_so(answer: ModelAnswer) -> None:
    answer.set_sample(image(1), "1")
    assert answer._none.text() == "No model is loaded."
    assert answer._none.isVisible()


def test_only_the_newest_question_is_asked(
    qtbot: QtBot, answer: ModelAnswer, slow: SlowModel
) -> None:
    for value in (1, 2, 3, 4):
        answer.set_sample(image(value), str(value))
    qtbot.waitUntil(lambda: slow.asked == [1])
    with qtbot.waitSignal(answer.answered) as told:
        slow.go.set()
    assert told.args[0].label == "4"
    assert slow.asked == [1, 4]
    assert answer._verdict.text() == "✓ Reads it as 4, as labelled"


def test_another_reading_than_the_label(qtbot: QtBot, answer: ModelAnswer, slow: SlowModel) -> None:
    slow.go.set()
    with qtbot.waitSignal(answer.answered):
        answer.set_sample(image(3), "5")
    assert answer._verdict.text() == "≠ Reads it as 3; its label, 5, gets 0.0 %"
    assert answer._verdict.property("role") == "careful"
    with qtbot.waitSignal(answer.answered):
        answer.set_sample(image(3), "Ankle boot")
    told = "Reads it as 3, 100.0 %; “Ankle boot” is none of its classes"
    assert answer._verdict.text() == told
    assert answer._verdict.property("role") == ""
    with qtbot.waitSignal(answer.answered):
        answer.set_sample(image(3), "")
    assert answer._verdict.text() == "Reads it as 3, 100.0 %"


def test_a_letter_that_the_model_reads_as_its_capital_is_read_right(
    qtbot: QtBot, answer: ModelAnswer, slow: SlowModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow.go.set()
    prediction = Prediction(np.array([0.1, 0.9], np.float32), ("a", "C"))
    monkeypatch.setattr(slow, "answer", lambda image: prediction)
    for label, told in (
        ("c", "✓ Reads it as C, as labelled"),
        ("A", "Reads it as C, 90.0 %; “A” is none of its classes"),
    ):
        with qtbot.waitSignal(answer.answered):
            answer.set_sample(image(3), label)
        assert answer._verdict.text() == told


def test_failure_of_the_model_is_told(qtbot: QtBot, answer: ModelAnswer, slow: SlowModel) -> None:
    slow.go.set()
    answer.set_sample(image(9), "9")
    qtbot.waitUntil(lambda: "failed on this image" in answer._none.text())


def test_closing_waits_for_the_question_on_its_way(answer: ModelAnswer, slow: SlowModel) -> None:
    answer.set_sample(image(1), "1")
    threading.Timer(0.05, slow.go.set).start()
    answer.close_down()
    assert not answer._runner.is_running


def test_shipped_model_reads_the_sample_in_the_inspector(qtbot: QtBot, page: DatasetPage) -> None:
    dataset = sample_dataset(50, seed=4)
    page.set_dataset(dataset)
    page.set_classifier(Classifier.load(default_model_path()))
    right = 0
    for index in range(20):
        if page.grid.current_index() == index:
            qtbot.waitUntil(lambda: page.inspector.answer._verdict.isVisible())
        else:
            with qtbot.waitSignal(page.inspector.answer.answered):
                page.go_to(index)
        right += page.inspector.answer._verdict.text().startswith("✓")
    assert right >= 17
