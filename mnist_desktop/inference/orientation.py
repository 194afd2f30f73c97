"""How pictures lie, judged by what classifiers read in them, as stored and turned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.judgement import Certainty, Orientation
from mnist_desktop.datasets.orientation import judge_by_digits
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.progress import Job, Progress

_LOOKED_AT = 300
_BATCH = 100
_LEAST_SAMPLES = 20  # with fewer, chance decides
_LEAST_KNOWN = 0.6  # share of the samples whose class the classifier must know
# Measured on 300 samples each of MNIST, EMNIST mnist, byclass and letters with the two classifiers
# that come along: upright 56 to 100 % are read right, lying 7 to 19 %.
_LEAST_RIGHT, _LEAST_GAP = 0.4, 0.25
# Without labels only confidence is left: 0.84 to 0.95 upright and 0.48 to 0.64 lying where the
# pictures show what the classifier learned; other pictures are read with little confidence.
_LEAST_CONFIDENCE, _LEAST_CONFIDENCE_GAP = 0.75, 0.2


def judge_orientation_job(
    dataset: Dataset, classifiers: Iterable[Classifier] = ()
) -> Job[Orientation | None]:
    """Find out how the pictures in a dataset's file lie.

    By the shape of those labelled as digits; failing that, by what the classifiers read, the first
    that has a clear answer.

    Returns
    -------
    Orientation | None
        `None` when nothing speaks clearly for either way.
    """
    what = "Looking how the pictures lie"
    yield Progress(0, 0, what)
    found = judge_by_digits(dataset)
    height, width = dataset.images.shape[1:]
    if found is not None or height != width or len(dataset) < _LEAST_SAMPLES:
        return found
    places = np.linspace(0, len(dataset) - 1, min(len(dataset), _LOOKED_AT)).astype(np.int64)
    images = np.ascontiguousarray(dataset.images[places])
    labels = None if dataset.labels is None else dataset.labels[places]
    for classifier in classifiers:
        truth = None if labels is None else _truth(dataset, labels, classifier)
        if truth is None and labels is not None and not _are_numbers(dataset.class_names):
            continue  # it never learned these classes
        try:
            readings = []
            for pictures in (images, np.ascontiguousarray(images.swapaxes(1, 2))):
                rows = []
                for start in range(0, len(pictures), _BATCH):
                    yield Progress(0, 0, what)
                    rows.append(classifier.predict(pictures[start : start + _BATCH]))
                readings.append(np.concatenate(rows))
        except UserError:
            continue  # a model that fails on these pictures has nothing to say of them
        found = _decide(readings[0], readings[1], truth, dataset, classifier)
        if found is not None:
            return found
    return None


def _decide(
    shown: NDArray[np.float32],
    turned: NDArray[np.float32],
    truth: NDArray[np.bool_] | None,
    dataset: Dataset,
    classifier: Classifier,
) -> Orientation | None:
    """Judge by two readings (n, k) of the same samples, with the classes that are right (n, k)."""
    if truth is None:
        first, second = float(shown.max(axis=1).mean()), float(turned.max(axis=1).mean())
        least, gap, certainty = _LEAST_CONFIDENCE, _LEAST_CONFIDENCE_GAP, Certainty.GUESS
        what = "reads them with a confidence of"
    else:
        known = truth.any(axis=1)
        first, second = (
            float(truth[np.arange(len(rows)), rows.argmax(axis=1)][known].mean())
            for rows in (shown, turned)
        )
        least, gap, certainty = _LEAST_RIGHT, _LEAST_GAP, Certainty.LIKELY
        what = "agrees with the labels of"
    if max(first, second) < least or abs(first - second) < gap:
        return None
    better, worse = max(first, second), min(first, second)
    return Orientation(
        lying=(second > first) != dataset.transposed,
        certainty=certainty,
        reason=f"Held upright, the model “{classifier.name}” {what} {100 * better:.0f} %; held the "
        f"other way, {100 * worse:.0f} %",
    )


def _truth(
    dataset: Dataset, labels: NDArray[np.int64], classifier: Classifier
) -> NDArray[np.bool_] | None:
    """Return which of the classifier's classes are right for each sample, (n, k).

    A letter may be read as either case. `None` where it does not know the classes of most samples.
    """
    names = [name.casefold() for name in classifier.contract.class_names]
    same = np.array(
        [[own.casefold() == name for name in names] for own in dataset.class_names], np.bool_
    ).reshape(len(dataset.class_names), len(names))
    truth: NDArray[np.bool_] = same[labels]
    return truth if truth.any(axis=1).mean() >= _LEAST_KNOWN else None


def _are_numbers(names: Sequence[str]) -> bool:
    """Tell whether classes have no names but their numbers, which may stand for anything."""
    return all(name.isdecimal() for name in names)
