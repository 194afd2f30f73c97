"""Unpack the files of a dataset from its archive: those that are expected, and nothing else."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from mnist_desktop.datasets.published import Member, Published, inside
from mnist_desktop.errors import UserError
from mnist_desktop.files import replacing
from mnist_desktop.progress import Job, Progress

_PIECE = 1 << 20


def unpack_job(
    dataset: Published, archive: Path, folder: Path, *, but: Collection[str]
) -> Job[None]:
    """Write the members of `archive` into `folder`, reporting bytes.

    Where they are written is decided by the dataset's own list of names, never by the archive, and
    none may be larger than it can be by that list.

    Parameters
    ----------
    dataset
        What the archive should hold.
    archive, folder
        Where it is, and where its members shall be.
    but
        The names of members that are there already.

    Raises
    ------
    UserError
        If the archive is damaged or lacks a member, or the system refuses to write.
    """
    wanted = [member for member in dataset.members if member.name not in but]
    what = f"Unpacking {dataset.title}"
    with _reading(archive), zipfile.ZipFile(archive) as opened:
        infos = [_info(opened, dataset.prefix, member, archive) for member in wanted]
        total, done = sum(info.file_size for info in infos), 0
        for member, info in zip(wanted, infos, strict=True):
            target = inside(folder, member.name)
            with opened.open(info) as source, replacing(target) as stream:
                written = 0
                while piece := source.read(_PIECE):
                    written += len(piece)
                    if written > member.most:
                        raise _too_large(archive, member)
                    stream.write(piece)
                    yield Progress(done + written, total, what)
            done += written


def _info(opened: zipfile.ZipFile, prefix: str, member: Member, archive: Path) -> zipfile.ZipInfo:
    """Return what the archive's list says of a member."""
    try:
        info = opened.getinfo(prefix + member.name)
    except KeyError as error:
        raise UserError(
            f"“{archive}” has no file “{member.name}”", "It is another archive; fetch it again."
        ) from error
    if info.file_size > member.most:
        raise _too_large(archive, member)
    return info


def _too_large(archive: Path, member: Member) -> UserError:
    """Return the error for a member that cannot be what it is called."""
    return UserError(
        f"“{archive}” has a file “{member.name}” that is larger than {member.most:,} bytes",
        "It is another archive; fetch it again.",
    )


@contextmanager
def _reading(archive: Path) -> Iterator[None]:
    """Say in plain words what is wrong with an archive."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as error:
        # RuntimeError for one that is encrypted, and its NotImplementedError for unknown packing.
        raise UserError(
            f"“{archive}” cannot be unpacked: {error}", "Delete it, and fetch it again."
        ) from error
