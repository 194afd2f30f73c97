"""Opening a dataset: pairing, classes, orientation, and what is told when something is amiss."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_desktop.datasets import checksums
from mnist_desktop.datasets.dataset import (
    Dataset,
    open_dataset,
)
from mnist_desktop.datasets.idx import IdxError, write_idx
from mnist_desktop.datasets.known import EMNIST, FASHION, read_mapping
from mnist_desktop.errors import UserError

PICTURES = np.arange(5 * 4 * 3, dtype=np.uint8).reshape(5, 4, 3)
LABELS = np.array([0, 2, 2, 1, 0], np.uint8)


def save(
    folder: Path,
    *,
    images: np.ndarray[Any, Any] = PICTURES,
    labels: np.ndarray[Any, Any] | None = LABELS,
    prefix: str = "train-",
) -> Path:
    """Write an images file, its labels file unless there are none, and return the former."""
    path = folder / f"{prefix}images-idx3-ubyte"
    write_idx(path, images)
    if labels is not None:
        write_idx(folder / f"{prefix}labels-idx1-ubyte", labels)
    return path


def told(dataset: Dataset) -> str:
    """Return all notes as one text."""
    return "\n".join(dataset.notes)


def test_opening_either_file_gives_the_same(tmp_path: Path) -> None:
    images = save(tmp_path)
    for path in (images, tmp_path / "train-labels-idx1-ubyte"):
        dataset = open_dataset(path)
        assert np.array_equal(dataset.images, PICTURES)
        assert dataset.labels is not None
        assert dataset.labels.dtype == np.int64
        assert dataset.labels.tolist() == LABELS.tolist()
        assert dataset.class_names == ("0", "1", "2")
        assert dataset.class_counts().tolist() == [2, 1, 2]
        assert (dataset.name, dataset.split) == ("train-images", "train")
        assert (dataset.images_path, len(dataset), dataset.notes) == (images, 5, ())
        assert not dataset.recognised
        assert dataset.class_name(1) == "2"


def test_nothing_in_a_dataset_can_be_changed(tmp_path: Path) -> None:
    dataset = open_dataset(save(tmp_path))
    assert dataset.labels is not None
    for array in (dataset.images, dataset.labels, dataset.class_counts()):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_plain_images_are_not_copied(tmp_path: Path) -> None:
    dataset = open_dataset(save(tmp_path))
    base: Any = dataset.images
    while isinstance(base, np.ndarray) and not isinstance(base, np.memmap):
        base = base.base
    assert isinstance(base, np.memmap)
    assert type(dataset.images) is np.ndarray


def test_missing_labels_are_told_and_images_shown(tmp_path: Path) -> None:
    dataset = open_dataset(save(tmp_path, labels=None))
    assert dataset.labels is None
    assert dataset.class_names == ()
    assert dataset.class_name(0) == ""
    assert dataset.class_counts().tolist() == []
    assert "No labels file" in told(dataset)


def test_other_count_of_labels_is_explained(tmp_path: Path) -> None:
    dataset = open_dataset(save(tmp_path, labels=LABELS[:3]))
    assert (dataset.labels, len(dataset)) == (None, 5)
    assert "5 images, but 3 labels" in told(dataset)


def test_labels_chosen_by_hand_have_to_fit(tmp_path: Path) -> None:
    path = save(tmp_path, labels=LABELS[:3])
    with pytest.raises(UserError, match="3 labels, but there are 5 images") as caught:
        open_dataset(path, labels_path=tmp_path / "train-labels-idx1-ubyte")
    assert caught.value.advice


def test_damaged_labels_are_told_and_images_shown(tmp_path: Path) -> None:
    path = save(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(b"<html>")
    assert "web page" in told(open_dataset(path))
    with pytest.raises(IdxError, match="web page"):
        open_dataset(path, labels_path=tmp_path / "train-labels-idx1-ubyte")


def test_labels_chosen_by_hand(tmp_path: Path) -> None:
    path = save(tmp_path, labels=None)
    write_idx(tmp_path / "truth.idx", LABELS.astype(np.int32))
    dataset = open_dataset(path, labels_path=tmp_path / "truth.idx")
    assert dataset.labels_path == tmp_path / "truth.idx"
    assert dataset.class_counts().tolist() == [2, 1, 2]
    with pytest.raises(IdxError, match="cannot be the images"):
        open_dataset(tmp_path / "truth.idx", labels_path=path)


def test_labels_alone_ask_for_their_images(tmp_path: Path) -> None:
    save(tmp_path).unlink()
    with pytest.raises(UserError, match="5 labels, and their images are not beside it"):
        open_dataset(tmp_path / "train-labels-idx1-ubyte")


def test_first_column_of_wide_labels_is_the_class(tmp_path: Path) -> None:
    path = save(tmp_path, labels=None, prefix="qmnist-test-")
    wide = np.stack([LABELS.astype(np.int32), *[np.arange(5, dtype=np.int32)] * 7], axis=1)
    write_idx(tmp_path / "qmnist-test-labels-idx2-int", wide)
    dataset = open_dataset(tmp_path / "qmnist-test-labels-idx2-int")
    assert dataset.images_path == path
    assert dataset.labels is not None
    assert dataset.labels.tolist() == LABELS.tolist()
    assert "8 columns" in told(dataset)


def test_unusual_labels_become_classes(tmp_path: Path) -> None:
    dataset = open_dataset(save(tmp_path, labels=np.array([-1, 70_000, -1, 5, 5], np.int32)))
    assert dataset.class_names == ("-1", "5", "70000")
    assert dataset.label_values == (-1, 5, 70_000)
    assert dataset.class_counts().tolist() == [2, 2, 1]
    fractions = save(tmp_path, labels=np.linspace(0, 1, 5, dtype=np.float32), prefix="b")
    assert "fractions" in told(open_dataset(fractions))


def test_no_images_at_all_are_a_dataset_too(tmp_path: Path) -> None:
    empty = np.zeros((0, 28, 28), np.float32)
    dataset = open_dataset(save(tmp_path, images=empty, labels=LABELS[:0]))
    assert dataset.images.shape == (0, 28, 28)
    assert dataset.class_names == ()


def test_emnist_is_turned_upright_and_named(tmp_path: Path) -> None:
    stored = np.random.default_rng(0).integers(0, 256, (4, 28, 28), dtype=np.uint8)
    labels = np.array([1, 26, 2, 1], np.uint8)
    dataset = open_dataset(
        save(tmp_path, images=stored, labels=labels, prefix="emnist-letters-train-")
    )
    assert dataset.transposed
    assert np.array_equal(dataset.images[1], stored[1].T)
    assert np.array_equal(dataset.turned().images, stored)
    assert not dataset.turned().transposed
    assert dataset.name == "EMNIST letters · train"
    assert [dataset.class_name(i) for i in range(4)] == ["A", "Z", "B", "A"]
    assert dataset.label_values == tuple(range(1, 27))
    assert dataset.class_counts()[:3].tolist() == [2, 1, 0]


def test_mapping_file_names_the_classes(tmp_path: Path) -> None:
    path = save(tmp_path)
    mapping = tmp_path / "chosen.txt"
    mapping.write_bytes(b"0 65 97\r\n1 66 98\r\n\r\n")
    dataset = open_dataset(path, mapping_path=mapping)
    assert dataset.class_names == ("A", "B", "2")
    assert "no class name" in told(dataset)
    mapping.rename(tmp_path / "mapping.txt")
    assert open_dataset(path).class_names == ("A", "B", "2")


@pytest.mark.parametrize(
    "content", [b"", b"0 48\n0 49\n", b"0\n", b"a b\n", b"0 1114112\n", b"0 7\n", b"\xff\xfe0 1"]
)
def test_bad_mapping_is_told(tmp_path: Path, content: bytes) -> None:
    path = save(tmp_path)
    (tmp_path / "mapping.txt").write_bytes(content)
    dataset = open_dataset(path)
    assert "mapping file was not used" in told(dataset)
    assert dataset.class_names == ("0", "1", "2")
    with pytest.raises(UserError, match="line"):
        open_dataset(path, mapping_path=tmp_path / "mapping.txt")


def test_names_of_folders_tell_fashion_from_digits(tmp_path: Path) -> None:
    folder = tmp_path / "FashionMNIST" / "raw"
    folder.mkdir(parents=True)
    dataset = open_dataset(save(folder, images=np.zeros((5, 28, 28), np.uint8)))
    assert (dataset.name, dataset.recognised) == ("Fashion-MNIST · train", False)
    assert dataset.class_name(1) == "Pullover"


def test_selection_keeps_labels_and_names(tmp_path: Path) -> None:
    dataset = open_dataset(save(tmp_path))
    chosen = dataset.select([3, 0])
    assert chosen.labels is not None
    assert np.array_equal(chosen.images, PICTURES[[3, 0]])
    assert chosen.labels.tolist() == [1, 0]
    assert chosen.class_names == dataset.class_names
    assert np.shares_memory(dataset.select(slice(1, 3)).images, dataset.images)
    assert len(dataset.select([])) == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"images": PICTURES.astype(np.float32)}, "float32"),
        ({"labels": LABELS[:2]}, "5 images"),
        ({"labels": LABELS + 1}, "class name"),
        ({"label_values": (1,)}, "stored label"),
    ],
)
def test_parts_that_do_not_fit_are_refused(changes: dict[str, Any], words: str) -> None:
    parts = {"images": PICTURES, "labels": LABELS, "class_names": ("a", "b", "c")}
    with pytest.raises(ValueError, match=words):
        Dataset("x", **(parts | changes))


@pytest.mark.parametrize(
    ("file", "name", "count", "classes", "first"),
    [
        ("mnist/train-labels-idx1-ubyte.gz", "MNIST · train", 60_000, 10, "5041"),
        ("mnist/t10k-images-idx3-ubyte.gz", "MNIST · test", 10_000, 10, "7210"),
        (
            "emnist/emnist-byclass-test-images-idx3-ubyte.gz",
            "EMNIST byclass · test",
            116_323,
            62,
            "",
        ),
        (
            "emnist/emnist-letters-test-images-idx3-ubyte.gz",
            "EMNIST letters · test",
            14_800,
            26,
            "AAAA",
        ),
        ("emnist/emnist-mnist-test-images-idx3-ubyte.gz", "EMNIST mnist · test", 10_000, 10, ""),
    ],
)
def test_published_datasets(
    shared_data: Path, file: str, name: str, count: int, classes: int, first: str
) -> None:
    dataset = open_dataset(shared_data / file)
    assert (dataset.name, len(dataset), len(dataset.class_names)) == (name, count, classes)
    # Only a part of the letters is at hand (14,800 of 20,800): their name is known, not their sum.
    assert dataset.recognised == ("letters" not in name)
    assert dataset.transposed == name.startswith("EMNIST")
    assert dataset.class_counts().sum() == count
    assert "".join(dataset.class_name(i) for i in range(4)).startswith(first)


def test_checksum_sees_through_names_and_packing(shared_data: Path, tmp_path: Path) -> None:
    content = (shared_data / "emnist" / "emnist-mnist-test-images-idx3-ubyte.gz").read_bytes()
    plain = tmp_path / "ディジット"
    plain.write_bytes(gzip.decompress(content))
    dataset = open_dataset(plain)
    assert (dataset.name, dataset.recognised) == ("EMNIST mnist · test", True)
    assert dataset.transposed
    labels = shared_data / "mnist" / "t10k-labels-idx1-ubyte.gz"
    mixed = open_dataset(plain, labels_path=labels)
    assert "The images are EMNIST mnist · test, but the labels are MNIST · test." in mixed.notes


def test_known_class_names_are_those_of_the_mapping_files(shared_data: Path) -> None:
    for split, family in EMNIST.items():
        mapping = read_mapping(shared_data / "emnist" / f"emnist-{split}-mapping.txt")
        assert family.names_by_label == mapping


def test_published_gzip_files_are_known_by_their_own_checksum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t10k-images-idx3-ubyte.gz"
    write_idx(path, np.zeros((10_000, 28, 28), np.uint8))
    assert not open_dataset(path).recognised
    digest = hashlib.md5(path.read_bytes()).hexdigest()
    monkeypatch.setitem(checksums.PACKED_MD5, digest, (FASHION.name, "test"))
    dataset = open_dataset(path)
    assert (dataset.name, dataset.recognised) == ("Fashion-MNIST · test", True)
