"""Newest wins, one in flight, nothing out of date."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Prediction
from mnist_desktop.inference.contract import Contract
from mnist_desktop.inference.ink import InkSteps, prepare
from mnist_desktop.ui.workers import Answer, PredictionWorker

RASTER = np.zeros((56, 56), np.uint8)
RASTER[10:40, 20:30] = 255


class SlowClassifier:
    """Answers only when it is let, and counts how often it was asked at once."""

    def __init__(self, *, best: int = 3) -> None:
        self.contract = Contract(tuple("0123456789"), "input", "logits")
        self.let = threading.Semaphore(0)
        self.asked = 0
        self.at_once = 0
        self.most_at_once = 0
        self.best = best

    def prepare(self, raster: np.ndarray, *, without: Collection[str] = ()) -> InkSteps:
        return prepare(raster, without=without)

    def answer(self, image: np.ndarray) -> Prediction:
        self.asked += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        assert self.let.acquire(timeout=10)
        self.at_once -= 1
        return Prediction(np.eye(10, dtype=np.float32)[self.best], self.contract.class_names)


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[PredictionWorker]:
    made = PredictionWorker()
    yield made
    made.stop()


def collected(worker: PredictionWorker) -> list[Answer]:
    answers: list[Answer] = []
    worker.answered.connect(answers.append)
    return answers


def test_of_those_that_wait_only_the_newest_is_answered(
    worker: PredictionWorker, qtbot: QtBot
) -> None:
    slow, answers = SlowClassifier(), collected(worker)
    worker.set_classifier(slow)  # type: ignore[arg-type]
    worker.request(RASTER, 1)
    qtbot.waitUntil(lambda: slow.asked == 1)
    for number in range(2, 50):
        worker.request(RASTER, number)
    slow.let.release(2)
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert [answer.request for answer in answers] == [1, 49]
    assert slow.most_at_once == 1
    assert slow.asked == 2


def test_an_answer_of_an_earlier_classifier_is_dropped(
    worker: PredictionWorker, qtbot: QtBot
) -> None:
    old, new, answers = SlowClassifier(best=1), SlowClassifier(best=2), collected(worker)
    worker.set_classifier(old)  # type: ignore[arg-type]
    worker.request(RASTER, 1)
    qtbot.waitUntil(lambda: old.asked == 1)
    worker.set_classifier(new)  # type: ignore[arg-type]
    worker.request(RASTER, 2)
    old.let.release()
    new.let.release()
    qtbot.waitUntil(lambda: len(answers) > 0)
    assert [(a.request, a.prediction.label) for a in answers if a.prediction] == [(2, "2")]


def test_blank_paper_does_not_ask_the_classifier(worker: PredictionWorker, qtbot: QtBot) -> None:
    slow = SlowClassifier()
    worker.set_classifier(slow)  # type: ignore[arg-type]
    with qtbot.waitSignal(worker.answered) as got:
        worker.request(np.zeros((56, 56), np.uint8), 1)
    assert got.args[0].prediction.is_empty
    assert slow.asked == 0


def test_without_a_classifier_there_are_the_steps_only(
    worker: PredictionWorker, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(worker.answered) as got:
        worker.request(RASTER, 1)
    assert got.args[0].prediction is None
    assert got.args[0].steps.picture.shape == (28, 28)


def test_a_failure_is_told_and_the_next_request_is_answered(
    worker: PredictionWorker, qtbot: QtBot
) -> None:
    class Broken(SlowClassifier):
        def answer(self, image: np.ndarray) -> Prediction:
            raise UserError("the model failed")

    worker.set_classifier(Broken())  # type: ignore[arg-type]
    with qtbot.waitSignal(worker.failed) as told:
        worker.request(RASTER, 1)
    assert told.args[0] == 1
    worker.set_classifier(None)
    with qtbot.waitSignal(worker.answered):
        worker.request(RASTER, 2)


def test_stopping_waits_for_the_answer_in_flight(worker: PredictionWorker, qtbot: QtBot) -> None:
    slow = SlowClassifier()
    worker.set_classifier(slow)  # type: ignore[arg-type]
    worker.request(RASTER, 1)
    qtbot.waitUntil(lambda: slow.asked == 1)
    threading.Timer(0.05, slow.let.release).start()
    worker.stop()
    assert slow.at_once == 0
