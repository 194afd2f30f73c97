"""Count and average a dataset, piece by piece: samples and mean image of each class, ink."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.mapped_memory import give_back
from mnist_desktop.progress import Job, Progress

if TYPE_CHECKING:
    from mnist_desktop.datasets.dataset import Dataset

_PIECE = 1 << 21  # pixels at once: with their copies in float32 they still fit a cache of 16 MB
_MOST_AT_ONCE = (1 << 24) // 255  # sums of so many bytes are whole numbers that float32 holds
_SQUARES = (1 << 24) // 255**2 - 2  # 256: likewise for sums of squares
_MOST_CELLS = 1 << 22  # pixels of all class means together: 32 MB of sums


@dataclass(frozen=True, eq=False)
class Statistics:
    """What a dataset looks like as a whole. Ink is 0 (paper) to 255.

    Parameters
    ----------
    counts
        (k,) int64, samples of each class; zeros without labels.
    class_means
        (k, height, width) float32, 0 to 255, the mean image of each class; zeros for a class
        without samples. `None` without labels, and where there are too many classes to keep.
    mean_image
        (height, width) float32, 0 to 255, the mean of all images; zeros where there are none.
    least, most
        The smallest and the largest ink of any pixel; 0 where there are none.
    mean, deviation
        Mean and standard deviation of the ink of all pixels (of the population: divided by n).
    """

    counts: NDArray[np.int64]
    class_means: NDArray[np.float32] | None
    mean_image: NDArray[np.float32]
    least: int
    most: int
    mean: float
    deviation: float


def statistics_job(dataset: Dataset) -> Job[Statistics]:
    """Go once through a dataset and return its statistics, exact to the last digit.

    Memory is that of one piece and of the class means, however many images there are.
    """
    count, height, width = dataset.images.shape
    classes = 0 if dataset.labels is None else len(dataset.class_names)
    sums = _Sums((height, width), classes)
    size = _images_at_once(height * width)
    for first, piece in dataset.in_pieces(size):
        labels = None if dataset.labels is None else dataset.labels[first : first + size]
        sums.add(piece, labels)
        give_back(piece)
        yield Progress(first + len(piece), count, "Summing up the dataset")
    return sums.result(dataset.class_counts(), count)


def measure_ink(images: NDArray[np.uint8]) -> tuple[float, float]:
    """Return mean and standard deviation of the ink of (n, h, w) images, 0 to 1; 0 for none."""
    count, height, width = images.shape
    sums = _Sums((height, width), 0)
    size = _images_at_once(height * width)
    for first in range(0, count, size):
        sums.add(piece := images[first : first + size], None)
        give_back(piece)
    told = sums.result(np.zeros(0, np.int64), count)
    return told.mean / 255, told.deviation / 255


def _images_at_once(pixels: int) -> int:
    """Return how many images of so many pixels are summed up at once."""
    return max(1, min(_PIECE // max(1, pixels), _MOST_AT_ONCE))


class _Sums:
    """Whole-number sums over the pixels of a dataset."""

    def __init__(self, shape: tuple[int, int], classes: int) -> None:
        self.shape = height, width = shape
        self.by_class = classes > 0 and classes * height * width <= _MOST_CELLS
        # Sums of bytes are below 2**53 for any file, and so exact in float64.
        self.sums = np.zeros((classes if self.by_class else 1, height * width))
        self.squares = 0.0
        self.least, self.most = 255, 0

    def add(self, piece: NDArray[np.uint8], labels: NDArray[np.int64] | None) -> None:
        """Add images (n, h, w) and their classes (n,)."""
        if not piece.size:
            return
        # Pictures shown turned are views of the file: read in its order, it is twice as fast.
        turned = not piece.flags.c_contiguous and piece.swapaxes(1, 2).flags.c_contiguous
        pixels = (piece.swapaxes(1, 2) if turned else piece).reshape(len(piece), -1)
        self.least = min(self.least, int(pixels.min()))
        self.most = max(self.most, int(pixels.max()))
        if labels is None or not self.by_class:
            parts, ink = [(0, 0, len(pixels))], pixels.astype(np.float32)
        else:
            order = np.argsort(labels, kind="stable")
            classes, starts = np.unique(labels[order], return_index=True)
            ends = [*starts[1:].tolist(), len(labels)]
            parts = list(zip(classes.tolist(), starts.tolist(), ends, strict=True))
            ink = pixels[order].astype(np.float32)
        for place, start, end in parts:
            total = ink[start:end].sum(axis=0)
            self.sums[place] += _turned(total, self.shape) if turned else total
        self.squares += _sum_of_squares(ink.reshape(-1))

    def result(self, counts: NDArray[np.int64], count: int) -> Statistics:
        """Return what was summed up, divided by how many there were."""
        height, width = self.shape
        cells = count * height * width
        total = float(self.sums.sum())
        mean = total / cells if cells else 0.0
        variance = self.squares / cells - mean * mean if cells else 0.0
        class_means = None
        if self.by_class:
            class_means = (self.sums / np.maximum(counts, 1)[:, None]).astype(np.float32)
            class_means = class_means.reshape(len(counts), height, width)
        mean_image = (self.sums.sum(axis=0) / max(1, count)).astype(np.float32)
        return Statistics(
            counts=counts,
            class_means=class_means,
            mean_image=mean_image.reshape(height, width),
            least=self.least if cells else 0,
            most=self.most,
            mean=mean,
            deviation=math.sqrt(max(0.0, variance)),
        )


def _turned(sums: NDArray[Any], shape: tuple[int, int]) -> NDArray[Any]:
    """Return sums (h * w,) of pixels that are stored column by column, row by row."""
    height, width = shape
    return sums.reshape(width, height).T.reshape(-1)


def _sum_of_squares(ink: NDArray[np.float32]) -> float:
    """Return the exact sum of the squares of whole numbers 0 to 255, (n,) float32."""
    whole = len(ink) // _SQUARES * _SQUARES
    rows = ink[:whole].reshape(-1, _SQUARES)
    rest = ink[whole:].astype(np.float64)
    sums = np.einsum("ij,ij->i", rows, rows)
    return float(sums.sum(dtype=np.float64) + rest @ rest)
