"""Measure how the pad reads people whom its model has never seen, and what it refuses.

    python benchmarks/ink.py [--folds N] [--recipe NAME] [--epochs N] [--keep FOLDER] [--model M]

The thirty writers of the pen strokes fall into five folds of six. For each fold a model learns by
the recipe of the shipped one (tools/ink_samples.py, then the training) from everybody else, and
then reads the six: every digit once with a pen of 12, 20 or 28 pixels on a pad of 280, 35 to 80 %
of it large, anywhere on it. The same drawings go through the recipes of other programs.

A digit is refused where the model is not sure by its own contract. Strangers are the half of
EMNIST's letters from which nothing is learned (those that look like digits left out), scribbles and
shapes by another seed, and scribbles of kinds that were never shown (`--unseen-kinds` trains one
more model without every other kind). With `--model` that one is measured on all writers instead.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from measuring import MNIST, TEST, TOP, arguments, mnist_file, run_script, table
from numpy.typing import NDArray
from peer_recipes import PEERS

from mnist_desktop.commands.opening import count
from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.inference import scribbles
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.handwriting import PAD, Habits, lay_out, picture_of
from mnist_desktop.inference.pen import draw
from mnist_desktop.progress import finish
from mnist_desktop.trainer.job import train
from mnist_desktop.trainer.progress import TrainingSettings
from mnist_desktop.trainer.recipes import RECIPES

sys.path.append(str(TOP / "tools"))
import ink_samples

FOLDS = 5
PENS = (12, 20, 28)
STRANGERS = 2_000
"""Pictures of each kind of stranger."""
BINS = 15
"""Equal steps of confidence, as Guo et al. (2017) count the expected calibration error."""


@dataclass(frozen=True)
class Judged:
    """What one model did.

    Parameters
    ----------
    fold
        Which writers it had not seen.
    strokes, mnist
        Accuracy in percent: of those writers' drawings, of MNIST's test images.
    worst
        The class read worst among the drawings, and its accuracy.
    peers
        Accuracy of the drawings by recipe and pen.
    error
        Expected calibration error of the drawings, in percent.
    sure
        The confidence from which the model is sure.
    refused
        Percent refused, by what was shown.
    """

    fold: int
    strokes: float
    mnist: float
    worst: tuple[str, float]
    peers: dict[str, tuple[float, ...]]
    error: float
    sure: float
    refused: dict[str, float]


def judge(model: Path, data: Path, *, fold: int, writers: Sequence[int]) -> Judged:
    """Let a model read these writers, MNIST and strangers."""
    random = np.random.default_rng(1_000 + fold)
    classifier = Classifier.load(model)
    chosen = set(writers)
    written = [
        w for w in ink_samples.read_strokes(data / ink_samples.STROKES) if w.writer in chosen
    ]
    labels = np.array([one.label for one in written])
    pens = random.integers(len(PENS), size=len(written))
    rasters = [
        draw(lay_out(one.strokes, random, Habits(pens=(PENS[pen],) * 2)), (PAD, PAD))
        for one, pen in zip(written, pens, strict=True)
    ]
    peers = {}
    for name, recipe in PEERS.items():
        answers = _answers(classifier, np.stack([recipe(raster) for raster in rasters]))
        right = answers.argmax(axis=1) == labels
        peers[name] = tuple(100 * float(right[pens == k].mean()) for k in range(len(PENS)))
    ours, right = answers, right
    by_class = [100 * float(right[labels == k].mean()) for k in range(10)]
    test = open_dataset(mnist_file(TEST, data / "mnist") or data / "mnist" / TEST)
    mnist = _answers(classifier, test.images)
    shown = {"digits, strokes": ours, "digits, MNIST": mnist} | {
        name: _answers(classifier, pictures) for name, pictures in strangers(data, random).items()
    }
    return Judged(
        fold=fold,
        strokes=100 * float(right.mean()),
        mnist=100 * float((mnist.argmax(axis=1) == test.labels).mean()),
        worst=(str(int(np.argmin(by_class))), min(by_class)),
        peers=peers,
        error=100 * calibration_error(ours.max(axis=1), right),
        sure=classifier.sure_from,
        refused={
            name: 100 * float((answers.max(axis=1) < classifier.sure_from).mean())
            for name, answers in shown.items()
        },
    )


def strangers(data: Path, random: np.random.Generator) -> dict[str, NDArray[np.uint8]]:
    """Return pictures that are no digit, by what they are."""
    letters = ink_samples.letters(data, part=1)
    some = letters.images[random.permutation(len(letters))[:STRANGERS]]
    kinds = {
        "scribbles": scribbles.SCRIBBLES,
        "scribbles, every other kind": scribbles.SCRIBBLES[1::2],
        "shapes": scribbles.SHAPES,
    }
    return {
        "letters as EMNIST has them": np.asarray(some),
        "letters put on the pad": np.stack([ink_samples.again(picture) for picture in some]),
    } | {
        name: np.stack(
            [picture_of(scribbles.any_of(makers, random), random) for _ in range(STRANGERS)]
        )
        for name, makers in kinds.items()
    }


def calibration_error(confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    """Return the mean distance of confidence and accuracy over equal steps of confidence."""
    step = np.minimum((confidence * BINS).astype(int), BINS - 1)
    found = 0.0
    for k in np.unique(step):
        inside = step == k
        found += float(inside.mean()) * abs(float(confidence[inside].mean() - right[inside].mean()))
    return found


def _answers(classifier: Classifier, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the probabilities for all pictures, some hundred at a time."""
    pieces = [classifier.predict(images[k : k + 500]) for k in range(0, len(images), 500)]
    return np.concatenate(pieces)


