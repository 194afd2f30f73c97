"""Work out how bright each picture of a dataset is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.progress import Job, Progress

PIECE_BYTES = 16 << 20
"""Bytes of pictures that are summed between two reports of progress, some milliseconds' work.

After each a thread may have to wait as long again for its turn, so they must not be small.
"""


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
    # Summing is three times as fast in 32 bits, which hold the sum of any picture but a huge one.
    kind = np.uint32 if pixels < 2**24 else np.uint64
    sums = np.zeros(count, kind)
    piece = max(1, PIECE_BYTES // max(1, pixels))
    for start in range(0, count, piece):
        yield Progress(start, count, "Measuring brightness")
        part = slice(start, start + piece)
        sums[part] = images[part].sum(axis=(1, 2), dtype=kind)
    yield Progress(count, count, "Measuring brightness")
    means: NDArray[np.float64] = sums / max(1, pixels)
    return means
