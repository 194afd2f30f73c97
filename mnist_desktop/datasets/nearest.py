"""Find the images of a dataset that are nearest to a picture, exactly, whatever the file's size."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.mapped_memory import give_back
from mnist_desktop.progress import Job, Progress, finish

ALIKE = 12
"""How many neighbours are looked for where nothing else is asked."""

_SLAB_BYTES = 1 << 21
"""Room for images as float32 that are multiplied at once: about a core's second cache."""

_STEP_BYTES = 1 << 24
"""Pixels between two reports: some milliseconds, so that a search can be given up at once."""

_EXACT_PIXELS = (1 << 24) // 255**2
"""So many products of two bytes have a sum that float32 holds exactly, in any order."""


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Images of a dataset by their distance from a picture, the nearest first.

    Parameters
    ----------
    indices
        (k,) int64 places in the dataset; of equally distant ones the first in the file comes first.
    squared
        (k,) int64, the squared Euclidean distances over all pixels, each 0 to 255.
    """

    indices: NDArray[np.int64]
    squared: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.indices)

    @property
    def distances(self) -> NDArray[np.float64]:
        """Return the Euclidean distances, (k,) float64; 0 for the same picture."""
        return np.sqrt(self.squared)


class NearestSearch:
    """Finds the samples of one dataset that look most like a picture.

    The squared length of each image is kept from the first search on, 8 bytes a sample; of the
    images themselves nothing is. An object serves one search at a time.

    Parameters
    ----------
    dataset
        Where to look. It may be mapped from a file of any size: what a search has read is given
        back to the system.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._images = _as_stored(dataset.images)
        self._turned = self._images is not dataset.images
        self._shape = dataset.images.shape[1:]
        pixels = math.prod(self._shape)
        # Pixels are multiplied in parts that float32 adds up exactly, all of one size.
        self._parts = max(1, -(-pixels // _EXACT_PIXELS))
        self._width = -(-pixels // self._parts)
        rows = max(1, _SLAB_BYTES // max(1, 4 * self._parts * self._width))
        self._slab = np.zeros((rows, self._parts, self._width), np.float32)
        self._lengths = np.full(len(dataset), -1, np.int64)

    @property
    def shape(self) -> tuple[int, ...]:
        """Return height and width that a picture must have."""
        return self._shape

    def find(
        self, picture: NDArray[np.uint8], *, count: int = ALIKE, without: int | None = None
    ) -> Neighbours:
        """Return the neighbours of a picture; see `find_job`."""
        return finish(self.find_job(picture, count=count, without=without))

    def find_job(
        self, picture: NDArray[np.uint8], *, count: int = ALIKE, without: int | None = None
    ) -> Job[Neighbours]:
        """Look for the images nearest to a picture, reporting images on the way.

        Parameters
        ----------
        picture
            (h, w) uint8, ink high, upright, of the same size as the dataset's images.
        count
            How many to find, at least 1; fewer come back from a smaller dataset.
        without
            The index of a sample to leave out: the picture itself, where it is one of them.

        Raises
        ------
        ValueError
            If the picture has another size or type.
        """
        if picture.shape != self._shape or picture.dtype != np.uint8:
            raise ValueError(f"a picture {picture.shape} {picture.dtype}, images {self._shape}")
        return self._search(picture, count=count, without=without)

    def _search(
        self, picture: NDArray[np.uint8], *, count: int, without: int | None
    ) -> Job[Neighbours]:
        """Go through the images and keep the nearest so far."""
        probe = self._probe(picture)
        length = int(np.vecdot(probe, probe).sum(dtype=np.int64))
        best = Neighbours(np.empty(0, np.int64), np.empty(0, np.int64))
        total, rows = len(self._images), len(self._slab)
        step = max(rows, _STEP_BYTES // max(1, math.prod(self._shape)))
        for begin in range(0, total, step):
            end = min(begin + step, total)
            for first in range(begin, end, rows):
                part = slice(first, min(first + rows, end))
                squared = self._products(part, probe)
                squared *= -2
                squared += self._lengths[part]
                squared += length
                best = _nearest(best, squared, first=first, count=count, without=without)
            give_back(self._images[begin:end])
            yield Progress(end, total, "Looking for similar images")
        return best

    def _probe(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return a picture in the order in which the images are stored, in parts."""
        probe = np.zeros((self._parts, self._width), np.float32)
        probe.reshape(-1)[: picture.size] = (picture.T if self._turned else picture).reshape(-1)
        return probe

    def _products(self, part: slice, probe: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the product of each image in `part` with the picture, (k,) int64, exact."""
        images = self._images[part]
        slab = self._slab[: len(images)]
        pixels = slab.reshape(len(images), -1)[:, : math.prod(self._shape)]
        if self._width * self._parts == pixels.shape[1]:
            np.copyto(pixels.reshape(images.shape), images)
        else:  # the last part is filled up with zeros, which stay
            pixels[...] = images.reshape(len(images), -1)
        if self._lengths[part.start] < 0:
            self._lengths[part] = np.vecdot(slab, slab).sum(axis=1, dtype=np.int64)
        products: NDArray[np.int64] = np.vecdot(slab, probe).sum(axis=1, dtype=np.int64)
        return products


def _as_stored(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return images with rows and columns exchanged where they lie so in memory.

    A copy that follows the memory is several times faster than one that jumps about in it.
    """
    _, down, across = images.strides
    return images.swapaxes(1, 2) if abs(down) < abs(across) else images


def _nearest(
    best: Neighbours, squared: NDArray[np.int64], *, first: int, count: int, without: int | None
) -> Neighbours:
    """Return the nearest of those known and of some more, whose indices begin with `first`."""
    if len(best) < count:
        places = np.arange(len(squared))
    else:
        # Those found before have lower indices, so that they stay before equally distant ones.
        places = np.flatnonzero(squared < best.squared[-1])
    if without is not None:
        places = places[places != without - first]
    if not len(places):
        return best
    indices = np.concatenate([best.indices, places + first])
    distances = np.concatenate([best.squared, squared[places]])
    order = np.argsort(distances, kind="stable")[:count]
    return Neighbours(indices[order], distances[order])
