"""What is taken of a dataset for an export, and what its files are called."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.export import ExportOptions, Part, export_job, split_part
from mnist_desktop.datasets.exporting.naming import class_folders, images_name
from mnist_desktop.datasets.pairing import find_other_split, read_name
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Progress, finish

# Parts


def test_a_part_is_read_piece_by_piece_and_keeps_its_order() -> None:
    digits = sample_dataset(40)
    part = Part(digits, np.array([9, 3, 3, 20]))
    assert part.shape == (4, 28, 28)
    (first, images), *more = part.in_pieces()
    assert (first, more) == (0, [])
    assert np.array_equal(images, digits.images[[9, 3, 3, 20]])
    assert digits.labels is not None
    assert np.array_equal(part.labels, digits.labels[[9, 3, 3, 20]])
    assert part.taken(np.array([3, 0])).numbers.tolist() == [20, 9]


def test_large_images_are_read_one_at_a_time() -> None:
    large = Dataset("large", np.zeros((3, 2100, 2100), np.uint8), None, ())
    assert [len(piece) for _, piece in Part(large).in_pieces()] == [1, 1, 1]


def test_a_split_gives_each_class_its_share_by_a_seed() -> None:
    digits = sample_dataset(200)
    assert digits.labels is not None
    chosen = Part(digits, np.arange(199, -1, -1))
    parts = split_part(chosen, 0.25, seed=3)
    again, other = split_part(chosen, 0.25, seed=3), split_part(chosen, 0.25, seed=4)
    assert list(parts) == ["train", "test"]
    assert np.bincount(digits.labels[parts["test"].numbers]).tolist() == [5] * 10
    together = np.concatenate([part.numbers for part in parts.values()])
    assert sorted(together) == list(range(200))
    assert (np.diff(parts["test"].numbers) < 0).all()  # the order of the part stays
    assert np.array_equal(parts["test"].numbers, again["test"].numbers)
    assert not np.array_equal(parts["test"].numbers, other["test"].numbers)


def test_a_split_of_unlabelled_images_is_a_plain_draw() -> None:
    bare = replace(sample_dataset(20), labels=None)
    assert [len(part) for part in split_part(Part(bare), 0.2, seed=0).values()] == [16, 4]
    with pytest.raises(UserError, match="leave none"):
        split_part(Part(bare.select([0])), 0.2, seed=0)


# Names


@pytest.mark.parametrize(
    ("name", "split", "expected"),
    [
        ("my-images-idx3-ubyte", "", "my-images-idx3-ubyte"),
        ("my-images-idx3-ubyte.gz", "train", "my-train-images-idx3-ubyte.gz"),
        ("train-images-idx3-ubyte", "test", "test-images-idx3-ubyte"),
        ("t10k-images.idx3-ubyte", "train", "train-images.idx3-ubyte"),
        ("a.idx3", "test", "test-a.idx3"),
        ("testing-images", "test", "test-images"),
        ("latest-images", "test", "latest-test-images"),
    ],
)
def test_the_split_stands_in_the_name_of_its_files(name: str, split: str, expected: str) -> None:
    made = images_name(name, split)
    assert made == expected
    assert read_name(made).split in (split, read_name(name).split)
    assert read_name(made).kind == "images"


def test_two_splits_find_each_other_when_opened(tmp_path: Path) -> None:
    digits = sample_dataset(50)
    parts = split_part(Part(digits), 0.2, seed=1)
    files = finish(export_job(parts, tmp_path / "my-images-idx3-ubyte"))
    assert len(files) == 4
    train = open_dataset(tmp_path / "my-train-images-idx3-ubyte")
    assert train.split == "train"
    other = find_other_split(tmp_path / "my-train-images-idx3-ubyte")
    assert other is not None
    test = open_dataset(other)
    assert np.array_equal(test.images, digits.images[parts["test"].numbers])
    assert np.array_equal(train.labels, parts["train"].labels)


def test_a_few_images_stand_for_all_however_large_they_are() -> None:
    digits = sample_dataset(300)
    assert 50 < len(Part(digits).sample()) <= 64
    assert len(Part(digits).sample(7)) <= 7
    large = Dataset("large", np.zeros((30, 600, 600), np.uint8), None, ())
    assert len(Part(large).sample()) == 1
    assert len(Part(digits, np.zeros(0, np.int64)).sample()) == 0


@pytest.mark.parametrize(
    ("names", "folders"),
    [
        (("aux", "b"), ("00_aux_", "01_b")),
        (("Nul", "com1"), ("00_Nul_", "01_com1_")),
        (("connect", "b"), ("connect", "b")),
        (("x" * 200, "b"), ("00_" + "x" * 60, "01_b")),
    ],
)
def test_no_folder_has_a_name_that_a_system_refuses(
    names: tuple[str, ...], folders: tuple[str, ...]
) -> None:
    assert class_folders(names) == folders


@pytest.mark.parametrize("name", ["a.csv", "a.npz", "my-images-idx3-ubyte", "a.png", "pictures"])
def test_the_progress_of_two_parts_is_one(tmp_path: Path, name: str) -> None:
    seen: list[Progress] = []
    parts = split_part(Part(sample_dataset(3000)), 0.4, seed=0)
    finish(export_job(parts, tmp_path / name), seen.append)
    assert {progress.total for progress in seen} == {3000}
    done = [progress.done for progress in seen]
    assert done == sorted(done)
    assert done[-1] == 3000


def test_measuring_counts_as_work(tmp_path: Path) -> None:
    seen: list[Progress] = []
    options = ExportOptions("npy", scale="standardised")
    finish(export_job(sample_dataset(1500), tmp_path / "a.npy", options), seen.append)
    assert [(progress.done, progress.total) for progress in seen] == [
        (1024, 3000), (1500, 3000), (2524, 3000), (3000, 3000)
    ]  # fmt: skip
    assert len(os.listdir(tmp_path)) == 3
