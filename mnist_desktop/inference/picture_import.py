"""Turn a folder of pictures into IDX files, through an ink recipe or as the pictures are."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.export import ExportOptions, Part, export_job
from mnist_desktop.datasets.exporting.naming import images_name, labels_name
from mnist_desktop.datasets.exporting.workshop import workshop
from mnist_desktop.datasets.labelling import label_classes
from mnist_desktop.datasets.picture_folder import PictureFolder, Skipped
from mnist_desktop.errors import UserError
from mnist_desktop.inference.ink import prepare
from mnist_desktop.inference.picture import read_grey, read_picture
from mnist_desktop.inference.resampling import resample
from mnist_desktop.progress import Job, Progress

ImportRecipe: TypeAlias = Literal["mnist", "emnist", "resize", "none"]
IMPORT_RECIPES: tuple[ImportRecipe, ...] = get_args(ImportRecipe)

INK_SIZE = 28
"""The side of a picture that an ink recipe makes, unless another one is asked for."""
MOST_SIZE = 1024


@dataclass(frozen=True, eq=False)
class Imported:
    """What became of a folder of pictures.

    Parameters
    ----------
    files
        The IDX files (and mapping file) that were written.
    counts
        How many pictures each split has, by its name.
    size
        Height and width of all pictures.
    class_names
        The classes; empty without labels.
    skipped
        What was not taken, each with its reason.
    notes
        Sentences for the person.
    """

    files: tuple[Path, ...]
    counts: Mapping[str, int]
    size: tuple[int, int]
    class_names: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]


def import_job(
    folder: PictureFolder, target: Path, *, recipe: ImportRecipe = "mnist", size: int | None = None
) -> Job[Imported]:
    """Write the pictures of a folder as IDX files.

    Pictures are read one after the other and never all held in memory. One that cannot be read is
    skipped and listed; the others go on.

    Parameters
    ----------
    folder
        What `scan_job` found.
    target
        The images file; each split gets one of its own, labels beside it.
    recipe
        An ink recipe, for which paper and ink are found out picture by picture; or `none`: the grey
        values as they are, 0 black and 255 white.
    size
        Side of the pictures. `None` is 28 for an ink recipe, and for `none` the size that they
        have, which must be the same for all; pictures of another size than `size` are then resized
        by area, their proportions kept, and their edge continued.

    Raises
    ------
    UserError
        When no picture can be read, their sizes differ, or the target cannot be written.
    """
    target = Path(target)
    for split, found in folder.splits.items():
        if found.labels is not None:
            labels_name(target.with_name(images_name(target.name, split)))
    with workshop(target) as place:
        reader = _Reader(recipe, size)
        skipped = list(folder.skipped)
        raw = place / "pixels"
        with raw.open("wb") as stream:
            kept = yield from _read_all(reader, folder, stream, skipped)
        parts = _parts(folder, kept, _pixels(raw, reader.shape, kept, skipped, folder))
        files = yield from export_job(parts, target, ExportOptions("idx"))
        labelled = folder.source != "none"
        names = next(iter(parts.values())).dataset.class_names if labelled else ()
        counts = {split: len(part) for split, part in parts.items()}
        notes = (*reader.notes(), *_lost_names(folder, files))
        del parts  # lets go of the file in the workshop, which some systems refuse to remove else
    return Imported(files, counts, reader.shape, names, tuple(skipped), notes)


def preview_job(
    folder: PictureFolder, *, recipe: ImportRecipe, size: int | None, most: int = 7
) -> Job[tuple[NDArray[np.uint8], ...]]:
    """Return some pictures from everywhere in a folder as `import_job` would take them.

    Parameters
    ----------
    folder, recipe, size
        As for `import_job`.
    most
        How many pictures; those that cannot be read are left out.

    Returns
    -------
    tuple
        (h, w) uint8 each, ink high.
    """
    files = [path for found in folder.splits.values() for path in found.files]
    places = np.unique(np.linspace(0, len(files) - 1, min(most, len(files))).astype(np.int64))
    pictures = []
    for place in places.tolist():
        reader = _Reader(recipe, size)  # a new one each time: their sizes may differ here
        with suppress(UserError):
            pictures.append(reader.read(files[place]))
        yield Progress(len(pictures), len(places), f"Reading {files[place].name}")
    return tuple(pictures)


def _lost_names(folder: PictureFolder, files: tuple[Path, ...]) -> tuple[str, ...]:
    """Return a sentence if classes have names that no file tells."""
    named = any(name != str(value) for value, name in folder.names.items())
    if not named or any(path.name.endswith("mapping.txt") for path in files):
        return ()
    return ("The class names fit into no mapping file and were not written.",)


class _Reader:
    """Read pictures in one way and one size, and remember what there is to tell."""

    def __init__(self, recipe: ImportRecipe, size: int | None) -> None:
        self._recipe = recipe
        self._size = size
        self._first: Path | None = None
        self.shape = (size, size) if size else (INK_SIZE, INK_SIZE)
        self._blank = self._resized = 0

    def read(self, path: Path) -> NDArray[np.uint8]:
        """Return a picture of this reader's shape, uint8.

        Raises
        ------
        UserError
            When it cannot be read.
        _SizeError
            When all must have one size, and this has another.
        """
        if self._recipe != "none":
            steps = prepare(read_picture(path), self._recipe, size=self.shape[0])
            self._blank += steps.empty
            return steps.picture
        grey = read_grey(path)
        if self._size is not None:
            self._resized += grey.shape != self.shape
            return fitted(grey, self._size)
        if self._first is None:
            self._first, self.shape = path, (grey.shape[0], grey.shape[1])
        if grey.shape != self.shape:
            raise _SizeError(path, grey, first=self._first, shape=self.shape)
        return grey

    def notes(self) -> tuple[str, ...]:
        """Return sentences on what was done."""
        notes = []
        if self._resized:
            notes.append(f"{self._resized:,} pictures of another size were resized.")
        if self._blank:
            notes.append(f"{self._blank:,} pictures show no ink and are blank now.")
        return tuple(notes)


class _SizeError(UserError):
    """Pictures that are to be taken as they are do not have one size."""

    def __init__(
        self, path: Path, grey: NDArray[np.uint8], *, first: Path, shape: tuple[int, int]
    ) -> None:
        super().__init__(
            f"“{path}” is {grey.shape[1]} × {grey.shape[0]} pixels, but “{first.name}” is "
            f"{shape[1]} × {shape[0]}",
            "An IDX file has one size: choose a size that all are resized to, or an ink recipe.",
        )


def fitted(grey: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Return a picture in a square of side `size`, its proportions kept, its edge continued.

    Parameters
    ----------
    grey
        (h, w) uint8; returned as it is when it has the size already.
    """
    if grey.shape == (size, size):
        return grey
    scale = size / max(grey.shape)
    height, width = (max(1, round(side * scale)) for side in grey.shape)
    small = np.clip(np.rint(resample(grey, height, width)), 0, 255).astype(np.uint8)
    above, before = (size - height) // 2, (size - width) // 2
    margins = ((above, size - height - above), (before, size - width - before))
    return np.pad(small, margins, mode="edge")


