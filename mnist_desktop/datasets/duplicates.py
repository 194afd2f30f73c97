"""Find duplicates within a split and leaks between splits, equal or nearly so, and blank images."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset, open_dataset_job
from mnist_desktop.datasets.image_rows import ImageRows, equal_rows_job
from mnist_desktop.datasets.near_search import NearPairs
from mnist_desktop.datasets.nearness import near_pairs_job
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Job, Progress

THRESHOLDS = {"exact": 0.0, "nearly": 0.05, "similar": 0.1, "alike": 0.2}
"""How different two images may be, by name; see `datasets.nearness` for the measure.

An image of MNIST that was rounded to 16 greys, or saved as JPEG of quality 90, differs from itself
by 0.01 to 0.03, one with a pixel of full ink more or less by 0.08 at the median. Two different
images begin at 0.09, the straight strokes of some 1s; at 0.2 there are 31,353 such pairs among the
70,000, in all of which both labels are the same.
"""

DEFAULT = "similar"

LIMIT = 100_000
"""Most near pairs that are kept: nobody looks at more, and memory stays bounded."""


@dataclass(frozen=True, eq=False)
class Duplicates:
    """Pairs of samples with the same image, or nearly; conflicts first, then leaks, then the rest.

    Images that are equal make a pair each with the first of them, so that n equal images are n − 1
    pairs and not n (n − 1) / 2; the training split counts as first. Near pairs are between images
    that differ: of those that are equal, the first stands for all.

    Parameters
    ----------
    splits
        The datasets that were compared, one or two, the training split first.
    which
        (p, 2) int64, for both samples of a pair the index into `splits`.
    index
        (p, 2) int64, their indices in those datasets.
    distance
        (p,) float64, 0 to 1, 0 for equal images (where one was moved: equal then); see
        `datasets.nearness`. Within conflicts, leaks and the rest it rises.
    exact
        (p,) bool, whether the images are equal where they stand.
    conflict
        (p,) bool, whether both have a label, and not the same.
    blank
        For each split the indices of the images whose pixels all have one value, (b,) int64. They
        are duplicates of one another and in no pair.
    groups
        How many different images stand more than once, equal in every pixel.
    threshold
        The largest distance that was asked for.
    complete_to
        All near pairs that differ by less are there: `threshold`, or less where there were more
        than `LIMIT`.
    moved
        Whether images were also compared moved by a pixel.
    """

    splits: tuple[Dataset, ...]
    which: NDArray[np.int64]
    index: NDArray[np.int64]
    distance: NDArray[np.float64]
    exact: NDArray[np.bool_]
    conflict: NDArray[np.bool_]
    blank: tuple[NDArray[np.int64], ...]
    groups: int
    threshold: float
    complete_to: float
    moved: bool

    def __len__(self) -> int:
        return len(self.distance)

    @property
    def leak(self) -> NDArray[np.bool_]:
        """Return for each pair whether its samples are in different splits, (p,) bool."""
        leak: NDArray[np.bool_] = self.which[:, 0] != self.which[:, 1]
        return leak

    @property
    def is_complete(self) -> bool:
        """Say whether no pair within the threshold was left out."""
        return self.complete_to >= self.threshold

    def without_copies(self, split: int) -> NDArray[np.int64]:
        """Return the indices of one split but for the later one of each exact pair, int64."""
        later = self.exact & (self.which[:, 1] == split)
        kept = np.ones(len(self.splits[split]), bool)
        kept[self.index[later, 1]] = False
        return np.flatnonzero(kept).astype(np.int64)

    def class_name(self, pair: int, side: int) -> str:
        """Return the class name of one of a pair's samples, empty without labels."""
        return self.splits[int(self.which[pair, side])].class_name(int(self.index[pair, side]))

    def split_name(self, split: int) -> str:
        """Return what to call a split: train or test, or the dataset's name if it has no such."""
        names = [dataset.split for dataset in self.splits]
        known = all(names) and len(set(names)) == len(names)
        return names[split] if known else self.splits[split].name


