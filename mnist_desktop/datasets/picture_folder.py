"""Find the pictures in a folder and the class of each: by folders, by names, or by a table.

No picture is opened here; what a file really holds is found out by who reads it.
"""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.exporting.pictures import TABLE
from mnist_desktop.datasets.labelling import label_classes
from mnist_desktop.datasets.picture_names import classes_in_names, natural, printable
from mnist_desktop.datasets.picture_table import table_lines
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Job, Progress

LabelSource: TypeAlias = Literal["folders", "names", "table", "none"]
LABEL_SOURCES: tuple[LabelSource, ...] = get_args(LabelSource)

_SPLITS = {
    "train": "train",
    "training": "train",
    "test": "test",
    "testing": "test",
    "t10k": "test",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
}
_NUMBERED = re.compile(r"(\d{1,7})_(.+)")
_LABEL = re.compile(r"-?\d{1,9}")


@dataclass(frozen=True)
class Skipped:
    """A file that is not taken, and why, in words that follow its name."""

    path: Path
    reason: str


@dataclass(frozen=True, eq=False)
class FoundPictures:
    """The files of one split, in the order in which they will stand.

    Parameters
    ----------
    files
        Of every picture.
    labels
        (n,) int64 stored labels, or `None`.
    """

    files: tuple[Path, ...]
    labels: NDArray[np.int64] | None


@dataclass(frozen=True, eq=False)
class PictureFolder:
    """What a folder of pictures holds.

    Parameters
    ----------
    root
        The folder.
    splits
        Its files by the name of their split; one with an empty name where there are no splits.
    source
        Where the labels come from.
    names
        Stored label → class name.
    skipped
        Files that cannot be taken, each with its reason.
    """

    root: Path
    splits: Mapping[str, FoundPictures]
    source: LabelSource
    names: Mapping[int, str]
    skipped: tuple[Skipped, ...]

    @property
    def count(self) -> int:
        """Return how many files there are to read."""
        return sum(len(found.files) for found in self.splits.values())


def scan_job(root: Path, source: LabelSource | None = None) -> Job[PictureFolder]:
    """Look through a folder and those within it, and find out which class each file has.

    Parameters
    ----------
    root
        The folder. Where all its files lie in folders called `train`, `test` and the like, each of
        these is a split.
    source
        Where the labels come from: `folders`, the first folder below `root`; `names`, such as
        `7_00012.png` or `00012_7.png`; `table`, a `labels.csv`; `none`. By default the table where
        there is one, else folders, else names, else nothing. Hidden files count as not there.

    Raises
    ------
    UserError
        If the folder cannot be read, holds no file, or has no labels of the kind asked for.
    """
    root = Path(root)
    if not os.path.isdir(root):
        raise UserError(f"“{root}” is no folder", "Choose a folder that holds pictures.")
    skipped: list[Skipped] = []
    files: list[Path] = []
    for found in _walk(root, skipped):
        files += found
        yield Progress(0, 0, f"Looking through {root.name}: {len(files):,} files")
    if not files:
        raise UserError(f"“{root}” holds no files", "Choose a folder that holds pictures.")
    told: dict[str, list[tuple[Path, str, str]]] = {}
    sources = set()
    for split, (place, members) in _splits(root, files).items():
        chosen = source or _guess_source(place, members)
        sources.add(chosen)
        told[split] = _labelled(place, members, chosen, skipped)
    chosen = sources.pop() if len(sources) == 1 else "none"
    return _found(root, told, chosen, tuple(skipped))


def _walk(root: Path, skipped: list[Skipped]) -> Iterator[list[Path]]:
    """Yield the ordinary files of each folder, in natural order; hidden ones are passed over."""

    def refuse(error: OSError) -> None:
        skipped.append(Skipped(Path(error.filename), f"could not be read: {error.strerror}"))

    for place, folders, names in os.walk(root, onerror=refuse):
        folders[:] = sorted((name for name in folders if not _is_hidden(name)), key=natural)
        files = []
        for name in sorted((name for name in names if not _is_hidden(name)), key=natural):
            path = Path(place, name)
            try:
                ordinary = stat.S_ISREG(path.stat().st_mode)
            except OSError as error:
                skipped.append(Skipped(path, f"could not be read: {error.strerror}"))
                continue
            if ordinary:
                files.append(path)
            else:
                skipped.append(Skipped(path, "is no ordinary file"))
        yield files


def _is_hidden(name: str) -> bool:
    """Tell whether a name is one that systems put into folders for themselves."""
    return name.startswith(".") or name.lower() in ("thumbs.db", "desktop.ini", "__macosx")


