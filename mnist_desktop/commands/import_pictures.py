"""`mnist-desktop import`: make IDX files of a folder of pictures."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_desktop.commands.driving import UsageError, drive, show_progress
from mnist_desktop.commands.opening import count
from mnist_desktop.commands.output import Output

if TYPE_CHECKING:
    from mnist_desktop.inference.picture_import import Imported

SUMMARY = "Make IDX files of a folder of pictures: a folder for each class, or labels in a table."

_SHOWN = 10  # skipped files that a person is told; --json tells them all


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    parser.add_argument(
        "folder",
        type=Path,
        metavar="FOLDER",
        help="the pictures; folders in it called train and test are splits",
    )
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="IMAGES",
        help="the IDX file of the images, such as my-images-idx3-ubyte.gz; labels go beside it",
    )
    parser.add_argument(
        "--recipe",
        choices=("mnist", "emnist", "resize", "none"),
        default="mnist",
        help="how ink becomes a picture: as MNIST's or EMNIST's were made, the whole picture "
        "resized, or none: grey values as they are (default: mnist)",
    )
    parser.add_argument(
        "--size",
        type=count,
        metavar="N",
        help="the side of all pictures (default: 28; with --recipe none the size they have)",
    )
    parser.add_argument(
        "--labels-from",
        choices=("folders", "names", "table", "none"),
        help="a folder for each class, names such as 7_00012.png, labels.csv, or no labels "
        "(default: what there is)",
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Write the files, and tell them and what was skipped."""
    from mnist_desktop.datasets.picture_folder import scan_job
    from mnist_desktop.inference.picture_import import MOST_SIZE, import_job

    if arguments.size and arguments.size > MOST_SIZE:
        raise UsageError(f"--size is at most {MOST_SIZE}")
    scan = scan_job(arguments.folder, arguments.labels_from)
    folder = drive(scan, output, show_progress(output))
    job = import_job(folder, arguments.output, recipe=arguments.recipe, size=arguments.size)
    imported = drive(job, output, show_progress(output))
    for skipped in imported.skipped:
        output.event("skipped", path=skipped.path, reason=skipped.reason)
    _tell(imported, folder.source, output)
    output.done(
        files=imported.files,
        count=sum(imported.counts.values()),
        splits={name: number for name, number in imported.counts.items() if name},
        size=imported.size,
        labels_from=folder.source,
        class_names=imported.class_names,
        skipped=len(imported.skipped),
        notes=imported.notes,
    )
    return 0


def _tell(imported: Imported, source: str, output: Output) -> None:
    """Write the result for a person."""
    told = {
        "folders": "by folders",
        "names": "by the files' names",
        "table": "by labels.csv",
        "none": "no labels",
    }
    height, width = imported.size
    for split, number in imported.counts.items():
        output.line(f"{split or 'pictures':<12} {number:,} of {width} × {height}")
    classes = f"{len(imported.class_names):,}, " if imported.class_names else ""
    output.line(f"classes      {classes}{told[source]}")
    for note in imported.notes:
        output.line(f"note: {note}")
    if imported.skipped:
        output.line(f"skipped      {len(imported.skipped):,}")
    for skipped in imported.skipped[:_SHOWN]:
        output.line(f"  {skipped.path} {skipped.reason}")
    if len(imported.skipped) > _SHOWN:
        output.line(f"  … and {len(imported.skipped) - _SHOWN:,} more (--json tells all)")
    for path in imported.files:
        output.line(str(path))
