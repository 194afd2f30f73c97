"""What a model learns a person's hand from, and what keeps it from forgetting the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import NONE_OF_THEM, Dataset
from mnist_desktop.datasets.sample_digits import sample_dataset, sample_strokes
from mnist_desktop.errors import UserError
from mnist_desktop.inference import scribbles
from mnist_desktop.inference.class_matching import match_classes
from mnist_desktop.inference.contract import Contract
from mnist_desktop.inference.drawing import SIDE, Drawing, points_of
from mnist_desktop.inference.handwriting import Habits, picture_of
from mnist_desktop.inference.own_drawings import DIGITS
from mnist_desktop.progress import Job, Progress
from mnist_desktop.trainer.checkpoint import TrainingError

FEWEST_TO_SET_APART = 10
"""Drawings below which all are needed to teach, and none is set apart to judge by."""

APART = 0.2
"""Share of the drawings that is set apart."""

PICTURES = 400
"""Pictures that the drawings together are made into, by drawing each again and again."""

MOST_AGAIN, FEWEST_AGAIN = 24, 3
"""How often a drawing is drawn, at most and at least."""

MIXED, GENERATED, STRANGERS = 12_000, 4_000, 1_000
"""Pictures of a dataset mixed in (a lesson sees no more), and those made: digits, and no digits."""

HAND = Habits(slant=6.0)
"""How differently the same hand draws the same digit: a little slant more or less."""

CHECKED, CHECKED_GENERATED = 8_000, 2_000
"""Samples of a dataset by which to see that nothing is forgotten, or generated digits."""


@dataclass(frozen=True)
class Parts:
    """Drawings that teach, and others set apart to judge what was learned."""

    taught: tuple[Drawing, ...]
    apart: tuple[Drawing, ...]


@dataclass(frozen=True, eq=False)
class Rest:
    """What a model knows already, so that it forgets nothing.

    Parameters
    ----------
    mix
        Samples to mix in, and scribbles in the class ∅.
    check
        Others, with the model's labels, to see by what is forgotten.
    name
        What they are, for people.
    is_generated
        Whether they are generated digits, because no dataset fits.
    """

    mix: Dataset
    check: Dataset
    name: str
    is_generated: bool


def set_apart(drawings: Sequence[Drawing], *, seed: int = 0) -> Parts:
    """Set a fifth of the drawings apart, from the classes there are most of; every class teaches.

    None where they are too few for that, see `FEWEST_TO_SET_APART`.
    """
    wanted = round(APART * len(drawings)) if len(drawings) >= FEWEST_TO_SET_APART else 0
    order = [drawings[k] for k in np.random.default_rng(seed).permutation(len(drawings))]
    left = Counter(drawing.label for drawing in drawings)
    apart: set[str] = set()
    while len(apart) < wanted:
        label, count = left.most_common(1)[0]
        if count < 2:
            break
        left[label] -= 1
        apart.add(next(d.number for d in order if d.label == label and d.number not in apart))
    return Parts(
        tuple(d for d in drawings if d.number not in apart),
        tuple(d for d in drawings if d.number in apart),
    )


def as_dataset(
    drawings: Sequence[Drawing], pictures: NDArray[np.uint8], contract: Contract, *, again: int = 1
) -> Dataset:
    """Return pictures of the drawings, each `again` times in a row, with the model's classes.

    Raises
    ------
    TrainingError
        When the model does not know one of the classes.
    """
    names = (*contract.class_names, NONE_OF_THEM)
    unknown = sorted({d.label for d in drawings} - set(names))
    if unknown:
        raise TrainingError(
            f"The model does not know {_listed(unknown)}, and you have drawings of it",
            "Choose the model that you named these drawings for, or remove them.",
        )
    labels = np.array([names.index(d.label) for d in drawings], np.int64).repeat(again)
    return Dataset("your drawings", pictures, labels, names)


def redrawn_job(drawings: Sequence[Drawing], contract: Contract, *, seed: int = 0) -> Job[Dataset]:
    """Draw each drawing again and again, by other pens, in other sizes and places.

    A drawing whose ink was pasted or partly wiped away stays the picture it is.
    """
    random = np.random.default_rng(seed)
    again = max(FEWEST_AGAIN, min(MOST_AGAIN, PICTURES // max(1, len(drawings))))
    pictures = np.empty((len(drawings), again, SIDE, SIDE), np.uint8)
    for place, drawing in enumerate(drawings):
        pictures[place] = drawing.picture
        strokes = points_of(drawing.strokes)
        if strokes and not any(stroke.erase for stroke in drawing.strokes):
            for copy in range(1, again):
                pictures[place, copy] = picture_of(
                    strokes, random, HAND, recipe=contract.ink_recipe, size=SIDE
                )
        yield Progress(place + 1, len(drawings), "drawing your drawings again")
    return as_dataset(drawings, pictures.reshape(-1, SIDE, SIDE), contract, again=again)


def rest_job(contract: Contract, known: Sequence[Dataset], *, seed: int = 0) -> Job[Rest]:
    """Return what is mixed in: samples of the first dataset that fits the model, and scribbles.

    Parameters
    ----------
    known
        Datasets to take samples from; where none fits, digits are generated.

    Raises
    ------
    TrainingError
        When none fits and the model reads more than digits.
    """
    random = np.random.default_rng(seed)
    found = next((fitting for d in known if (fitting := covering(d, contract))), None)
    made = yield from _strangers_job(contract, random)
    if found is not None:
        order = random.permutation(len(found))
        part, name = found.select(np.sort(order[:MIXED])), found.name
        # Of a small dataset all is mixed in, and some of that has to do.
        others = order[MIXED : MIXED + CHECKED]
        check = found.select(np.sort(others if len(others) >= CHECKED_GENERATED else order))
        assert part.labels is not None
        images, labels = part.images, part.labels
    elif set(contract.class_names) <= set(DIGITS):
        images, labels = yield from _digits_job(contract, random)
        name = "generated digits"
        check = _generated(contract, CHECKED_GENERATED, random)
    else:
        raise TrainingError(
            "Samples of all the classes this model reads are needed, so that it forgets none",
            "Open the dataset that the model was trained on, then teach it again.",
        )
    outside = np.full(len(made), len(contract.class_names), np.int64)
    mix = Dataset(
        name,
        np.concatenate([images, made]),
        np.concatenate([labels, outside]),
        (*contract.class_names, NONE_OF_THEM),
    )
    return Rest(mix, check, name, is_generated=found is None)


def covering(dataset: Dataset, contract: Contract) -> Dataset | None:
    """Return a dataset with the model's labels where it has samples of all classes; else None."""
    names = dataset.answers
    if dataset.labels is None or dataset.images.shape[1:] != (SIDE, SIDE):
        return None
    ours = np.flatnonzero(dataset.labels < len(names))
    try:
        used = dataset.class_counts()[: len(names)]
        places = match_classes(names, contract.class_names, used=used)
    except UserError:
        return None
    labels = places[dataset.labels[ours]]
    if len(np.unique(labels)) < len(contract.class_names):
        return None
    part = dataset if len(ours) == len(dataset) else dataset.select(ours)
    return Dataset(dataset.name, part.images, labels, contract.class_names)


