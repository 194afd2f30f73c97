"""A published dataset is known by its content first, then by its figures, by its name last."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_desktop.datasets import checksums, identity
from mnist_desktop.datasets.checksums import ContentHash, find_content, find_packed
from mnist_desktop.datasets.dataset import open_dataset
from mnist_desktop.datasets.identity import FIGURES, Belief, Figures, guess_identity, identify
from mnist_desktop.datasets.judgement import UNKNOWN_DATASET, Certainty
from mnist_desktop.datasets.known import FASHION, KMNIST, MNIST, QMNIST
from mnist_desktop.datasets.statistics import measure_ink

NEUTRAL = Path("these.idx")
FASHION_LABELS = np.array((9, 0, 0, 3, 0, 2, 7, 2, 5, 5, 0, 9, 5, 5, 7, 9, 1, 2, 3))


def images_of_mean(mean: float, count: int = 200) -> np.ndarray:
    """Return 28×28 images whose mean ink (0 to 1) is this."""
    return np.full((count, 28, 28), round(255 * mean), np.uint8)


@pytest.fixture
def small_figures(monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """Return images that are the whole of a small Fashion-MNIST, as far as figures go."""
    images = np.random.default_rng(4).integers(0, 256, (300, 28, 28), dtype=np.uint8)
    known = Figures(FASHION, "train", 300, *measure_ink(images))
    monkeypatch.setattr(identity, "FIGURES", (known,))
    return images


def test_checksums_are_of_the_content_however_it_is_cut() -> None:
    whole, parts = ContentHash(b"abcdef"), ContentHash(b"ab")
    parts.update(b"cd")
    parts.update(memoryview(b"ef"))
    assert whole.hexdigest() == parts.hexdigest()
    assert whole.hexdigest()[:64] == hashlib.sha256(b"abcdef").hexdigest()
    assert whole.hexdigest()[64:] == hashlib.md5(b"abcdef", usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("kind", ["sha256", "md5"])
def test_content_is_found_by_either_checksum(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    digest = hashlib.new(kind, b"the content").hexdigest()
    monkeypatch.setitem(checksums.CONTENT, digest, ("KMNIST", "test"))
    assert find_content(ContentHash(b"the content").hexdigest()) == ("KMNIST", "test")
    assert find_content(ContentHash(b"another").hexdigest()) is None


def test_packed_file_is_found_by_its_own_bytes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"abc", mtime=1))
    assert find_packed(path) is None
    digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    monkeypatch.setitem(checksums.PACKED_MD5, digest, ("QMNIST", "train"))
    assert find_packed(path) == ("QMNIST", "train")


def test_every_checksum_is_whole_and_of_a_known_dataset() -> None:
    from mnist_desktop.datasets.known import _FAMILIES

    for table, lengths in ((checksums.CONTENT, {32, 64}), (checksums.PACKED_MD5, {32})):
        for digest, (name, split) in table.items():
            assert len(digest) in lengths
            assert int(digest, 16) > 0
            assert name in _FAMILIES
            assert split in ("train", "test")


def test_checksum_beats_a_name_that_says_something_else() -> None:
    exact = replace(MNIST, split="train")
    told = identify(images_of_mean(0.1), path=Path("fashion/a.idx"), exact=exact)
    assert told.family == exact
    assert told.certain
    assert "though the name says Fashion-MNIST" in told.identity.reason


def test_figures_know_a_content_that_was_stored_otherwise(small_figures: np.ndarray) -> None:
    shuffled = small_figures[np.random.default_rng(1).permutation(300)].swapaxes(1, 2)
    told = identify(shuffled, path=NEUTRAL)
    assert told.family == replace(FASHION, split="train")
    assert told.identity.title == "Fashion-MNIST · train"
    assert told.identity.certainty is Certainty.LIKELY
    assert "mean ink" in told.identity.reason


def test_figures_that_are_only_near_are_not_enough(small_figures: np.ndarray) -> None:
    other = small_figures.copy()
    other[:20] = 255 - other[:20] // 2
    for images in (other, small_figures[:299]):
        assert identify(images, path=NEUTRAL) == Belief(None, UNKNOWN_DATASET)


def test_first_labels_know_a_part_of_a_dataset() -> None:
    images = images_of_mean(0.28, len(FASHION_LABELS))
    told = identify(images, path=NEUTRAL, labels=FASHION_LABELS)
    assert told.family == replace(FASHION, split="train")
    assert told.identity.certainty is Certainty.LIKELY
    assert "a part of its 60,000 images" in told.identity.reason


def test_first_labels_with_ink_of_another_dataset_know_nothing() -> None:
    labels = np.resize(FASHION_LABELS, 200)
    assert identify(images_of_mean(0.28), path=NEUTRAL, labels=labels).family is not None
    assert identify(images_of_mean(0.13), path=NEUTRAL, labels=labels).family is None


def test_few_labels_know_nothing() -> None:
    told = identify(images_of_mean(0.28, 9), path=NEUTRAL, labels=FASHION_LABELS[:9])
    assert told.family is None


def test_labels_known_by_checksum_make_images_that_fit_likely() -> None:
    exact = replace(KMNIST, split="test")
    told = identify(images_of_mean(0.19), path=NEUTRAL, labels_exact=exact)
    assert told.family == exact
    assert told.identity.certainty is Certainty.LIKELY
    assert "labels are exactly those of KMNIST · test" in told.identity.reason
    assert identify(images_of_mean(0.29), path=NEUTRAL, labels_exact=exact).family is None


def test_name_is_a_guess() -> None:
    path = Path("fashion/t10k-images.idx")
    told = identify(images_of_mean(0.29), path=path)
    assert told.family == replace(FASHION, split="test")
    assert told.identity.certainty is Certainty.GUESS
    assert guess_identity((200, 28, 28), path) == told


def test_name_that_the_ink_contradicts_is_not_believed() -> None:
    told = identify(images_of_mean(0.13), path=Path("fashion/train-images.idx"))
    assert told.family is None
    assert told.identity.certainty is Certainty.UNKNOWN
    assert "named like Fashion-MNIST" in told.identity.reason
    few = identify(images_of_mean(0.13, 199), path=Path("fashion/train-images.idx"))
    assert few.identity.certainty is Certainty.GUESS, "so few images may differ by chance"


def test_other_sizes_are_never_guessed() -> None:
    path = Path("fashion/a")
    unknown = Belief(None, UNKNOWN_DATASET)
    assert identify(np.zeros((20, 8, 8), np.uint8), path=path) == unknown
    assert identify(np.zeros((0, 28, 28), np.uint8), path=path) == unknown
    assert guess_identity((20, 8, 8), path) == unknown


def test_qmnist_by_name_is_not_taken_for_mnist() -> None:
    labels = np.array(next(f.first_labels for f in FIGURES if f.family is MNIST))
    path = Path("qmnist-train-images-idx3-ubyte")
    told = identify(images_of_mean(0.13, len(labels)), path=path, labels=labels)
    assert told.family == replace(QMNIST, split="train")
    assert told.identity.certainty is Certainty.GUESS


@pytest.mark.parametrize("figures", FIGURES, ids=lambda f: f"{f.family.name} {f.split}")
def test_figures_are_those_of_the_published_files(figures: Figures, shared_data: Path) -> None:
    names = {
        ("MNIST", "train"): "mnist/train-images-idx3-ubyte.gz",
        ("MNIST", "test"): "mnist/t10k-images-idx3-ubyte.gz",
        ("EMNIST mnist", "test"): "emnist/emnist-mnist-test-images-idx3-ubyte.gz",
        ("EMNIST byclass", "test"): "emnist/emnist-byclass-test-images-idx3-ubyte.gz",
    }
    name = names.get((figures.family.name, figures.split))
    if name is None:
        pytest.skip("these files are not here")
    made = open_dataset(shared_data / name)
    assert made.labels is not None
    stored = np.asarray(made.label_values)[made.labels]
    whole = identify(made.images[::-1], path=NEUTRAL, labels=stored[::-1])
    assert (whole.identity.title, whole.identity.certainty) == (made.name, Certainty.LIKELY)
    begin = identify(made.images[:500], path=NEUTRAL, labels=stored[:500])
    assert (begin.identity.title, begin.identity.certainty) == (made.name, Certainty.LIKELY)
