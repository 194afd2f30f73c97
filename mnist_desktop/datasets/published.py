"""What is known of a published dataset before it is fetched: files, sizes, checksums, mirrors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

Packing = Literal["gzip", "zip"]


@dataclass(frozen=True)
class PublishedFile:
    """A file as its publisher offers it.

    Parameters
    ----------
    name
        Its name, in the address and on the disk: letters, digits, dots and dashes alone.
    size
        In bytes, exactly.
    sha256
        Of the file as it is offered, packed.
    content_sha256
        Of what is packed in it, to know it unpacked as well; empty where that is not known.
    """

    name: str
    size: int
    sha256: str
    content_sha256: str = ""

    def __post_init__(self) -> None:
        """Refuse a name that could lead out of its folder."""
        _check_name(self.name)

    @property
    def packing(self) -> Packing:
        """Return how the file is packed."""
        return "zip" if self.name.endswith(".zip") else "gzip"


@dataclass(frozen=True)
class Member:
    """A file inside an archive.

    Parameters
    ----------
    name
        Its name on the disk, and in the archive behind `Published.prefix`.
    md5
        Of the file as it is in the archive, itself packed with gzip or a small text.
    most
        The most bytes it may have: for a gzip file the size of its content.
    """

    name: str
    md5: str
    most: int

    def __post_init__(self) -> None:
        """Refuse a name that could lead out of its folder."""
        _check_name(self.name)


@dataclass(frozen=True)
class Split:
    """What can be opened of a dataset.

    Parameters
    ----------
    title
        As people call it: `train`.
    file
        The name of its images file.
    count
        How many images it has.
    """

    title: str
    file: str
    count: int


@dataclass(frozen=True)
class Published:
    """A published dataset.

    Parameters
    ----------
    key
        Its name on the command line and of its folder.
    title
        As people call it.
    what
        What its pictures show, a few words.
    images
        How many different images there are.
    classes
        How many classes, as people say it: `10`, `10 to 62`.
    licence
        What its publisher allows, a few words.
    publisher
        The page that describes it.
    files
        What is fetched.
    mirrors
        Addresses of folders that hold the files, the first is asked first. Plain http is only used
        where a place offers nothing else: no file is used before its checksum was compared.
    splits
        What can be opened; the first is opened by itself.
    members
        For an archive: what is unpacked from it; nothing else in it is touched.
    prefix
        For an archive: the folder inside it that holds the members.
    """

    key: str
    title: str
    what: str
    images: int
    classes: str
    licence: str
    publisher: str
    files: tuple[PublishedFile, ...]
    mirrors: tuple[str, ...]
    splits: tuple[Split, ...]
    members: tuple[Member, ...] = ()
    prefix: str = ""
    kept: tuple[str, ...] = field(init=False)
    """The names of the files that make the dataset whole on the disk."""

    def __post_init__(self) -> None:
        """List what has to be there in the end."""
        names = self.members if self.is_archive else self.files
        object.__setattr__(self, "kept", tuple(file.name for file in names))

    @property
    def is_archive(self) -> bool:
        """Tell whether it is offered as one archive that has to be unpacked."""
        return bool(self.members)

    @property
    def size(self) -> int:
        """Return how many bytes are fetched in all."""
        return sum(file.size for file in self.files)

    def file(self, name: str) -> PublishedFile:
        """Return the file with this name."""
        return next(file for file in self.files if file.name == name)

    def hosts(self) -> tuple[str, ...]:
        """Return the names of the servers, in the order they are asked, each once."""
        return tuple(dict.fromkeys(map(host_of, self.mirrors)))


def host_of(url: str) -> str:
    """Return the server's name in an address, for people."""
    return urlsplit(url).netloc.rpartition("@")[2]


def addresses(dataset: Published, file: PublishedFile, *, first: str = "") -> tuple[str, ...]:
    """Return where a file is, in the order to ask; `first` is the folder of one more mirror."""
    folders = (first, *dataset.mirrors) if first else dataset.mirrors
    return tuple(f"{folder.rstrip('/')}/{file.name}" for folder in folders)


def inside(folder: Path, name: str) -> Path:
    """Return the path of a file in `folder`; a name that could lead out of it is refused."""
    _check_name(name)
    return folder / name


def _check_name(name: str) -> None:
    """Raise ValueError for anything but a plain file name."""
    if not _PLAIN_NAME.fullmatch(name):
        raise ValueError(f"“{name}” is no plain file name")
