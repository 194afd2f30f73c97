"""Take a dataset away: as IDX files, a NumPy archive, a table, or a folder of pictures.

Every export is a job. What it writes appears whole when it ends; cancelled or failed, it leaves
nothing behind.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.idx import write_idx_job
from mnist_desktop.datasets.known import guess
from mnist_desktop.datasets.npz import Scale, export_npz_job
from mnist_desktop.datasets.pairing import read_name
from mnist_desktop.datasets.png import png_bytes
from mnist_desktop.errors import UserError
from mnist_desktop.files import replacing, write_bytes
from mnist_desktop.progress import Job, Progress

__all__ = ["FORMATS", "Format", "Scale", "export_job", "export_npz_job", "format_for"]

Format: TypeAlias = Literal["idx", "npz", "csv", "png"]
FORMATS: tuple[Format, ...] = ("idx", "npz", "csv", "png")


def format_for(target: Path) -> Format:
    """Return the format that a target's name asks for; a plain name is a folder of pictures."""
    ending = target.suffix.lower()
    if ending in (".npz", ".csv"):
        return "npz" if ending == ".npz" else "csv"
    looks_like_idx = re.search(r"idx\d?|ubyte|\.gz$", target.name.lower())
    return "idx" if looks_like_idx else "png"


def export_job(
    dataset: Dataset, target: Path, *, format: Format | None = None
) -> Job[tuple[Path, ...]]:
    """Write a dataset in one of the `FORMATS`, by default the one its name asks for.

    Parameters
    ----------
    dataset
        What to write; `Dataset.select` makes it a part.
    target
        A file, for `idx` the images file, for `png` a folder that is new or empty.
    format
        `idx`: images, labels as they were stored, and a mapping file where class names need one.
        Opened again, they show the same. `npz`: see `export_npz_job`. `csv`: a line an image,
        label first. `png`: a grey picture each, in a folder per class.

    Returns
    -------
    tuple
        The files that were written; for `png` the folder.

    Raises
    ------
    UserError
        If the system refuses, or the target cannot hold the dataset.
    """
    target = Path(target)
    write: dict[Format, Callable[[Dataset, Path], Job[tuple[Path, ...]]]] = {
        "idx": _idx,
        "npz": lambda dataset, target: export_npz_job({"": dataset}, target),
        "csv": _csv,
        "png": _png,
    }
    return (yield from write[format or format_for(target)](dataset, target))


def _stored_labels(dataset: Dataset) -> NDArray[np.int64] | None:
    """Return the labels as files have them: EMNIST's letters begin with 1."""
    if dataset.labels is None:
        return None
    return np.array(dataset.label_values, np.int64)[dataset.labels]


def _idx(dataset: Dataset, target: Path) -> Job[tuple[Path, ...]]:
    """Write images, labels and, where the class names need it, a mapping file."""
    lying = (family := guess(target)) is not None and family.transposed
    images = dataset.images.swapaxes(1, 2) if lying else dataset.images
    labels = _stored_labels(dataset)
    with _workshop(target) as folder:
        if labels is not None:
            name = _labels_name(target)
            yield from write_idx_job(folder / name, _smallest(labels, target))
            mapping = _mapping(dataset, target)
            if mapping is not None:
                write_bytes(folder / mapping[0], mapping[1])
        yield from write_idx_job(folder / target.name, images)
        files = sorted(os.listdir(folder))
        for name in files:
            os.replace(folder / name, target.parent / name)
    return tuple(target.parent / name for name in files)


def _labels_name(target: Path) -> str:
    """Return what the labels file of an images file is called, so that it will be found."""
    if read_name(target.name).kind != "images":
        raise UserError(
            f"The name “{target.name}” does not say that it holds images, so its labels would not "
            "be found",
            "Choose a name such as my-images-idx3-ubyte.gz.",
        )
    name = re.sub(r"idx[3-8]", "idx1", target.name, flags=re.IGNORECASE)
    name = re.sub(r"image(s?)(?!.*image)", r"label\1", name, flags=re.IGNORECASE)
    return re.sub(r"img(s?)(?!.*img)", r"lbl\1", name, flags=re.IGNORECASE)


