"""What there is of a file while the rest of it is still read: arrays that fill, early datasets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.progress import Progress

if TYPE_CHECKING:
    from mnist_desktop.datasets.dataset import Dataset


@dataclass(frozen=True, eq=False, kw_only=True)
class Filling(Progress):
    """How far an array has been filled.

    Parameters
    ----------
    array
        The whole array, read-only; what lies behind the first `ready` items is not there yet and
        may hold anything.
    ready
        How many items, counted along the first axis, are as they will stay.
    """

    array: NDArray[Any]
    ready: int

    @property
    def there(self) -> NDArray[Any]:
        """Return the items that are there, as a view."""
        return self.array[: self.ready]


@dataclass(frozen=True, eq=False, kw_only=True)
class Early(Progress):
    """A dataset that can be looked at while the rest of it is still read or recognised.

    Parameters
    ----------
    whole
        The dataset as it will be once all images are there; what it is called, how its classes are
        called and how its pictures lie may still turn out otherwise.
    ready
        How many of its images are there, from the first on.
    kind
        `early` for a report that no driver may leave out, `step` for the others.
    """

    whole: Dataset
    ready: int
    kind: str = "step"

    @property
    def count(self) -> int:
        """Return how many images there will be."""
        return len(self.whole)

    @property
    def is_whole(self) -> bool:
        """Tell whether all images are there."""
        return self.ready == self.count

    @property
    def dataset(self) -> Dataset:
        """Return the images that are there, with their labels: a sound dataset of its own."""
        if self.ready == len(self.whole):
            return self.whole
        return self.whole.select(slice(0, self.ready))

    def becomes(self, dataset: Dataset | None) -> TypeGuard[Dataset]:
        """Tell whether a dataset is what this one has become: the same file, read alike."""
        whole = self.whole
        return dataset is not None and (dataset.images_path, dataset.axes) == (
            whole.images_path,
            whole.axes,
        )

    def kept(self) -> Dataset:
        """Return what is there as a dataset that says of itself that it is not the whole."""
        found = self.dataset
        if self.is_whole:
            return found
        note = (
            f"Reading was stopped: these are the first {self.ready:,} of {self.count:,} images. "
            "Open the file again for all of them."
        )
        name = f"{found.name}, first {self.ready:,}"
        return replace(found, name=name, split="", notes=(note, *found.notes))


class EarlyReports:
    """Turn reports of pictures that fill an array into early datasets.

    Parameters
    ----------
    make
        Makes the dataset of all pictures; called once for each array of them.
    """

    def __init__(self, make: Callable[[NDArray[np.uint8]], Dataset]) -> None:
        self._make = make
        self._array: NDArray[Any] | None = None
        self._whole: Dataset | None = None

    def translate(self, progress: Progress) -> Progress:
        """Return an `Early` for a `Filling` of (n, height, width) uint8, any other as it is."""
        if not isinstance(progress, Filling) or not progress.ready:
            return progress
        first = self._whole is None
        if self._whole is None or self._array is not progress.array:
            self._array, self._whole = progress.array, self._make(progress.array)
        return Early(
            progress.done,
            progress.total,
            progress.what,
            whole=self._whole,
            ready=progress.ready,
            kind="early" if first else "step",
        )
