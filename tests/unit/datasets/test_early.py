"""The first picture comes before the rest of the file is read, and is never a wrong one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_desktop.datasets import checksums
from mnist_desktop.datasets.axes import Reading
from mnist_desktop.datasets.dataset import Dataset, open_dataset, open_dataset_job
from mnist_desktop.datasets.early import Early
from mnist_desktop.datasets.idx import IdxError, write_idx
from mnist_desktop.datasets.known import FASHION, MNIST
from mnist_desktop.progress import Job

COUNT = 9_000


def save(folder: Path, images: np.ndarray[Any, Any], *, ending: str = "") -> Path:
    """Write images and labels that count up to 4, and return the path of the images."""
    path = folder / f"test-images-idx3-ubyte{ending}"
    write_idx(path, images)
    write_idx(folder / "test-labels-idx1-ubyte", (np.arange(len(images)) % 5).astype(np.uint8))
    return path


def noise(count: int = COUNT) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return pictures that hardly shrink when they are packed."""
    return np.random.default_rng(2).integers(0, 256, (count, 28, 28), dtype=np.uint8)


def followed(job: Job[Dataset]) -> Iterator[Early | Dataset]:
    """Yield all early reports of a job and then its result."""
    while True:
        try:
            progress = next(job)
        except StopIteration as end:
            yield end.value
            return
        if isinstance(progress, Early):
            yield progress


def test_packed_images_are_seen_while_the_rest_is_unpacked(tmp_path: Path) -> None:
    images = noise()
    path = save(tmp_path, images, ending=".gz")
    *early, whole = followed(open_dataset_job(path))
    assert isinstance(whole, Dataset)
    ready = [report.ready for report in early]  # type: ignore[union-attr]
    assert len(ready) > 5
    assert 0 < ready[0] < COUNT / 4
    assert ready == sorted(ready)
    for report in early:
        assert isinstance(report, Early)
        part = report.dataset
        assert len(part) == report.ready
        assert report.count == COUNT
        assert part.labels is not None
        assert np.array_equal(part.images, images[: len(part)])
        assert part.labels.tolist() == (np.arange(len(part)) % 5).tolist()
        assert part.class_names == whole.class_names
    assert np.array_equal(whole.images, images)
    assert [report.kind for report in early][:2] == ["early", "step"]  # type: ignore[union-attr]


def test_what_is_kept_of_a_stopped_reading_says_so(tmp_path: Path) -> None:
    path = save(tmp_path, noise(), ending=".gz")
    job = open_dataset_job(path)
    early = next(report for report in followed(job) if isinstance(report, Early))
    job.close()
    kept = early.kept()
    assert (len(kept), kept.recognised, kept.split) == (early.ready, False, "")
    assert kept.name == f"test-images, first {early.ready:,}"
    assert f"first {early.ready:,} of 9,000 images" in kept.notes[0]
    assert np.array_equal(kept.images, noise()[: len(kept)])


def test_images_are_seen_before_they_are_recognised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path, noise(10_000))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setitem(checksums.CONTENT, digest, (FASHION.name, "test"))
    early, whole = followed(open_dataset_job(path))
    assert isinstance(early, Early)
    assert isinstance(whole, Dataset)
    assert early.is_whole
    assert early.kind == "early"
    assert (early.dataset.name, early.dataset.recognised) == ("test-images", False)
    assert (whole.name, whole.recognised) == ("Fashion-MNIST · test", True)
    assert (early.dataset.class_name(1), whole.class_name(1)) == ("1", "Trouser")
    assert early.kept() is early.dataset


def test_all_of_a_plain_file_is_seen_before_it_is_looked_at_closely(tmp_path: Path) -> None:
    early, whole = followed(open_dataset_job(save(tmp_path, noise())))
    assert isinstance(early, Early)
    assert isinstance(whole, Dataset)
    assert early.is_whole
    assert early.dataset.images is early.whole.images
    assert np.array_equal(early.dataset.images, whole.images)


def test_a_file_that_goes_away_is_not_recognised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path, np.zeros((10_000, 1, 1), np.uint8), ending=".gz")
    digest = hashlib.md5(path.read_bytes()).hexdigest()
    monkeypatch.setitem(checksums.PACKED_MD5, digest, (MNIST.name, "test"))
    assert open_dataset(path).recognised
    reports = followed(open_dataset_job(path))
    for report in reports:
        if isinstance(report, Early) and report.is_whole and path.exists():
            path.unlink()
    assert isinstance(report, Dataset)
    assert not report.recognised


def test_values_to_scale_are_seen_by_the_range_of_the_first(tmp_path: Path) -> None:
    values = np.zeros((COUNT, 28, 28), np.float32)
    values[:, :, 14:] = 0.5
    values[-1] = 2.0  # so far only the last tells that 1 is not full ink
    for ending in ("", ".gz"):
        *early, whole = followed(open_dataset_job(save(tmp_path, values, ending=ending)))
        first = early[0]
        assert isinstance(whole, Dataset)
        assert isinstance(first, Early)
        assert 0 < first.ready < COUNT
        assert whole.images[0, 0].tolist() == 14 * [0] + 14 * [64]
        assert "2 is full ink" in "".join(whole.notes)
        last = early[-1]
        assert isinstance(last, Early)
        assert np.array_equal(last.dataset.images, whole.images)
    job = open_dataset_job(save(tmp_path, values))
    first = next(followed(job))
    assert isinstance(first, Early)
    assert first.dataset.images[0, 0].tolist() == 14 * [0] + 14 * [128]
    job.close()


def test_one_item_of_many_axes_is_seen_when_it_is_there(tmp_path: Path) -> None:
    images = noise().reshape(3, 3000, 28, 28)
    path = tmp_path / "stack.gz"
    write_idx(path, images)
    found = list(followed(open_dataset_job(path, reading=Reading(leading=(2,)))))
    assert len(found) == 2  # not a part of it is seen before
    assert isinstance(found[1], Dataset)
    assert np.array_equal(found[1].images, images[2])


def test_a_fault_behind_the_first_images_is_raised(tmp_path: Path) -> None:
    path = save(tmp_path, noise(), ending=".gz")
    path.write_bytes(path.read_bytes()[:-1000])
    reports = followed(open_dataset_job(path))
    assert isinstance(next(reports), Early)
    with pytest.raises(IdxError, match="cut off"):
        list(reports)
