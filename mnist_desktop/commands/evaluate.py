"""`mnist-desktop evaluate`: how often a model is right on a labelled dataset."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from mnist_desktop.commands.driving import drive, show_progress
from mnist_desktop.commands.opening import (
    add_dataset_arguments,
    add_model_argument,
    add_test_share_argument,
    open_dataset,
    open_model,
    percent,
    require_labels,
    seed,
    test_part,
)
from mnist_desktop.commands.output import Output

if TYPE_CHECKING:
    from mnist_desktop.datasets.dataset import Dataset
    from mnist_desktop.inference.evaluation import Evaluation

SUMMARY = "Measure how often a model is right on a labelled dataset."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    add_model_argument(parser)
    add_dataset_arguments(parser)
    add_test_share_argument(
        parser, help="measure only the part that “train --test-share” sets apart with this seed"
    )
    parser.add_argument(
        "--seed", type=seed, default=0, metavar="N", help="of that draw (default: 0)"
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Evaluate and tell the result."""
    from mnist_desktop.inference.evaluation import evaluate

    classifier = open_model(arguments)
    dataset = open_dataset(arguments, output)
    require_labels(dataset)
    dataset = test_part(dataset, arguments)
    evaluation = drive(evaluate(classifier, dataset), output, show_progress(output))
    _tell(evaluation, dataset, output)
    low, high = evaluation.interval()
    output.done(
        accuracy=evaluation.accuracy,
        count=evaluation.count,
        errors=len(evaluation.misread),
        loss=evaluation.loss,
        interval=[low, high],
        class_names=evaluation.class_names,
        confusion=evaluation.confusion,
        misread=evaluation.misread,
        model=classifier.path,
        dataset=dataset.name,
    )
    return 0


def _tell(evaluation: Evaluation, dataset: Dataset, output: Output) -> None:
    """Write the result for a person."""
    low, high = evaluation.interval()
    output.line(
        f"{percent(evaluation.accuracy)} right: {len(evaluation.misread):,} errors in "
        f"{evaluation.count:,} samples of {dataset.name} "
        f"(95 % certain: {percent(low)} to {percent(high)}), loss {evaluation.loss:.4f}"
    )
