"""Write NumPy archives and files, piece by piece and without pickle."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.exporting.naming import with_word
from mnist_desktop.datasets.exporting.options import ExportOptions, Scale
from mnist_desktop.datasets.exporting.part import Part
from mnist_desktop.files import replacing
from mnist_desktop.progress import Job, Progress

MEAN_SD, CLASS_NAMES, LABELS = "mean-sd", "class-names", "labels"


def write_npz(
    parts: Mapping[str, Part], target: Path, options: ExportOptions, folder: Path
) -> Job[None]:
    """Write one compressed archive with `x` and `y`, or `x_train`, `y_train`, `x_test`, `y_test`.

    `class_names` is there too where a class is not called by its index, and `mean` and `sd` of
    standardised images (float64, on the scale of 0 to 1).
    """
    table, mean, sd = yield from _table_job(parts, options.scale)
    with (
        replacing(folder / target.name) as stream,
        zipfile.ZipFile(stream, "w") as archive,
    ):
        for split, part in parts.items():
            end = f"_{split}" if split else ""
            labels = _label_array(part, one_hot=options.one_hot)
            if labels is not None:
                _put(archive, options.keys[1] + end, labels)
            if has_names(part.dataset):
                _put(archive, "class_names" + end, np.array(part.dataset.class_names, np.str_))
            name = options.keys[0] + end
            shape = _images_shape(part, flat=options.flat)
            with _entry(archive, name) as entry:
                yield from _write_images(entry, part, table, shape, name=target.name)
        if options.scale == "standardised":
            _put(archive, "mean", np.array(mean))
            _put(archive, "sd", np.array(sd))


def write_npy(
    parts: Mapping[str, Part], target: Path, options: ExportOptions, folder: Path
) -> Job[None]:
    """Write the images of each part, and its labels beside them; see `npy_names`."""
    table, mean, sd = yield from _table_job(parts, options.scale)
    for split, part in parts.items():
        name = with_word(target.name, split)
        labels = _label_array(part, one_hot=options.one_hot)
        if labels is not None:
            _write_array(folder / with_word(name, LABELS), labels)
        shape = _images_shape(part, flat=options.flat)
        with replacing(folder / name) as stream:
            yield from _write_images(stream, part, table, shape, name=name)
    dataset = next(iter(parts.values())).dataset
    if has_names(dataset):
        names = np.array(dataset.class_names, np.str_)
        _write_array(folder / with_word(target.name, CLASS_NAMES), names)
    if options.scale == "standardised":
        _write_array(folder / with_word(target.name, MEAN_SD), np.array([mean, sd]))


def npy_names(parts: Mapping[str, Part], target: Path, options: ExportOptions) -> list[str]:
    """Return the names of the files that `write_npy` makes."""
    names = []
    for split, part in parts.items():
        name = with_word(target.name, split)
        names += [name, with_word(name, LABELS)] if part.dataset.labels is not None else [name]
    if has_names(next(iter(parts.values())).dataset):
        names.append(with_word(target.name, CLASS_NAMES))
    if options.scale == "standardised":
        names.append(with_word(target.name, MEAN_SD))
    return names


def scale_table(scale: Scale, *, mean: float = 0.0, sd: float = 1.0) -> NDArray[Any]:
    """Return what becomes of each byte, (256,) uint8 for `bytes` and float32 for all others.

    Parameters
    ----------
    scale
        See `ExportOptions`.
    mean, sd
        Of the pixels on the scale of 0 to 1, for `standardised`.
    """
    if scale == "bytes":
        return np.arange(256, dtype=np.uint8)
    if scale == "standardised":
        return ((np.arange(256) / 255 - mean) / sd).astype(np.float32)
    unit = np.arange(256, dtype=np.float32) / np.float32(255)
    return unit if scale == "unit" else unit * np.float32(2) - np.float32(1)


def has_names(dataset: Dataset) -> bool:
    """Tell whether a class is called by something else than its index."""
    return dataset.class_names != tuple(map(str, range(len(dataset.class_names))))


def _table_job(parts: Mapping[str, Part], scale: Scale) -> Job[tuple[NDArray[Any], float, float]]:
    """Return the table that scales, and for `standardised` the first part's mean and sd.

    Both are exact: they come from counts of the 256 values. Images of one grey have sd 1, so that
    nothing is divided by zero.
    """
    if scale != "standardised":
        return scale_table(scale), 0.0, 1.0
    part = next(iter(parts.values()))
    counts = np.zeros(256, np.int64)
    for first, piece in part.in_pieces():
        counts += np.bincount(piece.reshape(-1), minlength=256)
        yield Progress(first + len(piece), len(part), "Measuring mean and sd")
    # In Python's whole numbers: images of one grey must not get a tiny sd from rounding.
    times = counts.tolist()
    total = max(1, sum(times))
    first_moment = sum(value * number for value, number in enumerate(times))
    second_moment = sum(value**2 * number for value, number in enumerate(times))
    mean = first_moment / total / 255
    sd = math.sqrt(total * second_moment - first_moment**2) / total / 255 or 1.0
    return scale_table(scale, mean=mean, sd=sd), mean, sd


def _label_array(part: Part, *, one_hot: bool) -> NDArray[Any] | None:
    """Return class indices, or a row with a one for each."""
    labels = part.labels
    if labels is None or not one_hot:
        return labels
    return np.eye(len(part.dataset.class_names), dtype=np.float32)[labels]


def _images_shape(part: Part, *, flat: bool) -> tuple[int, ...]:
    """Return the shape of the images in the file."""
    count, height, width = part.shape
    return (count, height * width) if flat else (count, height, width)


def _write_images(
    stream: BinaryIO, part: Part, table: NDArray[Any], shape: tuple[int, ...], *, name: str
) -> Job[None]:
    """Write a head and the images, scaled piece by piece."""
    _write_head(stream, table.dtype, shape)
    for first, piece in part.in_pieces():
        stream.write(table[piece].tobytes())
        yield Progress(first + len(piece), len(part), f"Writing {name}")


def _write_head(stream: BinaryIO, dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
    """Write what stands before the elements of an array, in the oldest version of the format."""
    description = np.lib.format.dtype_to_descr(dtype)
    head = {"descr": description, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, head)


def _write_array(path: Path, array: NDArray[Any]) -> None:
    """Write a small array as a file."""
    with replacing(path) as stream:
        _write_head(stream, array.dtype, array.shape)
        stream.write(np.ascontiguousarray(array).tobytes())


@contextmanager
def _entry(archive: zipfile.ZipFile, name: str) -> Iterator[Any]:
    """Begin an array in an archive, and give the stream of its file."""
    info = zipfile.ZipInfo(f"{name}.npy")  # bears no time, so equal data makes equal files
    info.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(info, "w", force_zip64=True) as stream:
        yield stream


def _put(archive: zipfile.ZipFile, name: str, array: NDArray[Any]) -> None:
    """Write a small array into an archive."""
    with _entry(archive, name) as stream:
        _write_head(stream, array.dtype, array.shape)
        stream.write(np.ascontiguousarray(array).tobytes())
