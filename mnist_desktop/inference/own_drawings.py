"""Keep the drawings that a person has named, so that none is lost whatever happens.

One file, `drawings.jsonl`, is the truth: a drawing a line, with its strokes, its picture and its
label. A drawing is added by one write at its end that is on the disk before `add` returns; all
other changes replace the file as a whole. The IDX files beside it (images, labels and class names)
follow from it: they are written after it, and made again where a crash left them behind.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import NONE_OF_THEM
from mnist_desktop.datasets.idx import read_idx, write_idx
from mnist_desktop.errors import UserError
from mnist_desktop.files import user_folder, write_bytes
from mnist_desktop.inference.drawing import SIDE, Drawing, from_line, to_line
from mnist_desktop.inference.pen import Stroke

DRAWINGS = "drawings.jsonl"
IMAGES, LABELS = "my-drawings-images-idx3-ubyte", "my-drawings-labels-idx1-ubyte"
MAPPING = "my-drawings-mapping.txt"

DIGITS = tuple("0123456789")

MOST_BYTES = 2_000_000_000
"""The largest file that is read: some hundred thousand drawings."""

MOST_CLASSES = 256
"""Classes that the labels file can tell apart: its labels are bytes."""


@dataclass(frozen=True)
class Kept:
    """The drawings that are kept, and what there is to tell of their files.

    Parameters
    ----------
    drawings
        In the order in which they were added.
    notes
        Sentences for the person: files that were damaged, and where they are now.
    """

    drawings: tuple[Drawing, ...]
    notes: tuple[str, ...] = ()


def default_drawings_folder() -> Path:
    """Return the folder that keeps the user's own drawings; it may not exist yet."""
    return user_folder() / "drawings"


def new_drawing(
    label: str,
    picture: NDArray[np.uint8],
    strokes: Iterable[Stroke],
    *,
    raster: int,
    answer: str = "",
) -> Drawing:
    """Return a drawing of this moment, with a number of its own; the parameters are `Drawing`'s."""
    made = datetime.now(UTC).isoformat(timespec="seconds")
    return Drawing(uuid.uuid4().hex, label, picture, tuple(strokes), raster, made, answer)


