"""Measure weights on samples the way they will be used: as the exported model."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mnist_desktop.trainer.checkpoint import Samples
from mnist_desktop.trainer.export import INPUT, LOGITS, export_model
from mnist_desktop.trainer.weights import Weights


class Validator:
    """Measure weights the way they will be used: as the exported model."""

    def __init__(self, threads: int) -> None:
        self._options = onnxruntime.SessionOptions()
        self._options.intra_op_num_threads = threads
        self._options.add_session_config_entry("session.intra_op.allow_spinning", "0")

    def measure(self, weights: Weights, samples: Samples) -> tuple[float, float]:
        """Return mean cross-entropy and accuracy of `weights` on `samples`."""
        data = export_model(weights).SerializeToString()
        session = onnxruntime.InferenceSession(
            data, self._options, providers=["CPUExecutionProvider"]
        )
        loss, right = 0.0, 0
        for begin in range(0, len(samples), 500):
            images = samples.images[begin : begin + 500, None].astype(np.float32) / 255.0
            labels = samples.labels[begin : begin + 500]
            (logits,) = session.run([LOGITS], {INPUT: images})
            loss += float(_cross_entropy(logits, labels).sum())
            right += int((logits.argmax(axis=1) == labels).sum())
        return loss / len(samples), right / len(samples)


def _cross_entropy(logits: NDArray[Any], labels: NDArray[np.int64]) -> NDArray[Any]:
    """Return −log softmax of the true class for each row."""
    top = logits.max(axis=1)
    total = np.log(np.exp(logits - top[:, None]).sum(axis=1)) + top
    return np.asarray(total - logits[np.arange(len(labels)), labels])
