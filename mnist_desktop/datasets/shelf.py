"""What of the published datasets is in the datasets folder, and what to put there by hand."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from mnist_desktop.datasets import mirrors
from mnist_desktop.datasets.partial import Partial
from mnist_desktop.datasets.published import Member, Published, PublishedFile, addresses, inside
from mnist_desktop.errors import UserError
from mnist_desktop.files import user_folder, write_bytes
from mnist_desktop.progress import Job, Progress

_CHECKED = "checked.json"
_CHECKED_BYTES = 1 << 20
_PIECE = 1 << 20
_Marks: TypeAlias = dict[str, list[object]]


@dataclass(frozen=True)
class Holding:
    """What is there of a dataset.

    Parameters
    ----------
    dataset
        Which.
    folder
        Where its files are, or belong; it may not exist.
    paths
        The files that are there and are exactly the published ones, by their published names; one
        that was unpacked by hand has a path without `.gz`.
    foreign
        Files that bear the name of a published one, and are not.
    fetched
        How many bytes of what is offered are there, whole files and beginnings.
    archive
        For a dataset that is offered as an archive: the archive, if it lies there with its size.
    """

    dataset: Published
    folder: Path
    paths: Mapping[str, Path]
    foreign: tuple[Path, ...] = ()
    fetched: int = 0
    archive: Path | None = None

    @property
    def complete(self) -> bool:
        """Tell whether every file is there."""
        return all(name in self.paths for name in self.dataset.kept)

    @property
    def to_fetch(self) -> int:
        """Return how many bytes are missing."""
        return 0 if self.complete else max(0, self.dataset.size - self.fetched)

    @property
    def missing(self) -> tuple[PublishedFile, ...]:
        """Return the files that have to be fetched."""
        if self.complete or self.archive is not None:
            return ()
        return tuple(file for file in self.dataset.files if file.name not in self.paths)


def datasets_folder() -> Path:
    """Return the folder that keeps a folder for each dataset that was fetched; it may not exist."""
    return user_folder() / "datasets"


def survey_job(folder: Path) -> Job[tuple[Holding, ...]]:
    """Return what is there of every dataset that can be fetched.

    A file is read once, to compare its checksum; from then on its size and time tell that it is
    still the same.
    """
    holdings = []
    for dataset in mirrors.DATASETS:
        holdings.append((yield from look_job(dataset, folder)))
    return tuple(holdings)


def look_job(dataset: Published, folder: Path) -> Job[Holding]:
    """Return what is there of one dataset."""
    place = inside(folder, dataset.key)
    marks = _read_marks(place)
    before = json.dumps(marks)
    paths: dict[str, Path] = {}
    foreign: list[Path] = []
    for file in dataset.members or dataset.files:
        for path, expected in _candidates(place, file):
            if file.name in paths or not path.is_file():
                continue
            same = yield from _compare_job(path, file, expected, marks)
            if same:
                paths[file.name] = path
            else:
                foreign.append(path)
    if json.dumps(marks) != before:
        _write_marks(place, marks)
    yield Progress(1, 1, f"Looking for {dataset.title}")
    archive = _archive(dataset, place)
    fetched = sum(_fetched(file, place, paths, archive) for file in dataset.files)
    return Holding(dataset, place, paths, tuple(foreign), fetched, archive)


def mark_as_checked(dataset: Published, folder: Path) -> None:
    """Remember that the members in `folder` came from an archive whose checksum was right."""
    marks = _read_marks(folder)
    for member in dataset.members:
        path = inside(folder, member.name)
        if path.is_file():
            marks[path.name] = [*_look_of(path), member.md5]
    _write_marks(folder, marks)


def by_hand(holding: Holding, *, missing: tuple[PublishedFile, ...] | None = None) -> str:
    """Return what to do without this program's help: where the files are, and where they belong.

    Parameters
    ----------
    holding
        What is there.
    missing
        The files in question; by default those that are missing.
    """
    files = holding.missing if missing is None else missing
    lines = ["Put these files, packed as they are, into the folder", f"  {holding.folder}"]
    for file in files:
        lines += ["", f"{file.name}   {file.size:,} bytes"]
        lines += [f"  {address}" for address in addresses(holding.dataset, file)]
    return "\n".join(lines)


def sha256_job(path: Path, what: str) -> Job[str]:
    """Return the SHA-256 of a file, reporting bytes as `what`."""
    return (yield from _digest_job(path, hashlib.sha256(), what))


def _candidates(place: Path, file: PublishedFile | Member) -> list[tuple[Path, str]]:
    """Return where a file may lie, and the checksum it must have there."""
    path = inside(place, file.name)
    if isinstance(file, Member):
        return [(path, file.md5)]
    found = [(path, file.sha256)]
    if file.content_sha256:
        found.append((path.with_suffix(""), file.content_sha256))
    return found


def _compare_job(
    path: Path, file: PublishedFile | Member, expected: str, marks: _Marks
) -> Job[bool]:
    """Tell whether a file is the published one; `marks` knows from last time, or learns it."""
    try:
        look = _look_of(path)
        if marks.get(path.name) == [*look, expected]:
            return True
        if look[0] > 0 and not _can_be(look[0], path, file):
            return False
        algorithm = hashlib.md5(usedforsecurity=False) if len(expected) == 32 else hashlib.sha256()
        digest = yield from _digest_job(path, algorithm, f"Checking {path.name}")
    except OSError:
        return False
    if digest == expected:
        marks[path.name] = [*look, expected]
    return digest == expected


def _can_be(size: int, path: Path, file: PublishedFile | Member) -> bool:
    """Tell by its size whether a file is worth reading."""
    if isinstance(file, Member):
        return size <= file.most
    return size == file.size or path.name != file.name


def _digest_job(path: Path, digest: hashlib._Hash, what: str) -> Job[str]:
    """Feed a file to a digest, reporting bytes."""
    with path.open("rb") as stream:
        size, done = path.stat().st_size, 0
        while piece := stream.read(_PIECE):
            digest.update(piece)
            done += len(piece)
            yield Progress(done, size, what)
    return digest.hexdigest()


def _archive(dataset: Published, place: Path) -> Path | None:
    """Return the archive of a dataset if it lies there with the right size."""
    if not dataset.is_archive:
        return None
    path = inside(place, dataset.files[0].name)
    try:
        return path if path.stat().st_size == dataset.files[0].size else None
    except OSError:
        return None


def _fetched(
    file: PublishedFile, place: Path, paths: Mapping[str, Path], archive: Path | None
) -> int:
    """Return how many bytes of a file need not be fetched any more."""
    if file.name in paths or archive is not None:
        return file.size
    return Partial(inside(place, file.name), file).size


def _look_of(path: Path) -> tuple[int, int]:
    """Return size and time of a file, by which a change is noticed."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError("no ordinary file")
    return status.st_size, status.st_mtime_ns


def _read_marks(place: Path) -> _Marks:
    """Return what was checked before; nothing if that cannot be read."""
    try:
        with (place / _CHECKED).open("rb") as stream:
            marks = json.loads(stream.read(_CHECKED_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return marks if isinstance(marks, dict) else {}


def _write_marks(place: Path, marks: _Marks) -> None:
    """Remember what was checked; a folder that cannot be written to is checked again next time."""
    try:
        write_bytes(place / _CHECKED, json.dumps(marks, indent=1).encode())
    except UserError:
        return
