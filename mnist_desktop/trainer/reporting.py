"""Keep the figures of a fit, and put them into words of progress."""

from __future__ import annotations

import time
from collections import deque
from typing import Literal

from mnist_desktop.trainer.progress import TrainingProgress

RECENT = 200
"""Steps that the speed is averaged over: some seconds."""


class Reporter:
    """Sum up an epoch as it goes on and measure the speed.

    Parameters
    ----------
    batch, steps, epochs
        Pictures in a step, steps in an epoch, epochs in all.
    seconds
        Time that was spent before, where a fit goes on from a checkpoint.
    """

    def __init__(self, *, batch: int, steps: int, epochs: int, seconds: float) -> None:
        self._batch, self._steps, self._epochs = batch, steps, epochs
        self._begun = time.perf_counter() - seconds
        self._ticks: deque[float] = deque([time.perf_counter()], maxlen=RECENT)
        self.begin_epoch(0)

    def begin_epoch(self, epoch: int) -> None:
        """Start the sums of `epoch` from nothing."""
        self._epoch, self._step, self._loss, self._correct = epoch, 0, 0.0, 0
        self._answerable = 0
        self._rate = 0.0

    def add_step(self, loss: float, correct: int, rate: float, *, answerable: int) -> None:
        """Count one step: its mean loss, its right answers, its learning rate.

        `answerable` of its pictures are of a class; the others have no right answer.
        """
        self._step += 1
        self._loss += loss
        self._correct += correct
        self._answerable += answerable
        self._rate = rate
        self._ticks.append(time.perf_counter())

    @property
    def seconds(self) -> float:
        """Return the time of the fit so far."""
        return time.perf_counter() - self._begun

    def progress(
        self,
        kind: Literal["start", "step", "epoch"],
        *,
        done: int,
        best_epoch: int | None,
    ) -> TrainingProgress:
        """Describe the fit after `done` steps in all."""
        total = self._steps * self._epochs
        taken = self._ticks[-1] - self._ticks[0]
        speed = (len(self._ticks) - 1) * self._batch / taken if taken else 0.0
        return TrainingProgress(
            done=done,
            total=total,
            what=f"epoch {max(1, self._epoch)} of {self._epochs}",
            kind=kind,
            epoch=max(1, self._epoch),
            epochs=self._epochs,
            step=self._step,
            steps=self._steps,
            loss=self._loss / max(1, self._step),
            accuracy=self._correct / max(1, self._answerable),
            images_per_second=speed,
            seconds=self.seconds,
            seconds_left=(total - done) * self._batch / speed if speed else 0.0,
            best_epoch=best_epoch,
            learning_rate=self._rate,
        )
