"""Write datasets as a NumPy archive, piece by piece and without pickle."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.files import replacing
from mnist_desktop.progress import Job, Progress

Scale: TypeAlias = Literal["bytes", "unit", "signed"]


def export_npz_job(
    splits: Mapping[str, Dataset],
    target: Path,
    *,
    scale: Scale = "bytes",
    flat: bool = False,
    one_hot: bool = False,
    names: tuple[str, str] = ("x", "y"),
) -> Job[tuple[Path, ...]]:
    """Write datasets as a compressed NumPy archive that loads without pickle.

    Parameters
    ----------
    splits
        Datasets by the name of their split: `{"train": a, "test": b}` gives the arrays `x_train`,
        `y_train`, `x_test` and `y_test`; an empty name gives `x` and `y`.
    target
        The `.npz` file.
    scale
        Of the images: `bytes` 0–255 (uint8), `unit` 0–1 or `signed` −1–1 (both float32).
    flat
        Whether an image is a row of values instead of rows and columns.
    one_hot
        Whether a label is a row of zeros with a one (float32), instead of the index of its class
        (int64). `class_names` is written too where a class is not called by its index.
    names
        What images and labels are called.

    Raises
    ------
    UserError
        If the system refuses.
    """
    target = Path(target)
    with replacing(target) as stream, zipfile.ZipFile(stream, "w") as archive:
        for split, dataset in splits.items():
            end = f"_{split}" if split else ""
            labels = _label_array(dataset, one_hot=one_hot)
            if labels is not None:
                _put_array(archive, names[1] + end, labels)
            if dataset.class_names != tuple(map(str, range(len(dataset.class_names)))):
                _put_array(archive, "class_names" + end, np.array(dataset.class_names, np.str_))
            yield from _put_images(archive, names[0] + end, dataset, scale=scale, flat=flat)
    return (target,)


def _label_array(dataset: Dataset, *, one_hot: bool) -> NDArray[Any] | None:
    """Return class indices, or a row with a one for each."""
    if dataset.labels is None or not one_hot:
        return dataset.labels
    return np.eye(len(dataset.class_names), dtype=np.float32)[dataset.labels]


@contextmanager
def _entry(
    archive: zipfile.ZipFile, name: str, dtype: np.dtype[Any], shape: tuple[int, ...]
) -> Iterator[Callable[[bytes], object]]:
    """Begin an array in an archive; give the function that writes its elements."""
    info = zipfile.ZipInfo(f"{name}.npy")  # bears no time, so equal data makes equal files
    info.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(info, "w", force_zip64=True) as stream:
        description = np.lib.format.dtype_to_descr(dtype)
        head = {"descr": description, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(stream, head)
        yield stream.write


def _put_array(archive: zipfile.ZipFile, name: str, array: NDArray[Any]) -> None:
    """Write a small array into an archive."""
    with _entry(archive, name, array.dtype, array.shape) as write:
        write(np.ascontiguousarray(array).tobytes())


def _put_images(
    archive: zipfile.ZipFile, name: str, dataset: Dataset, *, scale: Scale, flat: bool
) -> Job[None]:
    """Write images into an archive, scaled piece by piece."""
    count, height, width = dataset.images.shape
    shape = (count, height * width) if flat else (count, height, width)
    dtype = np.dtype(np.uint8 if scale == "bytes" else np.float32)
    with _entry(archive, name, dtype, shape) as write:
        for first, piece in dataset.in_pieces():
            write(_scaled(piece, scale).tobytes())
            yield Progress(first + len(piece), count, f"Writing {name}")


def _scaled(piece: NDArray[np.uint8], scale: Scale) -> NDArray[Any]:
    """Scale bytes for a network."""
    if scale == "bytes":
        return np.ascontiguousarray(piece)
    unit = piece.astype(np.float32, order="C") / np.float32(255)
    return unit if scale == "unit" else unit * np.float32(2) - np.float32(1)
