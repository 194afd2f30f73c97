"""Give the target of an export the ending that its format has."""

from __future__ import annotations

import itertools
import os
import re
import unicodedata
from pathlib import Path

from mnist_desktop.datasets.exporting.options import Format
from mnist_desktop.datasets.pairing import read_name

ENDINGS: dict[Format, str] = {
    "idx": "-images-idx3-ubyte",
    "npz": ".npz",
    "npy": ".npy",
    "csv": ".csv",
    "text": ".txt",
    "png": "",
    "sheet": ".png",
}
_IDX_ENDING = re.compile(r"([-_. ]?(images?|labels?))?([-_.]idx\d?)?([-_.]ubyte)?$", re.IGNORECASE)


def bare_name(name: str) -> str:
    """Return a file's name without the ending of any format: `digits` of `digits.csv`."""
    rest = re.sub(r"\.gz$", "", name, flags=re.IGNORECASE)
    for ending in ENDINGS.values():
        if ending.startswith(".") and rest.lower().endswith(ending) and rest.lower() != ending:
            return rest[: -len(ending)]
    return _IDX_ENDING.sub("", rest) or rest


def target_name(name: str, format: Format, *, packed: bool = False) -> str:
    """Return a name with the ending of a format; a name that is right already stays.

    Parameters
    ----------
    name
        With the ending of any format, or without.
    format
        Of the export.
    packed
        Whether IDX files are packed with gzip.
    """
    if format == "idx":
        plain = re.sub(r"\.gz$", "", name, flags=re.IGNORECASE)
        if read_name(plain).kind != "images":
            plain = bare_name(name) + ENDINGS["idx"]
        return plain + (".gz" if packed else "")
    if ENDINGS[format] and name.lower().endswith(ENDINGS[format]):
        return name
    return bare_name(name) + ENDINGS[format]


def free_target(folder: Path, stem: str, format: Format, *, packed: bool = False) -> Path:
    """Return a target in a folder at which nothing stands yet: `digits.csv`, else `digits-2.csv`.

    Parameters
    ----------
    folder
        Where to.
    stem
        The name without ending.
    format, packed
        As for `target_name`.
    """
    stems = itertools.chain([stem], (f"{stem}-{number}" for number in itertools.count(2)))
    targets = (folder / target_name(name, format, packed=packed) for name in stems)
    return next(target for target in targets if not os.path.exists(target))


def plain_name(title: str) -> str:
    """Return a file's name made of a title: `mnist-train` of `MNIST · train`."""
    letters = unicodedata.normalize("NFC", title).lower()
    return re.sub(r"[^\w]+", "-", letters).strip("-_") or "dataset"
