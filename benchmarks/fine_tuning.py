"""Measure what a model learns from a person's twenty digits, and whether it forgets others'.

    python benchmarks/fine_tuning.py [WRITER ...] [--digits N] [--threads N] [--model M.onnx]

Pen strokes of each writer are drawn on a pad and go the way of every drawing into pictures. A
part, the same number of each class, teaches the model by the recipe `fine-tune` with MNIST's
training images mixed in; the rest, and MNIST's test images, are read before and after.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from measuring import MNIST, TEST, TRAIN, arguments, mnist_file, run_script, table
from numpy.typing import NDArray

from mnist_desktop.commands.opening import count
from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.inference.classifier import Classifier, default_model_path
from mnist_desktop.inference.ink import Stroke, draw, prepare
from mnist_desktop.progress import finish
from mnist_desktop.trainer.job import train
from mnist_desktop.trainer.progress import TrainingSettings
from mnist_desktop.trainer.recipes import FINE_TUNE, RECIPES

STROKES = MNIST.parent / "strokes" / "pendigits-30-writers.jsonl.gz"
"""Digits as pen strokes, a JSON object a line, where they lie beside the checkout."""

WRITERS = (28, 14, 6)
"""The three whose digits the first shipped model misread most."""

PAD, PEN = 280, 20
"""Sides of the pad and width of the pen, in pixels."""

HEADINGS = ("writer", "taught", "read", "before", "after", "MNIST before", "after", "seconds")


@dataclass(frozen=True)
class Hand:
    """A writer's digits in two parts: to teach, and to read."""

    writer: int
    teach: Dataset
    read: Dataset


def hands(writers: list[int], *, digits: int) -> Iterator[Hand]:
    """Yield the digits of each of `writers`, of which `digits` teach."""
    with gzip.open(STROKES, "rt", encoding="utf-8") as lines:
        samples = [json.loads(line) for line in lines]
    for writer in writers or sorted({sample["writer"] for sample in samples}):
        random = np.random.default_rng(writer)
        own = [sample for sample in samples if sample["writer"] == writer]
        pictures = np.stack([prepare(written(s["strokes"], random)).picture for s in own])
        labels = np.array([sample["label"] for sample in own], np.int64)
        names = tuple(str(number) for number in range(10))
        everything = Dataset(f"hand {writer}", pictures, labels, names)
        chosen = np.concatenate(
            [random.permutation(np.flatnonzero(labels == k))[: digits // 10] for k in range(10)]
        )
        rest = np.setdiff1d(np.arange(len(own)), chosen)
        yield Hand(writer, everything.select(np.sort(chosen)), everything.select(rest))


def written(strokes: list[list[list[float]]], random: np.random.Generator) -> NDArray[np.uint8]:
    """Return tablet strokes as ink, of random size at a random place on the pad."""
    points = [np.array(stroke, float) * (1.0, -1.0) for stroke in strokes]
    everything = np.concatenate(points)
    low, extent = everything.min(axis=0), np.ptp(everything, axis=0).max()
    side = random.uniform(90, 220)
    place = random.uniform(PEN, PAD - PEN - side, 2)
    pen = [Stroke((stroke - low) / extent * side + place, PEN) for stroke in points]
    return draw(pen, (PAD, PAD))


def errors(model: Path, dataset: Dataset) -> int:
    """Return how many samples a model misreads."""
    answers = Classifier.load(model).predict(np.asarray(dataset.images)).argmax(axis=1)
    return int((answers != dataset.labels).sum())


def measure(hand: Hand, options: argparse.Namespace, mix: Dataset, test: Dataset) -> list[str]:
    """Return a writer's row."""
    with tempfile.TemporaryDirectory() as folder:
        settings = TrainingSettings(
            hand.teach,
            Path(folder) / "taught.onnx",
            RECIPES[FINE_TUNE],
            threads=options.threads,
            start=options.model,
            mix=mix,
            runs=Path(folder) / "runs",
        )
        result = finish(train(settings))
        before, after = errors(options.model, hand.read), errors(result.model, hand.read)
        mnist = [f"{100 - errors(m, test) / 100:.2f} %" for m in (options.model, result.model)]
        taught, read = f"{len(hand.teach)}", f"{len(hand.read)}"
        seconds = f"{result.train_seconds:.1f}"
        return [f"{hand.writer}", taught, read, f"{before}", f"{after}", *mnist, seconds]


def main() -> None:
    """Measure each writer and tell the table."""
    parser = arguments(__doc__ or "")
    words = f"0 for all thirty (default: {' '.join(map(str, WRITERS))})"
    parser.add_argument("writers", nargs="*", type=int, metavar="WRITER", help=words)
    parser.add_argument("--digits", type=count, default=20, help="to teach (default: 20)")
    parser.add_argument("--threads", type=count, default=1, help="default: 1")
    parser.add_argument("--model", type=Path, default=default_model_path(), metavar="M.onnx")
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
        print(f"writer {hand.writer} is measured", file=sys.stderr, flush=True)
    print(table(HEADINGS, rows))


if __name__ == "__main__":
    run_script(main)
