"""Duplicates, leaks, conflicts and blank images, planted and found."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_desktop.datasets import image_rows
from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.duplicates import (
    THRESHOLDS,
    find_duplicates_job,
    left_text,
)
from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.errors import UserError
from mnist_desktop.progress import finish
from tests.unit.datasets.twins import digits, found_pairs, planted, with_images


def test_what_was_planted_is_found_conflicts_first_then_leaks() -> None:
    train, test = planted()

    found = finish(find_duplicates_job(train, test, threshold=0.01))

    assert found_pairs(found) == [
        ("train", 30, "test", 11),  # a leak with another label
        ("train", 3, "train", 51),
        ("train", 20, "test", 10),
        ("train", 3, "train", 50),
        ("test", 2, "test", 12),
        ("train", 7, "train", 70),
    ]
    assert found.exact.tolist() == [True] * 5 + [False]
    assert found.conflict.tolist() == [True, True, False, False, False, False]
    assert found.leak.tolist() == [True, False, True, False, False, False]
    assert 0 < found.distance[5] < 0.001
    assert [list(blank) for blank in found.blank] == [[60], []]
    assert found.groups == 4
    assert found.is_complete


def test_one_split_alone_has_no_leaks() -> None:
    train, _ = planted()

    found = finish(find_duplicates_job(train, threshold=0.0))

    assert found_pairs(found) == [("train", 3, "train", 51), ("train", 3, "train", 50)]
    assert found.groups == 1
    assert not found.leak.any()


def test_the_training_split_counts_as_first_whichever_is_named_first() -> None:
    train, test = planted()

    found = finish(find_duplicates_job(test, train, threshold=0.0))

    assert found.splits == (train, test)
    assert ("train", 20, "test", 10) in found_pairs(found)


def test_what_is_left_has_no_copies() -> None:
    train, test = planted()
    found = finish(find_duplicates_job(train, test, threshold=0.01))

    kept = [split.select(found.without_copies(i)) for i, split in enumerate(found.splits)]

    assert [len(split) for split in kept] == [118, 57]
    again = finish(find_duplicates_job(*kept, threshold=0.0))
    assert len(again) == 0


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, 6), min_size=0, max_size=40),
    st.lists(st.integers(0, 6), min_size=0, max_size=20),
)
def test_equal_images_are_one_pair_with_the_first(first: list[int], second: list[int]) -> None:
    """Images are told by a number; 0 is blank."""
    base = digits(1)

    def made(values: list[int], split: str) -> Dataset:
        images = np.zeros((len(values), 3, 5), np.uint8)
        images[:, 1, 2] = values
        labels = np.arange(len(values)) % 3
        return replace(base, images=images, labels=labels, split=split, recognised=False)

    train, test = made(first, "train"), made(second, "test")
    found = finish(find_duplicates_job(train, test, threshold=0.0))

    both = [("train", i, v) for i, v in enumerate(first)]
    both += [("test", i, v) for i, v in enumerate(second)]
    firsts: dict[int, tuple[str, int]] = {}
    expected = set()
    for split, index, value in both:
        if value:
            begin = firsts.setdefault(value, (split, index))
            if begin != (split, index):
                expected.add((*begin, split, index))
    assert set(found_pairs(found)) == expected
    assert len(found) == len(expected)
    assert found.groups == len({pair[:2] for pair in expected})
    for split, values in enumerate((first, second)):
        assert found.blank[split].tolist() == [i for i, v in enumerate(values) if not v]
    for pair in range(len(found)):
        labels = [found.class_name(pair, side) for side in (0, 1)]
        assert found.conflict[pair] == (labels[0] != labels[1])


def test_equal_checksums_alone_make_no_duplicates(monkeypatch: pytest.MonkeyPatch) -> None:
    train, test = planted()
    expected = found_pairs(finish(find_duplicates_job(train, test, threshold=0.0)))

    monkeypatch.setattr(image_rows, "checksums", lambda piece: np.zeros(len(piece), np.uint64))

    found = finish(find_duplicates_job(train, test, threshold=0.0))
    assert found_pairs(found) == expected


def test_labels_are_compared_by_class_name() -> None:
    """The same class may have another number in a split that lacks some classes."""
    train = digits(20)
    assert train.labels is not None
    names = tuple("9876543210")
    test = replace(train, labels=9 - train.labels, class_names=names, split="test")

    found = finish(find_duplicates_job(train, test, threshold=0.0))

    assert len(found) == 20
    assert not found.conflict.any()


def test_without_labels_nothing_conflicts() -> None:
    train, test = planted()

    found = finish(find_duplicates_job(replace(train, labels=None), test, threshold=0.0))

    assert len(found) == 5
    assert not found.conflict.any()
    assert found.class_name(0, 0) == ""


def test_two_splits_of_one_kind_are_called_by_their_names() -> None:
    one = replace(digits(5), name="one", split="")
    two = replace(digits(5), name="two", split="")

    found = finish(find_duplicates_job(one, two, threshold=0.0))

    assert found_pairs(found)[0] == ("one", 0, "two", 0)


def test_images_of_different_sizes_are_refused() -> None:
    train = digits(5)
    test = with_images(digits(5, split="test"), np.ones((5, 27, 30), np.uint8))

    with pytest.raises(UserError, match="28 × 28 in made train and 30 × 27 in made test"):
        finish(find_duplicates_job(train, test))


def test_a_path_is_opened_first(tmp_path: Path) -> None:
    train, test = planted()
    path = tmp_path / "t10k-images-idx3-ubyte"
    write_idx(path, test.images)

    found = finish(find_duplicates_job(train, path, threshold=0.0))

    assert found.splits[1].images_path == path
    assert found.leak.sum() == 2


def test_it_tells_how_far_it_is_and_can_be_closed() -> None:
    train, test = planted()
    told = []
    finish(find_duplicates_job(train, test, threshold=0.1, moved=True), told.append)

    assert [p.what for p in told if not p.what] == []
    assert told[-1].fraction == 1
    assert all(p.done <= p.total for p in told)
    job = find_duplicates_job(train, test)
    next(job)
    job.close()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "about 5 s"), (42, "about 40 s"), (89, "about 90 s"), (200, "about 3 min")],
)
def test_time_is_told_as_a_guess(seconds: float, text: str) -> None:
    assert left_text(seconds) == text


def test_mnist_has_no_duplicates(shared_data: Path) -> None:
    """And two different images in it begin at 0.09; in a tenth of a minute on two cores."""
    folder = shared_data / "mnist"
    train = open_dataset(folder / "train-images-idx3-ubyte.gz")
    test = open_dataset(folder / "t10k-images-idx3-ubyte.gz")

    found = finish(find_duplicates_job(train, test, threshold=THRESHOLDS["similar"]))

    assert found_pairs(found) == [
        ("train", 27111, "test", 3070),
        ("train", 31839, "test", 5859),
        ("train", 27111, "train", 51603),
        ("train", 28350, "train", 37674),
        ("train", 40098, "train", 50261),
    ]
    assert not found.exact.any()
    assert not found.conflict.any()
    assert found.distance.min() == pytest.approx(0.0910, abs=1e-4)


def test_as_many_in_emnist_as_its_bytes_say(shared_data: Path) -> None:
    """The images of byclass lie on their side in the file, and are shown upright."""
    path = shared_data / "emnist" / "emnist-byclass-test-images-idx3-ubyte.gz"
    dataset = open_dataset(path)

    found = finish(find_duplicates_job(dataset, threshold=0.0))

    raw = np.frombuffer(gzip.decompress(path.read_bytes())[16:], np.uint8).reshape(-1, 784)
    different = len({row.tobytes() for row in raw})
    assert len(found) + sum(len(b) for b in found.blank) - any(map(len, found.blank)) == (
        len(raw) - different
    )
