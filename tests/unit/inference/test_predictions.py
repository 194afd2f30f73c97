"""A classifier's predictions for a dataset: class, confidence and loss of every sample."""

from __future__ import annotations

import numpy as np
import pytest

from mnist_desktop.errors import UserError
from mnist_desktop.inference.evaluation import evaluate
from mnist_desktop.inference.predictions import predict_samples, true_classes
from mnist_desktop.progress import Progress, finish
from tests.unit.inference.test_evaluation import quadrant_classifier, quadrants

SHOWN, LABELS = [0, 1, 2, 3, 1], [0, 1, 2, 0, 3]


def test_every_sample_is_read() -> None:
    classifier, dataset = quadrant_classifier(), quadrants(SHOWN, LABELS)
    seen: list[Progress] = []
    truth = true_classes(classifier, dataset)
    predictions = finish(predict_samples(classifier, dataset, truth=truth, batch=2), seen.append)
    assert predictions.predicted.tolist() == SHOWN
    assert predictions.misread is not None
    assert predictions.misread.tolist() == [False, False, False, True, True]
    answers = classifier.predict(dataset.images)
    assert np.array_equal(predictions.confidence, answers.max(axis=1))
    assert predictions.losses is not None
    assert np.allclose(predictions.losses, -np.log(answers[np.arange(5), LABELS]), rtol=1e-5)
    assert [progress.done for progress in seen] == [0, 2, 4, 5]


def test_without_labels_there_is_only_the_answer() -> None:
    classifier, dataset = quadrant_classifier(), quadrants(SHOWN, None)
    with pytest.raises(UserError, match="no labels"):
        true_classes(classifier, dataset)
    predictions = finish(predict_samples(classifier, dataset, truth=None))
    assert predictions.predicted.tolist() == SHOWN
    assert (predictions.misread, predictions.losses) == (None, None)


def test_other_classes_are_an_error() -> None:
    with pytest.raises(UserError, match="classes"):
        true_classes(quadrant_classifier(), quadrants([0], [0], ("x", "y")))


def test_an_evaluation_has_read_every_sample() -> None:
    classifier, dataset = quadrant_classifier(), quadrants(SHOWN, LABELS)
    evaluation = finish(evaluate(classifier, dataset))
    predictions = finish(predict_samples(classifier, dataset, truth=evaluation.truth))
    told = evaluation.predictions
    for name in ("predicted", "confidence", "truth", "losses"):
        assert np.array_equal(getattr(told, name), getattr(predictions, name))
    assert evaluation.loss == pytest.approx(float(np.mean(told.losses)))
