"""What the files of an export are called."""

from __future__ import annotations

import re
from pathlib import Path

from mnist_desktop.datasets.pairing import read_name
from mnist_desktop.errors import UserError

_SPLIT_WORD = re.compile(
    r"(?<![^-_. ])(training|train|testing|test|t10k)(?=[-_. ]|image|img|label|lbl|$)", re.IGNORECASE
)
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
_LONGEST = 60  # characters: no more than 255 bytes with a number before and an ending behind
_KIND_WORD = re.compile(r"image|img", re.IGNORECASE)


def with_word(name: str, word: str) -> str:
    """Return a file's name with a word behind its stem: `digits.csv`, `digits-labels.csv`."""
    if not word:
        return name
    path = Path(name)
    return f"{path.stem}-{word}{path.suffix}"


def images_name(name: str, split: str) -> str:
    """Return what the images file of a split is called, so that its split will be found.

    `my-images-idx3-ubyte` becomes `my-train-images-idx3-ubyte`; a split that the name says already
    gives way.
    """
    if not split:
        return name
    made = _SPLIT_WORD.sub(split, name, count=1)
    if made == name and read_name(name).split != split:
        made = _KIND_WORD.sub(lambda kind: f"{split}-{kind[0]}", name, count=1)
    own, now = read_name(name), read_name(made)
    return made if (now.split, now.kind) == (split, own.kind) else f"{split}-{name}"


def labels_name(target: Path) -> str:
    """Return what the labels file of an images file is called, so that it will be found.

    Raises
    ------
    UserError
        When the name does not say that it holds images.
    """
    if read_name(target.name).kind != "images":
        raise UserError(
            f"The name “{target.name}” does not say that it holds images, so its labels would not "
            "be found",
            "Choose a name such as my-images-idx3-ubyte.gz.",
        )
    name = re.sub(r"idx[3-8]", "idx1", target.name, flags=re.IGNORECASE)
    name = re.sub(r"image(s?)(?!.*image)", r"label\1", name, flags=re.IGNORECASE)
    return re.sub(r"img(s?)(?!.*img)", r"lbl\1", name, flags=re.IGNORECASE)


def class_folders(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return a folder name for each class, good for every system.

    The class name itself, unless one of them would not do (`T-shirt/top`, or `aux`, which Windows
    keeps for itself) or two differ only in case (`A` and `a`, one folder there): then each gets its
    index in front.
    """
    safe = [_DEVICES.sub(r"\1_", re.sub(r"[^\w-]+", "_", name)[:_LONGEST]) for name in names]
    if (
        safe == list(names)
        and all(names)
        and len({name.casefold() for name in names}) == len(names)
    ):
        return names
    return tuple(f"{index:02d}_{name}" for index, name in enumerate(safe))
