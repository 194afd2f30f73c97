"""Which file belongs with which, and parts of a dataset drawn by lot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.datasets.dataset import (
    Dataset,
    find_other_split,
    find_partner,
    split_stratified,
)
from mnist_desktop.datasets.pairing import find_mapping, read_name
from mnist_desktop.datasets.splits import set_test_apart
from mnist_desktop.errors import UserError


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
        ("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"),
        ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte"),
        ("Train-Images.IDX3-ubyte", "train-labels-idx1-ubyte.GZ"),
        ("emnist-letters-test-images-idx3-ubyte.gz", "emnist-letters-test-labels-idx1-ubyte.gz"),
        ("qmnist-test-images-idx3-ubyte.gz", "qmnist-test-labels-idx2-int.gz"),
        ("train-images-idx3-ubyte (1).gz", "train-labels-idx1-ubyte (1).gz"),
        ("数字_images.idx", "数字_labels.idx"),
        ("x.idx3-ubyte", "x.idx1-ubyte"),
        ("trainimages", "trainlabels"),
    ],
)
def test_partner_is_found_both_ways(tmp_path: Path, images: str, labels: str) -> None:
    for name in (images, labels, "other-images", "other-labels", "README.txt"):
        (tmp_path / name).touch()
    assert find_partner(tmp_path / images) == tmp_path / labels
    assert find_partner(tmp_path / labels) == tmp_path / images


def test_partner_packed_alike_comes_first(tmp_path: Path) -> None:
    for kind in ("images-idx3", "labels-idx1"):
        for end in ("", ".gz", " (1).gz"):
            (tmp_path / f"t10k-{kind}-ubyte{end}").touch()
    for end in ("", ".gz", " (1).gz"):
        found = find_partner(tmp_path / f"t10k-images-idx3-ubyte{end}")
        assert found == tmp_path / f"t10k-labels-idx1-ubyte{end}"


def test_nothing_belongs_with_a_lonely_or_nameless_file(tmp_path: Path) -> None:
    (tmp_path / "train-images-idx3-ubyte").touch()
    (tmp_path / "test-labels-idx1-ubyte").touch()
    (tmp_path / "digits").touch()
    (tmp_path / "train-labels-idx1-ubyte").mkdir()
    assert find_partner(tmp_path / "train-images-idx3-ubyte") is None
    assert find_partner(tmp_path / "digits") is None
    assert find_other_split(tmp_path / "digits") is None
    assert find_partner(tmp_path / "no folder" / "train-images") is None


@pytest.mark.parametrize(
    ("train", "test"),
    [
        ("train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz"),
        ("train-images.idx3-ubyte", "test-images.idx3-ubyte.gz"),
        ("emnist-digits-train-labels-idx1-ubyte", "emnist-digits-test-labels-idx1-ubyte"),
    ],
)
def test_other_split_is_found_both_ways(tmp_path: Path, train: str, test: str) -> None:
    for name in (train, test, "emnist-letters-test-labels-idx1-ubyte"):
        (tmp_path / name).touch()
    assert find_other_split(tmp_path / train) == tmp_path / test
    assert find_other_split(tmp_path / test) == tmp_path / train


def test_mapping_serves_both_splits_of_its_own_dataset(tmp_path: Path) -> None:
    for name in ("emnist-letters-mapping.txt", "emnist-digits-mapping.txt"):
        (tmp_path / name).touch()
    images = tmp_path / "emnist-digits-train-images-idx3-ubyte.gz"
    assert find_mapping(images) == tmp_path / "emnist-digits-mapping.txt"
    assert find_mapping(tmp_path / "train-images-idx3-ubyte") is None


@given(st.text(max_size=30))
def test_any_name_can_be_taken_apart(name: str) -> None:
    assert read_name(name).kind in ("", "images", "labels")


@given(st.lists(st.integers(-3, 5), max_size=200), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_stratified_split_gives_each_class_its_share(
    values: list[int], fraction: float, seed: int
) -> None:
    labels = np.array(values, np.int64)
    rest, part = split_stratified(labels, fraction, seed=seed)
    assert sorted([*rest, *part]) == list(range(len(labels)))
    assert rest.tolist() == sorted(rest)
    assert part.tolist() == sorted(part)
    assert len(part) == round(len(labels) * fraction)
    for value in set(values):
        assert abs((labels[part] == value).sum() - (labels == value).sum() * fraction) < 1
    again = split_stratified(labels, fraction, seed=seed)
    assert np.array_equal(again[1], part)


def test_other_seed_draws_another_part() -> None:
    labels = np.zeros(100, np.int64)
    first = split_stratified(labels, 0.5, seed=1)[1]
    assert not np.array_equal(first, split_stratified(labels, 0.5, seed=2)[1])


def test_a_test_split_is_set_apart_by_share_and_seed() -> None:
    labels = np.repeat(np.arange(3), (60, 30, 10))
    images = np.arange(100, dtype=np.uint8)[:, None, None].repeat(4, 1).repeat(4, 2)
    dataset = Dataset("things", images, labels, ("a", "b", "c"), split="train")

    rest, test = set_test_apart(dataset, 0.2, seed=7)

    assert test.class_counts().tolist() == [12, 6, 2]
    assert (test.name, test.split) == ("things, 20 % set apart by seed 7", "test")
    assert sorted([*rest, *test.images[:, 0, 0]]) == list(range(100))
    again, other = (set_test_apart(dataset, 0.2, seed=seed)[0] for seed in (7, 8))
    assert np.array_equal(again, rest)
    assert not np.array_equal(other, rest)


@pytest.mark.parametrize("share", [0.001, 0.999])
def test_neither_part_may_be_empty(share: float) -> None:
    dataset = Dataset("few", np.zeros((9, 4, 4), np.uint8), np.zeros(9, np.int64), ("a",))
    with pytest.raises(UserError, match="9 samples of few"):
        set_test_apart(dataset, share, seed=0)
