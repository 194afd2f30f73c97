"""An evaluation counts right, and says plainly what it cannot compare."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.errors import UserError
from mnist_desktop.inference.class_matching import match_classes
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.evaluation import Evaluation, evaluate, wilson_interval
from mnist_desktop.progress import Progress, finish
from tests.unit.inference.onnx_models import contract_for, linear_model


def quadrant_classifier(*names: str) -> Classifier:
    """Return a classifier that says in which quarter of a 4×4 picture the ink is."""
    weights = np.zeros((4, 4, 4), np.float32)
    for index in range(4):
        row, column = divmod(index, 2)
        weights[2 * row : 2 * row + 2, 2 * column : 2 * column + 2, index] = 2.0
    weights = weights.reshape(16, 4)
    contract = contract_for(weights, class_names=names or ("a", "b", "c", "d"))
    return Classifier.from_bytes(linear_model(weights, contract=contract), name="quadrants")


def quadrants(
    shown: list[int], labels: list[int] | None, names: tuple[str, ...] = ("a", "b", "c", "d")
) -> Dataset:
    """Return pictures with ink in the quarters `shown`, the later the paler."""
    images = np.zeros((len(shown), 4, 4), np.uint8)
    for index, quarter in enumerate(shown):
        row, column = divmod(quarter, 2)
        images[index, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2] = 255 - 20 * index
    given_labels = None if labels is None else np.array(labels, np.int64)
    return Dataset("quarters", images, given_labels, names)


def test_an_evaluation_counts_what_was_read() -> None:
    shown, labels = [0, 1, 2, 2, 0, 1], [0, 1, 2, 1, 1, 1]
    seen: list[Progress] = []
    result = finish(evaluate(quadrant_classifier(), quadrants(shown, labels), batch=4), seen.append)
    assert [(step.done, step.total) for step in seen] == [(0, 6), (4, 6), (6, 6)]
    assert result.count == 6
    assert result.accuracy == pytest.approx(4 / 6)
    assert result.truth.tolist() == labels
    assert result.predicted.tolist() == shown
    assert result.confusion.tolist() == [[1, 0, 0, 0], [1, 2, 1, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    assert result.misread.tolist() == [3, 4]
    assert result.samples(truth=1, predicted=1).tolist() == [1, 5]
    assert (np.diff(result.confidence) < 0).all()
    first, second, third, fourth = result.per_class
    assert (first.count, first.precision, first.recall) == (1, 0.5, 1.0)
    assert (second.name, second.count, second.precision, second.recall) == ("b", 4, 1.0, 0.5)
    assert second.f1 == pytest.approx(2 / 3)
    assert (third.precision, third.recall) == (0.5, 1.0)
    assert (fourth.count, fourth.precision, fourth.recall, fourth.f1) == (0, None, None, None)


def test_the_loss_is_the_mean_cross_entropy() -> None:
    dataset = quadrants([0, 1], [0, 3])
    classifier = quadrant_classifier()
    answers = classifier.predict(dataset.images)
    result = finish(evaluate(classifier, dataset))
    assert result.loss == pytest.approx(-np.log([answers[0, 0], answers[1, 3]]).mean(), rel=1e-5)


def test_a_cancelled_evaluation_just_ends() -> None:
    job = evaluate(quadrant_classifier(), quadrants([0, 1], [0, 1]), batch=1)
    assert next(job).done == 0
    job.close()
    with pytest.raises(StopIteration):
        next(job)


def test_classes_are_matched_by_name() -> None:
    dataset = quadrants([0, 1, 3], [2, 1, 0], names=("d", "b", "a"))
    assert finish(evaluate(quadrant_classifier(), dataset)).accuracy == 1.0


@pytest.mark.parametrize(
    ("labels", "names", "expected"),
    [
        (None, ("a", "b", "c", "d"), "no labels"),
        ([0], ("a", "b", "c", "d", "e"), None),
        ([4], ("a", "b", "c", "d", "e"), "knows 4 classes"),
        ([0], ("w", "x", "y", "z"), "cannot be told"),
        ([0], ("0", "1", "2", "3"), None),
        ([0], ("0", "1", "2"), "the dataset has 3"),
    ],
)
def test_what_cannot_be_compared_is_an_error(
    labels: list[int] | None, names: tuple[str, ...], expected: str | None
) -> None:
    job = evaluate(quadrant_classifier(), quadrants([0], labels, names))
    if expected is None:
        assert finish(job).count == 1
    else:
        with pytest.raises(UserError, match=expected):
            finish(job)


def test_no_samples_have_no_accuracy() -> None:
    with pytest.raises(UserError, match="no samples"):
        finish(evaluate(quadrant_classifier(), quadrants([], [])))


def test_classes_of_equal_names_are_matched_in_order() -> None:
    used = np.array([1, 1, 1])
    same = ("a", "a", "b")
    assert match_classes(same, same, used=used).tolist() == [0, 1, 2]
    with pytest.raises(UserError, match="cannot be told"):
        match_classes(same, ("a", "b", "c"), used=used)


def test_a_letter_belongs_to_its_capital_where_the_model_does_not_tell_them_apart() -> None:
    used = np.array([1, 1, 1, 0])
    assert match_classes(("A", "a", "c", "é"), ("C", "a", "A"), used=used).tolist() == [2, 1, 0, -1]
    with pytest.raises(UserError, match="cannot be told"):
        match_classes(("A", "b"), ("A", "a"), used=np.array([1, 1]))


@given(st.integers(1, 5000), st.floats(0, 1))
def test_the_interval_holds_the_accuracy(count: int, share: float) -> None:
    right = round(count * share)
    low, high = wilson_interval(right, count)
    assert 0.0 <= low <= right / count + 1e-12
    assert right / count - 1e-12 <= high <= 1.0
    assert low < high
    # Both ends are where a normal test would just not reject: |p − p0| = z · sqrt(p0 (1 − p0) / n).
    for end in (low, high):
        if 1e-9 < end < 1.0 - 1e-9:
            deviation = abs(right / count - end) / np.sqrt(end * (1 - end) / count)
            assert deviation == pytest.approx(1.959964, rel=1e-4)


def test_the_interval_of_a_published_accuracy() -> None:
    nines = np.zeros(10_000, np.int64)
    nines[:60] = 1
    made = Evaluation(("0", "1"), np.zeros(10_000, np.int64), nines, np.ones(10_000, "f4"), 0.0)
    assert made.interval() == pytest.approx((0.99229, 0.99533), abs=2e-5)


def test_the_zoo_model_on_real_digits(shared_data: Path) -> None:
    classifier = Classifier.load(shared_data / "models" / "zoo-mnist-8.onnx")
    dataset = open_dataset(shared_data / "mnist" / "t10k-images-idx3-ubyte.gz")
    result = finish(evaluate(classifier, dataset))
    assert (result.count, round(result.accuracy, 3)) == (10_000, 0.989)
    assert result.confusion.sum() == 10_000
    assert len(result.misread) == 10_000 - result.confusion.trace()
