"""What a classifier takes every sample of a dataset for, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.errors import UserError
from mnist_desktop.inference.class_matching import match_classes
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.running import SMALLEST_PROBABILITY
from mnist_desktop.progress import Job, Progress


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a classifier takes each sample of a dataset for.

    Classes are the classifier's, in its order.

    Parameters
    ----------
    class_names
        (k) names of the classes.
    predicted
        (n,) int64, the most probable class of every sample.
    confidence
        (n,) float32, the probability of that class, 0 to 1.
    truth
        (n,) int64, the class of every sample by its label, (k) for a stranger, which is of none;
        None where that is not known.
    losses
        (n,) float32, the cross-entropy of every sample in nats, at most 27.7 (see
        `SMALLEST_PROBABILITY`), of a stranger its mean over the classes; None where the truth is
        not known.
    """

    class_names: tuple[str, ...]
    predicted: NDArray[np.int64]
    confidence: NDArray[np.float32]
    truth: NDArray[np.int64] | None = None
    losses: NDArray[np.float32] | None = None

    @property
    def misread(self) -> NDArray[np.bool_] | None:
        """Return which samples were taken for another class than theirs, (n,) bool."""
        if self.truth is None:
            return None
        misread: NDArray[np.bool_] = (self.truth != self.predicted) & (
            self.truth < len(self.class_names)
        )
        return misread


def true_classes(classifier: Classifier, dataset: Dataset) -> NDArray[np.int64]:
    """Return the classifier's class of every sample, by its label.

    Parameters
    ----------
    classifier, dataset
        Their classes are matched by name, see `match_classes`.

    Returns
    -------
    numpy.ndarray
        (n,) int64.

    Raises
    ------
    UserError
        When there are no labels, or the classes do not fit.
    """
    if dataset.labels is None:
        raise UserError(
            f"“{dataset.name}” has no labels, so there is nothing to compare with",
            "Open the labels file that belongs to the images.",
        )
    names = classifier.contract.class_names
    classes = match_classes(dataset.class_names, names, used=dataset.class_counts())
    return classes[dataset.labels]


def predict_samples(
    classifier: Classifier,
    dataset: Dataset,
    *,
    truth: NDArray[np.int64] | None,
    batch: int = 256,
    what: str = "Asking the model",
) -> Job[Predictions]:
    """Read every sample of `dataset`.

    Parameters
    ----------
    classifier, dataset
        Pictures of another size than the classifier wants are resampled.
    truth
        (n,) int64 as `true_classes` tells it; None where it is not known.
    batch
        Number of samples between two reports of progress.
    what
        What the reports call it.

    Raises
    ------
    ModelError
        When the model fails.
    """
    count = len(dataset)
    predicted = np.empty(count, np.int64)
    confidence = np.empty(count, np.float32)
    losses = None if truth is None else np.empty(count, np.float32)
    yield Progress(0, count, what)
    for start in range(0, count, batch):
        part = slice(start, start + batch)
        answers = classifier.predict(dataset.images[part])
        predicted[part] = answers.argmax(axis=1)
        confidence[part] = answers.max(axis=1)
        if truth is not None and losses is not None:
            losses[part] = _losses(answers, truth[part])
        yield Progress(min(start + batch, count), count, what)
    return Predictions(classifier.contract.class_names, predicted, confidence, truth, losses)


def _losses(answers: NDArray[np.float32], truth: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the cross-entropy of each row, of a stranger its mean over the classes, (n,)."""
    strangers = truth == answers.shape[1]
    given = answers[np.arange(len(truth)), np.where(strangers, 0, truth)]
    losses: NDArray[np.float64] = _surprise(given)
    if strangers.any():
        losses[strangers] = _surprise(answers[strangers]).mean(axis=1)
    return losses


def _surprise(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return how unexpected each is, in nats."""
    surprise: NDArray[np.float64] = -np.log(
        np.maximum(probabilities.astype(np.float64), SMALLEST_PROBABILITY)
    )
    return surprise
