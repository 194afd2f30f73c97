"""Live prediction: newest wins, one in flight, beside the window."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from mnist_desktop.inference.classifier import Classifier, Prediction
from mnist_desktop.inference.ink import InkSteps, prepare
from mnist_desktop.inference.likeness import Likeness, measure


@dataclass(frozen=True, eq=False)
class Answer:
    """What the worker made of one raster.

    Parameters
    ----------
    request
        The number the raster was sent with.
    steps
        The way from the raster to the picture the network gets.
    prediction
        What the classifier says, None where there is no classifier; empty for a blank raster.
    seconds
        How long it took, from taking up the request to the answer.
    likeness
        How much the picture is like those the model was trained on; None for a blank raster, or
        where nothing is known of those.
    """

    request: int
    steps: InkSteps
    prediction: Prediction | None
    seconds: float
    likeness: Likeness | None = None


class PredictionWorker(QObject):
    """Answer rasters in a thread of its own, the newest first.

    One request is in flight; of those that wait only the newest is kept. An answer that was
    begun with another classifier is dropped. `answered` carries an `Answer`, `failed` the number
    of the request and the exception; both arrive in the thread of this object, in order.
    """

    answered = Signal(object)
    failed = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = _PredictionThread()
        self._thread.answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)
        self._thread.failed.connect(self.failed, Qt.ConnectionType.QueuedConnection)

    def set_classifier(self, classifier: Classifier | None) -> None:
        """Answer by `classifier` from now on; without one there are ink steps only."""
        self._thread.set_classifier(classifier)

    @Slot(object, int)
    @Slot(object, int, object)
    def request(
        self, raster: np.ndarray, number: int, without: frozenset[str] = frozenset()
    ) -> None:
        """Have a raster answered, in place of one that still waits.

        Parameters
        ----------
        raster
            (h, w) uint8, ink high; not changed afterwards by the caller.
        number
            Higher than any before it.
        without
            Names of the ink recipe's steps to leave out.
        """
        self._thread.put(raster, number, without)
        if not self._thread.isRunning():
            self._thread.start()

    def stop(self) -> None:
        """End the thread, and wait for it; at most one answer is still being worked out."""
        self._thread.stop()
        self._thread.wait()

    @Slot(object, object)
    def _on_answered(self, classifier: Classifier | None, answer: Answer) -> None:
        """Pass on an answer unless another classifier has been chosen since."""
        if classifier is self._thread.classifier:
            self.answered.emit(answer)


class _PredictionThread(QThread):
    """Take the waiting request, answer it, and look again."""

    answered = Signal(object, object)
    failed = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()
        self._waiting: tuple[np.ndarray, int, frozenset[str]] | None = None
        self._stopped = False
        self.classifier: Classifier | None = None

    def set_classifier(self, classifier: Classifier | None) -> None:
        """Answer by `classifier` from the next request on."""
        with self._changed:
            self.classifier = classifier

    def put(self, raster: np.ndarray, number: int, without: frozenset[str]) -> None:
        """Leave a request, in place of the one that waits."""
        with self._changed:
            self._waiting = (raster, number, without)
            self._changed.notify_all()

    def stop(self) -> None:
        """Have `run` return after the request in flight."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def run(self) -> None:
        """Answer until told to stop."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopped or self._waiting is not None)
                if self._stopped or self._waiting is None:
                    return
                (raster, number, without), self._waiting = self._waiting, None
                classifier = self.classifier
            try:
                answer = _answer(classifier, raster, number=number, without=without)
                self.answered.emit(classifier, answer)
            except Exception as error:
                self.failed.emit(number, error)


def _answer(
    classifier: Classifier | None,
    raster: np.ndarray,
    *,
    number: int,
    without: frozenset[str] = frozenset(),
) -> Answer:
    """Prepare a raster as the classifier wants it, and ask the classifier."""
    began = time.perf_counter()
    if classifier is None:
        recipe, prediction = "mnist", None
        steps = prepare(raster, without=without)
    else:
        recipe = classifier.contract.ink_recipe
        steps = classifier.prepare(raster, without=without)
        prediction = (
            Prediction.empty(classifier.contract.class_names)
            if steps.empty
            else classifier.answer(steps.picture)
        )
    likeness = measure(steps, recipe)
    return Answer(number, steps, prediction, time.perf_counter() - began, likeness)
