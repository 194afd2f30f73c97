"""What a fit is given and what it needs to go on: samples, the best epoch, checkpoints."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.errors import UserError

LARGEST_CHECKPOINT = 1 << 30
"""Bytes a checkpoint may unpack to; the largest network here needs a hundredth."""

STATE = ("parameters", "statistics", "average", "average_statistics", "first", "second")
"""The arrays of the state between two steps, in the order of a fit."""

_ARRAYS = (*STATE, "kept_parameters", "kept_statistics")


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
    mixed
        How many of them, the last ones, are of another dataset that is mixed in.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    mixed: int = 0

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class Kept:
    """The weights of the epoch that would be kept now.

    Parameters
    ----------
    epoch
        Its number, from 1.
    score
        What the validation part says of it, more is better; None is not known.
    best
        The highest score of any epoch so far.
    parameters, statistics
        The weights `(p,)` and batch norm statistics `(s,)`, float32.
    """

    epoch: int
    score: float | None
    best: float | None
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
    steps
        Updates made.
    arrays
        By the names in `STATE`: the weights `(p,)` and running batch norm statistics `(s,)`, their
        averages and what the optimizer remembers; float32, empty what the recipe does without.
    kept
        The best epoch so far.
    """

    epoch: int
    seconds: float
    steps: int
    arrays: dict[str, NDArray[np.float32]]
    kept: Kept


def pack(checkpoint: Checkpoint) -> bytes:
    """Return a checkpoint as the bytes of an npz file."""
    kept = checkpoint.kept
    scores = (np.nan if score is None else score for score in (kept.score, kept.best))
    numbers = [checkpoint.epoch, checkpoint.seconds, checkpoint.steps, kept.epoch, *scores]
    arrays: dict[str, Any] = {
        **checkpoint.arrays,
        "kept_parameters": kept.parameters,
        "kept_statistics": kept.statistics,
        "numbers": np.array(numbers, np.float64),
    }
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def unpack(path: Path) -> Checkpoint:
    """Return the checkpoint in an npz file, without trusting it.

    Raises
    ------
    OSError, ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile
        When the file is damaged, is none of ours, or is larger than any checkpoint.
    """
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > LARGEST_CHECKPOINT:
            raise ValueError("it is larger than any checkpoint")
    with np.load(path, allow_pickle=False) as stored:
        return _from_arrays({name: stored[name] for name in (*_ARRAYS, "numbers")})


def _from_arrays(stored: Mapping[str, Any]) -> Checkpoint:
    """Return the checkpoint of the arrays of an npz file."""
    for name in _ARRAYS:
        if stored[name].dtype != np.float32 or stored[name].ndim != 1:
            raise TypeError(f"{name} is {stored[name].dtype} of rank {stored[name].ndim}")
    epoch, seconds, steps, kept_epoch, *scores = (float(n) for n in stored["numbers"])
    score, best = (None if np.isnan(known) else known for known in scores)
    kept = Kept(
        int(kept_epoch),
        score,
        best,
        stored["kept_parameters"],
        stored["kept_statistics"],
    )
    arrays = {name: stored[name] for name in STATE}
    return Checkpoint(int(epoch), seconds, int(steps), arrays, kept)
