"""Put many small pictures and their captions into one array of pixels: numpy only, no Qt."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.ui.dataset.geometry import Cell


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


def compose(
    images: NDArray[np.uint8], *, cell: Cell, columns: int, captions: NDArray[np.uint8] | None
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
        (rows · cell.height, columns · cell.width) uint8, 0 paper and 255 full ink.
    """
    count, height, width = images.shape
    rows = -(-count // columns)
    lines = np.zeros((rows, height, columns, width), dtype=np.float32)
    whole = count // columns
    full = images[: whole * columns].reshape(whole, columns, height, width)
    lines[:whole] = full.transpose(0, 2, 1, 3)
    if count > whole * columns:
        rest = images[whole * columns :]
        lines[whole, :, : len(rest)] = rest.transpose(1, 0, 2)
    across = resampling(
        source=width, target=cell.picture.width, length=cell.width, offset=cell.picture.x
    )
    down = resampling(
        source=height, target=cell.picture.height, length=cell.height, offset=cell.picture.y
    )
    wide = (lines.reshape(-1, width) @ across).reshape(rows, height, columns * cell.width)
    # Values are at most 255 up to rounding in float32; 0.498 rounds and cannot reach 256.
    canvas = (down.T @ wide + np.float32(0.498)).astype(np.uint8)
    if captions is not None and cell.caption.height:
        _write_captions(canvas.reshape(rows, cell.height, columns, cell.width), captions, cell)
    return canvas.reshape(rows * cell.height, columns * cell.width)


def _write_captions(canvas: NDArray[np.uint8], captions: NDArray[np.uint8], cell: Cell) -> None:
    """Copy captions under the pictures of a (rows, cell height, columns, cell width) canvas."""
    rows, _, columns, _ = canvas.shape
    band = canvas[:, cell.caption.y : cell.caption.bottom]
    for row in range(rows):
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
