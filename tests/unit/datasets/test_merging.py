"""Merging classes: EMNIST's 62 into its 47, and whatever else a mapping file lists."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.datasets.known import EMNIST, read_mapping
from mnist_desktop.datasets.merging import merge_classes, places_of
from mnist_desktop.errors import UserError

BYCLASS = EMNIST["byclass"].class_names
BYMERGE = EMNIST["bymerge"].names_by_label


def characters(names: str | tuple[str, ...] = BYCLASS) -> Dataset:
    """Return a picture of each class, and of the first class one more."""
    images = np.arange((len(names) + 1) * 20, dtype=np.uint32).astype(np.uint8).reshape(-1, 5, 4)
    return Dataset("all", images, np.arange(len(names) + 1) % len(names), tuple(names))


def test_the_62_classes_become_the_47() -> None:
    dataset = characters()
    merged = merge_classes(dataset, BYMERGE)

    assert merged.class_names == EMNIST["bymerge"].class_names
    assert merged.label_values == tuple(range(47))
    for index in range(len(dataset)):
        before, after = dataset.class_name(index), merged.class_name(index)
        assert after == (before.upper() if before in "cijklmopsuvwxyz" else before)
    assert np.shares_memory(merged.images, dataset.images)
    assert merged.name == "all, merged into 47 classes"
    assert "c → C" in merged.notes[-1]
    assert merged.class_counts().sum() == len(dataset)


def test_stored_labels_are_those_of_the_mapping() -> None:
    merged = merge_classes(characters("bA"), {7: "B", 3: "A", 5: "Z"})

    assert merged.class_names == ("A", "Z", "B")
    assert merged.label_values == (3, 5, 7)
    assert merged.labels is not None
    assert merged.labels.tolist() == [2, 0, 2]
    assert merged.class_counts().tolist() == [1, 0, 2]


def test_a_class_that_has_nowhere_to_go_is_named() -> None:
    with pytest.raises(UserError, match="the class “0”, and the 26 classes") as caught:
        merge_classes(characters(), EMNIST["letters"].names_by_label)
    assert "bymerge" in caught.value.advice

    letters = characters().select(np.arange(10, 62))
    merged = merge_classes(letters, EMNIST["letters"].names_by_label)
    assert merged.class_names == tuple(string.ascii_uppercase)
    assert merged.class_counts().tolist() == [2] * 26


def test_a_target_that_lists_a_class_twice_is_refused() -> None:
    with pytest.raises(UserError, match="“A” 2 times"):
        merge_classes(characters("A"), {0: "A", 1: "B", 2: "A"})


def test_without_labels_only_the_classes_change() -> None:
    dataset = Dataset("x", np.zeros((2, 4, 4), np.uint8), None, ())
    merged = merge_classes(dataset, BYMERGE)
    assert merged.labels is None
    assert len(merged.class_names) == 47


def test_a_small_letter_goes_to_itself_before_its_capital() -> None:
    assert places_of(("a", "A", "c", "ß", "1"), ("A", "a", "C")).tolist() == [1, 0, 2, -1, -1]


def test_a_file_says_into_which_classes_to_merge(tmp_path: Path) -> None:
    write_idx(tmp_path / "a-images-idx3-ubyte", np.zeros((3, 6, 5), np.uint8))
    write_idx(tmp_path / "a-labels-idx1-ubyte", np.array([1, 2, 1], np.uint8))
    names, target = tmp_path / "a-mapping.txt", tmp_path / "goal.txt"
    names.write_bytes(b"1 97\r\n2 65\r\n")
    target.write_bytes(b"0 65 97\r\n")
    path = tmp_path / "a-images-idx3-ubyte"

    apart, merged = open_dataset(path), open_dataset(path, merge_path=target)
    assert apart.class_names == ("a", "A")
    assert merged.class_names == ("A",)
    assert merged.class_counts().tolist() == [3]
    assert (merged.merge_path, merged.mapping_path) == (target, None)
    assert any("a → A" in note for note in merged.notes)

    target.write_bytes(b"nothing\n")
    with pytest.raises(UserError, match=r"goal\.txt”, line 1"):
        open_dataset(path, merge_path=target)


@pytest.mark.parametrize("split", ["bymerge", "balanced"])
def test_real_files(shared_data: Path, split: str) -> None:
    emnist = shared_data / "emnist"
    path = emnist / "emnist-byclass-test-images-idx3-ubyte.gz"
    apart: Any = open_dataset(path)
    merged: Any = open_dataset(path, merge_path=emnist / f"emnist-{split}-mapping.txt")

    target = read_mapping(emnist / f"emnist-{split}-mapping.txt")
    assert merged.class_names == tuple(target[value] for value in sorted(target))
    assert len(merged.class_names) == 47
    assert np.array_equal(merged.images[:100], apart.images[:100])
    assert not merged.images.flags.c_contiguous  # still the file's pictures, seen upright
    names = np.array(apart.class_names)[apart.labels]
    moved = names != np.array(merged.class_names)[merged.labels]
    assert set(names[moved]) == set("cijklmopsuvwxyz")
    assert merged.class_counts()[merged.class_names.index("C")] == sum(
        apart.class_counts()[apart.class_names.index(name)] for name in "Cc"
    )