def _smallest(labels: NDArray[np.int64], target: Path) -> NDArray[Any]:
    """Return labels in the smallest element type of IDX that holds them, bytes if possible."""
    low, high = (int(labels.min()), int(labels.max())) if labels.size else (0, 0)
    for kind in (np.uint8, np.int8, np.int16, np.int32):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return labels.astype(kind)
    raise UserError(
        f"“{target}” cannot hold these labels: {low} to {high} do not fit into 32 bits",
        "Export to .npz or .csv instead.",
    )


def _mapping(dataset: Dataset, target: Path) -> tuple[str, bytes] | None:
    """Return name and content of the mapping file, if classes are called by other characters."""
    names, values = dataset.class_names, dataset.label_values
    plain = all(name == str(value) for name, value in zip(names, values, strict=True))
    if plain or any(len(name) != 1 for name in names) or min(values) < 0:
        return None
    lines = (f"{value} {ord(name)}\n" for name, value in zip(names, values, strict=True))
    words = (*read_name(target.name).words, "mapping.txt")
    return "-".join(words), "".join(lines).encode("ascii")


def _csv(dataset: Dataset, target: Path) -> Job[tuple[Path, ...]]:
    """Write a head line, then a line an image: the stored label, if any, and its values."""
    labels = _stored_labels(dataset)
    columns = ["label"] if labels is not None else []
    columns += [f"pixel{i}" for i in range(math.prod(dataset.images.shape[1:]))]
    texts = [str(value) for value in range(256)]
    with replacing(target) as stream:
        stream.write((",".join(columns) + "\n").encode("ascii"))
        for first, piece in dataset.in_pieces():
            lines = [",".join([texts[value] for value in image.tobytes()]) for image in piece]
            if labels is not None:
                here = labels[first : first + len(piece)].tolist()
                lines = [f"{label},{line}" for label, line in zip(here, lines, strict=True)]
            stream.write(("\n".join(lines) + "\n").encode("ascii"))
            yield Progress(first + len(piece), len(dataset), f"Writing {target.name}")
    return (target,)


def _png(dataset: Dataset, target: Path) -> Job[tuple[Path, ...]]:
    """Write numbered pictures, 0 black and 255 white as stored, into a folder for each class."""
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise UserError(f"“{target}” exists and is not an empty folder", "Choose a new folder.")
    digits = len(str(max(0, len(dataset) - 1)))
    folders = _class_folders(dataset.class_names)
    with _workshop(target) as workshop:
        pictures = workshop / "pictures"
        for folder in folders if dataset.labels is not None else ("",):
            (pictures / folder).mkdir(parents=True)
        for first, piece in dataset.in_pieces():
            for index, image in enumerate(piece, first):
                folder = "" if dataset.labels is None else folders[dataset.labels[index]]
                (pictures / folder / f"{index:0{digits}}.png").write_bytes(png_bytes(image))
            yield Progress(first + len(piece), len(dataset), f"Writing {target.name}")
        if target.exists():
            target.rmdir()
        os.replace(pictures, target)
    return (target,)


def _class_folders(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return a folder name for each class, good for every system.

    The class name itself, unless one of them would not do (`T-shirt/top`) or two differ only in
    case (`A` and `a`, one folder on Windows): then each gets its index in front.
    """
    safe = [re.sub(r"[^\w-]+", "_", name) for name in names]
    if (
        safe == list(names)
        and all(names)
        and len({name.casefold() for name in names}) == len(names)
    ):
        return names
    return tuple(f"{index:02d}_{name}" for index, name in enumerate(safe))


@contextmanager
def _workshop(target: Path) -> Iterator[Path]:
    """Give a temporary folder beside `target` to prepare files in; it is gone afterwards."""
    folder: Path | None = None
    try:
        folder = Path(tempfile.mkdtemp(prefix=".", suffix=".part", dir=target.parent))
        yield folder
    except OSError as error:
        raise UserError(
            f"“{target}” could not be written: {error.strerror or error}",
            "Free some space or choose another folder, then try again.",
        ) from error
    finally:
        if folder is not None:
            with suppress(OSError):
                shutil.rmtree(folder)
