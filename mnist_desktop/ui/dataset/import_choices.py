"""What a person chose for an import of pictures, and the words that tell of it. No Qt."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import get_args

from mnist_desktop.datasets.exporting.naming import images_name, labels_name
from mnist_desktop.datasets.picture_folder import PictureFolder
from mnist_desktop.inference.picture_import import (
    INK_SIZE,
    MOST_SIZE,
    Imported,
    ImportRecipe,
    import_job,
)
from mnist_desktop.progress import Job
from mnist_desktop.ui.remembered import sound_values

LEAST_SIZE = 4
AS_THEY_ARE = LEAST_SIZE - 1
"""The value of the size field that leaves each picture in its size."""

SOURCES = (
    ("As found", None),
    ("The first folder of each picture", "folders"),
    ("Names such as 7_00012.png", "names"),
    ("The table labels.csv", "table"),
    ("No labels", "none"),
)
RECIPES = {
    "mnist": (
        "As MNIST was made",
        "The ink is cut out, scaled to 20 × 20 and centred by its mass: for digits as MNIST's.",
    ),
    "emnist": (
        "As EMNIST was made",
        "The ink is cut out, softened and scaled to 24 × 24: for letters as EMNIST's.",
    ),
    "resize": (
        "Whole picture, resized",
        "Ink is told from paper, and the whole picture is made smaller.",
    ),
    "none": ("As they are", "Grey values as stored, black 0 and white 255."),
}

_FROM = {
    "folders": "classes by folders",
    "names": "classes by the files' names",
    "table": "classes by labels.csv",
    "none": "no labels",
}


@dataclass(frozen=True)
class ImportChoices:
    """What the form of an import holds, whatever folder is imported.

    Parameters
    ----------
    recipe
        An ink recipe, or `none`.
    size
        Side of all pictures; `AS_THEY_ARE` only with the recipe `none`.
    packed
        Whether the files are packed with gzip.
    """

    recipe: ImportRecipe = "mnist"
    size: int = INK_SIZE
    packed: bool = True

    def to_text(self) -> str:
        """Return everything as a line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> ImportChoices:
        """Return what a text made by `to_text` says; parts that are not sound are as at first."""
        known = sound_values(text, asdict(cls()))
        if known.get("recipe") not in get_args(ImportRecipe):
            known.pop("recipe", None)
        least = AS_THEY_ARE if known.get("recipe") == "none" else LEAST_SIZE
        if known.get("size") not in range(least, MOST_SIZE + 1):
            known.pop("size", None)
        return replace(cls(), **known)  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class ImportRequest:
    """An import that can begin: what was found, the images file to write, and how."""

    folder: PictureFolder
    target: Path
    choices: ImportChoices

    @property
    def size(self) -> int | None:
        """Return the side of all pictures, None for the size they have."""
        return None if self.choices.size == AS_THEY_ARE else self.choices.size

    def job(self) -> Job[Imported]:
        """Read all pictures and write the files; see `import_job`."""
        return import_job(self.folder, self.target, recipe=self.choices.recipe, size=self.size)

    def files(self) -> list[Path]:
        """Return the images and labels files that will be written.

        Raises
        ------
        UserError
            When labels would not be found beside such a name.
        """
        files = []
        for split, found in self.folder.splits.items():
            images = self.target.with_name(images_name(self.target.name, split))
            files.append(images)
            if found.labels is not None:
                files.append(images.with_name(labels_name(images)))
        return files


def found_text(found: PictureFolder) -> str:
    """Return a line on what a folder holds."""
    files = "1 file" if found.count == 1 else f"{found.count:,} files"
    parts = [files]
    if len(found.splits) > 1 or "" not in found.splits:
        parts[0] += " (" + ", ".join(
            f"{split} {len(part.files):,}" for split, part in found.splits.items()
        ) + ")"  # fmt: skip
    classes = {
        value
        for part in found.splits.values()
        if part.labels is not None
        for value in set(part.labels.tolist())
    }
    if classes:
        parts.append("1 class" if len(classes) == 1 else f"{len(classes):,} classes")
    parts.append(_FROM[found.source])
    if found.skipped:
        parts.append(f"{len(found.skipped):,} left out")
    return " · ".join(parts)


def imported_text(imported: Imported) -> str:
    """Return a sentence on what an import has made."""
    count = sum(imported.counts.values())
    pictures = "1 picture" if count == 1 else f"{count:,} pictures"
    height, width = imported.size
    kinds = len(imported.class_names)
    classes = f", {kinds:,} classes" if kinds > 1 else ""
    return f"Imported {pictures} of {width} × {height}{classes}"


def skipped_lines(imported: Imported) -> list[str]:
    """Return a line for each file that was not taken, with its reason."""
    return [f"{skipped.path} {skipped.reason}" for skipped in imported.skipped]
