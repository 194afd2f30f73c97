"""What is believed of a dataset when it is opened, from its names and from its content."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mnist_desktop.datasets.dataset import open_dataset
from mnist_desktop.datasets.idx import read_idx, write_idx
from mnist_desktop.datasets.judgement import Certainty
from mnist_desktop.datasets.sample_digits import sample_dataset


def test_a_file_named_like_emnist_is_turned_only_if_it_looks_like_it(tmp_path: Path) -> None:
    digits = sample_dataset(200, seed=2)
    assert digits.labels is not None
    labels = digits.labels.astype(np.uint8)
    for name, images in (("lying", digits.images.swapaxes(1, 2)), ("upright", digits.images)):
        (tmp_path / name).mkdir()
        path = tmp_path / name / "emnist-digits-test-images-idx3-ubyte"
        write_idx(path, np.ascontiguousarray(images))
        write_idx(path.with_name("emnist-digits-test-labels-idx1-ubyte"), labels)
        dataset = open_dataset(path)
        assert dataset.name == "EMNIST digits · test"
        assert dataset.identity.certainty is Certainty.GUESS
        assert (dataset.transposed, dataset.orientation.lying) == (name == "lying",) * 2
        assert dataset.orientation.certainty is Certainty.LIKELY
        assert np.array_equal(dataset.images, digits.images)


def test_mnist_stored_as_floats_under_another_name_is_likely_mnist(
    shared_data: Path, tmp_path: Path
) -> None:
    pictures = read_idx(shared_data / "mnist" / "t10k-images-idx3-ubyte.gz")
    write_idx(tmp_path / "these.idx", (pictures / np.float32(255)).astype(np.float32))
    dataset = open_dataset(tmp_path / "these.idx")
    assert (dataset.name, dataset.recognised) == ("MNIST · test", False)
    assert dataset.identity.certainty is Certainty.LIKELY
    assert dataset.orientation.lying is False


def test_mnist_in_a_folder_of_fashion_is_mnist(shared_data: Path, tmp_path: Path) -> None:
    """The files of both have the same names, and people mix the folders up."""
    folder = tmp_path / "FashionMNIST" / "raw"
    folder.mkdir(parents=True)
    for name in ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"):
        write_idx(folder / name, read_idx(shared_data / "mnist" / f"{name}.gz"))
    dataset = open_dataset(folder / "t10k-images-idx3-ubyte")
    assert (dataset.name, dataset.recognised) == ("MNIST · test", True)
    assert "though the name says Fashion-MNIST" in dataset.identity.reason
    assert dataset.class_name(0) == "7"

    part = read_idx(folder / "t10k-images-idx3-ubyte")[3000:4000]
    write_idx(folder / "t10k-images-idx3-ubyte", part)
    (folder / "t10k-labels-idx1-ubyte").unlink()
    dataset = open_dataset(folder / "t10k-images-idx3-ubyte")
    assert dataset.identity.certainty is Certainty.UNKNOWN
    assert "is far from that dataset's" in dataset.identity.reason
    assert dataset.class_names == ()
