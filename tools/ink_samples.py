"""Make the samples that the shipped digits.onnx learns from: an IDX dataset of all there is.

    python tools/ink_samples.py --data ../shared/data --output FOLDER [--leave-out WRITER ...]
                                [--half-the-kinds] [--seed N]

It holds MNIST's training images as they are, some of them in EMNIST's look (so that the look alone
tells nothing), the digits of 30 people's pen strokes drawn on the pad several times each, and
pictures that are no digit, in the class ∅: letters of EMNIST, scribbles, shapes, halves of digits
and two digits at once. Everything follows from the seed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import string
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import NONE_OF_THEM, Dataset, open_dataset
from mnist_desktop.datasets.export import export_job
from mnist_desktop.inference import scribbles
from mnist_desktop.inference.contract import InkRecipe
from mnist_desktop.inference.handwriting import picture_of
from mnist_desktop.inference.ink import prepare
from mnist_desktop.progress import finish

STROKES = Path("strokes/pendigits-30-writers.jsonl.gz")
MNIST = Path("mnist/train-images-idx3-ubyte.gz")
EMNIST = Path("emnist/emnist-byclass-test-images-idx3-ubyte.gz")
LOOK_ALIKE = frozenset("OoDQIiljJZzSsBqgbGy")
"""Letters that many people write as they write a digit: 0 1 2 5 8 9 6 4."""
NONE = 10
DRAWN = 6
"""How often each digit of the strokes is drawn."""
COUNTS = {"look": 10_000, "letters": 12_000, "scribbles": 28_000, "shapes": 8_000,
          "halves": 6_000, "pairs": 4_000}  # fmt: skip


@dataclass(frozen=True)
class Written:
    """The pen's way for one digit.

    Parameters
    ----------
    label, writer
        The digit, and who wrote it.
    strokes
        (k, 2) each, y down.
    """

    label: int
    writer: int
    strokes: list[NDArray[np.float64]]


def read_strokes(path: Path) -> list[Written]:
    """Read the pen strokes; in the file y runs upwards."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    down = np.array([1.0, -1.0])
    return [
        Written(
            row["label"], row["writer"], [np.array(s, np.float64) * down for s in row["strokes"]]
        )
        for row in rows
    ]


def again(picture: NDArray[np.uint8], recipe: InkRecipe = "mnist") -> NDArray[np.uint8]:
    """Return a small picture as it would arrive if it were put on the pad, four times as large."""
    return prepare(np.kron(picture, np.ones((4, 4), np.uint8)), recipe).picture


def drawn(written: Iterable[Written], random: np.random.Generator) -> NDArray[np.uint8]:
    """Draw each digit once more, (n, 28, 28) uint8."""
    return np.stack([picture_of(one.strokes, random) for one in written])


def letters(data: Path, *, part: int) -> Dataset:
    """Return one half of EMNIST's letters that look like no digit: 0 to learn from, 1 to test."""
    emnist = open_dataset(data / EMNIST)
    assert emnist.labels is not None
    half = len(emnist) // 2
    wanted = [
        name in string.ascii_letters and name not in LOOK_ALIKE for name in emnist.class_names
    ]
    chosen = np.flatnonzero(np.array(wanted)[emnist.labels])
    return emnist.select(chosen[(chosen >= half) == bool(part)])


def halves(digits: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.uint8]:
    """Return the upper, lower, left or right half of each digit, put on the pad anew."""
    made = []
    for digit in digits:
        kept = np.zeros_like(digit)
        side = random.integers(4)
        part = slice(0, 14) if side % 2 == 0 else slice(14, 28)
        where = (part, slice(None)) if side < 2 else (slice(None), part)
        kept[where] = digit[where]
        made.append(again(kept))
    return np.stack(made)


def pairs(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return two digits beside each other as one picture."""
    return np.stack(
        [
            again(np.concatenate([a[:, 4:24], b[:, 4:24]], axis=1))
            for a, b in zip(left, right, strict=True)
        ]
    )


def strangers(
    data: Path, digits: Dataset, random: np.random.Generator, *, every: int
) -> NDArray[np.uint8]:
    """Return pictures that are no digit; of the kinds of scribbles and shapes every `every`th."""
    pool = letters(data, part=0)
    chosen = pool.images[random.permutation(len(pool))[: COUNTS["letters"]]]
    kinds = scribbles.SCRIBBLES[::every], scribbles.SHAPES[::every]
    assert digits.labels is not None
    # Half a 1 is a 1, and half a 7 may be one.
    divisible = np.flatnonzero(~np.isin(digits.labels, (1, 7)))
    to_halve = digits.images[random.choice(divisible, COUNTS["halves"], replace=False)]
    two = digits.images[random.integers(0, len(digits), (2, COUNTS["pairs"]))]
    return np.concatenate(
        [
            chosen,
            np.stack([again(picture) for picture in chosen]),
            *(
                np.stack([picture_of(scribbles.any_of(makers, random), random) for _ in range(n)])
                for makers, n in zip(kinds, (COUNTS["scribbles"], COUNTS["shapes"]), strict=True)
            ),
            halves(to_halve, random),
            pairs(two[0], two[1]),
        ]
    )


def make(data: Path, *, leave_out: Iterable[int] = (), every: int = 1, seed: int = 0) -> Dataset:
    """Return everything in one dataset of ten digits and the class ∅."""
    random = np.random.default_rng(seed)
    mnist = open_dataset(data / MNIST)
    assert mnist.labels is not None
    out = set(leave_out)
    written = [one for one in read_strokes(data / STROKES) if one.writer not in out]
    pens = np.concatenate([drawn(written, random) for _ in range(DRAWN)])
    pen_labels = np.tile([one.label for one in written], DRAWN)
    look = random.choice(len(mnist), COUNTS["look"], replace=False)
    in_look = np.stack([again(picture, "emnist") for picture in mnist.images[look]])
    images = np.concatenate([mnist.images, in_look, pens])
    labels = np.concatenate([mnist.labels, mnist.labels[look], pen_labels])
    digits = Dataset("digits", images, labels, tuple(string.digits))
    outside = strangers(data, digits, random, every=every)
    return Dataset(
        "MNIST, pen strokes and pictures that are no digit",
        np.concatenate([images, outside]),
        np.concatenate([labels, np.full(len(outside), NONE)]),
        (*string.digits, NONE_OF_THEM),
    )


def main(arguments: list[str] | None = None) -> int:
    """Write the dataset."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--leave-out", type=int, nargs="*", default=[], metavar="WRITER")
    parser.add_argument("--half-the-kinds", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(arguments)
    every = 2 if chosen.half_the_kinds else 1
    dataset = make(chosen.data, leave_out=chosen.leave_out, every=every, seed=chosen.seed)
    chosen.output.mkdir(parents=True, exist_ok=True)
    files = finish(export_job(dataset, chosen.output / "ink-train-images-idx3-ubyte"))
    for path in files:
        print(path)
    print(dict(zip(dataset.class_names, dataset.class_counts().tolist(), strict=True)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
