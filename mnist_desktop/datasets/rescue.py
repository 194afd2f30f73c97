"""Save what is whole in a damaged file, and its labels cut to the same count."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from mnist_desktop.datasets.doctor import partner_count
from mnist_desktop.datasets.examination import examine
from mnist_desktop.datasets.faults import IdxError
from mnist_desktop.datasets.idx import opened, packing
from mnist_desktop.datasets.pairing import find_partner, read_name
from mnist_desktop.datasets.uncover import uncover
from mnist_desktop.errors import UserError
from mnist_desktop.files import replacing
from mnist_desktop.progress import Job, Progress

_OTHER_WORD = {"image": "label", "img": "lbl", "label": "image", "lbl": "img"}
_KIND_WORD = re.compile("image|img|label|lbl", re.I)
_RANK = re.compile(r"idx\d", re.I)


@dataclass(frozen=True)
class Saved:
    """What a rescue has written.

    Parameters
    ----------
    path, count
        The sound file and how many items it has.
    partner_path, partner_count
        The same for what belongs with it; `None` and 0 if that was not asked for.
    """

    path: Path
    count: int
    partner_path: Path | None = None
    partner_count: int = 0


def rescue_job(path: Path, target: Path, *, partner_target: Path | None = None) -> Job[Saved]:
    """Write the whole items at the beginning of a damaged file as a sound one.

    Parameters
    ----------
    path
        The damaged file.
    target
        Where to; packed with gzip if its name ends in `.gz`.
    partner_target
        Where to write as many items of the file that belongs with it, if at all.

    Raises
    ------
    IdxError
        If its header cannot be read, or there is not a single whole item.
    UserError
        If the system refuses to read or write, or a target is one of the files to read, or
        `partner_target` exists.
    """
    path, target = Path(path), Path(target)
    partner = find_partner(path)
    _check_targets(path, partner, target, partner_target)
    count = yield from _save(path, target, count=partner_count(partner), most=None)
    if partner_target is None or partner is None:
        return Saved(target, count)
    try:
        cut = yield from _save(partner, partner_target, count=None, most=count)
    except UserError as error:
        raise UserError(
            f"“{target.name}” was saved, but what belongs with it was not: {error.message}",
            error.advice,
        ) from error
    return Saved(target, count, partner_target, cut)


def _check_targets(
    path: Path, partner: Path | None, target: Path, partner_target: Path | None
) -> None:
    """Refuse to write over what is read, or over a file that nobody named."""
    for goal in (target, partner_target):
        for source in (path, partner):
            if goal is not None and source is not None and _is_same(goal, source):
                raise UserError(
                    f"“{goal}” is the file to be saved from, and would be lost",
                    "Choose another name.",
                )
    if partner_target is not None and partner_target.exists():
        raise UserError(
            f"“{partner_target}” is there already, where what belongs with it should go",
            "Move it away, or choose another name.",
        )


def _save(path: Path, target: Path, *, count: int | None, most: int | None) -> Job[int]:
    """Write the whole items of a file, `most` at most, and return how many they are.

    `count` is how many items the file has that belongs with it.
    """
    with opened(path) as stream:
        finding = yield from examine(uncover(stream, path), partner_count=count)
    whole = finding.whole if most is None else min(most, finding.whole)
    if not whole:
        if finding.faults:
            raise finding.faults[0]
        raise IdxError(path, "holds no items", advice="There is nothing in it to save.")
    packed = target.name.lower().endswith(".gz")
    with opened(path) as stream, replacing(target) as output, packing(output, packed) as write:
        content = uncover(stream, path)
        shape = content.header.shape
        header = replace(content.header, shape=(whole, *shape[1:]) if shape else ())
        write(header.to_bytes())
        content.begin()
        done = 0
        for piece in content.pieces(header.data_bytes):
            write(piece)
            done += len(piece)
            yield Progress(done, header.data_bytes, f"Saving {target.name}")
    return whole


def suggested_name(path: Path) -> str:
    """Return a name for what is saved of a file, by which its labels will be found too."""
    name = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
    return f"saved-{name}"


def partner_target(target: Path, partner: Path) -> Path:
    """Return where the partner of a saved file goes, so that both find each other by their names.

    Parameters
    ----------
    target
        Where the file itself is saved.
    partner
        What belongs with the damaged file.
    """
    word = _KIND_WORD.search(target.name)
    if word is None:
        return target.with_name(suggested_name(partner))
    other = _OTHER_WORD[word[0].lower()]
    if word[0].isupper():
        other = other.upper()
    elif word[0][0].isupper():
        other = other.capitalize()
    name = target.name[: word.start()] + other + target.name[word.end() :]
    rank = _RANK.search(partner.name)
    name = _RANK.sub(rank[0], name) if rank else name
    made = target.with_name(name)
    return made if read_name(made.name).kind else target.with_name(suggested_name(partner))


def _is_same(first: Path, second: Path) -> bool:
    """Tell whether two paths lead to one file."""
    try:
        return first.samefile(second)
    except OSError:
        return False
