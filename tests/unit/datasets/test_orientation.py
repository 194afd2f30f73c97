"""Digits tell by themselves whether pictures stand upright or lie on their side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.judgement import Certainty
from mnist_desktop.datasets.orientation import judge_by_digits
from mnist_desktop.datasets.sample_digits import sample_dataset


@pytest.fixture(scope="module")
def digits() -> Dataset:
    """Return generated digits that are not those they are compared with."""
    return sample_dataset(300, seed=9)


def stored_lying(dataset: Dataset) -> Dataset:
    """Return a dataset as if its file held the pictures on their side, shown as stored."""
    return replace(dataset.turned(), transposed=False)


def test_upright_and_lying_digits_are_told_apart(digits: Dataset) -> None:
    upright, lying = judge_by_digits(digits), judge_by_digits(stored_lying(digits))
    assert upright is not None
    assert lying is not None
    assert (upright.lying, lying.lying) == (False, True)
    assert upright.certainty is lying.certainty is Certainty.LIKELY


def test_judgement_is_of_the_file_whichever_way_it_is_shown(digits: Dataset) -> None:
    for stored in (digits, stored_lying(digits)):
        first, second = judge_by_digits(stored), judge_by_digits(stored.turned())
        assert first is not None
        assert first == second


def test_few_samples_make_a_guess(digits: Dataset) -> None:
    assert digits.labels is not None
    told = judge_by_digits(digits.select(np.arange(60)))
    assert told is not None
    assert told.certainty is Certainty.GUESS


def test_other_sizes_of_picture_are_compared_too(digits: Dataset) -> None:
    large = replace(digits, images=digits.images.repeat(2, axis=1).repeat(2, axis=2))
    told = judge_by_digits(stored_lying(large))
    assert told is not None
    assert told.lying


def test_what_looks_like_no_digit_is_not_judged(digits: Dataset) -> None:
    noise = np.random.default_rng(2).integers(0, 256, (300, 28, 28), dtype=np.uint8)
    letters = tuple("ABCDEFGHIJ")
    wide = digits.images[:, :20]
    for dataset in (
        replace(digits, images=noise),
        replace(digits, images=np.zeros_like(noise)),
        replace(digits, images=digits.images.transpose(0, 2, 1)[:, ::-1]),  # quarter turned
        replace(digits, class_names=letters),
        replace(digits, labels=None),
        replace(digits, images=wide),
        replace(digits, images=digits.images[:, :1, :1]),
        digits.select(np.flatnonzero(np.isin(digits.labels, (0, 1, 8)))),  # type: ignore[arg-type]
        digits.select(slice(0, 0)),
    ):
        assert judge_by_digits(dataset) is None


@pytest.mark.parametrize(
    ("name", "lying"),
    [
        ("mnist/train-images-idx3-ubyte.gz", False),
        ("mnist/t10k-images-idx3-ubyte.gz", False),
        ("emnist/emnist-mnist-test-images-idx3-ubyte.gz", True),
        ("emnist/emnist-byclass-test-images-idx3-ubyte.gz", True),
    ],
)
def test_published_files_are_judged_rightly(shared_data: Path, name: str, lying: bool) -> None:
    told = judge_by_digits(open_dataset(shared_data / name))
    assert told is not None
    assert told.lying == lying
    assert told.certainty is Certainty.LIKELY
