"""`mnist-desktop morph`: what lies between two images, drawn by an autoencoder, read by a model."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_desktop.commands.driving import UsageError, drive, show_progress
from mnist_desktop.commands.opening import (
    add_dataset_arguments,
    add_model_argument,
    open_dataset,
    open_model,
)
from mnist_desktop.commands.output import Output
from mnist_desktop.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mnist_desktop.datasets.dataset import Dataset
    from mnist_desktop.inference.classifier import Classifier
    from mnist_desktop.inference.morphing import Autoencoder
    from mnist_desktop.inference.way import Way
    from mnist_desktop.progress import Job

SUMMARY = "Draw what lies between two images of a dataset, a row for each pair, and read it."

STEPS = 9
MOST_STEPS = 101
ENLARGED, GAP = 4, 8  # screen pixels for each of an image's, and between two images


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    parser.add_argument(
        "--encoder",
        type=Path,
        metavar="ONNX",
        help="the encoder, M.onnx with M.decoder.onnx beside it (default: the program's own)",
    )
    add_model_argument(parser)
    add_dataset_arguments(parser)
    parser.add_argument(
        "--pairs",
        type=_pairs,
        required=True,
        metavar="I:J,…",
        help="the images at the two ends of each row, by index from 0: 3:5,10:20",
    )
    parser.add_argument(
        "--steps", type=int, default=STEPS, metavar="N", help=f"images in a row (default: {STEPS})"
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="PNG", help="where to write the picture"
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Draw the rows, write them as one picture, and tell where the answers turn."""
    from mnist_desktop.datasets.png import png_bytes
    from mnist_desktop.files import write_bytes
    from mnist_desktop.inference.morphing import Autoencoder, default_autoencoder_path

    if not 2 <= arguments.steps <= MOST_STEPS:
        raise UsageError(f"--steps is {arguments.steps}; it must be 2 to {MOST_STEPS}")
    autoencoder = Autoencoder.load(arguments.encoder or default_autoencoder_path())
    classifier = open_model(arguments)
    dataset = open_dataset(arguments, output)
    _check_indices(arguments.pairs, dataset)
    job = _find_ways(autoencoder, classifier, dataset, arguments.pairs, steps=arguments.steps)
    ways = drive(job, output, show_progress(output))
    write_bytes(arguments.output, png_bytes(_sheet(ways, arguments.steps)))
    for pair, way in zip(arguments.pairs, ways, strict=True):
        _tell(way, pair, dataset, output, steps=arguments.steps)
    output.line(f"written to {arguments.output}")
    output.done(
        output=arguments.output,
        pairs=len(ways),
        steps=arguments.steps,
        encoder=autoencoder.path,
        model=classifier.path,
        dataset=dataset.name,
    )
    return 0


def _find_ways(
    autoencoder: Autoencoder,
    classifier: Classifier,
    dataset: Dataset,
    pairs: list[tuple[int, int]],
    *,
    steps: int,
) -> Job[list[Way]]:
    """Find the way of each pair, finer than it is shown, so that turns are found to a percent."""
    from mnist_desktop.inference.way import find_way, fine_steps
    from mnist_desktop.progress import Progress

    ways = []
    for number, (first, second) in enumerate(pairs):
        yield Progress(number, len(pairs), f"{first}:{second}")
        way = find_way(
            autoencoder,
            classifier,
            first=dataset.images[first],
            second=dataset.images[second],
            steps=fine_steps(steps),
        )
        ways.append(way)
    return ways


def _sheet(ways: list[Way], steps: int) -> NDArray[np.uint8]:
    """Return all rows as one (height, width) uint8 picture, dark ink on white paper."""
    import numpy as np

    pictures = np.stack([way.pictures[list(way.steps(steps))] for way in ways])
    large = pictures.repeat(ENLARGED, axis=2).repeat(ENLARGED, axis=3)
    rows, columns, height, width = large.shape
    sheet = np.zeros((rows, height + GAP, columns, width + GAP), np.uint8)
    sheet[:, :height, :, :width] = large.transpose(0, 2, 1, 3)
    whole = sheet.reshape(rows * (height + GAP), columns * (width + GAP))
    framed: NDArray[np.uint8] = 255 - np.pad(whole, ((GAP, 0), (GAP, 0)))
    return framed


def _tell(way: Way, pair: tuple[int, int], dataset: Dataset, output: Output, *, steps: int) -> None:
    """Tell how the model reads one row, and where its answer turns."""
    predictions = [way.prediction(index) for index in way.steps(steps)]
    output.event(
        "morph",
        first=pair[0],
        second=pair[1],
        labels=[dataset.class_name(index) for index in pair],
        answers=[prediction.label for prediction in predictions],
        confidences=[prediction.confidence for prediction in predictions],
        turns=[
            {"place": turn.place, "before": turn.before, "after": turn.after}
            for turn in way.turns()
        ],
        unsure=way.doubts(),
    )
    answers = [
        prediction.label if way.is_sure(index) else f"({prediction.label}?)"
        for index, prediction in zip(way.steps(steps), predictions, strict=True)
    ]
    turns = [f"{turn.before} → {turn.after} at {turn.place:.0%}" for turn in way.turns()]
    output.line(
        f"{pair[0]}:{pair[1]}  {' '.join(answers)}  {', '.join(turns) or 'no turn'}".replace(
            "%", " %"
        )
    )


def _check_indices(pairs: list[tuple[int, int]], dataset: Dataset) -> None:
    """Refuse images that the dataset does not have."""
    for index in (index for pair in pairs for index in pair):
        if index >= len(dataset):
            raise UserError(
                f"{dataset.name} has no image {index:,}",
                f"Name images from 0 to {len(dataset) - 1:,} with --pairs.",
            )


def _pairs(text: str) -> list[tuple[int, int]]:
    """Return pairs of indices, or refuse what else stands there."""
    pairs = []
    for part in text.split(","):
        ends = part.strip().split(":")
        if len(ends) != 2 or not all(end.isascii() and end.isdigit() for end in ends):
            raise argparse.ArgumentTypeError(f"“{part}” is no pair of indices like 3:5")
        pairs.append((int(ends[0]), int(ends[1])))
    return pairs
