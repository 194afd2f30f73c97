"""Write IDX files: images, their labels, and the class names where numbers do not tell them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.exporting.naming import images_name, labels_name
from mnist_desktop.datasets.exporting.options import ExportOptions
from mnist_desktop.datasets.exporting.part import Part
from mnist_desktop.datasets.header import ELEMENT_TYPES, IdxHeader
from mnist_desktop.datasets.idx import write_idx, write_pieces_job
from mnist_desktop.datasets.known import LABEL_DIGITS, LONGEST_NAME, guess
from mnist_desktop.datasets.pairing import read_name
from mnist_desktop.errors import UserError
from mnist_desktop.files import write_bytes
from mnist_desktop.progress import Job

_BYTES, _HEADER_BYTES = ELEMENT_TYPES[0x08], 16


def write_idx_files(
    parts: Mapping[str, Part], target: Path, options: ExportOptions, folder: Path
) -> Job[None]:
    """Write images, labels and, where the class names need it, a mapping file for each part."""
    for split, part in parts.items():
        yield from _write_part(part, target.with_name(images_name(target.name, split)), folder)


def idx_names(parts: Mapping[str, Part], target: Path) -> list[str]:
    """Return the names of the files that `write_idx_files` makes."""
    names = {}
    for split, part in parts.items():
        images = target.with_name(images_name(target.name, split))
        names[images.name] = True
        if part.dataset.labels is not None:
            names[labels_name(images)] = True
            mapping = _mapping(part.dataset, images)
            names |= {mapping[0]: True} if mapping else {}
    return list(names)


def _write_part(part: Part, target: Path, folder: Path) -> Job[None]:
    """Write the files of one part into `folder`, so that they fit the place they will have."""
    labels = part.stored_labels
    if labels is not None:
        write_idx(folder / labels_name(target), _smallest(labels, target))
        mapping = _mapping(part.dataset, target)
        if mapping is not None:
            write_bytes(folder / mapping[0], mapping[1])
    lying = (family := guess(target)) is not None and family.transposed
    count, height, width = part.shape
    shape = (count, width, height) if lying else (count, height, width)
    pieces = (piece.swapaxes(1, 2) if lying else piece for _, piece in part.in_pieces())
    header = IdxHeader(_BYTES, shape, _HEADER_BYTES, compressed=False)
    yield from write_pieces_job(folder / target.name, header, pieces)


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
    sayable = all(name.isprintable() and 0 < len(name) <= LONGEST_NAME for name in names)
    if plain or not sayable or not 0 <= min(values) <= max(values) < 10**LABEL_DIGITS:
        return None
    lines = (f"{value} {_code(name)}\n" for name, value in zip(names, values, strict=True))
    words = (*read_name(target.name).words, "mapping.txt")
    return "-".join(words), "".join(lines).encode("ascii")


def _code(name: str) -> str:
    """Return a class name as `read_mapping` reads it: a character code, or a word in quotes."""
    return str(ord(name)) if len(name) == 1 else json.dumps(name)
