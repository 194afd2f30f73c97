"""Say what is wrong with an IDX file, in plain words, and what can be saved.

The faults are found by the code that reads files, so both always agree; the doctor goes on where
the reader stops, and counts what is whole. `rescue.py` saves it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.display import axes_of, to_pictures
from mnist_desktop.datasets.examination import Finding, examine
from mnist_desktop.datasets.faults import IdxError, NotIdxError
from mnist_desktop.datasets.header import IdxHeader
from mnist_desktop.datasets.idx import opened, read_header
from mnist_desktop.datasets.known import Family, by_checksum, content_hash, guess
from mnist_desktop.datasets.pairing import find_partner
from mnist_desktop.datasets.remarks import (
    Problem,
    as_problem,
    blank_remarks,
    family_remarks,
    label_problems,
    name_remarks,
    noun,
    partner_remarks,
)
from mnist_desktop.datasets.uncover import Content, uncover
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Job, finish

__all__ = ["Diagnosis", "Problem", "Verdict", "diagnose", "diagnose_job", "partner_count"]

Verdict = Literal["sound", "damaged", "not idx"]
_PREVIEW_BYTES = 1 << 20


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
        What the header promises, or means; empty likewise.
    compressed
        Whether the content is packed with gzip.
    problems
        The faults first, then remarks.
    partner
        The file that belongs with it, if it is there.
    partner_count
        How many items its header promises; `None` if it cannot be read.
    recoverable
        How many whole items can be read from the beginning; `None` if no header could be read.
    is_doubtful
        Whether those may hold wrong values, because gzip data is damaged.
    is_mendable
        Whether saving those makes a better file than this one is.
    published
        Which published dataset it is a part of, by checksum: `MNIST · train`; else empty.
    preview
        (k, height, width) uint8, ink high: the first pictures of those, if they were asked for and
        can be shown.
    """

    path: Path
    verdict: Verdict
    type: str = ""
    shape: tuple[int, ...] = ()
    compressed: bool = False
    problems: tuple[Problem, ...] = ()
    partner: Path | None = None
    partner_count: int | None = None
    recoverable: int | None = None
    is_doubtful: bool = False
    is_mendable: bool = False
    published: str = ""
    preview: NDArray[np.uint8] | None = field(default=None, compare=False, repr=False)

    @property
    def savable(self) -> int:
        """Return how many whole items are worth saving; 0 for a file that needs no help."""
        return (self.recoverable or 0) if self.is_mendable else 0

    @property
    def prospect(self) -> str:
        """Return in a sentence, without a full stop, how much of the file is whole."""
        whole, promised = self.recoverable, self.shape[0] if self.shape else 1
        if whole is None:
            return "There is nothing in it that could be saved"
        items = noun(self.shape, self.path, whole if whole >= promised else promised)
        if not whole and promised:
            return f"Not one of its {promised:,} {items} is whole"
        of = f"{whole:,} of {promised:,} {items}"
        if whole >= promised:
            of = f"Its only {items}" if whole == 1 else f"All {whole:,} {items}"
        if self.is_doubtful:
            return f"{of} can be saved, but some of them may be wrong"
        verb = "is" if whole == 1 else "are"
        can = " and can be saved" if self.verdict == "damaged" and self.is_mendable else ""
        return f"{of} {verb} whole{can}"

    def items(self, count: int) -> str:
        """Return what to call so many of its items: images, labels or rows."""
        return noun(self.shape, self.path, count)


def diagnose(path: Path) -> Diagnosis:
    """Examine a file to its last byte.

    Raises
    ------
    UserError
        If there is no such file or it cannot be read; what is wrong inside is in the result.
    """
    return finish(diagnose_job(path))


def diagnose_job(path: Path, *, preview: int = 0) -> Job[Diagnosis]:
    """Examine as `diagnose` does, reporting bytes on the way; nothing is loaded whole.

    Parameters
    ----------
    path
        The file.
    preview
        How many of the first pictures to bring along.
    """
    path = Path(path)
    with opened(path) as stream:
        try:
            content = uncover(stream, path)
        except IdxError as error:
            verdict: Verdict = "not idx" if isinstance(error, NotIdxError) else "damaged"
            return Diagnosis(path, verdict, problems=(as_problem(error),))
        header = content.header
        partner = find_partner(path)
        count = partner_count(partner)
        digest = content_hash(header) if content.fault is None else None
        first = _First(content, preview)

        def use(piece: bytes) -> None:
            first.add(piece)
            if digest is not None:
                digest.update(piece)

        finding = yield from examine(content, partner_count=count, use=use)
    family = None
    if not finding.faults and digest is not None:
        family = by_checksum(digest.hexdigest(), path, packed=header.compressed)
    problems = _problems(content, finding, family, partner)
    misnamed = path.name.lower().endswith(".gz") != header.compressed
    return Diagnosis(
        path=path,
        verdict="damaged" if any(problem.fault for problem in problems) else "sound",
        type=header.dtype.newbyteorder("=").name,
        shape=header.shape,
        compressed=header.compressed,
        problems=tuple(problems),
        partner=partner,
        partner_count=count,
        recoverable=finding.whole,
        is_doubtful=finding.is_doubtful,
        is_mendable=bool(finding.whole) and (bool(finding.faults) or misnamed),
        published=family.title if family else "",
        preview=first.pictures(finding.whole, family or guess(path)),
    )


def _problems(
    content: Content, finding: Finding, family: Family | None, partner: Path | None
) -> list[Problem]:
    """Return all there is to say of a file, the faults first."""
    header, path = content.header, content.path
    problems = [as_problem(fault) for fault in finding.faults]
    if not problems and family is None:
        problems += label_problems(header, path)
    problems += family_remarks(family, path) + name_remarks(header, path)
    problems += partner_remarks(header, finding.whole, partner)
    return problems + blank_remarks(header, finding.whole, finding.filled, path)


def partner_count(partner: Path | None) -> int | None:
    """Return how many items the header of a file promises; `None` without a readable one."""
    if partner is None:
        return None
    try:
        return read_header(partner).item_count
    except UserError:
        return None


class _First:
    """Keep the first items of a file while it is read."""

    def __init__(self, content: Content, count: int) -> None:
        self._header: IdxHeader = content.header
        self._path = content.path
        self._size = content.item_bytes
        count = min(count, _PREVIEW_BYTES // self._size) if self._size else 0
        self._wanted = count * self._size
        self._kept = bytearray()

    def add(self, piece: bytes) -> None:
        """Take what is still wanted of a piece."""
        if len(self._kept) < self._wanted:
            self._kept += piece[: self._wanted - len(self._kept)]

    def pictures(self, whole: int, family: Family | None) -> NDArray[np.uint8] | None:
        """Return the first of `whole` items as pictures, upright; `None` if they are none."""
        count = min(whole, len(self._kept) // self._size) if self._size else 0
        if not count:
            return None
        shape = (count, *self._header.shape[1:])
        stored = np.frombuffer(
            self._kept, self._header.dtype, count * (self._size // self._header.dtype.itemsize)
        )
        try:
            pictures, _ = finish(to_pictures(stored.reshape(shape), axes_of(shape, self._path)))
        except IdxError:
            return None
        turned = family is not None and family.transposed
        return pictures.swapaxes(1, 2) if turned else pictures
