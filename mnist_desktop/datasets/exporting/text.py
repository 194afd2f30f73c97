"""Write a line of text an image: a CSV table, or numbers as `od` prints them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.exporting.naming import with_word
from mnist_desktop.datasets.exporting.options import ExportOptions
from mnist_desktop.datasets.exporting.part import Part
from mnist_desktop.files import replacing
from mnist_desktop.progress import Job, Progress

LABELS = "labels"


def write_csv(
    parts: Mapping[str, Part], target: Path, options: ExportOptions, folder: Path
) -> Job[None]:
    """Write a head line, then a line an image: the stored label, if any, and its values."""
    for split, part in parts.items():
        name = with_word(target.name, split)
        with replacing(folder / name) as stream:
            stream.write(csv_head(part))
            for first, lines in _csv_lines(part):
                stream.write(lines)
                yield Progress(first, len(part), f"Writing {name}")


def csv_head(part: Part) -> bytes:
    """Return the first line of a table, with its end."""
    columns = [] if part.dataset.labels is None else ["label"]
    columns += [f"pixel{i}" for i in range(math.prod(part.shape[1:]))]
    return (",".join(columns) + "\n").encode("ascii")


def csv_line(image: NDArray[np.uint8]) -> str:
    """Return the values of an image, row by row, with commas between them."""
    return ",".join([_TEXTS[value] for value in image.tobytes()])


_TEXTS = [str(value) for value in range(256)]


def _csv_lines(part: Part) -> Iterator[tuple[int, bytes]]:
    """Yield how many images are written, and the lines of some more of them."""
    labels = part.stored_labels
    for first, piece in part.in_pieces():
        lines = [csv_line(image) for image in piece]
        if labels is not None:
            here = labels[first : first + len(piece)].tolist()
            lines = [f"{label},{line}" for label, line in zip(here, lines, strict=True)]
        yield first + len(piece), ("\n".join(lines) + "\n").encode("ascii")


def write_text(
    parts: Mapping[str, Part], target: Path, options: ExportOptions, folder: Path
) -> Job[None]:
    """Write a line an image, each value in four columns, and the stored labels in a second file.

    Byte for byte what `od -An -v -tu1 -j16 -w784` prints of MNIST's images, and `od … -j8 -w1` of
    its labels.
    """
    cells = np.array([list(f"{value:4}".encode("ascii")) for value in range(256)], np.uint8)
    for split, part in parts.items():
        name = with_word(target.name, split)
        labels = part.stored_labels
        if labels is not None:
            with replacing(folder / with_word(name, LABELS)) as stream:
                stream.write("".join(f"{label:4}\n" for label in labels.tolist()).encode("ascii"))
        with replacing(folder / name) as stream:
            for first, piece in part.in_pieces():
                rows = cells[piece].reshape(len(piece), -1)
                ends = np.full((len(piece), 1), ord("\n"), np.uint8)
                stream.write(np.hstack([rows, ends]).tobytes())
                yield Progress(first + len(piece), len(part), f"Writing {name}")


def text_names(parts: Mapping[str, Part], target: Path) -> list[str]:
    """Return the names of the files that `write_text` makes."""
    names = []
    for split, part in parts.items():
        name = with_word(target.name, split)
        names += [name, with_word(name, LABELS)] if part.dataset.labels is not None else [name]
    return names
