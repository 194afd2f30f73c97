"""What a fit is given and what it needs to go on: samples, the best epoch, checkpoints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.errors import UserError


class TrainingError(UserError):
    """A training that cannot begin or go on, with what the person can do."""


@dataclass(frozen=True, eq=False)
class Samples:
    """Pictures and labels in memory.

    Parameters
    ----------
    images
        `(n, h, w)` uint8, ink high, upright, contiguous.
    labels
        `(n,)` int64, each below the number of classes.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class Kept:
    """The weights of the best epoch so far."""

    epoch: int
    accuracy: float | None
    parameters: NDArray[np.float32]
    statistics: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """All that a fit needs to go on after an epoch as if it had never stopped.

    Parameters
    ----------
    epoch
        Epochs finished.
    seconds
        Time they took.
    parameters, statistics
        The weights `(p,)` and running batch norm statistics `(s,)`, float32.
    first, second
        What the optimizer remembers.
    steps
        Updates made.
    kept
        The best epoch so far.
    """

    epoch: int
    seconds: float
    parameters: NDArray[np.float32]
    statistics: NDArray[np.float32]
    first: NDArray[np.float32]
    second: NDArray[np.float32]
    steps: int
    kept: Kept
