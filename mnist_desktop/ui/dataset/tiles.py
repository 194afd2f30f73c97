"""Put many small pictures and their captions into one array of pixels: numpy only, no Qt."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.products import ONE_CORE
from mnist_desktop.ui.dataset.cells import Cell
from mnist_desktop.ui.dataset.halving import can_halve, halved


@lru_cache(maxsize=64)
def resampling(*, source: int, target: int, length: int, offset: int) -> NDArray[np.float32]:
    """Return the matrix that resizes a line of pixels by the area each covers.

    Every pixel keeps its square shape at every size: enlarged it stays a sharp block whose edges
    are blended where they fall inside a screen pixel, reduced it counts by its share. That shows
    what is in the file, no more and no less.

    Parameters
    ----------
    source, target
        Number of pixels before and after.
    length, offset
        The result stands at `offset` in a line of `length` pixels; the others are 0.

    Returns
    -------
    ndarray
        (source, length) float32, read-only; each used column sums to 1.
    """
    edges = np.linspace(0, source, target + 1)
    pixels = np.arange(source)
    start = np.maximum(edges[:-1, None], pixels)
    end = np.minimum(edges[1:, None], pixels + 1)
    shares = np.clip(end - start, 0, None) * target / source
    matrix = np.zeros((source, length), dtype=np.float32)
    matrix[:, offset : offset + target] = shares.T
    matrix.setflags(write=False)
    return matrix


class Composer:
    """Puts rows of cells together, in memory that is kept from one frame to the next.

    Fresh arrays of this size are handed out page by page by the system, which took longer than
    filling them.
    """

    def __init__(self) -> None:
        self._rooms: dict[str, NDArray[Any]] = {}

    def compose(
        self,
        images: NDArray[np.uint8],
        *,
        cell: Cell,
        columns: int,
        captions: NDArray[np.uint8] | None = None,
    ) -> NDArray[np.uint8]:
        """Return one picture of rows of cells, each with its image and caption.

        Parameters
        ----------
        images
            (n, h, w) uint8, ink high, in the order in which they stand.
        cell
            The inside of a cell.
        columns
            Cells in a row; the last row may be short and is filled with blank paper.
        captions
            (n, cell.caption.height, cell.width) uint8 coverage of the caption's text, or None.

        Returns
        -------
        ndarray
            (rows · cell.height, columns · cell.width) uint8, 0 paper and 255 full ink; valid until
            the next call.
        """
        place = cell.picture
        if can_halve(images, width=place.width, height=place.height):
            canvas = self._place(halved(images), cell, columns)
        else:
            canvas = self._resample(images, cell, columns)
        if captions is not None and cell.caption.height:
            _write_captions(canvas, captions, cell)
        rows, height, _, width = canvas.shape
        return canvas.reshape(rows * height, columns * width)

    def _place(self, pictures: NDArray[np.uint8], cell: Cell, columns: int) -> NDArray[np.uint8]:
        """Return cells with pictures of that size, (rows, cell height, columns, cell width)."""
        count, place = len(pictures), cell.picture
        whole, over = divmod(count, columns)
        rows = whole + (over > 0)
        canvas = self._room("canvas", (rows, cell.height, columns, cell.width), np.uint8)
        canvas[:] = 0
        inside = canvas[:, place.y : place.bottom, :, place.x : place.right]
        full = pictures[: whole * columns].reshape(whole, columns, place.height, place.width)
        inside[:whole] = full.transpose(0, 2, 1, 3)
        if over:
            inside[whole, :, :over] = pictures[whole * columns :].transpose(1, 0, 2)
        return canvas

    def _resample(self, images: NDArray[np.uint8], cell: Cell, columns: int) -> NDArray[np.uint8]:
        """Return cells with pictures brought to their size; otherwise as `_place`.

        One row after the other: what one row needs stays in the processor's cache.
        """
        (count, height, width), place = images.shape, cell.picture
        rows = -(-count // columns)
        across = resampling(source=width, target=place.width, length=cell.width, offset=place.x)
        down = resampling(source=height, target=place.height, length=cell.height, offset=place.y)
        lines = self._room("lines", (height, columns, width), np.float32)
        wide = self._room("wide", (height * columns, cell.width), np.float32)
        tall = self._room("tall", (cell.height, columns * cell.width), np.float32)
        canvas = self._room("canvas", (rows, cell.height, columns * cell.width), np.uint8)
        for row in range(rows):
            part = images[row * columns : (row + 1) * columns]
            lines[:, : len(part)] = part.transpose(1, 0, 2)
            lines[:, len(part) :] = 0
            _multiply_rows(lines.reshape(-1, width), across, out=wide)
            _multiply_columns(down.T, wide.reshape(height, -1), out=tall)
            # Values are at most 255 up to rounding in float32; 0.498 rounds and cannot reach 256.
            tall += np.float32(0.498)
            np.copyto(canvas[row], tall, casting="unsafe")
        return canvas.reshape(rows, cell.height, columns, cell.width)

    def colour(self, canvas: NDArray[np.uint8], table: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Return a canvas in the screen colours of a table such as `ramp` makes.

        The result has the canvas's shape and is valid until the next call.
        """
        colours = self._room("colours", canvas.shape, np.uint32)
        # No value is beyond the table; of the ways to make sure of that this one is the fastest.
        return np.take(table, canvas, out=colours, mode="wrap")

    def _room(self, name: str, shape: tuple[int, ...], dtype: type) -> NDArray[Any]:
        """Return an array of this shape with whatever it held before."""
        size = math.prod(shape)
        room = self._rooms.get(name)
        if room is None or room.size < size:
            room = self._rooms[name] = np.empty(size, dtype=dtype)
        return room[:size].reshape(shape)


