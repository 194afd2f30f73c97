"""Go only as far from a model towards what it became by fine-tuning as costs it nothing.

Between the weights before and after a fine-tuning lies a straight line of models, and those in its
middle keep nearly all of what was known and much of what was learned (Wortsman et al. 2022, "Robust
fine-tuning of zero-shot models").
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.contract import Contract, to_metadata
from mnist_desktop.progress import Job, Progress
from mnist_desktop.trainer.export import export_model
from mnist_desktop.trainer.reading import TrainedModel

WAYS = (1.0, 0.75, 0.5, 0.25)
"""The parts of the way that are tried, the whole one first."""

MOST_LOST = 0.0005
"""The share of the pictures to check by that may be lost on the way: half of a tenth of a point."""

AT_ONCE = 500


def blended(before: TrainedModel, after: TrainedModel, way: float, contract: Contract) -> bytes:
    """Return the content of the model that lies a part of the way from one model to another.

    Parameters
    ----------
    before, after
        Of the same network.
    way
        0 for the first, 1 for the other.
    contract
        What the file shall say of itself.
    """
    known, learned = before.weights.parameters, after.weights.parameters
    between = known + np.float32(way) * (learned - known)
    weights = replace(after.weights, parameters=between.astype(np.float32))
    doc = f"Trained on {contract.trained_on}, going on from {contract.fine_tuned_from}"
    data: bytes = export_model(weights, to_metadata(contract), doc=doc).SerializeToString()
    return data


def longest_way_job(before: TrainedModel, after: TrainedModel, check: Dataset) -> Job[float]:
    """Return the longest part of the way on which no more than `MOST_LOST` of `check` is lost.

    The shortest part that is tried where each loses more.

    Parameters
    ----------
    check
        Samples with the model's labels that the fine-tuning did not see.
    """
    total, done = (len(WAYS) + 1) * len(check), 0
    allowed = 0
    for way in (0.0, *WAYS):
        data = blended(before, after, way, after.contract)
        model, wrong = Classifier.from_bytes(data, name=before.name), 0
        assert check.labels is not None
        for first, images in check.in_pieces(AT_ONCE):
            answers = model.predict(images).argmax(axis=1)
            wrong += int((answers != check.labels[first : first + len(images)]).sum())
            done += len(images)
            yield Progress(done, total, "seeing that nothing is forgotten")
        if way == 0.0:
            allowed = wrong + int(MOST_LOST * len(check))
        elif wrong <= allowed:
            return way
    return WAYS[-1]