def find_duplicates_job(
    dataset: Dataset,
    other: Dataset | Path | None = None,
    *,
    threshold: float = THRESHOLDS[DEFAULT],
    moved: bool = False,
    limit: int = LIMIT,
) -> Job[Duplicates]:
    """Find the pairs of samples whose images are equal or differ little.

    No pair within the threshold is missed, whatever the images (but see `limit`). Images are read
    in pieces, so that those of a mapped file need not fit into memory.

    Parameters
    ----------
    dataset, other
        What to compare: the samples of the first with each other or, with a second split, all
        samples of both. A path is opened first.
    threshold
        Largest distance, 0 (equal images only) to 0.5; `THRESHOLDS` has some with names.
    moved
        Also find images that are equal or near once one of them is moved by a pixel.
    limit
        Most near pairs to return, the nearest.

    Raises
    ------
    UserError
        When the images of the two splits are not of one size, or a path cannot be opened.
    """
    if isinstance(other, Path):
        other = yield from open_dataset_job(other)
    splits = (dataset,) if other is None else _training_first(dataset, other)
    _require_one_size(splits)
    rows = ImageRows([split.images for split in splits])
    copies, blank = yield from equal_rows_job(rows)
    near = NearPairs(np.empty((0, 2), np.int64), np.empty(0), threshold)
    if threshold > 0 or moved:
        different = np.ones(len(rows), bool)
        different[copies[:, 1]] = different[blank] = False
        among = np.flatnonzero(different).astype(np.int64)
        job = near_pairs_job(rows, among, threshold=threshold, moved=moved, limit=limit)
        near = yield from _with_time_left(job)
    return _arranged(splits, rows, copies, blank, near, threshold=threshold, moved=moved)


def _arranged(
    splits: tuple[Dataset, ...],
    rows: ImageRows,
    copies: NDArray[np.int64],
    blank: NDArray[np.int64],
    near: NearPairs,
    *,
    threshold: float,
    moved: bool,
) -> Duplicates:
    """Return what was found by split and index: conflicts first, then leaks, then the rest."""
    pairs = np.concatenate([copies, near.numbers])
    which = rows.part_of(pairs.ravel()).reshape(-1, 2)
    index = pairs - rows.starts[which]
    distance = np.concatenate([np.zeros(len(copies)), near.distance])
    conflict = _conflicts(splits, which, index)
    leak = which[:, 0] != which[:, 1]
    order = np.lexsort((pairs[:, 1], pairs[:, 0], distance, ~leak, ~conflict))
    blank_in = rows.part_of(blank)
    return Duplicates(
        splits=splits,
        which=which[order],
        index=index[order],
        distance=distance[order],
        exact=order < len(copies),
        conflict=conflict[order],
        blank=tuple(blank[blank_in == n] - rows.starts[n] for n in range(len(splits))),
        groups=int(np.count_nonzero(np.bincount(copies[:, 0]))),
        threshold=threshold,
        complete_to=near.complete_to,
        moved=moved,
    )


def _training_first(dataset: Dataset, other: Dataset) -> tuple[Dataset, Dataset]:
    """Return both, the training split first; leaks go from it to the other."""
    turned = dataset.split == "test" and other.split != "test"
    return (other, dataset) if turned else (dataset, other)


def _require_one_size(splits: Sequence[Dataset]) -> None:
    """Refuse splits whose images cannot be compared."""
    sizes = [split.images.shape[1:] for split in splits]
    if len(set(sizes)) > 1:
        told = " and ".join(
            f"{width} × {height} in {split.name}"
            for (height, width), split in zip(sizes, splits, strict=True)
        )
        raise UserError(
            f"The images cannot be compared, because their sizes differ: {told}",
            "Choose two splits of one dataset.",
        )


def _conflicts(
    splits: Sequence[Dataset], which: NDArray[np.int64], index: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return for each pair whether its labels differ, (p,) bool; by name, if classes do too."""
    names = sorted({name for split in splits for name in split.class_names})
    labels = np.full(which.shape, -1, np.int64)
    for number, split in enumerate(splits):
        here = which == number
        if split.labels is not None:
            places = np.array([names.index(name) for name in split.class_names], np.int64)
            labels[here] = places[split.labels[index[here]]]
    known = (labels >= 0).all(axis=1)
    conflicts: NDArray[np.bool_] = known & (labels[:, 0] != labels[:, 1])
    return conflicts


def _with_time_left(job: Job[NearPairs]) -> Job[NearPairs]:
    """Run a job and tell how long it will still take, once that can be known."""
    began = time.monotonic()
    while True:
        try:
            progress = next(job)
        except StopIteration as end:
            found: NearPairs = end.value
            return found
        taken = time.monotonic() - began
        what = progress.what
        if progress.done and taken > 3:
            what += f", {left_text(taken * (progress.total / progress.done - 1))} left"
        yield Progress(progress.done, progress.total, what)


def left_text(seconds: float) -> str:
    """Return a time as a guess is told: 20 s, 3 min."""
    if seconds < 90:
        return f"about {max(5, 5 * round(seconds / 5))} s"
    return f"about {round(seconds / 60)} min"
