"""Say what is wrong with an IDX file, in plain words, and save what can be saved.

The faults are found by the code that reads files, so both always agree; the doctor goes on where
the reader stops, and counts what is whole.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np

from mnist_desktop.datasets.faults import IdxError, NotIdxError
from mnist_desktop.datasets.gunzip import Unpacker
from mnist_desktop.datasets.header import IdxHeader, too_long, too_short
from mnist_desktop.datasets.idx import begin, check_size, opened, read_header, read_idx
from mnist_desktop.datasets.known import by_checksum, class_names, content_hash, guess
from mnist_desktop.datasets.labelling import read_labels
from mnist_desktop.datasets.pairing import find_partner, read_name
from mnist_desktop.errors import UserError
from mnist_desktop.files import replacing
from mnist_desktop.progress import Job, Progress, finish

Verdict = Literal["sound", "damaged", "not idx"]
_PIECE = 1 << 20


@dataclass(frozen=True)
class Problem:
    """One thing to know about a file.

    Parameters
    ----------
    text
        What it is, a whole sentence without a full stop.
    advice
        What to do, a whole sentence, or empty.
    offset
        Where, in bytes; 0 for what concerns the whole file.
    fault
        Whether it keeps the file from being read; otherwise it is a remark.
    """

    text: str
    advice: str
    offset: int = 0
    fault: bool = True


@dataclass(frozen=True)
class Diagnosis:
    """What the doctor found.

    Parameters
    ----------
    path
        The file.
    verdict
        `sound`, `damaged`, or `not idx`. A sound file may still have remarks among its problems.
    type
        Element type as NumPy calls it (`uint8`), empty if no header could be read.
    shape
        What the header promises; empty likewise.
    compressed
        Whether the content is packed with gzip.
    problems
        The fault first, then remarks.
    partner
        The file that belongs with it, if it is there.
    recoverable
        How many whole items can be read from the beginning; `None` if no header could be read.
    published
        Which published dataset it is a part of, by checksum: `MNIST · train`; else empty.
    """

    path: Path
    verdict: Verdict
    type: str = ""
    shape: tuple[int, ...] = ()
    compressed: bool = False
    problems: tuple[Problem, ...] = ()
    partner: Path | None = None
    recoverable: int | None = None
    published: str = ""


def diagnose(path: Path) -> Diagnosis:
    """Examine a file to its last byte.

    Raises
    ------
    UserError
        If there is no such file or it cannot be read; what is wrong inside is in the result.
    """
    return finish(diagnose_job(path))


def diagnose_job(path: Path) -> Job[Diagnosis]:
    """Examine as `diagnose` does, reporting bytes on the way; nothing is loaded whole."""
    path = Path(path)
    with opened(path) as stream:
        try:
            header, source = begin(stream, path)
        except IdxError as error:
            verdict: Verdict = "not idx" if isinstance(error, NotIdxError) else "damaged"
            return Diagnosis(path, verdict, problems=(_problem(error),))
        digest = content_hash(header)
        use = digest.update if digest else None
        whole, fault = yield from _examine(_Content(stream, source, header, path), use)
    family = None
    if fault is None and digest is not None:
        family = by_checksum(digest.hexdigest(), path, packed=header.compressed)
    partner = find_partner(path)
    problems = [] if fault is None else [_problem(fault)]
    if fault is None and family is None:
        problems += _label_problems(header, path)
    problems += _remarks(header, path, partner)
    return Diagnosis(
        path=path,
        verdict="damaged" if any(problem.fault for problem in problems) else "sound",
        type=header.dtype.newbyteorder("=").name,
        shape=header.shape,
        compressed=header.compressed,
        problems=tuple(problems),
        partner=partner,
        recoverable=whole,
        published=family.title if family else "",
    )


def rescue_job(path: Path, target: Path) -> Job[int]:
    """Write the whole items at the beginning of a damaged file as a sound, plain one.

    Returns
    -------
    int
        How many items were saved.

    Raises
    ------
    IdxError
        If its header cannot be read, or there is not a single whole item.
    UserError
        If the system refuses to read or write.
    """
    path = Path(path)
    with opened(path) as stream:
        header, source = begin(stream, path)
        whole, fault = yield from _examine(_Content(stream, source, header, path), None)
    if not whole:
        raise fault or IdxError(path, "is empty: there is nothing to save")
    saved = replace(header, shape=(whole, *header.shape[1:]))
    with opened(path) as stream, replacing(Path(target)) as output:
        source = begin(stream, path)[1]
        output.write(saved.to_bytes())
        done = 0
        for piece in _Content(stream, source, saved, path).pieces():
            output.write(piece)
            done += len(piece)
            yield Progress(done, saved.data_bytes, f"Saving {path.name}")
    return whole


@dataclass(frozen=True)
class _Content:
    """The elements of an opened file, plain or packed."""

    stream: BinaryIO
    source: Unpacker | None
    header: IdxHeader
    path: Path

    @property
    def item_bytes(self) -> int:
        """Return how many bytes one item takes."""
        return math.prod(self.header.shape[1:]) * self.header.dtype.itemsize

    def pieces(self) -> Iterator[bytes]:
        """Yield what there is, up to what the header promises; a fault in gzip data is raised."""
        if self.source is None:
            self.stream.seek(self.header.data_offset)
        else:
            self.source.skip(self.header.data_offset)
        left = self.header.data_bytes
        read = self.stream.read if self.source is None else self.source.read
        while left and (piece := read(min(_PIECE, left))):
            left -= len(piece)
            yield piece

    def check_end(self) -> None:
        """Raise `IdxError` unless gzip data ends here, with the checksum it should have."""
        if self.source is not None and self.source.read(1):
            raise too_long(self.header, None, self.path)


def _examine(
    content: _Content, use: Callable[[bytes], object] | None
) -> Job[tuple[int, IdxError | None]]:
    """Read to the end of the promise or of the data; return whole items and the first fault."""
    header, path = content.header, content.path
    faults: list[IdxError] = []
    filled = 0
    try:
        check_size(header, content.stream, path)
    except IdxError as error:
        faults.append(error)
    try:
        for piece in content.pieces():
            filled += len(piece)
            if use is not None:
                use(piece)
            yield Progress(filled, header.data_bytes, f"Examining {path.name}")
        if filled < header.data_bytes:
            raise too_short(header, header.data_offset + filled, path)
        content.check_end()
    except IdxError as error:
        faults.append(error)
    whole = filled // content.item_bytes if content.item_bytes else header.item_count
    return whole, faults[0] if faults else None


def _problem(error: IdxError) -> Problem:
    """Return an error as a problem."""
    place = f" (expected {error.expected}, found {error.found})" if error.expected else ""
    return Problem(f"The file {error.problem}{place}", error.advice, error.offset)


def _remarks(header: IdxHeader, path: Path, partner: Path | None) -> list[Problem]:
    """Return what is odd about the file's name and its partner, though it can be read."""
    remarks = []
    named_packed = path.name.lower().endswith(".gz")
    if named_packed and not header.compressed:
        text = "The file is named .gz, but it is already unpacked"
        remarks.append((text, f"Other programs may refuse it; rename it to “{path.stem}”."))
    if header.compressed and not named_packed:
        text = "The file is packed with gzip, though its name does not end in .gz"
        remarks.append((text, f"Other programs may refuse it; rename it to “{path.name}.gz”."))
    if partner is not None:
        try:
            count = read_header(partner).item_count
        except UserError as error:
            remarks.append((f"What belongs with it cannot be read: {error.message}", error.advice))
        else:
            if count != header.item_count:
                text = f"It has {header.item_count:,} items, but “{partner.name}” has {count:,}"
                remarks.append((text, "One of the two is from another dataset or cut short."))
    return [Problem(text, advice, fault=False) for text, advice in remarks]


def _label_problems(header: IdxHeader, path: Path) -> list[Problem]:
    """Return the labels of a labels file that stand for no class."""
    if read_name(path.name).kind != "labels" or len(header.shape) > 2:
        return []
    try:
        stored = read_labels(read_idx(path), path)[0]
    except IdxError as error:
        return [_problem(error)]
    try:
        names = class_names(path, guess(path))
    except UserError as error:
        return [
            Problem(f"The mapping file cannot be used: {error.message}", error.advice, 0, False)
        ]
    if names is None:
        wrong, known = stored < 0, "0 or more"
    else:
        wrong = ~np.isin(stored, list(names))
        known = f"{min(names)} to {max(names)}"
    if not wrong.any():
        return []
    first = int(np.argmax(wrong))
    stride = header.data_bytes // header.item_count
    return [
        Problem(
            f"{np.count_nonzero(wrong):,} of {len(stored):,} labels are out of range: number "
            f"{first:,} is {stored[first]}, where {known} is expected",
            "The labels belong to another dataset, or the file was changed.",
            header.data_offset + first * stride,
        )
    ]
