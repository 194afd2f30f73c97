"""Take a dataset away: as IDX files, NumPy arrays, text, pictures or a contact sheet.

Every export is a job. What it writes appears whole when it ends; cancelled or failed, it leaves
nothing behind and what stood there before still does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.exporting.arrays import write_npy, write_npz
from mnist_desktop.datasets.exporting.estimate import ExportPlan, file_names, plan_export
from mnist_desktop.datasets.exporting.idx_files import write_idx_files
from mnist_desktop.datasets.exporting.options import (
    ARRANGEMENTS,
    FORMATS,
    SCALES,
    Arrangement,
    ExportOptions,
    Format,
    Scale,
)
from mnist_desktop.datasets.exporting.part import Part, split_part
from mnist_desktop.datasets.exporting.pictures import write_pictures
from mnist_desktop.datasets.exporting.sheet import write_sheets
from mnist_desktop.datasets.exporting.text import write_csv, write_text
from mnist_desktop.datasets.exporting.workshop import deliver, workshop
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Job, Progress

__all__ = [
    "ARRANGEMENTS",
    "FORMATS",
    "SCALES",
    "Arrangement",
    "ExportOptions",
    "ExportPlan",
    "Format",
    "Part",
    "Scale",
    "export_job",
    "format_for",
    "plan_export",
    "split_part",
]

_Writer = Callable[[Mapping[str, Part], Path, ExportOptions, Path], Job[None]]
_WRITERS: dict[Format, _Writer] = {
    "idx": write_idx_files,
    "npz": write_npz,
    "npy": write_npy,
    "csv": write_csv,
    "text": write_text,
    "png": write_pictures,
    "sheet": write_sheets,
}
_ENDINGS: dict[str, Format] = {
    ".npz": "npz",
    ".npy": "npy",
    ".csv": "csv",
    ".txt": "text",
    ".png": "sheet",
}


def format_for(target: Path) -> Format:
    """Return the format that a target's name asks for; a plain name is a folder of pictures."""
    if (known := _ENDINGS.get(target.suffix.lower())) is not None:
        return known
    looks_like_idx = re.search(r"idx\d?|ubyte|\.gz$", target.name.lower())
    return "idx" if looks_like_idx else "png"


def export_job(
    what: Dataset | Part | Mapping[str, Part], target: Path, options: ExportOptions | None = None
) -> Job[tuple[Path, ...]]:
    """Write a dataset, or parts of one, in one of the `FORMATS`.

    Parameters
    ----------
    what
        All of a dataset, some of it, or two parts by their names, such as `split_part` returns
        them. Each part gets files of its own, but in an archive arrays of its own.
    target
        A file, for `idx` the images file, for `png` a folder that is new or empty.
    options
        What it is to look like; by default as the target's name says.

    Returns
    -------
    tuple
        The files that were written; for `png` the folder.

    Raises
    ------
    UserError
        If the system refuses, the target cannot hold the dataset, or would replace a file that is
        read from.
    """
    target = Path(target)
    parts = _as_parts(what)
    options = options or ExportOptions(format_for(target))
    _check_sources(parts, target, options)
    with workshop(target) as folder:
        writing = _WRITERS[options.format](parts, target, options, folder)
        yield from _overall(writing, _work(parts, options))
        return deliver(folder, target)


def _work(parts: Mapping[str, Part], options: ExportOptions) -> int:
    """Return how many images are gone through; the first part twice if it is measured before."""
    measured = len(next(iter(parts.values()))) if options.scale == "standardised" else 0
    return sum(map(len, parts.values())) + measured


def _overall(job: Job[None], total: int) -> Job[None]:
    """Go through a job that counts anew for each part, and count on."""
    before = last = 0
    for progress in job:
        if progress.done < last:
            before += last
        last = progress.done
        yield Progress(min(before + last, total), total, progress.what)


def _as_parts(what: Dataset | Part | Mapping[str, Part]) -> Mapping[str, Part]:
    """Return parts by their names; the only one has none."""
    if isinstance(what, Dataset):
        what = Part(what)
    return {"": what} if isinstance(what, Part) else what


def _check_sources(parts: Mapping[str, Part], target: Path, options: ExportOptions) -> None:
    """Refuse to replace a file that the images or labels come from."""
    sources = [
        path
        for part in parts.values()
        for path in (part.dataset.images_path, part.dataset.labels_path, part.dataset.mapping_path)
        if path is not None and path.exists()
    ]
    for name in file_names(parts, target, options):
        goal = target.with_name(name)
        if os.path.exists(goal) and any(goal.samefile(source) for source in sources):
            raise UserError(
                f"“{goal}” is a file of the dataset that is exported",
                "Choose another name or another folder.",
            )
