"""Images as rows of ink, and what comparing them needs of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.image_rows import ImageRows
from mnist_desktop.datasets.products import multiply

DIRECTIONS = 29
"""With the three numbers that go along, 32 columns: more are slower to multiply, fewer leave more
pairs to compare exactly. 16 and 64 were slower on MNIST at every threshold up to 0.2."""

_SAMPLE = 1 << 21  # pixels of the images that directions are found by
_PAPER = 127  # where the middle value is above, paper is 255 and ink low


class InkRows:
    """Images as ink, whichever way their paper is, and the directions most of the ink lies along.

    Parameters
    ----------
    rows
        Images.
    among
        (m,) int64 numbers of those that a sample is drawn of.
    """

    def __init__(self, rows: ImageRows, among: NDArray[np.int64]) -> None:
        self.rows = rows
        sample = rows.pick(among[:: max(1, len(among) * rows.size // _SAMPLE)])
        self._inverted = bool(sample.size) and bool(np.median(sample) > _PAPER)
        self.directions = _directions(self._of(sample))

    def _of(self, stored: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return 255 - stored if self._inverted else stored

    def pick(self, numbers: NDArray[np.int64], move: tuple[int, int] = (0, 0)) -> NDArray[np.uint8]:
        """Return the ink of rows, moved down and right by so many pixels, (m, h·w) uint8."""
        ink = self._of(self.rows.pick(numbers))
        if move == (0, 0):
            return ink
        images = ink.reshape(len(ink), self.rows.height, self.rows.width)
        down, right = move
        after = np.zeros_like(images)
        height, width = images.shape[1:]
        after[:, down:, max(0, right) : width + min(0, right)] = images[
            :, : height - down, max(0, -right) : width - max(0, right)
        ]
        return after.reshape(ink.shape)


def _directions(sample: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return orthonormal directions that hold most of a sample's ink, (h·w, k) float32.

    Found by subspace iteration (G. Golub and C. Van Loan, “Matrix Computations”, 8.2.4), which
    needs no matrix of h·w × h·w: images may be large.
    """
    size = sample.shape[1]
    count = min(DIRECTIONS, size)
    basis = np.random.default_rng(0).standard_normal((size, count))
    values = sample.astype(np.float32) / np.float32(255)
    for _ in range(3):
        basis = np.linalg.qr(basis)[0]
        along = multiply(values, basis.astype(np.float32))
        basis = basis + multiply(values.T, along)
    return np.linalg.qr(basis)[0].astype(np.float32)


def dots(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return Σ a_i b_i of each pair of rows, exactly, (m,) int64."""
    kind = np.int32 if first.shape[1] * 255**2 < 2**31 else np.int64
    found: NDArray[np.int64] = np.einsum(
        "ij,ij->i", first.astype(kind), second.astype(kind)
    ).astype(np.int64)
    return found