def _splits(root: Path, files: list[Path]) -> dict[str, tuple[Path, list[Path]]]:
    """Return the folder and the files of each split; all of them without a name if there is none.

    Two folders for one split (`val` and `validation`) are no splits but classes.
    """
    tops = {path.relative_to(root).parts[0] for path in files}
    words = [_SPLITS.get(top.lower(), "") for top in tops]
    whole = all(words) and len(set(words)) == len(words) and all(p.parent != root for p in files)
    if not whole:
        return {"": (root, files)}
    order = sorted(tops, key=lambda top: list(_SPLITS).index(top.lower()))
    return {
        _SPLITS[top.lower()]: (
            root / top,
            [path for path in files if path.relative_to(root).parts[0] == top],
        )
        for top in order
    }


def _guess_source(root: Path, files: list[Path]) -> LabelSource:
    """Return where the labels of a split come from."""
    if root / TABLE in files:
        return "table"
    if any(path.parent != root for path in files):
        return "folders"
    return "names" if classes_in_names([path.stem for path in files]) else "none"


def _labelled(
    root: Path, files: list[Path], source: LabelSource, skipped: list[Skipped]
) -> list[tuple[Path, str, str]]:
    """Return file, label and class name (as texts, empty if unknown) of each picture of a split."""
    if source == "table":
        return _by_table(root, files, skipped)
    if source == "folders":
        taken = [path for path in files if path.parent != root]
        if not taken:
            raise UserError(
                f"“{root}” holds no folders, so they cannot tell classes",
                "Put the pictures of each class into a folder, or take them without labels.",
            )
        skipped += [
            Skipped(path, "lies in no class folder") for path in files if path.parent == root
        ]
        return [(path, path.relative_to(root).parts[0], "") for path in taken]
    if source == "names":
        classes = classes_in_names([path.stem for path in files])
        if classes is None:
            raise UserError(
                f"The names of the files in “{root}” do not tell classes",
                "Names such as 7_00012.png or 00012_7.png do.",
            )
        return [(path, label, "") for path, label in zip(files, classes, strict=True)]
    return [(path, "", "") for path in files]


def _by_table(root: Path, files: list[Path], skipped: list[Skipped]) -> list[tuple[Path, str, str]]:
    """Return file, label and class name of each line of the table, in its order."""
    known = {path.relative_to(root).as_posix(): path for path in files if path != root / TABLE}
    taken = []
    for name, label, title in table_lines(root / TABLE):
        path = known.pop(name.replace("\\", "/").removeprefix("./"), None)
        if path is None:
            missing = "is named in labels.csv, but is not there or was named before"
            skipped.append(Skipped(root / name, missing))
        elif not label:
            skipped.append(Skipped(path, "has no label in labels.csv"))
        else:
            taken.append((path, label, title))
    skipped += [Skipped(path, "is not named in labels.csv") for path in known.values()]
    return taken


def _found(
    root: Path,
    told: Mapping[str, list[tuple[Path, str, str]]],
    source: LabelSource,
    skipped: tuple[Skipped, ...],
) -> PictureFolder:
    """Return what was found, with stored labels for the texts that tell the classes."""
    if source == "none":
        plain = {
            split: FoundPictures(tuple(path for path, *_ in lines), None)
            for split, lines in told.items()
        }
        return PictureFolder(root, plain, source, {}, skipped)
    titles = {label: title for lines in told.values() for _, label, title in lines}
    values, names = _classes(titles)
    names = {value: printable(name) for value, name in names.items()}
    splits = {
        split: FoundPictures(
            tuple(path for path, *_ in lines),
            np.array([values[label] for _, label, _ in lines], np.int64),
        )
        for split, lines in told.items()
    }
    return PictureFolder(root, splits, source, names, skipped)


def _classes(titles: Mapping[str, str]) -> tuple[dict[str, int], dict[int, str]]:
    """Return the stored label of each text, and the class name of each stored label.

    Whole numbers are labels themselves; `02_Bag` is label 2, called Bag; other texts are classes in
    natural order.
    """
    texts = sorted(titles, key=natural)
    numbered = [_NUMBERED.fullmatch(text) for text in texts]
    if all(_LABEL.fullmatch(text) for text in texts):
        values = {text: int(text) for text in texts}
        if any(titles.values()):
            return values, {values[text]: titles[text] or text for text in texts}
        plain = label_classes(np.array(list(values.values()), np.int64), None)
        return values, dict(zip(plain.label_values, plain.class_names, strict=True))
    if all(numbered) and max(Counter(int(m[1]) for m in numbered if m).values()) == 1:
        values = {text: int(m[1]) for text, m in zip(texts, numbered, strict=True) if m}
        return values, {int(m[1]): m[2] for m in numbered if m}
    return {text: place for place, text in enumerate(texts)}, dict(enumerate(texts))
