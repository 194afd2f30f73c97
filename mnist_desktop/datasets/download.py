"""Fetch a published dataset: from several mirrors, going on where it broke off, checked before use.

Nothing here is done unless a person asks for it (docs/adr/0009-downloads.md).
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from mnist_desktop.datasets.archive import unpack_job
from mnist_desktop.datasets.published import Published, PublishedFile, addresses, host_of, inside
from mnist_desktop.datasets.receiving import (
    Account,
    Failure,
    FetchProgress,
    checksum_job,
    fetch_file_job,
)
from mnist_desktop.datasets.shelf import Holding, look_job, mark_as_checked
from mnist_desktop.datasets.transfer import Patience
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Job

_SPARE_BYTES = 1 << 20


class DownloadError(UserError):
    """A file could be had nowhere.

    Parameters
    ----------
    holding
        The dataset and what is there of it.
    missing
        The files that are still missing.
    failures
        What went wrong, in the order it did.
    """

    def __init__(
        self, holding: Holding, missing: Sequence[PublishedFile], failures: Sequence[Failure]
    ) -> None:
        self.holding, self.missing, self.failures = holding, tuple(missing), tuple(failures)
        self.offline = not any(failure.reached for failure in failures)
        title = holding.dataset.title
        if self.offline:
            message = f"{title} could not be fetched: there seems to be no network"
        else:
            places = len({failure.url for failure in failures})
            where = f"any of {places} places" if places > 1 else host_of(failures[0].url)
            message = (
                f"{title} could not be fetched: “{missing[0].name}” cannot be had from {where}"
            )
        super().__init__(message, "Try again later, or put the files into their folder by hand.")


def download_job(
    dataset: Published, folder: Path, *, mirror: str = "", patience: Patience | None = None
) -> Job[Holding]:
    """Fetch what is missing of a dataset, and return what is there then: all of it.

    Parameters
    ----------
    dataset
        What to fetch.
    folder
        The datasets folder; the files go into a folder of it, named by the dataset's key.
    mirror
        The address of a folder to ask before the published mirrors, such as a school's own.
    patience
        How long servers may keep silent.

    Raises
    ------
    DownloadError
        If a file could be had nowhere. What has arrived is kept, and the next call goes on there.
    UserError
        If the system refuses to write.
    """
    holding = yield from look_job(dataset, folder)
    if holding.complete:
        return holding
    _prepare(holding)
    done = dataset.size - sum(file.size for file in holding.missing)
    for place, file in enumerate(holding.missing):
        account = Account(dataset.title, done, dataset.size)
        urls = addresses(dataset, file, first=mirror)
        target = inside(holding.folder, file.name)
        failures = yield from fetch_file_job(file, target, urls, patience, account)
        if failures:
            raise DownloadError(holding, holding.missing[place:], failures)
        done += file.size
    if dataset.is_archive:
        yield from _unpack_job(holding)
    return (yield from look_job(dataset, folder))


def _prepare(holding: Holding) -> None:
    """Make the folder, and refuse to begin where there is no room."""
    dataset, folder = holding.dataset, holding.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise UserError(
            f"“{folder}” cannot be made: {error.strerror or error}", "Choose another folder."
        ) from error
    # What an archive unpacks to is packed itself, so it takes about the same again.
    needed = holding.to_fetch + (dataset.size if dataset.is_archive else 0) + _SPARE_BYTES
    if free < needed:
        raise UserError(
            f"{dataset.title} needs {needed:,} bytes in “{folder}”, and only {free:,} are free",
            "Free some space or choose another folder.",
        )


def _unpack_job(holding: Holding) -> Job[None]:
    """Unpack the archive, which is whole now, and delete it then."""
    dataset, folder = holding.dataset, holding.folder
    (file,) = dataset.files
    archive = inside(folder, file.name)
    if holding.archive is not None and (yield from checksum_job(archive, file)) != file.sha256:
        raise UserError(
            f"“{archive}” is not the published archive: its checksum is another",
            "Delete it, and fetch it again.",
        )
    with closing(unpack_job(dataset, archive, folder, but=holding.paths)) as job:
        for progress in job:
            yield FetchProgress(progress.done, progress.total, progress.what, phase="unpack")
    mark_as_checked(dataset, folder)
    archive.unlink(missing_ok=True)
