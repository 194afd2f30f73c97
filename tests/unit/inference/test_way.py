"""A way tells where the answer turns, and where the model is not sure."""

from __future__ import annotations

import numpy as np
import pytest

from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.way import Way, find_way, fine_steps
from tests.unit.cli import small_model
from tests.unit.inference.onnx_autoencoder import small_autoencoder

NAMES = tuple("0123456789")


def way_of(*rows: list[float]) -> Way:
    """Return a way whose pictures do not matter, with these probabilities."""
    probabilities = np.array(rows, np.float32)
    names = NAMES[: probabilities.shape[1]]
    return Way(np.zeros((len(rows), 2, 2), np.uint8), probabilities, names)


def test_turn_lies_between_two_answers() -> None:
    way = way_of([0.9, 0.1], [0.8, 0.2], [0.6, 0.4], [0.3, 0.7], [0.1, 0.9])

    (turn,) = way.turns()

    assert (turn.before, turn.after) == ("0", "1")
    assert turn.place == pytest.approx(0.625)
    assert way.doubts() == ()


def test_every_turn_and_doubt_is_told_in_order() -> None:
    way = way_of(
        [0.8, 0.1, 0.1], [0.4, 0.3, 0.3], [0.3, 0.45, 0.25], [0.1, 0.8, 0.1], [0.3, 0.3, 0.4]
    )

    assert [(turn.before, turn.after) for turn in way.turns()] == [("0", "1"), ("1", "2")]
    assert way.doubts() == ((0.25, 0.5), (1.0, 1.0))
    assert [way.is_sure(index) for index in range(5)] == [True, False, False, True, False]
    assert way.prediction(3).label == "1"


@pytest.mark.parametrize(("steps", "fine"), [(2, 97), (9, 97), (10, 100), (96, 191), (200, 200)])
def test_fine_way_has_every_step_in_it(steps: int, fine: int) -> None:
    assert fine_steps(steps) == fine
    way = Way(np.zeros((fine, 1, 1), np.uint8))
    indices = way.steps(steps)
    assert len(indices) == steps
    assert [way.place(index) for index in indices] == pytest.approx(np.linspace(0, 1, steps))


def test_steps_that_do_not_go_into_a_way_are_refused() -> None:
    with pytest.raises(ValueError, match="7 steps do not go into a way of 9"):
        Way(np.zeros((9, 1, 1), np.uint8)).steps(7)
    with pytest.raises(ValueError, match="12 steps do not go into a way of 9"):
        Way(np.zeros((9, 1, 1), np.uint8)).steps(12)


def test_way_without_a_model_says_nothing() -> None:
    way = Way(np.zeros((5, 2, 2), np.uint8))

    assert way.turns() == ()
    assert way.doubts() == ()
    assert way.prediction(2).is_empty


def test_way_asks_the_model_about_each_picture() -> None:
    dataset = sample_dataset(100, seed=4)
    assert dataset.labels is not None
    one, other = (dataset.images[np.flatnonzero(dataset.labels == k)[0]] for k in (0, 1))
    classifier = Classifier.from_bytes(small_model(), name="small")

    way = find_way(small_autoencoder(), classifier, first=one, second=other, steps=41)

    assert len(way) == 41
    assert way.probabilities is not None
    assert np.allclose(way.probabilities, classifier.predict(way.pictures))
    assert (way.prediction(0).label, way.prediction(40).label) == ("0", "1")
    turns = way.turns()
    assert turns
    assert (turns[0].before, turns[-1].after) == ("0", "1")
    assert all(0 < turn.place < 1 for turn in turns)
    assert (
        find_way(small_autoencoder(), None, first=one, second=other, steps=2).probabilities is None
    )


def test_a_model_says_itself_from_where_it_is_sure() -> None:
    blank = np.zeros((2, 28, 28), np.uint8)
    shares = np.array([[0.6, 0.4], [0.8, 0.2]], np.float32)
    way = Way(blank, shares, ("0", "1"), sure_from=0.7)
    assert [way.is_sure(0), way.is_sure(1)] == [False, True]
    assert way.doubts() == ((0.0, 0.0),)
