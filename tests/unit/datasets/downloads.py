"""What the tests of downloads do with a job."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnist_desktop.datasets.download import DownloadError
from mnist_desktop.datasets.receiving import FetchProgress
from mnist_desktop.datasets.shelf import Holding
from mnist_desktop.progress import Job, finish


def notes(job: Job[Holding]) -> tuple[Holding, list[str]]:
    """Drive a download to its end; return what is there, and what it told on the way."""
    told: list[str] = []

    def report(progress: object) -> None:
        if isinstance(progress, FetchProgress) and progress.note:
            told.append(progress.note)

    return finish(job, report), told


def failed(job: Job[Holding]) -> DownloadError:
    """Drive a download to the failure it must end with."""
    with pytest.raises(DownloadError) as caught:
        finish(job)
    return caught.value


def contents(folder: Path) -> dict[str, bytes]:
    """Return the published files in a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix == ".gz"}