def _read_all(
    reader: _Reader, folder: PictureFolder, stream: BinaryIO, skipped: list[Skipped]
) -> Job[dict[str, list[int]]]:
    """Write the pixels of all pictures in a row; return which of each split are there."""
    kept: dict[str, list[int]] = {split: [] for split in folder.splits}
    done = 0
    for split, found in folder.splits.items():
        for number, path in enumerate(found.files):
            try:
                picture = reader.read(path)
            except _SizeError:
                raise
            except UserError as error:
                skipped.append(Skipped(path, error.message.removeprefix(f"“{path}” ")))
            else:
                stream.write(np.ascontiguousarray(picture).tobytes())
                kept[split].append(number)
            done += 1
            yield Progress(done, folder.count, f"Reading {folder.root.name}/{path.name}")
    return kept


def _pixels(
    raw: Path,
    shape: tuple[int, int],
    kept: Mapping[str, list[int]],
    skipped: list[Skipped],
    folder: PictureFolder,
) -> NDArray[np.uint8]:
    """Return all pictures that were read, (n, h, w), mapped from their file."""
    count = sum(map(len, kept.values()))
    if not count:
        first = f"; “{skipped[0].path.name}” {skipped[0].reason}" if skipped else ""
        raise UserError(
            f"No picture in “{folder.root}” could be read{first}",
            "PNG, JPEG, BMP, GIF, TIFF and PPM are known.",
        )
    return np.memmap(raw, np.uint8, "r", shape=(count, *shape))


def _parts(
    folder: PictureFolder, kept: Mapping[str, list[int]], pixels: NDArray[np.uint8]
) -> dict[str, Part]:
    """Return a dataset for each split that has pictures, all with the same classes."""
    parts, first = {}, 0
    bare = Dataset(folder.root.name, pixels[:0], None, ())
    for split, numbers in kept.items():
        images = pixels[first : first + len(numbers)]
        first += len(numbers)
        stored = folder.splits[split].labels
        if stored is None:
            made = replace(bare, images=images)
        else:
            labelling = label_classes(stored[numbers], dict(folder.names))
            made = replace(
                bare,
                images=images,
                labels=labelling.labels,
                class_names=labelling.class_names,
                label_values=labelling.label_values,
            )
        if len(made):
            parts[split] = Part(made)
    return parts
