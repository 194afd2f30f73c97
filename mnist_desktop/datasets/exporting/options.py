"""What may be chosen for an export: the format, and what only some formats know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

Format: TypeAlias = Literal["idx", "npz", "npy", "csv", "text", "png", "sheet"]
FORMATS: tuple[Format, ...] = get_args(Format)

Scale: TypeAlias = Literal["bytes", "unit", "signed", "standardised"]
SCALES: tuple[Scale, ...] = get_args(Scale)

Arrangement: TypeAlias = Literal["folders", "names", "table"]
ARRANGEMENTS: tuple[Arrangement, ...] = get_args(Arrangement)

MOST_COLUMNS, MOST_CELL = 400, 400
SMALLEST_CELL = 8


@dataclass(frozen=True)
class ExportOptions:
    """What an export is to look like.

    Parameters
    ----------
    format
        `idx`: an images file, a labels file as they were stored, and a mapping file where class
        names need one; opened again, they show the same. `npz`: one NumPy archive. `npy`: a NumPy
        file for the images and one for the labels. `csv`: a line an image, label first. `text`: a
        line an image as `od -An -v -tu1` writes it, labels in a second file. `png`: a grey picture
        each, in a new folder. `sheet`: all pictures side by side in one PNG, or several.
    scale
        Of the images in `npz` and `npy`: `bytes` 0–255 (uint8), `unit` 0–1, `signed` −1–1, or
        `standardised`, (unit − mean) / sd (float32). Mean and standard deviation of all pixels of
        the first part, the train split's, hold for both parts and are written too.
    flat
        Whether an image in `npz` and `npy` is a row of values instead of rows and columns.
    one_hot
        Whether a label in `npz` and `npy` is a row of zeros with a one (float32), instead of the
        index of its class (int64).
    keys
        What images and labels are called in `npz`.
    arrangement
        Of `png`: `folders`, one for each class; `names`, all in one folder with the class in the
        name; `table`, all in one folder with a `labels.csv`.
    columns
        Of `sheet`: how many pictures stand in a row, 1 to `MOST_COLUMNS`.
    cell
        Of `sheet`: the longer side of a picture there, in pixels, `SMALLEST_CELL` to `MOST_CELL`.
    captions
        Of `sheet`: whether class name and index stand below each picture.
    """

    format: Format
    scale: Scale = "bytes"
    flat: bool = False
    one_hot: bool = False
    keys: tuple[str, str] = ("x", "y")
    arrangement: Arrangement = "folders"
    columns: int = 20
    cell: int = 56
    captions: bool = True

    def __post_init__(self) -> None:
        """Refuse what no caller may ask for."""
        if self.keys[0] == self.keys[1] or not all(key.isidentifier() for key in self.keys):
            raise ValueError(f"{' and '.join(self.keys)} are not two names of arrays")
        if not 1 <= self.columns <= MOST_COLUMNS:
            raise ValueError(f"{self.columns} columns are not 1 to {MOST_COLUMNS}")
        if not SMALLEST_CELL <= self.cell <= MOST_CELL:
            raise ValueError(f"a cell of {self.cell} is not {SMALLEST_CELL} to {MOST_CELL}")
