"""Fetching a dataset that is offered as one archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnist_desktop.datasets.download import download_job
from mnist_desktop.datasets.published import Published
from mnist_desktop.datasets.receiving import FetchProgress
from mnist_desktop.datasets.transfer import Patience
from mnist_desktop.errors import UserError
from mnist_desktop.progress import finish
from tests.unit.datasets.downloads import contents
from tests.unit.datasets.mirror_server import (
    Mirror,
    small_archive,
)

IMAGES = "train-images-idx3-ubyte.gz"
QUICK = Patience(answer=0.3, stall=0.3)

pytestmark = pytest.mark.usefixtures("no_proxy")


def archive_from(mirror: Mirror, files: dict[str, bytes], **extra: bytes) -> Published:
    """Let a mirror offer these files as one archive."""
    more = {name.replace("__", "../"): data for name, data in extra.items()}
    dataset, packed = small_archive(files, mirror.url, extra=more)
    mirror.files["gzip.zip"] = packed
    return dataset


def test_an_archive_is_unpacked_and_deleted(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    dataset = archive_from(mirror, files)

    holding = finish(download_job(dataset, tmp_path))

    assert holding.complete
    assert contents(tmp_path / "emnist") == files
    assert not (tmp_path / "emnist" / "gzip.zip").exists()


def test_an_archive_cannot_write_outside_its_folder(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    dataset = archive_from(mirror, files, __evil=b"evil", unasked=b"more")

    finish(download_job(dataset, tmp_path))

    names = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert names == {*files, "checked.json"}


def test_an_archive_put_there_by_hand_is_only_unpacked(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    dataset = archive_from(mirror, files)
    (tmp_path / "emnist").mkdir()
    (tmp_path / "emnist" / "gzip.zip").write_bytes(mirror.files["gzip.zip"])

    assert finish(download_job(dataset, tmp_path)).complete
    assert not mirror.asked


def test_a_wrong_archive_put_there_by_hand_is_told(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    dataset = archive_from(mirror, files)
    (tmp_path / "emnist").mkdir()
    wrong = bytearray(mirror.files["gzip.zip"])
    wrong[100] ^= 1
    (tmp_path / "emnist" / "gzip.zip").write_bytes(wrong)

    with pytest.raises(UserError, match="not the published archive"):
        finish(download_job(dataset, tmp_path))


def test_unpacking_goes_on_after_it_was_cancelled(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    dataset = archive_from(mirror, files)
    job = download_job(dataset, tmp_path)
    for progress in job:
        if isinstance(progress, FetchProgress) and progress.phase == "unpack":
            break
    job.close()

    assert (tmp_path / "emnist" / "gzip.zip").exists()
    assert finish(download_job(dataset, tmp_path)).complete
    assert mirror.names_asked() == ["gzip.zip"]
