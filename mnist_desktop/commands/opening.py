"""The arguments that name a dataset or a model, and what several commands do with them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_desktop.commands.driving import UsageError, drive, show_progress
from mnist_desktop.commands.output import Output
from mnist_desktop.errors import UserError

if TYPE_CHECKING:
    from mnist_desktop.datasets.dataset import Dataset
    from mnist_desktop.inference.classifier import Classifier


def add_dataset_arguments(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Declare the arguments that name the dataset of a command."""
    source = parser.add_mutually_exclusive_group(required=required)
    source.add_argument("--images", type=Path, metavar="FILE", help="the IDX file of the images")
    source.add_argument(
        "--sample-digits",
        type=count,
        metavar="N",
        help="instead of files: N digits in generated handwriting",
    )
    parser.add_argument(
        "--labels",
        type=Path,
        metavar="FILE",
        help="the IDX file of the labels (default: the one that belongs with the images)",
    )
    parser.add_argument(
        "--mapping", type=Path, metavar="FILE", help="the file of class names (EMNIST's mapping)"
    )
    parser.add_argument(
        "--merge",
        type=Path,
        metavar="FILE",
        help="merge the classes into those this mapping file lists; a letter that it does not list "
        "goes to its capital (emnist-bymerge-mapping.txt makes 47 classes of EMNIST's 62)",
    )


def open_dataset(arguments: argparse.Namespace, output: Output) -> Dataset:
    """Return the dataset that `add_dataset_arguments` names; its notes are told."""
    if arguments.sample_digits is not None:
        if arguments.labels or arguments.mapping:
            raise UsageError("--sample-digits come with their labels")
        from mnist_desktop.datasets.sample_digits import sample_dataset

        samples = sample_dataset(arguments.sample_digits)
        return _merged(samples, arguments.merge) if arguments.merge else samples
    return open_files(arguments.images, arguments, labels=arguments.labels, output=output)


def _merged(dataset: Dataset, path: Path) -> Dataset:
    """Return a dataset with the classes that a mapping file lists."""
    from mnist_desktop.datasets.known import read_mapping
    from mnist_desktop.datasets.merging import merge_classes

    return merge_classes(dataset, read_mapping(path))


def open_files(
    images: Path, arguments: argparse.Namespace, *, labels: Path | None, output: Output
) -> Dataset:
    """Return the dataset in these files, its classes named and merged as the arguments say.

    Its notes are told, with progress when it takes long.
    """
    from mnist_desktop.datasets.dataset import open_dataset_job

    job = open_dataset_job(
        images, labels_path=labels, mapping_path=arguments.mapping, merge_path=arguments.merge
    )
    dataset = drive(job, output, show_progress(output))
    for note in dataset.notes:
        output.event("note", text=note, path=images)
        output.line(f"note: {note}")
    return dataset


def add_test_arguments(parser: argparse._ActionsContainer, *, help: str) -> None:
    """Declare the arguments that name a second dataset, the test split."""
    parser.add_argument("--test-images", type=Path, metavar="FILE", help=help)
    parser.add_argument(
        "--test-labels",
        type=Path,
        metavar="FILE",
        help="its labels (default: the file that belongs with it)",
    )


def open_test_split(arguments: argparse.Namespace, output: Output) -> Dataset | None:
    """Return the dataset that `add_test_arguments` names, which must have labels, if any."""
    if not arguments.test_images:
        if arguments.test_labels:
            raise UsageError("--test-labels go with --test-images")
        return None
    test = open_files(arguments.test_images, arguments, labels=arguments.test_labels, output=output)
    require_labels(test, option="--test-labels")
    return test


def add_test_share_argument(parser: argparse._ActionsContainer, *, help: str) -> None:
    """Declare the argument that sets a part of the dataset apart for testing."""
    parser.add_argument("--test-share", type=share, metavar="SHARE", help=help)


def test_part(dataset: Dataset, arguments: argparse.Namespace) -> Dataset:
    """Return the part that `--test-share` sets apart with `--seed`; all where it is not given."""
    if arguments.test_share is None:
        return dataset
    from mnist_desktop.datasets.splits import set_test_apart

    require_labels(dataset)
    return set_test_apart(dataset, arguments.test_share, seed=arguments.seed or 0)[1]


def require_labels(dataset: Dataset, *, option: str = "--labels") -> None:
    """Refuse a dataset whose labels are missing."""
    if dataset.labels is None:
        raise UserError(
            f"No labels were found for “{dataset.images_path or dataset.name}”",
            f"Name their file with {option}.",
        )


def add_model_argument(parser: argparse.ArgumentParser) -> None:
    """Declare the argument that names the model of a command."""
    parser.add_argument(
        "--model",
        type=Path,
        metavar="ONNX",
        help="the model to ask (default: the one that comes with the program)",
    )


def open_model(arguments: argparse.Namespace) -> Classifier:
    """Return the classifier that `add_model_argument` names."""
    from mnist_desktop.inference.classifier import Classifier, default_model_path

    return Classifier.load(arguments.model or default_model_path())


def percent(share: float) -> str:
    """Return a share as a person reads it, with the digits that still mean something."""
    return f"{share:.2%}".replace("%", " %")


def count(text: str) -> int:
    """Return a positive whole number; what else stands there is wrong usage."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not at least 1")
    return number


def share(text: str) -> float:
    """Return a share of a dataset, above 0 and up to a half; what else stands there is refused."""
    number = float(text)
    if not 0 < number <= 0.5:
        raise argparse.ArgumentTypeError(f"{text} is not above 0 and at most 0.5")
    return number


def seed(text: str) -> int:
    """Return the seed of a draw, 0 or more; what else stands there is wrong usage."""
    number = int(text)
    if not 0 <= number < 2**63:
        raise argparse.ArgumentTypeError(f"{text} is not 0 or more")
    return number
