"""Measure what a model learns from a person's twenty digits, and whether it forgets others'.

    python benchmarks/fine_tuning.py [WRITER ...] [--digits N] [--threads N] [--model M.onnx]
                                     [--without-mnist]

Pen strokes of each writer are drawn on a pad and go the way of every drawing into pictures. A
part, the same number of each class, teaches the model as “Teach it my hand” does, with MNIST's
training images mixed in or, without them, generated digits; the rest, and MNIST's test images, are
read before and after. So are scribbles that nobody has seen: of them a model must not be sure.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from measuring import MNIST, TEST, TRAIN, arguments, mnist_file, run_script, table

from mnist_desktop.commands.opening import count
from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.inference import scribbles
from mnist_desktop.inference.classifier import Classifier, default_model_path
from mnist_desktop.inference.drawing import Drawing
from mnist_desktop.inference.handwriting import picture_of
from mnist_desktop.inference.ink import Stroke, draw, prepare
from mnist_desktop.inference.own_drawings import new_drawing
from mnist_desktop.progress import finish
from mnist_desktop.trainer.teaching import Lesson, teach

STROKES = MNIST.parent / "strokes" / "pendigits-30-writers.jsonl.gz"
"""Digits as pen strokes, a JSON object a line, where they lie beside the checkout."""

WRITERS = (28, 14, 6)
"""The three whose digits the first shipped model misread most."""

PAD, PEN = 280, 20
"""Sides of the pad and width of the pen, in pixels."""

HEADINGS = (
    *("writer", "taught", "read", "errors before", "after", "MNIST before", "after"),
    *("scribbles refused", "after", "seconds"),
)


SCRIBBLES = 500
"""Scribbles and shapes that are no digit."""


@dataclass(frozen=True)
class Hand:
    """A writer's digits in two parts: to teach, and to read."""

    writer: int
    teach: tuple[Drawing, ...]
    read: Dataset


def hands(writers: list[int], *, digits: int) -> Iterator[Hand]:
    """Yield the digits of each of `writers`, of which `digits` teach."""
    with gzip.open(STROKES, "rt", encoding="utf-8") as lines:
        samples = [json.loads(line) for line in lines]
    for writer in writers or sorted({sample["writer"] for sample in samples}):
        random = np.random.default_rng(writer)
        own = [sample for sample in samples if sample["writer"] == writer]
        ink = [written(sample["strokes"], random) for sample in own]
        pictures = np.stack([prepare(draw(pen, (PAD, PAD))).picture for pen in ink])
        labels = np.array([sample["label"] for sample in own], np.int64)
        names = tuple(str(number) for number in range(10))
        everything = Dataset(f"hand {writer}", pictures, labels, names)
        chosen = np.concatenate(
            [random.permutation(np.flatnonzero(labels == k))[: digits // 10] for k in range(10)]
        )
        rest = np.setdiff1d(np.arange(len(own)), chosen)
        teach = [
            new_drawing(names[labels[k]], pictures[k], ink[k], raster=PAD) for k in np.sort(chosen)
        ]
        yield Hand(writer, tuple(teach), everything.select(rest))


def written(strokes: list[list[list[float]]], random: np.random.Generator) -> list[Stroke]:
    """Return tablet strokes as pen strokes, of random size at a random place on the pad."""
    points = [np.array(stroke, float) * (1.0, -1.0) for stroke in strokes]
    everything = np.concatenate(points)
    low, extent = everything.min(axis=0), np.ptp(everything, axis=0).max()
    side = random.uniform(90, 220)
    place = random.uniform(PEN, PAD - PEN - side, 2)
    return [Stroke((stroke - low) / extent * side + place, PEN) for stroke in points]


def errors(model: Classifier, dataset: Dataset) -> int:
    """Return how many samples a model misreads."""
    return int((model.predict(np.asarray(dataset.images)).argmax(axis=1) != dataset.labels).sum())


def unsure(model: Classifier) -> float:
    """Return the share of scribbles of which a model is not sure."""
    random = np.random.default_rng(20_000)
    drawn = [picture_of(scribbles.scribble(random), random) for _ in range(SCRIBBLES)]
    return float((model.predict(np.stack(drawn)).max(axis=1) < model.sure_from).mean())


def measure(hand: Hand, options: argparse.Namespace, mix: Dataset, test: Dataset) -> list[str]:
    """Return a writer's row."""
    began = time.perf_counter()
    known = () if options.without_mnist else (mix,)
    # All these drawings teach: those to judge by are the writer's others.
    lesson = Lesson(
        hand.teach, options.model, known, test=test, apart=False, threads=options.threads
    )
    taught = finish(teach(lesson))
    seconds = f"{time.perf_counter() - began:.0f}"
    models = Classifier.load(options.model), Classifier.from_bytes(taught.model, name="taught")
    before, after = (errors(model, hand.read) for model in models)
    count = taught.test.count
    mnist = [f"{100 * right / count:.2f} %" for right in (taught.test.before, taught.test.after)]
    refused = [f"{100 * unsure(model):.1f} %" for model in models]
    numbers = (hand.writer, len(hand.teach), len(hand.read), before, after)
    return [*map(str, numbers), *mnist, *refused, seconds]


def main() -> None:
    """Measure each writer and tell the table."""
    parser = arguments(__doc__ or "")
    words = f"0 for all thirty (default: {' '.join(map(str, WRITERS))})"
    parser.add_argument("writers", nargs="*", type=int, metavar="WRITER", help=words)
    parser.add_argument("--digits", type=count, default=20, help="to teach (default: 20)")
    parser.add_argument("--threads", type=count, default=1, help="default: 1")
    parser.add_argument("--model", type=Path, default=default_model_path(), metavar="M.onnx")
    parser.add_argument("--without-mnist", action="store_true", help="mix generated digits in")
    options = parser.parse_args()
    train_file, test_file = mnist_file(TRAIN), mnist_file(TEST)
    if train_file is None or test_file is None or not STROKES.exists():
        print("There are no pen strokes or no MNIST beside the checkout: nothing to measure.")
        return
    mix, test = open_dataset(train_file), open_dataset(test_file)
    writers = [] if 0 in options.writers else options.writers or list(WRITERS)
    rows = []
    for hand in hands(writers, digits=options.digits):
        rows.append(measure(hand, options, mix, test))
        print(" ".join(rows[-1]), file=sys.stderr, flush=True)
    print(table(HEADINGS, rows))


if __name__ == "__main__":
    run_script(main)
