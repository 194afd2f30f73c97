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
    share,
    test_part,
)
from mnist_desktop.commands.output import Output
from mnist_desktop.errors import UserError

if TYPE_CHECKING:
    from mnist_desktop.datasets.dataset import Dataset
    from mnist_desktop.datasets.export import ExportOptions, Format, Part

SUMMARY = "Write a dataset as IDX files, NumPy arrays, text, PNG pictures or a contact sheet."

FORMATS = ("idx", "npz", "npy", "csv", "text", "png", "sheet")
SCALES = ("bytes", "unit", "signed", "standardised")

# Which formats know an option, and its value where it is not given.
_OPTIONS: dict[str, tuple[tuple[str, ...], object]] = {
    "scale": (("npz", "npy"), "bytes"),
    "flat": (("npz", "npy"), False),
    "one_hot": (("npz", "npy"), False),
    "keys": (("npz",), ["x", "y"]),
    "arrangement": (("png",), "folders"),
    "columns": (("sheet",), 20),
    "cell": (("sheet",), 56),
    "no_captions": (("sheet",), False),
}
_CALLED = {
    "npz": "a NumPy archive (….npz)",
    "npy": "NumPy files (….npy)",
    "png": "a folder of pictures",
    "sheet": "a contact sheet (….png)",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    add_dataset_arguments(parser)
    parser.add_argument(
        "--output", type=Path, required=True, metavar="TARGET", help="the file or folder to write"
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        help="default: what the target's name asks for (….npz, ….npy, ….csv, ….txt, ….png for a "
        "contact sheet, …-images-idx3-ubyte, with .gz packed); a plain name is a folder of "
        "pictures",
    )
    _add_part_arguments(parser)
    _add_format_arguments(parser)


def _add_part_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what tells which samples are written, and whether in two parts."""
    part = parser.add_argument_group("a part of the dataset, or two parts")
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
    part.add_argument(
        "--split",
        type=share,
        metavar="SHARE",
        help="write a train part and a test part of this share, every class in its share",
    )
    add_test_arguments(part, help="the test part is this dataset; the other one is the train part")
    part.add_argument("--seed", type=seed, default=0, metavar="N", help="of the draw (default: 0)")


def _add_format_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what only some formats know."""
    arrays = parser.add_argument_group("for NumPy (.npz, .npy)")
    arrays.add_argument("--scale", choices=SCALES, default="bytes",
                        help="0 to 255, 0 to 1, −1 to 1, or with mean 0 and standard deviation 1, "
                        "those of the train part (default: bytes)")  # fmt: skip
    arrays.add_argument("--flat", action="store_true", help="an image as one row of values")
    arrays.add_argument("--one-hot", action="store_true", help="a label as a row with a one")
    arrays.add_argument(
        "--keys", nargs=2, metavar=("X", "Y"), default=["x", "y"],
        help="what images and labels are called in .npz (default: x y)",
    )  # fmt: skip
    pictures = parser.add_argument_group("for PNG pictures")
    pictures.add_argument("--arrangement", choices=("folders", "names", "table"), default="folders",
                          help="a folder for each class; or all numbered in one folder, with the "
                          "class in the name or in labels.csv (default: folders)")  # fmt: skip
    sheet = parser.add_argument_group("for a contact sheet (.png)")
    sheet.add_argument("--columns", type=count, default=20, metavar="N",
                       help="pictures in a row (default: 20)")  # fmt: skip
    sheet.add_argument("--cell", type=count, default=56, metavar="PIXELS",
                       help="the longer side of a picture (default: 56)")  # fmt: skip
    sheet.add_argument("--no-captions", action="store_true", help="no class and index below them")


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Write the dataset and tell the files."""
    from mnist_desktop.datasets.export import export_job

    options = _options(arguments)
    if arguments.split and (arguments.test_images or arguments.test_share):
        raise UsageError("--split makes a test part, and so does --test-images or --test-share")
    parts = _parts(arguments, output)
    job = export_job(parts, arguments.output, options)
    files = drive(job, output, show_progress(output))
    for path in files:
        output.line(str(path))
    counts = {name: len(part) for name, part in parts.items() if name}
    total = sum(map(len, parts.values()))
    output.done(files=files, format=options.format, count=total, **counts)
    return 0


def _options(arguments: argparse.Namespace) -> ExportOptions:
    """Return what the export is to look like; what its format does not know is wrong usage."""
    from mnist_desktop.datasets.export import ExportOptions, format_for

    chosen: Format = arguments.format or format_for(arguments.output)
    for name, (formats, usual) in _OPTIONS.items():
        if getattr(arguments, name) != usual and chosen not in formats:
            named = " or ".join(_CALLED[known] for known in formats)
            raise UsageError(f"--{name.replace('_', '-')} only goes with {named}")
    try:
        return ExportOptions(
            chosen,
            scale=arguments.scale,
            flat=arguments.flat,
            one_hot=arguments.one_hot,
            keys=(arguments.keys[0], arguments.keys[1]),
            arrangement=arguments.arrangement,
            columns=arguments.columns,
            cell=arguments.cell,
            captions=not arguments.no_captions,
        )
    except ValueError as error:
        raise UsageError(str(error)) from error


def _parts(arguments: argparse.Namespace, output: Output) -> dict[str, Part]:
    """Return what the arguments ask for: one part without a name, or two of them."""
    from mnist_desktop.datasets.export import Part, split_part

    dataset = test_part(open_dataset(arguments, output), arguments)
    test = open_test_split(arguments, output)
    part = _part(dataset, arguments)
    if test is not None:
        return {"train": part, "test": Part(test)}
    if arguments.split:
        return split_part(part, arguments.split, seed=arguments.seed)
    return {"": part}


def _part(dataset: Dataset, arguments: argparse.Namespace) -> Part:
    """Return the part of the dataset that the arguments ask for."""
    import numpy as np

    from mnist_desktop.datasets.export import Part
    from mnist_desktop.datasets.splits import split_stratified

    part = Part(dataset)
    if not arguments.only and not arguments.stratified:
        return part
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
        part = part.taken(np.flatnonzero(np.isin(dataset.labels, wanted)))
    if arguments.stratified:
        if arguments.stratified > len(part):
            raise UserError(
                f"There are only {len(part):,} samples", "Name a smaller number to draw."
            )
        assert part.labels is not None
        drawn = arguments.stratified / len(part)
        part = part.taken(split_stratified(part.labels, drawn, seed=arguments.seed)[1])
    return part