def class_names_of(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the classes of drawings with these labels: all ten digits, or those that occur.

    The class of what is none of them comes last, where it occurs.
    """
    used = set(labels)
    known = used - {NONE_OF_THEM}
    names = DIGITS if known <= set(DIGITS) else tuple(sorted(known))
    return (*names, NONE_OF_THEM) if NONE_OF_THEM in used else names


class OwnDrawings:
    """The drawings in a folder. For one thread at a time; each call reads what is there first.

    Parameters
    ----------
    folder
        Where they are kept; made when the first is added.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: Kept | None = None
        self._stamp: tuple[int, int] | None = None
        self._is_whole = True

    @property
    def images_path(self) -> Path:
        """The IDX file of the pictures."""
        return self.folder / IMAGES

    def read(self) -> Kept:
        """Return all drawings; what is damaged is set aside first, and told.

        Raises
        ------
        UserError
            When the system refuses to read or write.
        """
        notes = self._read_drawings()
        assert self._known is not None
        notes += self._write_idx(self._known.drawings)
        return Kept(self._known.drawings, notes)

    def add(self, drawing: Drawing) -> Kept:
        """Keep one drawing more: it is on the disk when this returns.

        Raises
        ------
        UserError
            When the system refuses; the drawings are then as they were.
        """
        notes = self._read_drawings()
        assert self._known is not None
        used = class_names_of([*(d.label for d in self._known.drawings), drawing.label])
        if len(used) > MOST_CLASSES:
            raise UserError(
                f"There are drawings of {MOST_CLASSES} classes already, as many as can be kept",
                "Remove the drawings of some class first.",
            )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self._is_whole:
                write_bytes(self.folder / DRAWINGS, _text(self._known.drawings))
            _append(self.folder / DRAWINGS, (to_line(drawing) + "\n").encode())
        except OSError as error:
            raise UserError(
                f"The drawing could not be kept in “{self.folder}”: {error.strerror or error}",
                "Free some space, or see to it that you may write there; then name it again.",
            ) from error
        return self._changed_to((*self._known.drawings, drawing), notes)

    def remove(self, numbers: Collection[str]) -> Kept:
        """Remove drawings for good; numbers that no drawing has change nothing.

        Raises
        ------
        UserError
            When the system refuses; the drawings are then as they were.
        """
        notes = self._read_drawings()
        assert self._known is not None
        left = tuple(d for d in self._known.drawings if d.number not in numbers)
        if len(left) < len(self._known.drawings):
            write_bytes(self.folder / DRAWINGS, _text(left))
        return self._changed_to(left, notes)

    def _changed_to(self, drawings: tuple[Drawing, ...], notes: tuple[str, ...]) -> Kept:
        """Take over what the file holds now, and have the IDX files follow."""
        self._known, self._stamp = Kept(drawings), _stamp(self.folder / DRAWINGS)
        self._is_whole = True
        return Kept(drawings, notes + self._write_idx(drawings))

    def _read_drawings(self) -> tuple[str, ...]:
        """Read the file of the drawings where it is another than last time."""
        path = self.folder / DRAWINGS
        stamp = _stamp(path)
        if self._known is not None and stamp == self._stamp:
            return ()
        data = b"" if stamp is None else _content(path)
        drawings, damaged = _drawings_in(data)
        notes: tuple[str, ...] = ()
        if damaged:
            aside = _aside(path)
            write_bytes(aside, data)
            lines = "A line" if damaged == 1 else f"{damaged:,} lines"
            notes = (
                f"{lines} of “{path}” could not be read; the {len(drawings):,} drawings of the "
                f"others are kept, and the damaged file is now “{aside.name}”.",
            )
            write_bytes(path, _text(drawings))
        # Only looking leaves an unfinished line alone: another window may be writing it now.
        self._is_whole = bool(damaged) or not data or data.endswith(b"\n")
        self._known, self._stamp = Kept(drawings), _stamp(path)
        return notes

    def _write_idx(self, drawings: tuple[Drawing, ...]) -> tuple[str, ...]:
        """Write the IDX files where they are others than these drawings make.

        They can be made again at any time: a system that refuses (another program holds the file)
        is no reason to fail.
        """
        if not drawings and not self.images_path.exists():
            return ()
        names = class_names_of(d.label for d in drawings)
        places = {name: place for place, name in enumerate(names)}
        images = np.stack([d.picture for d in drawings]) if drawings else _NO_IMAGES
        labels = np.array([places[d.label] for d in drawings], np.uint8)
        lines = (f"{k} {json.dumps(name, ensure_ascii=False)}\n" for k, name in enumerate(names))
        mapping = "".join(lines).encode()
        notes: tuple[str, ...] = ()
        try:
            for name, array in ((IMAGES, images), (LABELS, labels)):
                path = self.folder / name
                if path.exists():
                    same, told = _compare(path, array)
                    notes += told
                    if same:
                        continue
                write_idx(path, array)
            path = self.folder / MAPPING
            if not path.exists() or path.read_bytes() != mapping:
                write_bytes(path, mapping)
        except (OSError, UserError) as error:
            return (*notes, f"The IDX files of your drawings will be written later: {error}")
        return notes


_NO_IMAGES = np.empty((0, SIDE, SIDE), np.uint8)


def _compare(path: Path, array: NDArray[np.uint8]) -> tuple[bool, tuple[str, ...]]:
    """Tell whether a file holds `array`; one that no crash of ours can have left is set aside."""
    try:
        found = np.array(read_idx(path))
    except UserError as error:
        aside = _aside(path)
        os.replace(path, aside)
        return False, (f"{error.message}; it is now “{aside.name}”, and was made again.",)
    return found.dtype == array.dtype and np.array_equal(found, array), ()


def _append(path: Path, data: bytes) -> None:
    """Write at the end of a file, and wait for the disk; on a failure the file is as it was."""
    with path.open("ab", buffering=0) as stream:
        before = os.fstat(stream.fileno()).st_size
        try:
            written = stream.write(data)
            if written != len(data):
                raise OSError(28, "there is no room for it")
            os.fsync(stream.fileno())
        except OSError:
            stream.truncate(before)
            raise


def _content(path: Path) -> bytes:
    """Return the content of a file that may not be ours."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UserError(
                f"“{path}” is larger than any number of drawings",
                "Move it to another folder; then your drawings begin anew.",
            )
        return path.read_bytes()
    except OSError as error:
        raise UserError(
            f"“{path}” could not be read: {error.strerror or error}",
            "See to it that you may read the file.",
        ) from error


def _drawings_in(data: bytes) -> tuple[tuple[Drawing, ...], int]:
    """Return the drawings in a file's content, and how many of its lines are damaged.

    What stands behind the last line end and is no drawing is no damage: nobody was told that it is
    kept, because the program ended in the middle of writing it.
    """
    drawings: dict[str, Drawing] = {}
    damaged = 0
    *lines, last = data.split(b"\n")
    for place, line in enumerate((*lines, last)):
        try:
            drawing = from_line(line.decode())
            drawings[drawing.number] = drawing
        except ValueError:
            damaged += place < len(lines)
    return tuple(drawings.values()), damaged


def _text(drawings: Iterable[Drawing]) -> bytes:
    """Return the content of a file with these drawings."""
    return "".join(to_line(drawing) + "\n" for drawing in drawings).encode()


def _aside(path: Path) -> Path:
    """Return a name beside `path` for a damaged file, which nothing has yet."""
    number = 1
    while True:
        aside = path.with_name(f"damaged-{number}-{path.name}")
        if not aside.exists():
            return aside
        number += 1


def _stamp(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from what it was before; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
