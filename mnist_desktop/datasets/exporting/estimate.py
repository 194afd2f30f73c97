"""Say what an export will write and about how large it gets, before anything is written."""

from __future__ import annotations

import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mnist_desktop.datasets.exporting.arrays import npy_names, scale_table
from mnist_desktop.datasets.exporting.idx_files import idx_names
from mnist_desktop.datasets.exporting.naming import with_word
from mnist_desktop.datasets.exporting.options import ExportOptions
from mnist_desktop.datasets.exporting.part import Part
from mnist_desktop.datasets.exporting.pictures import check_free
from mnist_desktop.datasets.exporting.sheet import sheet_layout, sheet_names, sheet_page
from mnist_desktop.datasets.exporting.text import csv_head, csv_line, text_names
from mnist_desktop.datasets.png import png_bytes

_SHEET_IMAGES, _SHEET_PIXELS = 64, 1 << 18  # drawn to judge a contact sheet by: milliseconds
_DISK_BLOCK = 4096  # bytes a file takes at least on the file systems in use


@dataclass(frozen=True)
class ExportPlan:
    """What an export will write.

    Parameters
    ----------
    files
        The files, or for pictures the folder.
    pictures
        How many PNG pictures go into that folder; 0 for other formats.
    size
        About how many bytes everything takes.
    """

    files: tuple[Path, ...]
    pictures: int
    size: int

    def existing(self) -> tuple[Path, ...]:
        """Return those files that are there already and would be replaced."""
        return () if self.pictures else tuple(path for path in self.files if os.path.exists(path))


def plan_export(parts: Mapping[str, Part], target: Path, options: ExportOptions) -> ExportPlan:
    """Return what `export_job` would write for the same arguments.

    Only a few images are read, so that it may be asked while a person types.

    Raises
    ------
    UserError
        When the target cannot hold the parts.
    """
    target = Path(target)
    names = file_names(parts, target, options)
    size = sum(_part_bytes(part, target, options) for part in parts.values())
    pictures = sum(map(len, parts.values())) if options.format == "png" else 0
    return ExportPlan(tuple(target.with_name(name) for name in names), pictures, size)


def file_names(parts: Mapping[str, Part], target: Path, options: ExportOptions) -> list[str]:
    """Return the names of what `export_job` makes beside one another."""
    match options.format:
        case "idx":
            return idx_names(parts, target)
        case "npy":
            return npy_names(parts, target, options)
        case "text":
            return text_names(parts, target)
        case "csv":
            return [with_word(target.name, split) for split in parts]
        case "sheet":
            return sheet_names(parts, target, options)
        case "png":
            check_free(target)
    return [target.name]


def _part_bytes(part: Part, target: Path, options: ExportOptions) -> int:
    """Return about how many bytes the images and labels of a part take."""
    count = len(part)
    if not count:
        return 0
    if options.format == "sheet":
        return _sheet_bytes(part, options)
    labels = 0 if part.dataset.labels is None else count
    return round(count * _image_bytes(part, target, options)) + labels


def _image_bytes(part: Part, target: Path, options: ExportOptions) -> float:
    """Return about how many bytes an image takes in the file."""
    sample = np.concatenate([piece for _, piece in part.sample().in_pieces()])
    pixels = int(sample[0].size)
    match options.format:
        case "idx":
            packed = target.suffix.lower() == ".gz"
            return len(zlib.compress(sample.tobytes(), 6)) / len(sample) if packed else pixels
        case "csv":
            lines = sum(len(csv_line(image)) + 2 for image in sample) / len(sample)
            return lines + len(csv_head(part)) / len(part)
        case "text":
            return 4 * pixels + 1
        case "png":
            sizes = [len(png_bytes(np.ascontiguousarray(image))) for image in sample]
            return float(np.ceil(np.array(sizes) / _DISK_BLOCK).mean() * _DISK_BLOCK)
    scaled = scale_table(options.scale)[sample]
    if options.format == "npy":
        return int(scaled.itemsize) * pixels
    return len(zlib.compress(scaled.tobytes(), 6)) / len(sample)


def _sheet_bytes(part: Part, options: ExportOptions) -> int:
    """Return about how many bytes the pages of a contact sheet take, judged by a few rows."""
    layout = sheet_layout(part, options)
    drawn = max(1, min(_SHEET_IMAGES, _SHEET_PIXELS // (layout.height * layout.width)))
    rows = max(1, drawn // layout.columns)
    sample = part.sample(min(rows * layout.columns, drawn))
    page = sheet_page(sample, replace(layout, columns=min(layout.columns, len(sample))))
    return round(len(page) * len(part) / len(sample))
