"""What an export takes of a dataset: some of its samples, in an order, read piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.splits import split_stratified
from mnist_desktop.errors import UserError

_PIECE_IMAGES = 1024
_PIECE_BYTES = 1 << 22
_SAMPLED_IMAGES, _SAMPLED_BYTES = 64, 1 << 18


@dataclass(frozen=True, eq=False)
class Part:
    """Some samples of a dataset; nothing is read or copied before it is asked for.

    Parameters
    ----------
    dataset
        The samples it is a part of.
    indices
        (k,) int64 indices of the samples, in the order in which they are written; `None` for all as
        they stand.
    """

    dataset: Dataset
    indices: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.dataset) if self.indices is None else len(self.indices)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Return how many images there are, and their height and width."""
        _, height, width = self.dataset.images.shape
        return len(self), height, width

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Return the index in the dataset of each sample, (k,) int64."""
        return np.arange(len(self.dataset)) if self.indices is None else self.indices

    @property
    def labels(self) -> NDArray[np.int64] | None:
        """Return the class of each sample, (k,) int64 indices into the class names, or `None`."""
        labels = self.dataset.labels
        return labels if labels is None or self.indices is None else labels[self.indices]

    @property
    def stored_labels(self) -> NDArray[np.int64] | None:
        """Return the labels as files have them, (k,) int64: EMNIST's letters begin with 1."""
        labels = self.labels
        return None if labels is None else np.array(self.dataset.label_values, np.int64)[labels]

    def taken(self, positions: NDArray[np.int64]) -> Part:
        """Return the samples at these positions of the part, in that order."""
        chosen = positions if self.indices is None else self.indices[positions]
        return replace(self, indices=chosen)

    def in_pieces(self) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """Yield all images in order, some megabytes at once: the position of the first, and them.

        The images are (p, height, width) uint8 with ink high.
        """
        _, height, width = self.shape
        step = max(1, min(_PIECE_IMAGES, _PIECE_BYTES // max(1, height * width)))
        for first in range(0, len(self), step):
            places = slice(first, first + step)
            yield (
                first,
                self.dataset.images[places if self.indices is None else self.indices[places]],
            )

    def sample(self, most: int = _SAMPLED_IMAGES) -> Part:
        """Return at most `most` samples, to judge the others by.

        They are drawn at random, always the same, as data often repeats in some rhythm. There are
        few enough that all their images can be packed within milliseconds, but one at least unless
        the part is empty.
        """
        _, height, width = self.shape
        most = max(1, min(most, _SAMPLED_BYTES // max(1, height * width)))
        if len(self) <= most:
            return self
        drawn = np.random.default_rng(0).integers(0, len(self), most)
        return self.taken(np.unique(drawn))


def split_part(part: Part, share: float, *, seed: int) -> dict[str, Part]:
    """Split a part in two by a draw that gives every class its share, if classes are known.

    Parameters
    ----------
    part
        What to split; each of the two keeps its order.
    share
        Size of the test part, 0 to 1.
    seed
        The same seed draws the same samples.

    Returns
    -------
    dict
        The parts by name, `train` and `test`.

    Raises
    ------
    UserError
        When one of the two would be empty.
    """
    labels = part.labels
    rest, drawn = split_stratified(
        np.zeros(len(part), np.int64) if labels is None else labels, share, seed=seed
    )
    if not (len(rest) and len(drawn)):
        raise UserError(
            f"Of {len(part):,} samples, {100 * share:.4g} % drawn for testing leave none for one "
            "of the two parts",
            "Choose another share, or more samples.",
        )
    return {"train": part.taken(rest), "test": part.taken(drawn)}
