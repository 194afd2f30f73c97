"""Measure how well a classifier reads a dataset."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.predictions import Predictions, predict_samples, true_classes
from mnist_desktop.progress import Job

# The 97.5 % quantile of the normal distribution, for intervals of 95 %.
NORMAL_QUANTILE = 1.959963984540054


@dataclass(frozen=True)
class ClassScore:
    """How well one class is read.

    Parameters
    ----------
    name
        Name of the class.
    count
        Number of samples of this class.
    precision
        Share of the samples read as this class that are of it; None where nothing was read so.
    recall
        Share of the samples of this class that were read right; None where there are none.
    f1
        Harmonic mean of the two; None where one of them is.
    """

    name: str
    count: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, eq=False)
class Evaluation:
    """How well a classifier reads a dataset.

    Classes are the classifier's, in its order.

    Parameters
    ----------
    class_names
        (k) names of the classes.
    truth
        (n,) int64, the class of every sample; (k) for a picture that is of no class, which counts
        for nothing but `count_outside`.
    predicted
        (n,) int64, the most probable class of every sample.
    confidence
        (n,) float32, the probability of that class, 0 to 1.
    loss
        Mean cross-entropy in nats.
    losses
        (n,) float32, that of every sample; None where only the mean was kept.
    """

    class_names: tuple[str, ...]
    truth: NDArray[np.int64]
    predicted: NDArray[np.int64]
    confidence: NDArray[np.float32]
    loss: float
    losses: NDArray[np.float32] | None = None

    @property
    def predictions(self) -> Predictions:
        """Return what was read, sample by sample."""
        return Predictions(
            self.class_names, self.predicted, self.confidence, self.truth, self.losses
        )

    @property
    def count(self) -> int:
        """Return the number of samples that are of a class."""
        return int(np.count_nonzero(self._of_a_class))

    @property
    def count_outside(self) -> int:
        """Return the number of pictures that are of no class."""
        return len(self.truth) - self.count

    @property
    def right(self) -> int:
        """Return the number of samples that were read right."""
        return int(np.count_nonzero(self.truth == self.predicted))

    @property
    def accuracy(self) -> float:
        """Return the share of samples that were read right, 0 to 1."""
        return self.right / max(1, self.count)

    @property
    def confusion(self) -> NDArray[np.int64]:
        """Return how often each class (row) was read as each class (column), (k, k) int64."""
        classes = len(self.class_names)
        pairs = (self.truth * classes + self.predicted)[self._of_a_class]
        counts = np.bincount(pairs, minlength=classes * classes).astype(np.int64)
        return counts.reshape(classes, classes)

    @property
    def per_class(self) -> tuple[ClassScore, ...]:
        """Return the scores of every class."""
        confusion = self.confusion
        scores = []
        for index, name in enumerate(self.class_names):
            right = int(confusion[index, index])
            count, read = int(confusion[index].sum()), int(confusion[:, index].sum())
            both = 2 * right / (count + read) if count and read else None
            scores.append(ClassScore(name, count, _share(right, read), _share(right, count), both))
        return tuple(scores)

    @property
    def misread(self) -> NDArray[np.int64]:
        """Return the indices of the misread samples, the most confident first, (m,) int64."""
        return self._most_confident((self.truth != self.predicted) & self._of_a_class)

    def samples(self, *, truth: int, predicted: int) -> NDArray[np.int64]:
        """Return the indices of one cell of the confusion matrix, the most confident first."""
        return self._most_confident((self.truth == truth) & (self.predicted == predicted))

    def interval(self) -> tuple[float, float]:
        """Return the 95 % Wilson score interval of the accuracy, both ends 0 to 1.

        E. B. Wilson, “Probable inference, the law of succession, and statistical inference” (1927).
        Unlike the plain one it stays within 0 and 1, and does not shrink to nothing at 100 %.
        """
        return wilson_interval(self.right, self.count)

    @property
    def _of_a_class(self) -> NDArray[np.bool_]:
        """Return which samples are of a class, (n,)."""
        return self.truth < len(self.class_names)

    def _most_confident(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the indices where `chosen`, by falling confidence."""
        indices = np.flatnonzero(chosen).astype(np.int64)
        return indices[np.argsort(-self.confidence[indices], kind="stable")]


def evaluate(classifier: Classifier, dataset: Dataset, *, batch: int = 256) -> Job[Evaluation]:
    """Read every sample of `dataset` and compare with its label.

    Parameters
    ----------
    classifier, dataset
        Their classes are matched by name, see `match_classes`; pictures of another size than the
        classifier wants are resampled.
    batch
        Number of samples between two reports of progress.

    Raises
    ------
    UserError
        When there are no labels or no samples, the classes do not fit, or the model fails.
    """
    truth = true_classes(classifier, dataset)
    if len(dataset) == 0:
        raise UserError(f"“{dataset.name}” holds no samples", "Choose another dataset.")
    if truth.min() >= len(classifier.contract.class_names):
        raise UserError(
            f"“{dataset.name}” holds no sample of a class, only pictures that are of none",
            "Choose another dataset.",
        )
    predictions = yield from predict_samples(
        classifier, dataset, truth=truth, batch=batch, what="Evaluating"
    )
    assert predictions.losses is not None
    losses = predictions.losses[truth < len(predictions.class_names)]
    return Evaluation(
        class_names=predictions.class_names,
        truth=truth,
        predicted=predictions.predicted,
        confidence=predictions.confidence,
        loss=float(losses.mean(dtype=np.float64)),
        losses=predictions.losses,
    )


def wilson_interval(right: int, count: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval for `right` successes of `count` ≥ 1."""
    share, weight = right / count, NORMAL_QUANTILE**2 / count
    middle = (share + weight / 2) / (1 + weight)
    spread = math.sqrt(weight * share * (1 - share) + weight**2 / 4) / (1 + weight)
    return max(0.0, middle - spread), min(1.0, middle + spread)


def _share(part: int, whole: int) -> float | None:
    """Return `part / whole`, None of nothing."""
    return part / whole if whole else None