def model_without(
    writers: Sequence[int], options: argparse.Namespace, name: str, *, every: int = 1
) -> Path:
    """Return a model that learned from everybody but these writers; one that is kept is reused."""
    folder = options.keep
    model: Path = folder / f"{name}.onnx"
    if model.exists():
        return model
    samples: Dataset = ink_samples.make(options.data, leave_out=writers, every=every)
    settings = TrainingSettings(
        samples, model, RECIPES[options.recipe], epochs=options.epochs, runs=folder / "runs"
    )
    finish(train(settings))
    return model


def measure(options: argparse.Namespace) -> None:
    """Train, read and print."""
    everybody = sorted(
        {w.writer for w in ink_samples.read_strokes(options.data / ink_samples.STROKES)}
    )
    judged = []
    if options.model:
        judged.append(judge(options.model, options.data, fold=-1, writers=everybody))
    else:
        for fold in range(options.folds):
            writers = everybody[fold::FOLDS]
            model = model_without(writers, options, f"fold{fold}")
            judged.append(judge(model, options.data, fold=fold, writers=writers))
            print(json.dumps(asdict(judged[-1])), flush=True)
    _print(judged)
    if options.unseen_kinds:
        model = model_without(everybody[0::FOLDS], options, "kinds", every=2)
        unseen = judge(model, options.data, fold=0, writers=everybody[0::FOLDS])
        print(f"kinds never shown: {unseen.refused['scribbles, every other kind']:.1f} % refused")


def _print(judged: list[Judged]) -> None:
    """Print the means over the folds, and each fold."""
    rows = [
        [name, *(f"{np.mean([j.peers[name][k] for j in judged]):.1f}" for k in range(len(PENS)))]
        for name in PEERS
    ]
    print(table(["% of strokes read, unseen writers", *(f"pen {pen}" for pen in PENS)], rows))
    print()
    rows = [
        [str(j.fold), f"{j.strokes:.2f}", f"{j.worst[0]}: {j.worst[1]:.1f}", f"{j.mnist:.2f}",
         f"{j.error:.2f}", f"{j.sure:.2f}"]
        for j in judged
    ]  # fmt: skip
    heads = [
        "fold",
        "strokes, %",
        "worst class, %",
        "MNIST, %",
        "calibration error, %",
        "sure from",
    ]
    print(table(heads, rows))
    print()
    rows = []
    for name in judged[0].refused:
        found = [j.refused[name] for j in judged]
        rows.append([name, f"{np.mean(found):.2f}", f"{min(found):.2f}", f"{max(found):.2f}"])
    print(table(["not sure of, %", "mean", "least", "most"], rows))


def main() -> None:
    """Read the arguments and measure."""
    parser = arguments(__doc__)
    parser.add_argument("--folds", type=count, default=FOLDS, help="how many of the five")
    parser.add_argument("--recipe", default="standard", choices=list(RECIPES))
    parser.add_argument("--epochs", type=count, default=12)
    parser.add_argument("--data", type=Path, default=MNIST.parent)
    parser.add_argument("--keep", type=Path, help="a folder that keeps the models")
    parser.add_argument("--model", type=Path, help="measure this one instead, on all writers")
    parser.add_argument("--unseen-kinds", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        options.keep = options.keep or Path(folder)
        options.keep.mkdir(parents=True, exist_ok=True)
        measure(options)


if __name__ == "__main__":
    run_script(main)
