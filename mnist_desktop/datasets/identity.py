"""Tell which published dataset a content is, where no checksum does: by figures, then by name.

MNIST, Fashion-MNIST and KMNIST have the same file names, so a name alone is a guess. Figures
recognise a content that was stored in another way (as floats, flat, turned, shuffled) or cut off:

- Number of images, mean and deviation of their ink. Those of MNIST and EMNIST were measured in the
  published files; those of Fashion-MNIST (0.2860, 0.3530) are as several projects measured them
  (github.com/keon/3-min-pytorch/issues/26, github.com/chatflip/CalculationMeanStd; 73 and 90 of 255
  by its authors, github.com/zalandoresearch/fashion-mnist/issues/161). For KMNIST only the mean
  (0.1918) is used: two deviations are in circulation (0.3483 and 0.3059).
- The first labels. Those of Fashion-MNIST's training split are as its tutorials print them.

Neither tells MNIST from QMNIST, which is MNIST made again from the same sheets in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.judgement import UNKNOWN_DATASET, Certainty, Identity
from mnist_desktop.datasets.known import EMNIST, FASHION, KMNIST, MNIST, QMNIST, Family, guess
from mnist_desktop.datasets.statistics import measure_ink

_SOME = 1 << 12  # images that are enough for a rough mean
_SIDE = 28
_CLOSE = 0.00006  # half of the last digit that is published, and a little
_FAR = 0.04  # means of the datasets differ by more, those of their splits by less
_ENOUGH = 200  # images whose mean is that of all to within 0.03: single ones differ by 0.13
_FEWEST_LABELS = 10  # by chance alike once in 10 to the 10
_LIKE = {QMNIST.name: MNIST.name}
"""Whose figures stand for those of a dataset."""


@dataclass(frozen=True)
class Figures:
    """What was published of a split.

    Parameters
    ----------
    family, split
        Which.
    count
        How many images it has.
    mean, deviation
        Of the ink of all pixels, 0 to 1; the latter `None` where sources disagree.
    first_labels
        How its labels begin, at least `_FEWEST_LABELS` of them, or none.
    """

    family: Family
    split: str
    count: int
    mean: float
    deviation: float | None = None
    first_labels: tuple[int, ...] = ()


FIGURES = (
    Figures(
        MNIST, "train", 60_000, 0.13066, 0.30811, (5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5, 3, 6, 1, 7)
    ),
    Figures(
        MNIST, "test", 10_000, 0.13251, 0.31048, (7, 2, 1, 0, 4, 1, 4, 9, 5, 9, 0, 6, 9, 0, 1, 5)
    ),
    Figures(
        FASHION, "train", 60_000, 0.2860, 0.3530, (9, 0, 0, 3, 0, 2, 7, 2, 5, 5, 0, 9, 5, 5, 7, 9)
    ),
    Figures(KMNIST, "train", 60_000, 0.1918),
    Figures(
        EMNIST["mnist"],
        "test",
        10_000,
        0.17346,
        0.33168,
        (1, 8, 6, 7, 8, 0, 8, 1, 7, 3, 1, 4, 3, 8, 6, 4),
    ),
    Figures(
        EMNIST["byclass"],
        "test",
        116_323,
        0.17361,
        0.33165,
        (18, 36, 0, 3, 33, 30, 24, 40, 5, 8, 2, 4, 2, 47, 2, 3),
    ),
)


@dataclass(frozen=True)
class Belief:
    """Which family a content is of, with the split where that is known, and why.

    `family` is `None` where nothing is known.
    """

    family: Family | None
    identity: Identity

    @property
    def certain(self) -> bool:
        """Tell whether the content was recognised by its checksum."""
        return self.identity.certainty is Certainty.CERTAIN


def guess_identity(shape: tuple[int, ...], path: Path) -> Belief:
    """Return what the name of a file with (n, height, width) images says, before it is read."""
    family = guess(path) if shape[1:] == (_SIDE, _SIDE) else None
    return Belief(family, UNKNOWN_DATASET if family is None else _guessed(family))


def identify(
    images: NDArray[np.uint8],
    *,
    path: Path,
    exact: Family | None = None,
    labels: NDArray[np.int64] | None = None,
    labels_exact: Family | None = None,
) -> Belief:
    """Return which published dataset this is, how sure that is, and why.

    Parameters
    ----------
    images
        (n, height, width) uint8, as they are stored.
    path
        Where the images were read from.
    exact, labels_exact
        What images and labels are by checksum, if they are.
    labels
        (n,) int64, as they are stored; `None` if there are none.
    """
    if exact is not None:
        return Belief(exact, exact_identity(exact, path))
    if images.shape[1:] != (_SIDE, _SIDE) or not len(images):
        return Belief(None, UNKNOWN_DATASET)
    measured = measure_ink(images) if len(images) in {known.count for known in FIGURES} else None
    rough = measure_ink(images[:_SOME])[0] if len(images) >= _ENOUGH else None
    named = guess(path)
    if labels_exact is not None and not _is_far(labels_exact, rough):
        reason = f"Its labels are exactly those of {labels_exact.title}, and its ink fits"
        return Belief(labels_exact, Identity(labels_exact.title, Certainty.LIKELY, reason))
    for known in FIGURES:
        reason = _by_figures(known, len(images), measured)
        reason = reason or _by_first_labels(known, labels, rough)
        if reason and (named is None or _LIKE.get(named.name) != known.family.name):
            family = replace(_merged(known.family, labels), split=known.split)
            return Belief(family, Identity(family.title, Certainty.LIKELY, reason))
    if named is not None and rough is not None and _is_far(named, rough):
        mean = _means(named)[0]
        reason = (
            f"It is named like {named.name}, but its mean ink, {rough:.3f}, is far from that "
            f"dataset's, {mean:.3f}"
        )
        return Belief(None, Identity(reason=reason))
    return Belief(named, UNKNOWN_DATASET if named is None else _guessed(named))


def _guessed(family: Family) -> Identity:
    """Return the identity of what only a name speaks for."""
    reason = "Only its name, or that of its folder, says so"
    return Identity(family.title, Certainty.GUESS, reason)


def exact_identity(family: Family, path: Path) -> Identity:
    """Return the identity of what was recognised by checksum, whatever its name says."""
    reason = "The checksum of the content is that of the published file"
    named = guess(path)
    if named is not None and named.name != family.name:
        reason += f", though the name says {named.name}"
    return Identity(family.title, Certainty.CERTAIN, reason)


def _by_figures(known: Figures, count: int, measured: tuple[float, float] | None) -> str:
    """Return how mean and deviation speak for a split, without a full stop; empty if not."""
    if measured is None or count != known.count or abs(measured[0] - known.mean) > _CLOSE:
        return ""
    if known.deviation is not None and abs(measured[1] - known.deviation) > _CLOSE:
        return ""
    also = " (QMNIST's may be the same)" if known.family is MNIST else ""
    return (
        f"Its {known.count:,} images have the published mean ink, {known.mean:.4f}{also}; its "
        "bytes are not those of the published file"
    )


def _by_first_labels(known: Figures, labels: NDArray[np.int64] | None, rough: float | None) -> str:
    """Return how the first labels speak for a split, likewise."""
    if labels is None or len(labels) < _FEWEST_LABELS or not known.first_labels:
        return ""
    length = min(len(known.first_labels), len(labels))
    if not np.array_equal(labels[:length], known.first_labels[:length]):
        return ""
    if rough is not None and abs(rough - known.mean) > _FAR:
        return ""
    part = "" if len(labels) == known.count else f" (a part of its {known.count:,} images)"
    return f"Its labels begin like those of {known.family.name}, and its ink fits{part}"


def _means(family: Family) -> list[float]:
    """Return the published mean ink of a family's splits, as far as known."""
    name = _LIKE.get(family.name, family.name)
    return [known.mean for known in FIGURES if known.family.name == name]


def _is_far(family: Family, mean: float | None) -> bool:
    """Tell whether a mean ink, if it is known, is none that images of a family could have."""
    means = _means(family)
    return bool(means) and mean is not None and min(abs(mean - m) for m in means) > _FAR


def _merged(family: Family, labels: NDArray[np.int64] | None) -> Family:
    """Return the split of EMNIST that has these labels: two of them hold the same images."""
    if family is EMNIST["byclass"] and labels is not None and len(labels) and labels.max() < 47:
        return EMNIST["bymerge"]
    return family
