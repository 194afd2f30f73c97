"""Matrix products in the calling thread alone: as fast beside a busy machine as on a quiet one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ONE_CORE = 2**18
"""Multiplications up to which OpenBLAS computes a product in the calling thread.

It shares larger ones with its own threads, which wait for each other spinning. With one other busy
process on two cores, frames of 4 ms were seen to take 400, and with several a search for duplicates
that takes 3 s in small products took 25 in large ones.
"""


def multiply(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the product of (m, k) and (k, n) float32, computed a slab at a time."""
    rows, columns = len(left), right.shape[1]
    product = np.zeros((rows, columns), np.float32)
    deep = max(1, min(left.shape[1], ONE_CORE // max(1, columns)))
    high = max(1, ONE_CORE // max(1, deep * columns))
    for start in range(0, left.shape[1], deep):
        part = right[start : start + deep]
        for first in range(0, rows, high):
            here = slice(first, first + high)
            product[here] += left[here, start : start + deep] @ part
    return product


def multiply_tiles(
    left: NDArray[np.float32], right: NDArray[np.float32], *, rows: int, columns: int
) -> NDArray[np.float32]:
    """Return the product of (m, k) with the transpose of (n, k), in tiles.

    Parameters
    ----------
    rows, columns
        Size of a tile, dividing m and n; `rows` · `columns` · k is at most `ONE_CORE`.

    Returns
    -------
    numpy.ndarray
        (m / rows, n / columns, rows, columns) float32.
    """
    size = left.shape[1]
    if rows * columns * size > ONE_CORE:
        raise ValueError("these tiles are too large for one core")
    tiles: NDArray[np.float32] = np.matmul(
        left.reshape(-1, 1, rows, size), right.reshape(-1, columns, size).transpose(0, 2, 1)
    )
    return tiles
