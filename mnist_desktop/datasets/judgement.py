"""What is believed of a dataset, how firmly, and why: which one it is, and how it lies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Certainty(Enum):
    """How firmly something is believed; the value is how it is written in `--json`."""

    CERTAIN = "certain"
    LIKELY = "likely"
    GUESS = "guess"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Identity:
    """Which published dataset a file is a part of.

    Parameters
    ----------
    title
        Name and split, `MNIST · train`; empty where nobody knows.
    certainty
        `CERTAIN` by checksum of the content, `LIKELY` by what was measured, `GUESS` by name.
    reason
        Why, a whole sentence without a full stop.
    """

    title: str = ""
    certainty: Certainty = Certainty.UNKNOWN
    reason: str = "Neither its content nor its name is that of a published dataset known here"


UNKNOWN_DATASET = Identity()


@dataclass(frozen=True)
class Orientation:
    """How the pictures in a file lie, whichever way they are shown.

    Parameters
    ----------
    lying
        Whether they lie on their side, rows and columns exchanged, as EMNIST's do.
    certainty
        How firmly that is believed; `UNKNOWN` when nothing speaks for either.
    reason
        Why, a whole sentence without a full stop.
    """

    lying: bool = False
    certainty: Certainty = Certainty.UNKNOWN
    reason: str = "Nothing tells how these pictures lie; they are shown as they are stored"


UNKNOWN_ORIENTATION = Orientation()
