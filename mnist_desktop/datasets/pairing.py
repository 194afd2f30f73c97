"""Find the file that belongs with a file: labels of images, test of training, names of classes."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["FileName", "find_mapping", "find_other_split", "find_partner", "read_name"]

_KINDS = {"image": "images", "img": "images", "label": "labels", "lbl": "labels"}
_SPLITS = {"train": "train", "training": "train", "test": "test", "testing": "test", "t10k": "test"}
_KIND_WORD = re.compile(r"(image|img|label|lbl)s?")
_COPY_MARK = re.compile(r"\s*\((\d+)\)")
_ENDING = re.compile(r"(?:idx(?P<rank>\d)?)?(?:u?byte|u?int\d*|short|float\d*|double)?")


@dataclass(frozen=True)
class FileName:
    """What a dataset file's name says about it.

    Parameters
    ----------
    kind
        `images`, `labels`, or empty if it does not say.
    split
        `train`, `test`, or empty.
    words
        The other words of the name, lower case: what files that belong together share.
    packed
        Whether it ends in `.gz`.
    copy
        The number a browser or a file manager put behind a second download: `(1)`.
    """

    kind: str
    split: str
    words: tuple[str, ...]
    packed: bool
    copy: str


def read_name(name: str) -> FileName:
    """Take a file's name apart; case and the sort of separators do not matter.

    Both published styles are understood, `train-images-idx3-ubyte` and `train-images.idx3-ubyte`.
    Where no word says what is inside, the rank does: `a.idx3` are images, `a.idx1` labels.
    """
    rest = name.lower()
    mark = _COPY_MARK.search(rest)
    rest = _COPY_MARK.sub("", rest)
    packed = rest.endswith(".gz")
    rest = _KIND_WORD.sub(r"-\1-", rest.removesuffix(".gz"))
    words = [word for word in re.split(r"[-_. ]+", rest) if word]
    kind = split = rank = ""
    while words and (ending := _ENDING.fullmatch(words[-1])):
        rank = ending["rank"] or rank
        words.pop()
    others = []
    for word in words:
        if word in _KINDS:
            kind = _KINDS[word]
        elif word in _SPLITS and not split:
            split = _SPLITS[word]
        else:
            others.append(word)
    if not kind and rank:
        kind = {"1": "labels", "2": ""}.get(rank, "images")
    return FileName(kind, split, tuple(others), packed, mark[1] if mark else "")


def find_partner(path: Path) -> Path | None:
    """Return the labels file of an images file, or the images file of a labels file.

    It stands in the same folder and differs in nothing but `images` and `labels` (and in the rank
    and type that the name may tell); packed or not, in any case. Where there are several, the one
    packed in the same way comes first. `None` if there is none, or the name does not say its kind.
    """
    own = read_name(path.name)
    wanted = {"images": "labels", "labels": "images"}.get(own.kind)
    found = [
        (other.copy != own.copy, other.packed != own.packed, name)
        for name, other in _neighbours(path)
        if (other.kind, other.split, other.words) == (wanted, own.split, own.words)
    ]
    return path.parent / min(found)[-1] if found else None


def find_other_split(path: Path) -> Path | None:
    """Return the test images of training images, or the other way round; labels likewise."""
    own = read_name(path.name)
    wanted = {"train": "test", "test": "train"}.get(own.split)
    found = [
        (other.copy != own.copy, other.packed != own.packed, name)
        for name, other in _neighbours(path)
        if (other.kind, other.split, other.words) == (own.kind, wanted, own.words)
    ]
    return path.parent / min(found)[-1] if found else None


def find_mapping(path: Path) -> Path | None:
    """Return the mapping file (label → character) that belongs to an images file.

    EMNIST has one for both splits: `emnist-letters-mapping.txt`.
    """
    own = read_name(path.name)
    for name, _ in _neighbours(path):
        if name.lower().endswith("mapping.txt"):
            other = read_name(name[: -len("mapping.txt")])
            if other.words == own.words and other.split in ("", own.split):
                return path.parent / name
    return None


def _neighbours(path: Path) -> list[tuple[str, FileName]]:
    """Return the other files in the folder of `path`, by name; none if it cannot be listed."""
    try:
        with os.scandir(path.parent) as entries:
            names = sorted(e.name for e in entries if e.name != path.name and e.is_file())
    except OSError:
        return []
    return [(name, read_name(name)) for name in names]
