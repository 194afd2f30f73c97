"""Write a contact sheet: all pictures side by side, on as many pages as it takes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.exporting.naming import with_word
from mnist_desktop.datasets.exporting.options import ExportOptions
from mnist_desktop.datasets.exporting.part import Part
from mnist_desktop.errors import UserError
from mnist_desktop.files import resource_folder, write_bytes
from mnist_desktop.progress import Job, Progress

if TYPE_CHECKING:
    from PIL import ImageFont

MOST_SIDE = 8000
"""Pixels that a page has at most in each direction; every viewer opens 64 million grey ones."""

_GAP, _MARGIN = 4, 16
_PAPER, _WORDS = 255, 64


@dataclass(frozen=True)
class SheetLayout:
    """How pictures stand on the pages of a contact sheet, in pixels.

    Parameters
    ----------
    columns, rows
        Of a full page.
    height, width
        Of a picture as it is drawn.
    caption
        Height of the words below it, 0 without captions.
    pages
        How many pages all pictures take.
    """

    columns: int
    rows: int
    height: int
    width: int
    caption: int
    pages: int

    @property
    def row_height(self) -> int:
        """Return how far the tops of two rows are apart."""
        return self.height + self.caption + _GAP

    @property
    def per_page(self) -> int:
        """Return how many pictures a full page has."""
        return self.columns * self.rows

    def page_size(self, count: int) -> tuple[int, int]:
        """Return height and width of a page with this many pictures."""
        rows = max(1, -(-count // self.columns))
        return (
            2 * _MARGIN + rows * self.row_height - _GAP,
            2 * _MARGIN + self.columns * (self.width + _GAP) - _GAP,
        )


def sheet_layout(part: Part, options: ExportOptions) -> SheetLayout:
    """Return how the pictures of a part stand on their pages.

    Raises
    ------
    UserError
        When a row would be wider than a page may be.
    """
    count, height, width = part.shape
    scale = options.cell / max(height, width)
    drawn = max(1, round(height * scale)), max(1, round(width * scale))
    caption = max(9, min(14, options.cell // 4)) + 4 if options.captions else 0
    columns = max(1, min(options.columns, count))
    if 2 * _MARGIN + columns * (drawn[1] + _GAP) > MOST_SIDE:
        most = (MOST_SIDE - 2 * _MARGIN) // (drawn[1] + _GAP)
        raise UserError(
            f"{columns} columns of {drawn[1]} pixels are wider than a page of {MOST_SIDE:,}",
            f"Choose at most {most} columns, or smaller pictures.",
        )
    rows = max(1, (MOST_SIDE - 2 * _MARGIN) // (drawn[0] + caption + _GAP))
    pages = max(1, -(-count // (columns * rows)))
    return SheetLayout(columns, rows, *drawn, caption, pages)


def sheet_names(parts: Mapping[str, Part], target: Path, options: ExportOptions) -> list[str]:
    """Return the names of the pages, one for each part or as many as it takes."""
    names = []
    for split, part in parts.items():
        name = with_word(target.name, split)
        pages = sheet_layout(part, options).pages
        digits = len(str(pages))
        numbers = [""] if pages == 1 else [f"{page:0{digits}}" for page in range(1, pages + 1)]
        names += [with_word(name, number) for number in numbers]
    return names


def write_sheets(
    parts: Mapping[str, Part], target: Path, options: ExportOptions, folder: Path
) -> Job[None]:
    """Write the pages of each part; small pictures grow pixel by pixel, large shrink by area."""
    names = iter(sheet_names(parts, target, options))
    for part in parts.values():
        layout = sheet_layout(part, options)
        for first in range(0, max(1, len(part)), layout.per_page):
            positions = np.arange(first, min(first + layout.per_page, len(part)), dtype=np.int64)
            page = yield from _page_job(part.taken(positions), layout, first, len(part))
            write_bytes(folder / next(names), page)


def sheet_page(part: Part, layout: SheetLayout) -> bytes:
    """Return one page with all pictures of a part as a PNG file."""
    job = _page_job(part, layout, 0, len(part))
    while True:
        try:
            next(job)
        except StopIteration as end:
            page: bytes = end.value
            return page


def _page_job(part: Part, layout: SheetLayout, before: int, total: int) -> Job[bytes]:
    """Draw the pictures of a part on one page, reporting how many of all are done."""
    from PIL import Image, ImageDraw  # only when a sheet is written: the floor needs numpy alone

    height, width = layout.page_size(len(part))
    pixels = np.full((height, width), _PAPER, np.uint8)
    for first, piece in part.in_pieces():
        for position, image in enumerate(piece, first):
            top, left = _corner(position, layout)
            drawn = _resized(image, layout)
            pixels[top : top + layout.height, left : left + layout.width] = drawn
        yield Progress(before + first + len(piece), total, "Drawing the contact sheet")
    page = Image.fromarray(pixels)
    if layout.caption:
        pen, font = ImageDraw.Draw(page), _font(layout.caption - 4)
        for position, words in enumerate(_captions(part)):
            top, left = _corner(position, layout)
            place = (left, top + layout.height + 1)
            pen.text(place, _fitting(words, font, layout.width), fill=_WORDS, font=font)
    stream = io.BytesIO()
    page.save(stream, "PNG")
    return stream.getvalue()


def _corner(position: int, layout: SheetLayout) -> tuple[int, int]:
    """Return top and left of a picture on its page."""
    row, column = divmod(position, layout.columns)
    return _MARGIN + row * layout.row_height, _MARGIN + column * (layout.width + _GAP)


def _resized(image: NDArray[np.uint8], layout: SheetLayout) -> NDArray[np.uint8]:
    """Return a picture in the size that it has on the sheet."""
    if image.shape == (layout.height, layout.width):
        return image
    from PIL import Image

    grows = layout.height >= image.shape[0] and layout.width >= image.shape[1]
    method = Image.Resampling.NEAREST if grows else Image.Resampling.BOX
    resized = Image.fromarray(np.ascontiguousarray(image))
    return np.asarray(resized.resize((layout.width, layout.height), method))


def _captions(part: Part) -> list[str]:
    """Return what stands below each picture: its class, if known, and its index."""
    numbers, labels = part.numbers.tolist(), part.labels
    if labels is None:
        return [f"{number}" for number in numbers]
    names = part.dataset.class_names
    return [f"{names[label]} · {number}" for label, number in zip(labels, numbers, strict=True)]


def _fitting(words: str, font: ImageFont.FreeTypeFont, room: int) -> str:
    """Return words shortened to the room below a picture: the class stays, the index goes."""
    if font.getlength(words) <= room:
        return words
    words = words.partition(" · ")[0]
    while len(words) > 1 and font.getlength(words) > room:
        words = words[:-1]
    return words


def _font(size: int) -> ImageFont.FreeTypeFont:
    """Return the font that comes with the program, at `size` pixels."""
    from PIL import ImageFont

    file = resource_folder() / "assets" / "fonts" / "DejaVuSans.ttf"
    return ImageFont.truetype(io.BytesIO(file.read_bytes()), size)
