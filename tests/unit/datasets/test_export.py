"""What was exported can be read again, exactly, and nothing half-written stays."""

from __future__ import annotations

import csv
import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.export import (
    FORMATS,
    ExportOptions,
    Format,
    Part,
    export_job,
    format_for,
)
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.errors import UserError
from mnist_desktop.progress import finish

PICTURES = np.random.default_rng(2).integers(0, 256, (6, 28, 27), dtype=np.uint8)
LETTERS = Dataset(
    "letters",
    PICTURES,
    np.array([0, 1, 1, 2, 0, 2]),
    ("A", "a", "é"),
    label_values=(1, 2, 7),
)
TARGETS: dict[Format, str] = {
    "idx": "my-images-idx3-ubyte",
    "npz": "a.npz",
    "npy": "a.npy",
    "csv": "a.csv",
    "text": "a.txt",
    "png": "pictures",
    "sheet": "a.png",
}


def same(first: Dataset, second: Dataset) -> bool:
    """Tell whether two datasets show the same."""
    return (
        np.array_equal(first.images, second.images)
        and np.array_equal(first.labels, second.labels)
        and first.class_names == second.class_names
        and first.label_values == second.label_values
    )


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("my-images-idx3-ubyte", ["my-images-idx3-ubyte", "my-labels-idx1-ubyte"]),
        ("My_Images.IDX3.GZ", ["My_Images.IDX3.GZ", "My_labels.idx1.GZ"]),
        ("数字-img", ["数字-img", "数字-lbl"]),
    ],
)
def test_idx_files_open_as_the_same_dataset(tmp_path: Path, name: str, files: list[str]) -> None:
    written = finish(export_job(LETTERS, tmp_path / name, ExportOptions("idx")))
    assert {path.name for path in written} == {*files, f"{name.lower()[:2]}-mapping.txt"}
    assert all(path.is_file() for path in written)
    assert same(open_dataset(tmp_path / name), LETTERS)


def test_idx_files_named_after_emnist_lie_as_emnist_does(tmp_path: Path) -> None:
    digits = sample_dataset(30)
    target = tmp_path / "emnist-digits-test-images-idx3-ubyte.gz"
    finish(export_job(digits, target))
    back = open_dataset(target)
    assert back.transposed
    assert same(back, digits)


def test_idx_without_labels_and_without_images(tmp_path: Path) -> None:
    bare = replace(LETTERS, labels=None)
    assert finish(export_job(bare, tmp_path / "x.idx")) == (tmp_path / "x.idx",)
    assert np.array_equal(open_dataset(tmp_path / "x.idx").images, PICTURES)
    finish(export_job(LETTERS.select([]), tmp_path / "none-images-idx3-ubyte"))
    assert len(open_dataset(tmp_path / "none-images-idx3-ubyte")) == 0


def test_names_that_would_lose_the_labels_are_refused(tmp_path: Path) -> None:
    for name in ("digits.idx", "digits-labels-idx1-ubyte"):
        with pytest.raises(UserError, match="does not say that it holds images"):
            finish(export_job(LETTERS, tmp_path / name))
    huge = replace(LETTERS, label_values=(1, 2, 2**40))
    with pytest.raises(UserError, match="32 bits"):
        finish(export_job(huge, tmp_path / "x-images-idx3-ubyte"))
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("values", [(-1, 0, 5), (0, 1, 300), (0, 1, 70_000), (-200, 0, 1)])
def test_stored_labels_of_any_size_come_back(tmp_path: Path, values: tuple[int, ...]) -> None:
    odd = replace(LETTERS, label_values=values, class_names=tuple(map(str, values)))
    finish(export_job(odd, tmp_path / "x-images-idx3-ubyte"))
    back = open_dataset(tmp_path / "x-images-idx3-ubyte")
    assert [back.class_name(i) for i in range(6)] == [odd.class_name(i) for i in range(6)]


def test_archive_loads_without_pickle(tmp_path: Path) -> None:
    (path,) = finish(export_job(LETTERS, tmp_path / "a.npz"))
    with np.load(path, allow_pickle=False) as archive:
        assert sorted(archive) == ["class_names", "x", "y"]
        assert np.array_equal(archive["x"], PICTURES)
        assert archive["y"].tolist() == [0, 1, 1, 2, 0, 2]
        assert archive["class_names"].tolist() == ["A", "a", "é"]


