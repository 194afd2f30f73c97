"""Tell how much a picture is like those a model was trained on, and what would help."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from mnist_desktop.inference.classifier import Prediction
from mnist_desktop.inference.contract import InkRecipe
from mnist_desktop.inference.ink import InkSteps

FAINT = 96
"""Ink whose darkest place is below this is faint: stretched to full ink the paper's grain is too.

Every picture of MNIST and EMNIST has full ink, 255, somewhere.
"""

INK_FROM = 26
"""The ink from which a pixel counts as inked: a tenth of full ink."""

SMALL_PIECE = 0.25
"""Below this share of the inked pixels what lies apart is a piece, and not a thing of its own."""

PIECE = ("A piece stands apart", "Taking it away may help")
SEVERAL = ("Separate things", "One at a time may help")

TWO_WAYS = 0.8
"""Share of the two likeliest classes from which a model hesitates between them, and no others."""


class Level(IntEnum):
    """How usual a picture is among those of a published dataset."""

    UNLIKE = 1
    EDGE = 2
    LIKE = 3


@dataclass(frozen=True)
class Facts:
    """What is usual in a dataset's pictures, in the measures of 28×28 pixels.

    Parameters
    ----------
    thickness, ink
        Percentiles 0.02, 1, 99 and 99.98 of a line's mean thickness, in pixels, and of the ink, in
        pixels full of it.
    apart
        Percentiles 99 and 99.9 of the share of inked pixels that hang not together with the
        largest part, 0 to 1.
    """

    thickness: tuple[float, float, float, float]
    ink: tuple[float, float, float, float]
    apart: tuple[float, float]


# Measured with `thickness_of` and its neighbours below.
FACTS: dict[InkRecipe, Facts] = {
    # The 60,000 training images of MNIST.
    "mnist": Facts(
        thickness=(1.214, 1.435, 4.277, 6.334),
        ink=(24.11, 38.62, 192.88, 246.13),
        apart=(0.038, 0.348),
    ),
    # The 116,323 test images of EMNIST ByClass.
    "emnist": Facts(
        thickness=(1.260, 1.690, 5.124, 7.248),
        ink=(34.46, 53.69, 238.2, 304.05),
        apart=(0.033, 0.353),
    ),
}


@dataclass(frozen=True)
class Likeness:
    """How much a picture is like those of the dataset a model was trained on.

    Parameters
    ----------
    level
        How usual it is: within the middle 98 of 100 pictures in every respect, within 9,996 of
        10,000, or not even that.
    what
        What is unusual, as a remark; empty where nothing is worth one.
    advice
        What a person could do about that.
    """

    level: Level
    what: str = ""
    advice: str = ""


def measure(steps: InkSteps, recipe: InkRecipe) -> Likeness | None:
    """Return how much what a network gets is like the pictures the recipe was made for.

    How large a drawing is and where it stands does not matter: the recipe sees to that.

    Returns
    -------
    Likeness or None
        None for blank ink, and for a recipe that belongs to no dataset.
    """
    facts = FACTS.get(recipe)
    if steps.empty or facts is None:
        return None
    picture = steps.picture
    k = max(picture.shape) / 28
    thickness, ink, apart = thickness_of(picture) / k, total_ink(picture) / k**2, apart_of(picture)
    if steps.steps[0].picture.max() < FAINT:
        return Likeness(Level.UNLIKE, "Faint ink", "Darker ink may help")
    found = [
        (_high(apart, facts.apart), *(PIECE if apart < SMALL_PIECE else SEVERAL)),
        (_low(thickness, facts.thickness), "Very thin lines", "A thicker pen may help"),
        (_high(thickness, facts.thickness[2:]), "A filled blot", "A thinner pen may help"),
        (_high(ink, facts.ink[2:]), "Very much ink", "Fewer lines, or a thinner pen, may help"),
    ]
    level, what, advice = min(found, key=lambda remark: remark[0])
    # Beside a piece of ink apart nothing on the edge explains why a drawing is not read.
    told = level is Level.UNLIKE or (level is Level.EDGE and what == PIECE[0])
    return Likeness(level, what, advice) if told else Likeness(level)


def remark(likeness: Likeness | None, prediction: Prediction | None) -> str:
    """Return what to say of a drawing beside its answer, in one line; empty where there is nothing.

    Of a drawing that is read it says only what is really unusual; of one that is not, what could
    help, or that it is nothing the model knows.
    """
    if prediction is None or prediction.is_empty:
        return ""
    if prediction.is_sure:
        unusual = likeness is not None and likeness.level is Level.UNLIKE
        return f"{likeness.what}: unlike the training data" if likeness and unusual else ""
    if likeness is not None and likeness.what:
        return f"{likeness.what}. {likeness.advice}"
    second, first = np.argsort(prediction.probabilities)[-2:]
    names, shares = prediction.class_names, prediction.probabilities
    if float(shares[first] + shares[second]) >= TWO_WAYS:
        return f"Something between {names[first]} and {names[second]}"
    digits = all(name.isdecimal() for name in names)
    return "It looks like no digit" if digits else "It looks like nothing this model knows"


def total_ink(picture: np.ndarray) -> float:
    """Return the ink of a picture (h, w) uint8, in pixels full of it."""
    return float(picture.sum(dtype=np.int64)) / 255.0


def thickness_of(picture: np.ndarray) -> float:
    """Return how thick the lines of a picture are on average, in pixels; 0 for blank paper.

    A long line of thickness t has the area t · l and the outline 2 · l, so it is twice the ink over
    the outline's length; that is the sum of the ink's slope over all pixels, however soft the edge.

    Parameters
    ----------
    picture
        (h, w) uint8, ink high.
    """
    wide = np.zeros((picture.shape[0] + 2, picture.shape[1] + 2), np.float32)
    wide[1:-1, 1:-1] = picture
    across = wide[1:, :-1] - wide[:-1, :-1]
    down = wide[:-1, 1:] - wide[:-1, :-1]
    outline = float(np.sqrt(across * across + down * down).sum())
    return 2.0 * float(wide.sum()) / outline if outline else 0.0


def apart_of(picture: np.ndarray) -> float:
    """Return the share of inked pixels that do not hang together with the largest part, 0 to 1.

    Pixels that touch at a corner hang together. The pixels are the bits of one whole number, so
    that a part grows in all directions by a few shifts: hundreds of times faster than a loop.
    """
    height, width = picture.shape
    row = width + 1  # a blank pixel after each row keeps its end from the next one's beginning
    mask = np.zeros((height, row), np.uint8)
    mask[:, :width] = picture >= INK_FROM
    left = int.from_bytes(np.packbits(mask).tobytes(), "big")
    sizes = []
    while left:
        part = left & -left
        while True:
            wider = part | part << 1 | part >> 1
            grown = (wider | wider << row | wider >> row) & left
            if grown == part:
                break
            part = grown
        sizes.append(part.bit_count())
        left &= ~part
    return 1.0 - max(sizes) / sum(sizes) if sizes else 0.0


def _low(value: float, usual: tuple[float, float, float, float]) -> Level:
    """Return how usual a value is that may be too low."""
    return Level.UNLIKE if value < usual[0] else Level.EDGE if value < usual[1] else Level.LIKE


def _high(value: float, usual: tuple[float, ...]) -> Level:
    """Return how usual a value is that may be too high."""
    return Level.UNLIKE if value > usual[1] else Level.EDGE if value > usual[0] else Level.LIKE
