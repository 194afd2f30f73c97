"""The way from one picture to another through an autoencoder's codes, and what is read on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.inference.classifier import SURE, Classifier, Prediction
from mnist_desktop.inference.morphing import Autoencoder
from mnist_desktop.inference.turns import Turn, find_doubts, find_turns, place_in

FINENESS = 96
"""The fewest parts a way is divided into, so that a turn is found to about a percent."""


@dataclass(frozen=True, eq=False)
class Way:
    """Pictures at equal distances from one end to the other, with a model's predictions.

    Parameters
    ----------
    pictures
        (n, h, w) uint8, ink high, upright, n at least 2.
    probabilities
        (n, k) float32, 0 to 1, every row with the sum 1; None where no model was asked.
    class_names
        One name for each probability.
    sure_from
        The confidence from which the model's answer counts.
    """

    pictures: NDArray[np.uint8]
    probabilities: NDArray[np.float32] | None = None
    class_names: tuple[str, ...] = ()
    sure_from: float = SURE

    def __len__(self) -> int:
        return len(self.pictures)

    def place(self, index: int) -> float:
        """Return how far along the picture `index` stands, 0 to 1."""
        return place_in(len(self), index)

    def steps(self, count: int) -> range:
        """Return the indices of `count` pictures at equal distances, both ends among them.

        Raises
        ------
        ValueError
            When no pictures stand at those places; `fine_steps` tells how long a way must be.
        """
        distance, rest = divmod(len(self) - 1, count - 1)
        if rest or not distance:
            raise ValueError(f"{count} steps do not go into a way of {len(self)} pictures")
        return range(0, len(self), distance)

    def prediction(self, index: int) -> Prediction:
        """Return what the model says of the picture `index`; empty where none was asked."""
        if self.probabilities is None:
            return Prediction.empty(self.class_names)
        return Prediction(self.probabilities[index], self.class_names, self.sure_from)

    def is_sure(self, index: int) -> bool:
        """Return whether the model is sure enough of the picture `index` to be believed."""
        return self.prediction(index).is_sure

    def turns(self) -> tuple[Turn, ...]:
        """Return every place where the most probable class becomes another, in order."""
        if self.probabilities is None:
            return ()
        return find_turns(self.probabilities, self.class_names)

    def doubts(self) -> tuple[tuple[float, float], ...]:
        """Return the stretches, each from and to in 0 to 1, on which the model is not sure."""
        if self.probabilities is None:
            return ()
        return find_doubts(self.probabilities, sure_from=self.sure_from)


def fine_steps(steps: int) -> int:
    """Return how many pictures make a way fine enough that has `steps` (at least 2) among them."""
    return (steps - 1) * -(-FINENESS // (steps - 1)) + 1


def find_way(
    autoencoder: Autoencoder,
    classifier: Classifier | None,
    *,
    first: NDArray[np.uint8],
    second: NDArray[np.uint8],
    steps: int,
) -> Way:
    """Return the way from one picture to another, with what a model says of each step.

    Parameters
    ----------
    autoencoder
        Draws what lies between.
    classifier
        Is asked about each picture, if there is one.
    first, second
        (h, w) uint8, ink high, upright, of the autoencoder's size.
    steps
        How many pictures, both ends among them; at least 2.

    Raises
    ------
    ModelError
        When the pictures have another size, or a model fails.
    """
    pictures = autoencoder.morph(first, second, steps)
    if classifier is None:
        return Way(pictures)
    answers = classifier.predict(pictures)
    return Way(pictures, answers, classifier.contract.class_names, classifier.sure_from)