def test_archive_of_the_articles(tmp_path: Path) -> None:
    train, test = sample_dataset(1500, seed=1), sample_dataset(20, seed=2)
    seen = []
    job = export_job(
        {"train": Part(train), "test": Part(test)},
        tmp_path / "mnist_scaled.npz",
        ExportOptions("npz", scale="signed", flat=True, one_hot=True, keys=("X", "y")),
    )
    finish(job, seen.append)
    with np.load(tmp_path / "mnist_scaled.npz", allow_pickle=False) as archive:
        assert sorted(archive) == ["X_test", "X_train", "y_test", "y_train"]
        x, y = archive["X_train"], archive["y_train"]
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((1500, 784), np.float32, (1500, 10), np.float32)
    assert (x.min(), x.max()) == (-1.0, 1.0)
    assert np.allclose((x + 1) * 127.5, train.images.reshape(1500, 784), atol=1e-4)
    assert np.array_equal(y.argmax(axis=1), train.labels)
    assert len(seen) == 3


def test_archive_between_nought_and_one(tmp_path: Path) -> None:
    finish(export_job(LETTERS, tmp_path / "a.npz", ExportOptions("npz", scale="unit")))
    with np.load(tmp_path / "a.npz", allow_pickle=False) as archive:
        assert np.array_equal(archive["x"], PICTURES.astype(np.float32) / np.float32(255))


def test_table_has_a_line_an_image(tmp_path: Path) -> None:
    (path,) = finish(export_job(LETTERS, tmp_path / "a.csv"))
    with path.open(encoding="ascii", newline="") as stream:
        head, *lines = csv.reader(stream)
    assert head[:2] + head[-1:] == ["label", "pixel0", "pixel755"]
    assert [line[0] for line in lines] == ["1", "2", "2", "7", "1", "7"]
    values = np.array([line[1:] for line in lines], np.uint8)
    assert np.array_equal(values.reshape(PICTURES.shape), PICTURES)
    (path,) = finish(export_job(replace(LETTERS, labels=None), path))
    assert path.read_text("ascii").startswith("pixel0,pixel1,")


def test_pictures_in_a_folder_per_class(tmp_path: Path) -> None:
    digits = sample_dataset(12)
    (folder,) = finish(export_job(digits, tmp_path / "pictures"))
    assert sorted(os.listdir(folder)) == list("0123456789")
    for index in range(12):
        with Image.open(folder / digits.class_name(index) / f"{index:02}.png") as picture:
            assert picture.mode == "L"
            assert np.array_equal(np.asarray(picture), digits.images[index])


def test_pictures_without_labels_are_numbered(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    finish(export_job(replace(LETTERS, labels=None), tmp_path / "empty"))
    assert sorted(os.listdir(tmp_path / "empty")) == [f"{i}.png" for i in range(6)]
    with Image.open(tmp_path / "empty" / "3.png") as picture:
        assert np.array_equal(np.asarray(picture), PICTURES[3])
    with pytest.raises(UserError, match="not an empty folder"):
        finish(export_job(LETTERS, tmp_path / "empty", ExportOptions("png")))


@pytest.mark.parametrize(
    ("names", "folders"),
    [
        (("A", "a", "b"), ["00_A", "01_a", "02_b"]),
        (("T-shirt/top", "..", "Bag"), ["00_T-shirt_top", "01__", "02_Bag"]),
        (("お", "き", "す"), ["お", "き", "す"]),
    ],
)
def test_class_folders_are_good_for_every_system(
    tmp_path: Path, names: tuple[str, ...], folders: list[str]
) -> None:
    finish(export_job(replace(LETTERS, class_names=names), tmp_path / "out"))
    # Stored labels are 1, 2 and 7, which no folder tells.
    assert sorted(os.listdir(tmp_path / "out")) == sorted([*folders, "labels.csv"])


def refuse_flushing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)


def refuse_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", refuse)


@pytest.mark.parametrize(
    ("target", "refuse"),
    [
        (name, refuse_pictures if chosen == "png" else refuse_flushing)
        for chosen, name in TARGETS.items()
    ],
)
def test_full_disk_leaves_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    target: str,
    refuse: Callable[[pytest.MonkeyPatch], None],
) -> None:
    refuse(monkeypatch)
    with pytest.raises(UserError, match="No space left"):
        finish(export_job(LETTERS, tmp_path / target))
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("target", TARGETS.values())
def test_cancelled_export_leaves_nothing(tmp_path: Path, target: str) -> None:
    job = export_job(sample_dataset(1100), tmp_path / target)
    assert next(job).total == 1100
    job.close()
    assert os.listdir(tmp_path) == []


def test_name_tells_format() -> None:
    for chosen, name in TARGETS.items():
        assert format_for(Path(name)) == chosen
    assert format_for(Path("train-images-idx3-ubyte.gz")) == "idx"
    assert format_for(Path("pictures")) == "png"
    assert set(FORMATS) == set(TARGETS)
