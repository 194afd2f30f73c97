"""`mnist-desktop export`: take a dataset, or a part of it, away in another format."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_desktop.commands.driving import UsageError, drive, show_progress
from mnist_desktop.commands.opening import (
    add_dataset_arguments,
    add_test_arguments,
    add_test_share_argument,
    count,
    open_dataset,
    open_test_split,
    require_labels,
    seed,
    test_part,
)
from mnist_desktop.commands.output import Output
from mnist_desktop.errors import UserError

if TYPE_CHECKING:
    from mnist_desktop.datasets.dataset import Dataset
    from mnist_desktop.progress import Job

SUMMARY = "Write a dataset as IDX files, a NumPy archive, a CSV table or a folder of PNG pictures."

_NPZ_DEFAULTS = {"scale": "bytes", "flat": False, "one_hot": False, "keys": ["x", "y"]}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    add_dataset_arguments(parser)
    parser.add_argument(
        "--output", type=Path, required=True, metavar="TARGET", help="the file or folder to write"
    )
    parser.add_argument(
        "--format",
        choices=("idx", "npz", "csv", "png"),
        help="default: what the target's name asks for; a plain name is a folder of pictures",
    )
    part = parser.add_argument_group("a part of the dataset")
    part.add_argument(
        "--only", action="append", metavar="CLASS", help="this class; may be given several times"
    )
    part.add_argument(
        "--stratified",
        type=count,
        metavar="N",
        help="N samples drawn at random, every class in its share",
    )
    add_test_share_argument(
        part, help="the part that “train --test-share” sets apart for testing with this seed"
    )
    part.add_argument("--seed", type=seed, default=0, metavar="N", help="of the draw (default: 0)")
    npz = parser.add_argument_group("for a NumPy archive (.npz)")
    npz.add_argument("--scale", choices=("bytes", "unit", "signed"), default="bytes",
                     help="0 to 255, 0 to 1 or −1 to 1 (default: bytes)")  # fmt: skip
    npz.add_argument("--flat", action="store_true", help="an image as one row of values")
    npz.add_argument("--one-hot", action="store_true", help="a label as a row with a one")
    npz.add_argument("--keys", nargs=2, metavar=("X", "Y"), default=["x", "y"],
                     help="what images and labels are called (default: x y)")  # fmt: skip
    add_test_arguments(
        npz, help="a second split: then there are x_train, y_train, x_test and y_test"
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Write the dataset and tell the files."""
    from mnist_desktop.datasets.export import format_for

    chosen = arguments.format or format_for(arguments.output)
    said = [name for name, value in _NPZ_DEFAULTS.items() if getattr(arguments, name) != value]
    said += ["test_images"] if arguments.test_images else []
    if said and chosen != "npz":
        options = ", ".join(f"--{name.replace('_', '-')}" for name in said)
        raise UsageError(f"{options} only go with a NumPy archive", "Name the target ….npz.")
    dataset = _part(test_part(open_dataset(arguments, output), arguments), arguments)
    test = open_test_split(arguments, output)
    files = drive(_job(dataset, test, arguments, chosen), output, show_progress(output))
    for path in files:
        output.line(str(path))
    output.done(files=files, format=chosen, count=len(dataset))
    return 0


def _job(
    dataset: Dataset, test: Dataset | None, arguments: argparse.Namespace, chosen: str
) -> Job[tuple[Path, ...]]:
    """Return the job that writes."""
    from mnist_desktop.datasets.export import export_job, export_npz_job

    if chosen != "npz":
        return export_job(dataset, arguments.output, format=chosen)  # type: ignore[arg-type]
    return export_npz_job(
        {"": dataset} if test is None else {"train": dataset, "test": test},
        arguments.output,
        scale=arguments.scale,
        flat=arguments.flat,
        one_hot=arguments.one_hot,
        names=(arguments.keys[0], arguments.keys[1]),
    )


def _part(dataset: Dataset, arguments: argparse.Namespace) -> Dataset:
    """Return the part of the dataset that the arguments ask for."""
    import numpy as np

    from mnist_desktop.datasets.splits import split_stratified

    if not arguments.only and not arguments.stratified:
        return dataset
    require_labels(dataset)
    assert dataset.labels is not None
    if arguments.only:
        unknown = [name for name in arguments.only if name not in dataset.class_names]
        if unknown:
            raise UserError(
                f"{dataset.name} has no class “{unknown[0]}”",
                f"It has {', '.join(dataset.class_names)}.",
            )
        wanted = [dataset.class_names.index(name) for name in arguments.only]
        dataset = dataset.select(np.flatnonzero(np.isin(dataset.labels, wanted)))
    if arguments.stratified:
        if arguments.stratified > len(dataset):
            raise UserError(
                f"There are only {len(dataset):,} samples", "Name a smaller number to draw."
            )
        assert dataset.labels is not None
        share = arguments.stratified / len(dataset)
        dataset = dataset.select(split_stratified(dataset.labels, share, seed=arguments.seed)[1])
    return dataset
