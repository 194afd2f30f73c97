"""Receive one published file: from the first mirror that can give it, checked before it is used."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from mnist_desktop.datasets.faults import SNIFFED_BYTES, sniff
from mnist_desktop.datasets.gunzip import GZIP_MAGIC
from mnist_desktop.datasets.partial import Partial
from mnist_desktop.datasets.published import PublishedFile, host_of
from mnist_desktop.datasets.shelf import sha256_job
from mnist_desktop.datasets.transfer import Answer, Patience, fetch
from mnist_desktop.datasets.transfer_errors import TransferError
from mnist_desktop.progress import Job, Progress

_MAGIC = {"gzip": GZIP_MAGIC, "zip": b"PK\x03\x04"}
_TRIES = 5  # at one mirror, as long as each brings something
_RANGE_NOT_SATISFIABLE = 416


@dataclass(frozen=True)
class Failure:
    """Why a mirror could not give a file.

    Parameters
    ----------
    url
        The address that was asked.
    reason
        The rest of a sentence that begins with the server's name.
    reached
        Whether a server answered.
    """

    url: str
    reason: str
    reached: bool

    def __str__(self) -> str:
        return f"{host_of(self.url)} {self.reason}"


@dataclass(frozen=True)
class FetchProgress(Progress):
    """How far a download is, in bytes.

    Parameters
    ----------
    kind
        `step`, or `note` for one that tells something and must reach the person.
    phase
        `fetch`, `check` or `unpack`; bytes are counted anew in each.
    note
        A sentence: that a mirror failed, that it goes on elsewhere.
    """

    kind: str = "step"
    phase: str = "fetch"
    note: str = ""


@dataclass(frozen=True)
class Account:
    """What a file's bytes mean for the download as a whole.

    Parameters
    ----------
    title
        What is fetched.
    before, total
        Bytes of the other files that are there, and of all files.
    """

    title: str
    before: int
    total: int

    def at(self, received: int, note: str = "") -> FetchProgress:
        """Return the progress when `received` bytes of the file are there."""
        kind = "note" if note else "step"
        what = f"Fetching {self.title}"
        return FetchProgress(self.before + received, self.total, what, kind, "fetch", note)


def fetch_file_job(
    file: PublishedFile,
    target: Path,
    urls: Sequence[str],
    patience: Patience | None,
    account: Account,
) -> Job[list[Failure]]:
    """Fetch one file from the first mirror that can.

    Parameters
    ----------
    file
        What to fetch.
    target
        Where it shall be in the end; what has arrived until then is kept beside it.
    urls
        Where it is, in the order to ask.
    patience
        How long servers may keep silent.
    account
        What its bytes mean for the whole.

    Returns
    -------
    list[Failure]
        Empty if the file is in its place; else what failed, everywhere.
    """
    failures: list[Failure] = []
    partial = Partial(target, file)
    for url in urls:
        for _ in range(_TRIES):
            before = partial.size
            failure, again = yield from _try_job(file, partial, url, patience, account)
            if failure is None:
                return []
            failures.append(failure)
            yield account.at(partial.size, str(failure))
            if not again or partial.size == before == 0:
                break
    return failures


def _try_job(
    file: PublishedFile,
    partial: Partial,
    url: str,
    patience: Patience | None,
    account: Account,
) -> Job[tuple[Failure | None, bool]]:
    """Fetch what is missing of a file from one mirror; tell what failed, and whether to retry.

    It is tried again where something was gained, and from the beginning where what lay there
    before may have been at fault.
    """
    before = partial.size
    try:
        if before < file.size:
            yield from _receive_job(file, partial, url, patience, account)
    except TransferError as error:
        if error.status == _RANGE_NOT_SATISFIABLE:
            partial.discard()
        again = error.status == _RANGE_NOT_SATISFIABLE or (error.broken and partial.size > before)
        return Failure(url, error.reason, error.reached), again
    digest = yield from checksum_job(partial.path, file)
    if digest != file.sha256:
        partial.discard()
        return Failure(url, f"has another file under the name {file.name}", True), before > 0
    partial.finish()
    return None, False


def checksum_job(path: Path, file: PublishedFile) -> Job[str]:
    """Return the SHA-256 of what has arrived."""
    job = sha256_job(path, f"Checking {file.name}")
    while True:
        try:
            progress = next(job)
        except StopIteration as end:
            return str(end.value)
        yield FetchProgress(progress.done, progress.total, progress.what, phase="check")


def _receive_job(
    file: PublishedFile,
    partial: Partial,
    url: str,
    patience: Patience | None,
    account: Account,
) -> Job[None]:
    """Append what is missing of a file, or begin it anew where the server does so."""
    start = partial.size
    arrivals = fetch(url, start=start, validator=partial.validator_for(url), patience=patience)
    answer: Answer | None = None
    head: bytes | None = b""  # what was seen of the beginning; None once it was found good
    with closing(arrivals):
        for item in arrivals:
            if isinstance(item, Answer):
                answer = item
                if item.start:
                    _check_total(item, file)
                    head = None
            elif item is not None and answer is not None:
                if head is not None:
                    head += item
                    if len(head) < min(SNIFFED_BYTES, file.size):
                        continue
                    item, head = _good_beginning(head, answer, file), None
                    partial.begin(url, answer.validator)
                _append(item, partial, file)
            yield account.at(partial.size if head is None else start)
    if head and answer is not None:
        _good_beginning(head, answer, file)  # says why so little came
    if partial.size < file.size or head is not None:
        raise TransferError(f"broke off after {partial.size:,} of {file.size:,} bytes", broken=True)


def _append(piece: bytes, partial: Partial, file: PublishedFile) -> None:
    """Keep a piece, unless it would make the file longer than it is."""
    if partial.size + len(piece) > file.size:
        partial.discard()
        raise TransferError(f"sends more than the {file.size:,} bytes the file has")
    partial.append(piece)


def _good_beginning(head: bytes, answer: Answer, file: PublishedFile) -> bytes:
    """Return `head` if the file that is sent begins as it should and is announced with its size.

    Only then is what arrived before thrown away for it.
    """
    if not head.startswith(_MAGIC[file.packing]):
        something = sniff(head)
        said = "is no packed file" if something is None else something.problem.partition(",")[0]
        raise TransferError(f"sent something else: it {said}")
    _check_total(answer, file)
    return head


def _check_total(answer: Answer, file: PublishedFile) -> None:
    """Refuse a file of another size."""
    if answer.total not in (None, file.size):
        raise TransferError(
            f"has a file of {answer.total:,} bytes, where {file.size:,} are expected"
        )
