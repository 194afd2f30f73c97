"""Measure weights on samples the way they will be used: as the exported model."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mnist_desktop.inference.model_file import session_options
from mnist_desktop.trainer.checkpoint import Samples
from mnist_desktop.trainer.export import INPUT, LOGITS, export_model
from mnist_desktop.trainer.weights import Weights

CHUNK = 500
"""Pictures answered at once."""


class Validator:
    """Measure weights the way they will be used: as the exported model."""

    def __init__(self, threads: int) -> None:
        self._options = session_options(threads)

    def measure(self, weights: Weights, samples: Samples) -> tuple[float, float | None]:
        """Return the mean cross-entropy of `weights` on `samples`, and the accuracy.

        Of an autoencoder the cross-entropy is that of a pixel, and there is no accuracy.
        """
        session = onnxruntime.InferenceSession(
            export_model(weights).SerializeToString(),
            self._options,
            providers=["CPUExecutionProvider"],
        )
        pictures = weights.architecture.network.is_autoencoder
        loss, right = 0.0, 0
        for begin in range(0, len(samples), CHUNK):
            images = samples.images[begin : begin + CHUNK, None].astype(np.float32) / 255.0
            labels = samples.labels[begin : begin + CHUNK]
            (logits,) = session.run([LOGITS], {INPUT: images})
            if pictures:
                loss += float(_binary_cross_entropy(logits, images).mean(axis=(1, 2, 3)).sum())
            else:
                loss += float(_cross_entropy(logits, labels).sum())
                right += int((logits.argmax(axis=1) == labels).sum())
        return loss / len(samples), None if pictures else right / len(samples)


def _cross_entropy(logits: NDArray[Any], labels: NDArray[np.int64]) -> NDArray[Any]:
    """Return −log softmax of the true class for each row."""
    top = logits.max(axis=1)
    total = np.log(np.exp(logits - top[:, None]).sum(axis=1)) + top
    return np.asarray(total - logits[np.arange(len(labels)), labels])


def _binary_cross_entropy(logits: NDArray[Any], targets: NDArray[Any]) -> NDArray[Any]:
    """Return −t·log σ(z) − (1 − t)·log(1 − σ(z)) of each pixel."""
    tail = np.log1p(np.exp(-np.abs(logits)))
    return np.asarray(np.maximum(logits, 0.0) - logits * targets + tail)
