"""What is whole in a damaged file is saved, with its labels, and nothing is lost by it."""

from __future__ import annotations

import errno
import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from mnist_desktop.datasets.dataset import open_dataset
from mnist_desktop.datasets.doctor import diagnose
from mnist_desktop.datasets.idx import IdxError, read_idx, write_idx
from mnist_desktop.datasets.rescue import partner_target, rescue_job, suggested_name
from mnist_desktop.errors import UserError
from mnist_desktop.progress import finish
from tests.unit.datasets.patients import IMAGES, PLAIN, put


@pytest.mark.parametrize("packed", [False, True])
def test_whole_items_are_saved(tmp_path: Path, packed: bool) -> None:
    content = gzip.compress(PLAIN, mtime=0) if packed else PLAIN
    damaged = put(tmp_path, "damaged", content[: len(content) // 2])
    seen = []
    count = finish(rescue_job(damaged, tmp_path / "saved"), seen.append).count
    saved = read_idx(tmp_path / "saved")
    assert count == diagnose(damaged).recoverable == len(saved)
    assert 45 <= count <= 55
    assert np.array_equal(saved, IMAGES[:count])
    assert seen[-1].fraction == 1.0
    assert diagnose(tmp_path / "saved").verdict == "sound"


def test_nothing_to_save_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = put(tmp_path, "damaged", PLAIN[:100])
    with pytest.raises(IdxError, match="cut off"):
        finish(rescue_job(damaged, tmp_path / "saved"))
    put(tmp_path, "damaged", PLAIN[:10_000])

    def refuse(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(UserError, match="No space left"):
        finish(rescue_job(damaged, tmp_path / "saved"))
    assert os.listdir(tmp_path) == ["damaged"]


def test_labels_are_cut_to_the_same_count(tmp_path: Path) -> None:
    damaged = put(tmp_path, "Train-Images.idx3-ubyte.gz", gzip.compress(PLAIN)[:-20_000])
    write_idx(tmp_path / "Train-Labels.idx1-ubyte", np.arange(100, dtype=np.uint8))
    diagnosis = diagnose(damaged)
    assert diagnosis.partner is not None
    assert diagnosis.partner_count == 100
    target = tmp_path / suggested_name(damaged)
    assert target.name == "saved-Train-Images.idx3-ubyte"
    labels = partner_target(target, diagnosis.partner)
    assert labels.name == "saved-Train-Labels.idx1-ubyte"

    saved = finish(rescue_job(damaged, target, partner_target=labels))

    assert 0 < saved.count == saved.partner_count == diagnosis.savable < 100
    assert np.array_equal(read_idx(labels), np.arange(saved.count))
    dataset = open_dataset(target)
    assert dataset.labels_path == labels
    assert len(dataset) == saved.count


@pytest.mark.parametrize(
    ("target", "partner", "made"),
    [
        ("a-images-idx3-ubyte", "b-labels-idx1-ubyte.gz", "a-labels-idx1-ubyte"),
        ("a-images-idx3-ubyte", "b-labels-idx2-int.gz", "a-labels-idx2-ubyte"),
        ("A_LABELS.gz", "b-images", "A_IMAGES.gz"),
        ("mine.idx", "b-labels.gz", "saved-b-labels"),
    ],
)
def test_names_of_what_is_saved_belong_together(target: str, partner: str, made: str) -> None:
    assert partner_target(Path("x") / target, Path("y") / partner) == Path("x") / made


def test_what_is_saved_from_is_never_replaced(tmp_path: Path) -> None:
    damaged = put(tmp_path, "x-images", PLAIN[:50_000])
    write_idx(tmp_path / "x-labels", np.zeros(100, np.uint8))
    for target in ("x-images", "x-labels"):
        with pytest.raises(UserError, match="would be lost"):
            finish(rescue_job(damaged, tmp_path / target))
    job = rescue_job(damaged, tmp_path / "new", partner_target=tmp_path / "x-labels")
    with pytest.raises(UserError, match="would be lost"):
        finish(job)
    assert sorted(os.listdir(tmp_path)) == ["x-images", "x-labels"]
    assert damaged.read_bytes() == PLAIN[:50_000]
    other = put(tmp_path, "other", b"mine")
    with pytest.raises(UserError, match="is there already"):
        finish(rescue_job(damaged, tmp_path / "new", partner_target=other))
    assert other.read_bytes() == b"mine"
    assert not (tmp_path / "new").exists()


def test_labels_that_cannot_be_saved_leave_the_images(tmp_path: Path) -> None:
    damaged = put(tmp_path, "x-images", PLAIN[:50_000])
    put(tmp_path, "x-labels", b"<html>")
    with pytest.raises(UserError, match="“new” was saved, but what belongs with it was not"):
        finish(rescue_job(damaged, tmp_path / "new", partner_target=tmp_path / "other"))
    assert len(read_idx(tmp_path / "new")) == 63
    assert not (tmp_path / "other").exists()
