"""How pictures lie, judged by themselves: compared with digits whose way up is known.

Half of the digits look quite different when rows and columns are exchanged. The mean image of each
digit is compared with that of the generated sample digits, as stored and exchanged. On MNIST,
EMNIST's digits and the digits of EMNIST's 62 classes the correlations (a mean over the ten digits,
from 10 or 100 samples of each) are 0.66 to 0.93 the right way and 0.37 to 0.53 the other. Turned by
a quarter or mirrored, which no known file is, they come between, 0.09 below the right way at least.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.judgement import Certainty, Orientation
from mnist_desktop.datasets.mapped_memory import give_back
from mnist_desktop.datasets.sample_digits import sample_dataset

if TYPE_CHECKING:
    from mnist_desktop.datasets.dataset import Dataset

_EACH = 100  # samples of each digit that are looked at
_LEAST_DIGITS = 5  # fewer different digits may by chance be those that look alike both ways
_LEAST_LIKENESS = 0.5  # below this they are not digits as people write them
_LEAST_GAP = 0.12  # less than half of the smallest gap that was measured
_LEAST_LEAD = 0.04  # likewise, over the six other ways a picture can lie
_FIRM_EACH = 10  # samples of each digit for more than a guess
_SAMPLES = 200


def judge_by_digits(dataset: Dataset) -> Orientation | None:
    """Tell how the pictures in a dataset's file lie, by those of them that are labelled as digits.

    Returns
    -------
    Orientation | None
        `None` without labels, without square pictures, or where too few are labelled as digits or
        they look like none either way.
    """
    height, width = dataset.images.shape[1:]
    if dataset.labels is None or height != width or height < 2:
        return None
    likenesses: list[list[float]] = []
    fewest = _EACH
    for digit, reference in enumerate(_references(height)):
        members = _members(dataset, str(digit))
        if len(members):
            fewest = min(fewest, len(members))
            mean = dataset.images[members].mean(axis=0, dtype=np.float64)
            likenesses.append([_likeness(way, reference) for way in _ways(mean)])
    give_back(dataset.images)
    if len(likenesses) < _LEAST_DIGITS:
        return None
    upright, turned, *others = np.mean(likenesses, axis=0).tolist()
    best = max(upright, turned)
    if (
        best < _LEAST_LIKENESS
        or abs(upright - turned) < _LEAST_GAP
        or best < max(others) + _LEAST_LEAD
    ):
        return None
    return Orientation(
        lying=(turned > upright) != dataset.transposed,
        certainty=Certainty.LIKELY if fewest >= _FIRM_EACH else Certainty.GUESS,
        reason="Held upright, the digits among them match generated ones with a correlation of "
        f"{best:.2f}; held the other way, of {min(upright, turned):.2f}",
    )


def _members(dataset: Dataset, name: str) -> NDArray[np.int64]:
    """Return some samples of the class of this name, from all over the dataset."""
    if name not in dataset.class_names or dataset.labels is None:
        return np.empty(0, np.int64)
    found = np.flatnonzero(dataset.labels == dataset.class_names.index(name))
    return found[:: max(1, len(found) // _EACH)][:_EACH].astype(np.int64)


def _ways(picture: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return a square picture, its rows and columns exchanged, and the six other ways to lie."""
    turns = range(1, 4)
    quarter_turned = [np.rot90(way, turn) for way in (picture, picture.T) for turn in turns]
    return [picture, picture.T, *quarter_turned]


@lru_cache(maxsize=4)
def _references(side: int) -> tuple[NDArray[np.float64], ...]:
    """Return the mean of each sample digit as a (side, side) picture."""
    samples = sample_dataset(_SAMPLES)
    assert samples.labels is not None
    places = (np.arange(side) * samples.images.shape[1]) // side
    means = (samples.images[samples.labels == digit].mean(axis=0) for digit in range(10))
    return tuple(mean[np.ix_(places, places)] for mean in means)


def _likeness(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Return the correlation of two pictures, −1 to 1; 0 where one has no structure."""
    a, b = first - first.mean(), second - second.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale else 0.0
