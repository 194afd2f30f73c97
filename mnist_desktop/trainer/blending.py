"""Go only as far from a model towards what it became by fine-tuning as costs it nothing.

Between the weights before and after a fine-tuning lies a straight line of models, and those in its
middle keep nearly all of what was known and much of what was learned (Wortsman et al. 2022, "Robust
fine-tuning of zero-shot models").
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.contract import Contract, to_metadata
from mnist_desktop.progress import Job, Progress
from mnist_desktop.trainer.calibration import cooled
from mnist_desktop.trainer.export import export_model
from mnist_desktop.trainer.reading import TrainedModel
from mnist_desktop.trainer.weights import Weights

WAYS = (1.0, 0.75, 0.5, 0.25)
"""The parts of the way that are tried, the whole one first."""

HALF_WAYS = WAYS[2:]
"""Those where only generated samples tell what is lost: of real ones more is, and nobody sees it.

Measured with MNIST left out: the whole way cost 0.17 points of it, benchmarks/fine_tuning.py.
"""

MOST_LOST = 0.0005
"""The share of the pictures to check by that may be lost on the way: half of a tenth of a point."""

AT_ONCE = 500

COLDEST, HOTTEST = 0.2, 5.0
"""The temperatures between which the one is looked for that keeps the confidence."""


def file_of(weights: Weights, contract: Contract) -> bytes:
    """Return the content of the ONNX file of a model that was trained further."""
    doc = f"Trained on {contract.trained_on}, going on from {contract.fine_tuned_from}"
    data: bytes = export_model(weights, to_metadata(contract), doc=doc).SerializeToString()
    return data


def blended(before: Weights, after: Weights, way: float) -> Weights:
    """Return the weights a part of the way from one to the other, which are of the same network."""
    between = before.parameters + np.float32(way) * (after.parameters - before.parameters)
    return replace(after, parameters=between.astype(np.float32))


def careful_job(
    before: TrainedModel,
    after: TrainedModel,
    check: Dataset,
    *,
    ways: tuple[float, ...] = WAYS,
) -> Job[Weights]:
    """Return the weights of the longest part of the way on which nearly nothing is lost.

    That is no more than `MOST_LOST` of `check`; the shortest part that is tried where each loses
    more. They are as confident of `check` as the model was before: weights between two others are
    less so, and from where an answer counts was measured with its confidence.

    Parameters
    ----------
    check
        Samples with the model's labels that the fine-tuning did not see.
    ways
        The parts of the way to try, the longest first.
    """
    labels, allowed = check.labels, 0
    assert labels is not None
    total, confidence = (len(ways) + 1) * len(check), 0.0
    for number, way in enumerate((0.0, *ways)):
        weights = blended(before.weights, after.weights, way)
        model = Classifier.from_bytes(file_of(weights, after.contract), name=before.name)
        pieces = []
        for first, images in check.in_pieces(AT_ONCE):
            pieces.append(model.predict(images))
            done = number * len(check) + first + len(images)
            yield Progress(done, total, "seeing that nothing is forgotten")
        shares = np.concatenate(pieces)
        wrong = int((shares.argmax(axis=1) != labels).sum())
        if way == 0.0:
            allowed = wrong + int(MOST_LOST * len(check))
            confidence = float(shares.max(axis=1).mean())
        elif wrong <= allowed or way == ways[-1]:
            break
    return cooled(weights, temperature_for(shares, confidence))


def temperature_for(shares: NDArray[np.float32], confidence: float) -> float:
    """Return the temperature at which the mean confidence of answers is `confidence`.

    Parameters
    ----------
    shares
        `(n, k)` probabilities of the answers as they are, at the temperature 1.
    """
    logits = np.log(np.maximum(shares.astype(np.float64), 1e-12))
    logits -= logits.max(axis=1, keepdims=True)
    cold, hot = math.log(COLDEST), math.log(HOTTEST)
    for _ in range(20):  # to a hundred-thousandth
        middle = (cold + hot) / 2.0
        # The likeliest class has the logit 0, so its share is one over the sum.
        mean = float((1.0 / np.exp(logits * math.exp(-middle)).sum(axis=1)).mean())
        cold, hot = (middle, hot) if mean > confidence else (cold, middle)
    return math.exp((cold + hot) / 2.0)
