"""Tell of a file what it is a part of and how its pictures lie, each with how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mnist_desktop.datasets.companions import read_stored_labels
from mnist_desktop.datasets.dataset import open_dataset_job
from mnist_desktop.datasets.identity import exact_identity
from mnist_desktop.datasets.idx import read_header
from mnist_desktop.datasets.judgement import (
    UNKNOWN_DATASET,
    UNKNOWN_ORIENTATION,
    Certainty,
    Identity,
    Orientation,
)
from mnist_desktop.datasets.orientation import judge_by_digits
from mnist_desktop.datasets.pairing import read_name
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Job


@dataclass(frozen=True)
class Description:
    """What is believed of a file."""

    identity: Identity = UNKNOWN_DATASET
    orientation: Orientation = UNKNOWN_ORIENTATION


def describe_job(path: Path) -> Job[Description]:
    """Judge a file: labels by their checksum, images with the labels beside them.

    A file that cannot be opened as a part of a dataset is not known; why is for the doctor to say.
    """
    try:
        shape = read_header(path).shape
        if len(shape) == 1 or (len(shape) == 2 and read_name(path.name).kind == "labels"):
            stored = yield from read_stored_labels(path, strict=True, by_hand=False)
            family = stored.family()
            return Description(UNKNOWN_DATASET if family is None else exact_identity(family, path))
        dataset = yield from open_dataset_job(path)
    except UserError:
        return Description()
    orientation = dataset.orientation
    if orientation.certainty not in (Certainty.CERTAIN, Certainty.LIKELY):
        orientation = judge_by_digits(dataset) or orientation
    return Description(dataset.identity, orientation)
