"""What classifiers read tells how pictures lie where their shapes alone do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.judgement import Certainty
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier, shipped_models
from mnist_desktop.inference.orientation import judge_orientation_job
from mnist_desktop.progress import finish


@pytest.fixture(scope="module")
def classifiers() -> list[Classifier]:
    """Return the classifiers that come along: digits, and letters and digits."""
    return [Classifier.load(path) for path in shipped_models()]


@pytest.fixture(scope="module")
def digits() -> Dataset:
    """Return generated digits."""
    return sample_dataset(200, seed=3)


def lying(dataset: Dataset) -> Dataset:
    """Return a dataset as if its file held the pictures on their side, shown as stored."""
    return replace(dataset.turned(), transposed=False)


def test_labelled_digits_need_no_classifier(digits: Dataset) -> None:
    assert finish(judge_orientation_job(digits)).lying is False  # type: ignore[union-attr]
    assert finish(judge_orientation_job(lying(digits))).lying is True  # type: ignore[union-attr]


def test_digits_without_labels_are_judged_by_confidence(
    digits: Dataset, classifiers: list[Classifier]
) -> None:
    bare = replace(digits, labels=None)
    for dataset, expected in ((bare, False), (lying(bare), True), (bare.turned(), False)):
        told = finish(judge_orientation_job(dataset, classifiers))
        assert told is not None
        assert (told.lying, told.certainty) == (expected, Certainty.GUESS)
        assert "“digits”" in told.reason


def test_nothing_clear_is_no_answer(digits: Dataset, classifiers: list[Classifier]) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (200, 28, 28), dtype=np.uint8)
    for dataset in (
        replace(digits, images=noise),
        replace(digits, images=noise, labels=None),
        replace(digits, class_names=tuple(f"cloth {place}" for place in range(10))),
        replace(digits, labels=None).select(slice(0, 19)),
        replace(digits, labels=None, images=digits.images[:, :20]),
        replace(digits, labels=None).select(slice(0, 0)),
    ):
        assert finish(judge_orientation_job(dataset, classifiers)) is None


def test_a_model_that_fails_has_nothing_to_say(digits: Dataset) -> None:
    class Failing(Classifier):
        def __init__(self) -> None:
            self.name = "failing"

        def predict(self, images: np.ndarray) -> np.ndarray:
            raise UserError("no")

    assert finish(judge_orientation_job(replace(digits, labels=None), [Failing()])) is None


def test_only_as_many_models_are_loaded_as_are_needed(
    digits: Dataset, classifiers: list[Classifier]
) -> None:
    def one_by_one() -> Iterator[Classifier]:
        yield classifiers[0]
        raise AssertionError("the first had a clear answer")

    told = finish(judge_orientation_job(replace(digits, labels=None), one_by_one()))
    assert told is not None


def test_letters_are_judged_by_what_is_read(
    shared_data: Path, classifiers: list[Classifier]
) -> None:
    letters = open_dataset(shared_data / "emnist" / "emnist-letters-test-images-idx3-ubyte.gz")
    told = finish(judge_orientation_job(letters, classifiers))
    assert told is not None
    assert (told.lying, told.certainty) == (True, Certainty.LIKELY)
    unnamed = replace(
        letters,
        class_names=tuple(str(value) for value in letters.label_values),
        images=letters.images.swapaxes(1, 2),
        transposed=False,
    )
    told = finish(judge_orientation_job(unnamed, classifiers))
    assert told is not None
    assert (told.lying, told.certainty) == (True, Certainty.GUESS)


def test_unfinished_hiragana_are_not_judged(
    shared_data: Path, classifiers: list[Classifier], tmp_path: Path
) -> None:
    from mnist_desktop.datasets.rescue import rescue_job

    source = shared_data / "odd" / "kmnist-t10k-images-idx3-ubyte.TRUNCATED-at-32768.gz"
    finish(rescue_job(source, tmp_path / "saved-images-idx3-ubyte"))
    saved = open_dataset(tmp_path / "saved-images-idx3-ubyte")
    assert len(saved) > 50
    assert finish(judge_orientation_job(saved, classifiers)) is None