def _strangers_job(contract: Contract, random: np.random.Generator) -> Job[NDArray[np.uint8]]:
    """Draw what is no character: scribbles and shapes."""
    pictures = np.empty((STRANGERS, SIDE, SIDE), np.uint8)
    for place in range(STRANGERS):
        kind = scribbles.shape if place % 4 == 0 else scribbles.scribble
        pictures[place] = picture_of(kind(random), random, recipe=contract.ink_recipe, size=SIDE)
        if place % 20 == 0:
            yield Progress(place, STRANGERS, "drawing scribbles, to tell them from yours")
    return pictures


def _digits_job(
    contract: Contract, random: np.random.Generator
) -> Job[tuple[NDArray[np.uint8], NDArray[np.int64]]]:
    """Generate digits in MNIST's look, and a part of them as drawn on the pad."""
    digits = _generated(contract, GENERATED, random)
    assert digits.labels is not None
    images = digits.images.copy()
    for place in range(0, len(digits), 4):
        digit = int(contract.class_names[digits.labels[place]])
        strokes = sample_strokes(digit, seed=int(random.integers(2**31)))
        images[place] = picture_of(strokes, random, recipe=contract.ink_recipe, size=SIDE)
        if place % 20 == 0:
            yield Progress(place, len(digits), "drawing digits, so that none is forgotten")
    return images, digits.labels


def _generated(contract: Contract, count: int, random: np.random.Generator) -> Dataset:
    """Return generated digits of the model's classes, with its labels."""
    digits = sample_dataset(count, seed=int(random.integers(2**31)))
    assert digits.labels is not None
    names = contract.class_names
    known = digits.select(
        np.flatnonzero([digits.class_names[label] in names for label in digits.labels])
    )
    assert known.labels is not None
    labels = np.array([names.index(digits.class_names[label]) for label in known.labels])
    return Dataset(digits.name, known.images, labels, names)


def _listed(names: Sequence[str]) -> str:
    """Return names in quotes, the first few of many."""
    shown = ", ".join(f"“{name}”" for name in names[:5])
    return f"{shown} …" if len(names) > 5 else shown