def _multiply_rows(
    first: NDArray[np.float32], second: NDArray[np.float32], *, out: NDArray[np.float32]
) -> None:
    """Multiply (m, k) by (k, n) into `out`, some rows at a time; see `ONE_CORE`."""
    slab = max(1, ONE_CORE // second.size)
    for start in range(0, len(first), slab):
        part = slice(start, start + slab)
        np.matmul(first[part], second, out=out[part])


def _multiply_columns(
    first: NDArray[np.float32], second: NDArray[np.float32], *, out: NDArray[np.float32]
) -> None:
    """Multiply (m, k) by (k, n) into `out`, a block at a time; see `ONE_CORE`."""
    high = min(len(first), 128)
    wide = max(1, ONE_CORE // (high * first.shape[1]))
    for top in range(0, len(first), high):
        for left in range(0, second.shape[1], wide):
            rows, columns = slice(top, top + high), slice(left, left + wide)
            np.matmul(first[rows], second[:, columns], out=out[rows, columns])


def frame_pictures(
    colours: NDArray[np.uint32],
    canvas: NDArray[np.uint8],
    table: NDArray[np.uint32],
    *,
    cell: Cell,
    count: int,
) -> None:
    """Give all that surrounds the pictures of a coloured canvas the colours of another table.

    Parameters
    ----------
    colours
        What `Composer.colour` made of `canvas`; changed in place.
    canvas, cell
        As `Composer.compose` made it.
    table
        (256,) uint32.
    count
        How many cells of the canvas hold a picture.
    """
    rows, columns = canvas.shape[0] // cell.height, canvas.shape[1] // cell.width
    shape = rows, cell.height, columns, cell.width
    cells, values = colours.reshape(shape), canvas.reshape(shape)
    paper, place, caption = table[0], cell.picture, cell.caption
    lines, words = slice(place.y, place.bottom), slice(caption.y, caption.bottom)
    cells[:, : place.y] = paper
    cells[:, place.bottom :] = paper
    if caption.height:
        cells[:, words] = table[values[:, words]]
    cells[:, lines, :, : place.x] = paper
    cells[:, lines, :, place.right :] = paper
    over = count % columns
    if over:
        cells[-1, lines, over:] = paper


def _write_captions(canvas: NDArray[np.uint8], captions: NDArray[np.uint8], cell: Cell) -> None:
    """Copy captions under the pictures of a (rows, cell height, columns, cell width) canvas."""
    columns = canvas.shape[2]
    band = canvas[:, cell.caption.y : cell.caption.bottom]
    for row in range(len(canvas)):
        part = captions[row * columns : (row + 1) * columns]
        band[row, :, : len(part)] = part.transpose(1, 0, 2)


def ramp(paper: tuple[int, int, int], ink: tuple[int, int, int]) -> NDArray[np.uint32]:
    """Return the screen colour of each of the 256 values, from blank paper to full ink.

    Parameters
    ----------
    paper, ink
        Red, green and blue, 0 to 255.

    Returns
    -------
    ndarray
        (256,) uint32, 0xFFRRGGBB as `QImage.Format_RGB32` wants it; read-only.
    """
    share = np.arange(256)[:, None] / 255
    colours = np.rint(np.array(paper) * (1 - share) + np.array(ink) * share).astype(np.uint32)
    packed: NDArray[np.uint32] = (
        np.uint32(0xFF000000) | (colours[:, 0] << 16) | (colours[:, 1] << 8) | colours[:, 2]
    )
    packed.setflags(write=False)
    return packed
