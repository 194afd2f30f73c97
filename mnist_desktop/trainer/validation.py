"""Measure weights on samples the way they will be used: as the exported model."""

from __future__ import annotations

from collections.abc import Generator
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


def measure(
    weights: Weights, samples: Samples, crew: Crew
) -> Generator[int, None, tuple[float, float | None]]:
    """Measure `weights` on `samples`, some at a time.

    Parameters
    ----------
    crew
        The threads that share the work; each chunk has its own sum, so that as many or as few of
        them find the same bits.

    Yields
    ------
    int
        How many samples are measured.

    Returns
    -------
    float
        The mean cross-entropy; of an autoencoder that of a pixel.
    float or None
        The accuracy, 0 to 1; an autoencoder has none.
    """
    pictures = weights.architecture.network.is_autoencoder
    session = onnxruntime.InferenceSession(
        export_model(weights).SerializeToString(),
        session_options(),
        providers=["CPUExecutionProvider"],
    )
    begins = range(0, len(samples), CHUNK)
    loss, right = np.zeros(len(begins)), np.zeros(len(begins), np.int64)

    def answer(number: int) -> None:
        chunk = slice(begins[number], begins[number] + CHUNK)
        images = samples.images[chunk, None].astype(np.float32) / 255.0
        (logits,) = session.run([LOGITS], {INPUT: images})
        if pictures:
            loss[number] = _binary_cross_entropy(logits, images).mean(axis=(1, 2, 3)).sum()
        else:
            loss[number] = _cross_entropy(logits, samples.labels[chunk]).sum()
            right[number] = (logits.argmax(axis=1) == samples.labels[chunk]).sum()

    numbers = range(len(begins))
    for first in range(0, len(begins), crew.threads):
        together = numbers[first : first + crew.threads]
        crew.run([partial(answer, number) for number in together])
        yield min(len(samples), (together[-1] + 1) * CHUNK)
    share = float(right.sum()) / len(samples)
    return float(loss.sum()) / len(samples), None if pictures else share


def _cross_entropy(logits: NDArray[Any], labels: NDArray[np.int64]) -> NDArray[Any]:
    """Return −log softmax of the true class for each row."""
    top = logits.max(axis=1)
    total = np.log(np.exp(logits - top[:, None]).sum(axis=1)) + top
    return np.asarray(total - logits[np.arange(len(labels)), labels])


def _binary_cross_entropy(logits: NDArray[Any], targets: NDArray[Any]) -> NDArray[Any]:
    """Return −t·log σ(z) − (1 − t)·log(1 − σ(z)) of each pixel."""
    tail = np.log1p(np.exp(-np.abs(logits)))
    return np.asarray(np.maximum(logits, 0.0) - logits * targets + tail)
