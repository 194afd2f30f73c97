"""A file on its way: what has arrived is kept beside its place until it is whole and checked."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mnist_desktop.datasets.published import PublishedFile
from mnist_desktop.errors import UserError
from mnist_desktop.files import write_bytes

_NOTE_BYTES = 1 << 14


class Partial:
    """The beginning of a file, `NAME.part`, and a note of where it came from, `NAME.part.json`.

    Parameters
    ----------
    target
        Where the file shall be in the end.
    file
        What it shall be.
    """

    def __init__(self, target: Path, file: PublishedFile) -> None:
        self.target = target
        self.path = target.with_name(f"{target.name}.part")
        self._note = target.with_name(f"{target.name}.part.json")
        self._file = file
        self._url, self._validator = self._read_note()

    @property
    def size(self) -> int:
        """Return how many bytes have arrived that can be gone on from."""
        try:
            size = self.path.stat().st_size
        except OSError:
            return 0
        return size if self._url and size <= self._file.size else 0

    def validator_for(self, url: str) -> str:
        """Return what tells this version of the file from another at this address, or empty."""
        return self._validator if url == self._url else ""

    def begin(self, url: str, validator: str) -> None:
        """Forget what has arrived; from now on the file comes from `url`."""
        self.discard()
        self._url, self._validator = url, validator
        note = {"url": url, "validator": validator, "sha256": self._file.sha256}
        write_bytes(self._note, json.dumps(note, indent=1).encode())

    def append(self, piece: bytes) -> None:
        """Keep what has arrived."""
        with _writing(self.path), self.path.open("ab") as stream:
            stream.write(piece)

    def discard(self) -> None:
        """Throw away what has arrived."""
        for path in (self.path, self._note):
            with suppress(OSError):
                path.unlink()

    def finish(self) -> None:
        """Put the file in its place, flushed to the disk; what lay there gets another name.

        A person's own file of the same name must not be lost because a published one is fetched.
        """
        with _writing(self.target):
            with self.path.open("rb+") as stream:
                os.fsync(stream.fileno())
            if self.target.exists():
                os.replace(self.target, _free_name(self.target))
            os.replace(self.path, self.target)
        self.discard()

    def _read_note(self) -> tuple[str, str]:
        """Return the address and the validator in the note; empty ones if it cannot be believed."""
        try:
            with self._note.open("rb") as stream:
                note = json.loads(stream.read(_NOTE_BYTES))
            url, validator, sha256 = note["url"], note["validator"], note["sha256"]
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return "", ""
        believed = isinstance(url, str) and isinstance(validator, str)
        return (url, validator) if believed and sha256 == self._file.sha256 else ("", "")


def _free_name(path: Path) -> Path:
    """Return a name beside `path` that nothing has: `NAME.old`, `NAME.old2` and so on."""
    number = 1
    while True:
        free = path.with_name(f"{path.name}.old{number if number > 1 else ''}")
        if not free.exists():
            return free
        number += 1


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Say in plain words why the system refuses to write."""
    try:
        yield
    except OSError as error:
        raise UserError(
            f"“{path}” could not be written: {error.strerror or error}",
            "Free some space or choose another folder; what has arrived is kept.",
        ) from error
