"""Write a PNG picture for each image, so that its class can be told again."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from mnist_desktop.datasets.exporting.naming import class_folders
from mnist_desktop.datasets.exporting.options import Arrangement, ExportOptions
from mnist_desktop.datasets.exporting.part import Part
from mnist_desktop.datasets.picture_names import LONGEST_LABEL
from mnist_desktop.datasets.png import png_bytes
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Job, Progress

TABLE = "labels.csv"
TABLE_HEAD = ("file", "label", "class")

_REPORTED = 64  # pictures between two reports: files are slow, and a person may want to stop


def write_pictures(
    parts: Mapping[str, Part], target: Path, options: ExportOptions, folder: Path
) -> Job[None]:
    """Write pictures, 0 black and 255 white as stored, into a new folder, or one for each part.

    Each is numbered by its index in the dataset. Where folders or names do not tell all (a class
    called `T-shirt/top`, stored labels that begin with 1), a table beside them does.
    """
    check_free(target)
    for split, part in parts.items():
        place = folder / target.name / split
        place.mkdir(parents=True)
        if options.arrangement == "folders" and part.dataset.labels is not None:
            for name in class_folders(part.dataset.class_names):
                (place / name).mkdir()
        with _table(part, place, options.arrangement) as note:
            for first, piece in part.in_pieces():
                members = part.taken(np.arange(first, first + len(piece)))
                names = _names(members, options.arrangement)
                for done, (name, image) in enumerate(zip(names, piece, strict=True), first + 1):
                    (place / name).write_bytes(png_bytes(image))
                    if done % _REPORTED == 0 or done == len(part):
                        yield Progress(done, len(part), f"Writing {target.name}")
                note(members, names)


def check_free(target: Path) -> None:
    """Refuse a target that holds something: pictures go into a folder of their own.

    Raises
    ------
    UserError
        When it is neither missing nor an empty folder.
    """
    try:
        is_free = not os.path.exists(target) or (target.is_dir() and not os.listdir(target))
    except OSError as error:
        raise UserError(
            f"“{target}” could not be read: {error.strerror or error}", "Choose a new folder."
        ) from error
    if not is_free:
        raise UserError(f"“{target}” exists and is not an empty folder", "Choose a new folder.")


def _names(part: Part, arrangement: Arrangement) -> list[str]:
    """Return the name of each picture, below the folder of its part."""
    digits = len(str(max(0, len(part.dataset) - 1)))
    numbers = [f"{number:0{digits}}" for number in part.numbers.tolist()]
    labels = part.labels
    if labels is None or arrangement == "table":
        return [f"{number}.png" for number in numbers]
    folders = class_folders(part.dataset.class_names)
    classes = [folders[label] for label in labels.tolist()]
    if arrangement == "folders":
        return [f"{name}/{number}.png" for name, number in zip(classes, numbers, strict=True)]
    return [f"{number}_{name}.png" for name, number in zip(classes, numbers, strict=True)]


def _needs_table(part: Part, arrangement: Arrangement) -> bool:
    """Tell whether folders and names leave something unsaid that a table tells."""
    dataset = part.dataset
    if dataset.labels is None:
        return False
    told = (
        class_folders(dataset.class_names)
        == dataset.class_names
        == tuple(map(str, dataset.label_values))
    )
    # A longer number in a name would be taken for a date or a count.
    too_long = arrangement == "names" and max(dataset.label_values) >= 10**LONGEST_LABEL
    return arrangement == "table" or too_long or not told


@contextmanager
def _table(
    part: Part, place: Path, arrangement: Arrangement
) -> Iterator[Callable[[Part, list[str]], None]]:
    """Give the function that notes file, label and class name of pictures, where it is needed."""
    if not _needs_table(part, arrangement):
        yield lambda members, names: None
        return
    with (place / TABLE).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(TABLE_HEAD)

        def note(members: Part, names: list[str]) -> None:
            labels, stored = members.labels, members.stored_labels
            assert labels is not None
            assert stored is not None
            classes = (part.dataset.class_names[label] for label in labels.tolist())
            writer.writerows(zip(names, stored.tolist(), classes, strict=True))

        yield note
