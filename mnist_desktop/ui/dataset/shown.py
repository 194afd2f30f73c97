"""What the grid shows: a dataset's arrays and the order in which its samples stand. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.inference.predictions import Predictions


@dataclass(frozen=True, eq=False)
class Shown:
    """Samples in the order in which they are shown.

    Parameters
    ----------
    images
        (n, h, w) uint8, ink high, upright; may be mapped from a file: only what is asked for by
        `images_at` is ever read.
    labels
        (n,) int64 classes, or None; a value below 0 means that the sample has no label.
    class_names
        The name of each class.
    indices
        (k,) int64 indices of the samples in the order shown; None for all as they stand.
    predictions
        What a model takes each sample of the dataset for, where that is to be told.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    indices: NDArray[np.int64] | None = None
    predictions: Predictions | None = None

    @property
    def count(self) -> int:
        """Return how many samples are shown."""
        return len(self.images) if self.indices is None else len(self.indices)

    @property
    def image_size(self) -> tuple[int, int]:
        """Return height and width of an image, at least 1 each."""
        return max(1, self.images.shape[1]), max(1, self.images.shape[2])

    def index_at(self, position: int) -> int:
        """Return the index in the dataset of the sample at a position."""
        return position if self.indices is None else int(self.indices[position])

    def indices_at(self, positions: range) -> NDArray[np.int64]:
        """Return the indices in the dataset of neighbouring positions, as int64."""
        if self.indices is None:
            return np.arange(positions.start, positions.stop, dtype=np.int64)
        return self.indices[positions.start : positions.stop]

    def position_of(self, index: int) -> int | None:
        """Return where the sample with this index stands, or None when it is not shown."""
        if self.indices is None:
            return index if 0 <= index < len(self.images) else None
        places = np.flatnonzero(self.indices == index)
        return int(places[0]) if len(places) else None

    def positions_of(self, indices: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where those of some samples stand that are shown, rising, as (k,) int64."""
        if self.indices is None:
            return np.sort(indices[indices < len(self.images)])
        if not len(indices):
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(np.isin(self.indices, indices)).astype(np.int64)

    def images_at(self, positions: range) -> NDArray[np.uint8]:
        """Return the images at neighbouring positions as (k, h, w) uint8, read for this call."""
        if self.indices is None:
            return self.images[positions.start : positions.stop]
        return self.images[self.indices[positions.start : positions.stop]]

    def labels_at(self, positions: range) -> NDArray[np.int64] | None:
        """Return the labels at neighbouring positions as (k,) int64, or None without labels."""
        return None if self.labels is None else self.labels[self.indices_at(positions)]

    def answers_at(self, positions: range) -> NDArray[np.int64] | None:
        """Return what neighbours were misread as, (k,) int64: the model's class, -1 if read right.

        Without labels nothing can be called right, and every answer is told; None where there are
        none.
        """
        if self.predictions is None:
            return None
        indices = self.indices_at(positions)
        answers, truth = self.predictions.predicted[indices], self.predictions.truth
        return answers if truth is None else np.where(truth[indices] == answers, -1, answers)

    def answer_at(self, position: int) -> tuple[str, float] | None:
        """Return what the model takes a sample for and how sure it is, None where it is unknown."""
        if self.predictions is None:
            return None
        index = self.index_at(position)
        name = self.predictions.class_names[int(self.predictions.predicted[index])]
        return name, float(self.predictions.confidence[index])

    def class_name_at(self, position: int) -> str:
        """Return the name of the class at a position, empty without a label."""
        if self.labels is None:
            return ""
        label = int(self.labels[self.index_at(position)])
        return self.class_names[label] if 0 <= label < len(self.class_names) else ""


NOTHING = Shown(np.zeros((0, 1, 1), dtype=np.uint8), None, ())
"""What an empty grid shows."""
