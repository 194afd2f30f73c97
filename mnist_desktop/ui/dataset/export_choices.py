"""What a person chose for an export, kept for the next start, and the job it makes. No Qt."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import get_args

import numpy as np

from mnist_desktop.datasets.export import ExportPlan, Part, export_job, plan_export, split_part
from mnist_desktop.datasets.exporting.options import (
    MOST_CELL,
    MOST_COLUMNS,
    SMALLEST_CELL,
    Arrangement,
    ExportOptions,
    Format,
    Scale,
)
from mnist_desktop.progress import Job, Progress
from mnist_desktop.ui.remembered import sound_values

LEAST_SHARE, MOST_SHARE = 1, 50
MOST_SEED = 999_999_999


@dataclass(frozen=True)
class ExportChoices:
    """What the form of an export holds, whatever dataset is exported.

    Parameters
    ----------
    format, scale, flat, one_hot, arrangement, columns, cell, captions
        As `ExportOptions` has them.
    packed
        Whether IDX files are packed with gzip.
    is_split
        Whether a test part is drawn.
    share
        Its size in percent, `LEAST_SHARE` to `MOST_SHARE`.
    seed
        Of the draw, 0 to `MOST_SEED`.
    folder
        Where files were written last; empty when nowhere yet.
    """

    format: Format = "png"
    scale: Scale = "bytes"
    flat: bool = False
    one_hot: bool = False
    arrangement: Arrangement = "folders"
    columns: int = 20
    cell: int = 56
    captions: bool = True
    packed: bool = True
    is_split: bool = False
    share: int = 15
    seed: int = 0
    folder: str = ""

    def options(self) -> ExportOptions:
        """Return what an export is to look like."""
        return ExportOptions(
            self.format,
            scale=self.scale,
            flat=self.flat,
            one_hot=self.one_hot,
            arrangement=self.arrangement,
            columns=self.columns,
            cell=self.cell,
            captions=self.captions,
        )

    def to_text(self) -> str:
        """Return everything as a line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> ExportChoices:
        """Return what a text made by `to_text` says; parts that are not sound are as at first."""
        usual = asdict(cls())
        known = sound_values(text, usual)
        allowed: dict[str, object] = {
            "format": get_args(Format),
            "scale": get_args(Scale),
            "arrangement": get_args(Arrangement),
            "columns": range(1, MOST_COLUMNS + 1),
            "cell": range(SMALLEST_CELL, MOST_CELL + 1),
            "share": range(LEAST_SHARE, MOST_SHARE + 1),
            "seed": range(MOST_SEED + 1),
        }
        sound = {
            name: value
            for name, value in known.items()
            if name not in allowed or value in allowed[name]  # type: ignore[operator]
        }
        return replace(cls(), **sound)  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class ExportRequest:
    """An export that can begin.

    Parameters
    ----------
    part
        What to export.
    target
        The file or folder.
    choices
        How.
    """

    part: Part
    target: Path
    choices: ExportChoices

    def plan(self) -> ExportPlan:
        """Return what will be written; cheap, as the test part is not drawn for it.

        Raises
        ------
        UserError
            When the target cannot hold the part.
        """
        return plan_export(self._supposed_parts(), self.target, self.choices.options())

    def job(self) -> Job[tuple[Path, ...]]:
        """Draw the test part if asked for, and write everything; see `export_job`."""
        parts = {"": self.part}
        if self.choices.is_split:
            yield Progress(0, 0, "Drawing the test part")
            parts = split_part(self.part, self.choices.share / 100, seed=self.choices.seed)
        return (yield from export_job(parts, self.target, self.choices.options()))

    def _supposed_parts(self) -> dict[str, Part]:
        """Return parts of the right sizes: which samples they have matters little for a plan."""
        if not self.choices.is_split:
            return {"": self.part}
        places = np.arange(len(self.part), dtype=np.int64)
        # Drawn from everywhere, as the beginning of a file may be unlike its end.
        drawn = round(len(places) * self.choices.share / 100)
        chosen = np.zeros(len(places), bool)
        if drawn:
            chosen[np.linspace(0, len(places) - 1, drawn).astype(np.int64)] = True
        return {
            "train": self.part.taken(places[~chosen]),
            "test": self.part.taken(places[chosen]),
        }


def size_text(size: int) -> str:
    """Write a number of bytes as a person reads it: 812 bytes, 54 kB, 11.8 MB."""
    if size < 1000:
        return f"{size} bytes"
    unit, each = ("kB", 10**3) if size < 999_500 else ("MB", 10**6)
    if size >= 999_500_000:
        unit, each = "GB", 10**9
    value = size / each
    return f"{value:.1f} {unit}" if value < 99.95 else f"{value:,.0f} {unit}"


def plan_text(plan: ExportPlan) -> str:
    """Return one or two sentences on what will be written."""
    about = f"about {size_text(plan.size)}"
    if plan.pictures:
        return (
            f"{plan.pictures:,} pictures in a new folder “{plan.files[0].name}”, {about} on disk."
        )
    names = [path.name for path in plan.files]
    shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    count = "1 file" if len(names) == 1 else f"{len(names):,} files"
    return f"{count}, {about}: {shown}"


def replaced_text(plan: ExportPlan) -> str:
    """Return a sentence on files that will be replaced, empty if there are none."""
    there = [path.name for path in plan.existing()]
    if not there:
        return ""
    more = f" and {len(there) - 3} more" if len(there) > 3 else ""
    return f"Replaces what is there: {', '.join(there[:3])}{more}."
