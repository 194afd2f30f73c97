"""Work out how bright each picture of a dataset is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.progress import Job, Progress

PIECE_BYTES = 4 << 20
"""Bytes of pictures that are summed between two reports of progress."""


def mean_brightness(images: NDArray[np.uint8]) -> Job[NDArray[np.float64]]:
    """Return the mean of the pixels of every picture.

    Pictures are read in pieces, so that those mapped from a file are never all in memory.

    Parameters
    ----------
    images
        (n, h, w) uint8, ink high.

    Returns
    -------
    ndarray
        (n,) float64, 0 (blank paper) to 255 (nothing but ink); 0 for pictures without a pixel.
    """
    count, height, width = images.shape
    pixels = height * width
    sums = np.zeros(count, np.uint64)
    piece = max(1, PIECE_BYTES // max(1, pixels))
    for start in range(0, count, piece):
        yield Progress(start, count, "Measuring brightness")
        part = slice(start, start + piece)
        np.sum(images[part], axis=(1, 2), dtype=np.uint64, out=sums[part])
    yield Progress(count, count, "Measuring brightness")
    means: NDArray[np.float64] = sums / max(1, pixels)
    return means
