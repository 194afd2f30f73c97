"""Measure weights on samples the way they will be used: as the exported model."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mnist_desktop.inference.model_file import session_options
from mnist_desktop.trainer.checkpoint import Samples
from mnist_desktop.trainer.crew import Crew
from mnist_desktop.trainer.export import INPUT, LOGITS, export_model
from mnist_desktop.trainer.weights import Weights

CHUNK = 125
"""Pictures answered at once: some hundredths of a second, so that nobody waits long to stop it."""


class Measuring:
    """Measure weights on samples, some at a time: going through it does the work.

    Parameters
    ----------
    crew
        The threads that share the work; each chunk has its own sum, so that as many or as few of
        them find the same bits.

    Attributes
    ----------
    loss
        The mean cross-entropy, when all are measured; of an autoencoder that of a pixel.
    accuracy
        0 to 1, likewise; an autoencoder has none. Pictures that are of no class count for the loss
        alone.
    logits
        `(n, classes)` float32, likewise; an autoencoder has none.
    """

    def __init__(self, weights: Weights, samples: Samples, crew: Crew) -> None:
        self.loss = 0.0
        self.accuracy: float | None = None
        self._samples, self._crew = samples, crew
        self._pictures = weights.architecture.network.is_autoencoder
        self._session = onnxruntime.InferenceSession(
            export_model(weights).SerializeToString(),
            session_options(),
            providers=["CPUExecutionProvider"],
        )
        classes = weights.architecture.classes
        self._of_a_class = int(np.count_nonzero(samples.labels < classes))
        self._begins = range(0, len(samples), CHUNK)
        self._losses = np.zeros(len(self._begins))
        self._right = np.zeros(len(self._begins), np.int64)
        self.logits = np.zeros((len(samples), 0 if self._pictures else classes), np.float32)

    def __iter__(self) -> Iterator[int]:
        """Yield how many samples are measured, after each chunk for every thread."""
        count, threads = len(self._samples), self._crew.threads
        for first in range(0, len(self._begins), threads):
            together = range(len(self._begins))[first : first + threads]
            self._crew.run([partial(self._answer, number) for number in together])
            yield min(count, (together[-1] + 1) * CHUNK)
        self.loss = float(self._losses.sum()) / count
        self.accuracy = (
            None if self._pictures else float(self._right.sum()) / max(1, self._of_a_class)
        )

    def _answer(self, number: int) -> None:
        """Measure one chunk."""
        chunk = slice(self._begins[number], self._begins[number] + CHUNK)
        images = self._samples.images[chunk, None].astype(np.float32) / 255.0
        (logits,) = self._session.run([LOGITS], {INPUT: images})
        if self._pictures:
            losses = _binary_cross_entropy(logits, images).mean(axis=(1, 2, 3))
        else:
            labels = self._samples.labels[chunk]
            self.logits[chunk] = logits
            losses = cross_entropy(logits, labels)
            self._right[number] = (logits.argmax(axis=1) == labels).sum()
        self._losses[number] = losses.sum()


def cross_entropy(logits: NDArray[Any], labels: NDArray[np.int64]) -> NDArray[Any]:
    """Return −log softmax of the true class for each row, of no class its mean over all."""
    top = logits.max(axis=1)
    total = np.log(np.exp(logits - top[:, None]).sum(axis=1)) + top
    wanted = np.concatenate([logits, logits.mean(axis=1, keepdims=True)], axis=1)
    return np.asarray(total - wanted[np.arange(len(labels)), labels])


def _binary_cross_entropy(logits: NDArray[Any], targets: NDArray[Any]) -> NDArray[Any]:
    """Return −t·log σ(z) − (1 − t)·log(1 − σ(z)) of each pixel."""
    tail = np.log1p(np.exp(-np.abs(logits)))
    return np.asarray(np.maximum(logits, 0.0) - logits * targets + tail)
