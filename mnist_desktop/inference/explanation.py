"""Say which parts of a picture speak for a class, and which against it, by covering them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.running import SMALLEST_PROBABILITY

__all__ = ["PASSES", "Occlusion", "explain", "log_odds", "occlusions"]

PATCHES_ALONG_SIDE = 7
"""How many patches make up a side of the picture: one of 28 pixels is covered 4 by 4.

A stroke of MNIST is 2 to 4 pixels wide: a smaller patch leaves a rest of it on both sides, which
the network reads as before, a larger one takes two strokes away at once.
"""

PASSES = 4
"""So many times the whole picture is covered, each time with the patches half a patch elsewhere.

After the first pass each pixel has been covered once, after the last one four times, which makes
the map twice as fine in both directions.
"""

CHUNK = 16
"""Pictures a call of the model: some milliseconds, after which a newer drawing may come first."""


@dataclass(frozen=True, eq=False)
class Occlusion:
    """What covering each place of a picture does to the odds of a class.

    Parameters
    ----------
    index
        The class that is explained.
    evidence
        (h, w) float32: by how much the log-odds of the class fall when the place is covered by
        blank paper, the mean over the patches that cover it. Above 0 the ink there speaks for the
        class, below 0 against it; exactly 0 where there is no ink to cover.
    log_odds
        The log-odds of the class, ln(p / (1 - p)), for the whole picture.
    passes
        How many of the `PASSES` have been made: more is finer. At 0 nothing is known yet, and the
        evidence is 0 everywhere.
    """

    index: int
    evidence: NDArray[np.float32]
    log_odds: float
    passes: int

    def log_odds_without(self, row: int, column: int) -> float:
        """Return the log-odds of the class with a place covered."""
        return self.log_odds - float(self.evidence[row, column])


def explain(
    classifier: Classifier, picture: NDArray[np.uint8], *, index: int | None = None
) -> Occlusion:
    """Return the finest map of a picture; see `occlusions`."""
    *_, finest = occlusions(classifier, picture, index=index)
    return finest


def occlusions(
    classifier: Classifier, picture: NDArray[np.uint8], *, index: int | None = None
) -> Iterator[Occlusion]:
    """Cover a picture patch by patch, and yield after each call of the model what is known then.

    Only patches with ink under them are tried: blank paper over blank paper changes nothing. The
    number of calls is bounded whatever the size of the picture, because the patch grows with it.

    Parameters
    ----------
    classifier
        Any; one that takes a fixed number of pictures is asked more often.
    picture
        (h, w) uint8, ink high: what the network gets.
    index
        The class to explain, the most probable one for None.

    Yields
    ------
    Occlusion
        One after another, `passes` of them complete; the last one has made all `PASSES`.

    Raises
    ------
    ModelError
        When the model fails.
    IndexError
        When there is no such class.
    """
    whole = classifier.predict(picture[np.newaxis])
    chosen = int(whole[0].argmax()) if index is None else index
    before = float(log_odds(whole, chosen)[0])
    latest = Occlusion(chosen, np.zeros(picture.shape, np.float32), before, 0)
    falls, size = np.zeros(picture.shape), classifier.contract.batch or CHUNK
    for number, areas in enumerate(_passes(*picture.shape), start=1):
        inked = [area for area in areas if picture[area].any()]
        for start in range(0, len(inked), size):
            if start:
                yield latest
            chunk = inked[start : start + size]
            after = log_odds(classifier.predict(_covered(picture, chunk)), chosen)
            for area, odds in zip(chunk, after.tolist(), strict=True):
                falls[area] += before - odds
        mean = np.where(picture > 0, falls / number, 0.0).astype(np.float32)
        latest = Occlusion(chosen, mean, before, number)
        yield latest


def log_odds(probabilities: NDArray[np.float32], index: int) -> NDArray[np.float64]:
    """Return the log-odds of a class.

    Unlike a probability they still tell differences where the model is sure: 0.999 and 0.999999
    are 7 apart. Those of the other classes are added up rather than taken from 1, which float32
    could not tell from a sure answer.

    Parameters
    ----------
    probabilities
        (n, k) float32, every row with the sum 1.

    Returns
    -------
    numpy.ndarray
        (n,) float64, from about -28 to 28.
    """
    rows = probabilities.astype(np.float64)
    own = rows[:, index]
    others = np.delete(rows, index, axis=1).sum(axis=1)
    least = SMALLEST_PROBABILITY
    logs: NDArray[np.float64] = np.log(np.maximum(own, least)) - np.log(np.maximum(others, least))
    return logs


def _passes(height: int, width: int) -> Iterator[list[tuple[slice, slice]]]:
    """Yield the patches of each pass; those of one pass cover every pixel exactly once."""
    down, across = (max(2, round(side / PATCHES_ALONG_SIDE)) for side in (height, width))
    for shift_down, shift_across in ((0, 0), (1, 1), (0, 1), (1, 0)):
        rows = _cuts(height, down, shift=shift_down * (down // 2))
        columns = _cuts(width, across, shift=shift_across * (across // 2))
        yield [(row, column) for row in rows for column in columns]


def _cuts(side: int, step: int, *, shift: int) -> list[slice]:
    """Return pieces of `step` that make up a side, the first one shortened by `shift`."""
    starts = range(shift - step if shift else 0, side, step)
    return [slice(max(0, start), min(side, start + step)) for start in starts]


def _covered(picture: NDArray[np.uint8], areas: list[tuple[slice, slice]]) -> NDArray[np.uint8]:
    """Return a copy of a picture for each area, blank there."""
    copies = np.repeat(picture[np.newaxis], len(areas), axis=0)
    for copy, area in zip(copies, areas, strict=True):
        copy[area] = 0
    return copies
