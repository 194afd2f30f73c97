"""`mnist-desktop duplicates`: images that stand twice, within a split or in both."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_desktop.commands.driving import UsageError, drive, show_progress
from mnist_desktop.commands.opening import (
    add_dataset_arguments,
    add_test_arguments,
    open_dataset,
    open_files,
)
from mnist_desktop.commands.output import Output

if TYPE_CHECKING:
    from mnist_desktop.datasets.duplicates import Duplicates

SUMMARY = "Find images that stand twice, within a split or in both, equal or nearly."

LEVELS = ("exact", "nearly", "similar", "alike")
"""The names of `datasets.duplicates.THRESHOLDS`, which a help text must not load numpy for."""

SHOWN = 20
"""Pairs told to a person; the table has them all."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    add_dataset_arguments(parser)
    add_test_arguments(parser, help="a second split: what is in both is a leak")
    parser.add_argument(
        "--near",
        type=_near,
        default="similar",
        metavar="LEVEL",
        help="how much two images may differ: exact (not at all), nearly (5 %%: noise, JPEG), "
        "similar (10 %%: a pixel or two of ink), alike (20 %%), or a number of percent up to 50 "
        "(default: similar)",
    )
    parser.add_argument(
        "--moved",
        action="store_true",
        help="also find images that were moved by a pixel; takes nine times as long",
    )
    parser.add_argument(
        "--output", type=Path, metavar="CSV", help="write all pairs as a table into this file"
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Look for duplicates and tell them."""
    from mnist_desktop.datasets.duplicates import THRESHOLDS, find_duplicates_job
    from mnist_desktop.datasets.duplicates_report import count, notes, write_pairs_job

    if arguments.test_labels and not arguments.test_images:
        raise UsageError("--test-labels go with --test-images")
    dataset = open_dataset(arguments, output)
    other = None
    if arguments.test_images:
        other = open_files(
            arguments.test_images, arguments, labels=arguments.test_labels, output=output
        )
    near = arguments.near
    threshold = THRESHOLDS[near] if isinstance(near, str) else near
    job = find_duplicates_job(dataset, other, threshold=threshold, moved=arguments.moved)
    found = drive(job, output, show_progress(output))
    files: tuple[Path, ...] = ()
    if arguments.output:
        files = drive(write_pairs_job(found, arguments.output), output, show_progress(output))
    _tell(found, output, written=arguments.output)
    counts = count(found)
    output.done(
        datasets=[split.name for split in found.splits],
        count=[len(split) for split in found.splits],
        threshold=found.threshold,
        moved=found.moved,
        complete_to=found.complete_to,
        exact=counts.exact,
        near=counts.near,
        conflicts=counts.conflicts,
        leaks=counts.leaks,
        groups=counts.groups,
        blank=list(found.blank),
        notes=notes(found),
        files=files,
    )
    return 0


def _tell(found: Duplicates, output: Output, *, written: Path | None) -> None:
    """Write the counts and the first pairs for a person, or all pairs for a program."""
    from mnist_desktop.datasets.duplicates_report import headline, notes, pair_values

    output.line(f"{headline(found)}.")
    for note in notes(found):
        output.line(f"note: {note}")
    if output.as_json and written is None:
        for pair in range(len(found)):
            output.event("pair", **pair_values(found, pair))
    for pair in range(min(SHOWN, len(found))):
        output.line(_pair_line(found, pair))
    if len(found) > SHOWN and written is None:
        more = len(found) - SHOWN
        output.line(f"  … and {more:,} more; --output pairs.csv writes them all")
    if written is not None:
        output.line(str(written))


def _pair_line(found: Duplicates, pair: int) -> str:
    """Return a pair as a line: which samples, their labels, how much they differ."""
    from mnist_desktop.datasets.duplicates_report import difference_text, kind_text

    sides = []
    for side in (0, 1):
        name = found.split_name(int(found.which[pair, side]))
        label = found.class_name(pair, side)
        sides.append(f"{name} {found.index[pair, side]:,}{f' “{label}”' if label else ''}")
    sign = "✗" if found.conflict[pair] else "→" if found.leak[pair] else " "
    kind = kind_text(found, pair)
    alike = "≈" if kind == "near" else "="
    if kind == "near":
        kind = f"differ by {difference_text(float(found.distance[pair]))}"
    remarks = ["labels conflict"] * bool(found.conflict[pair]) + ["leak"] * bool(found.leak[pair])
    return f"  {sign} {sides[0]} {alike} {sides[1]}: {', '.join([kind, *remarks])}"


def _near(text: str) -> str | float:
    """Return a level's name, or percent as a share; what else stands there is wrong usage."""
    if text in LEVELS:
        return text
    try:
        share = float(text.removesuffix("%")) / 100
    except ValueError:
        share = -1.0
    if not 0 <= share <= 0.5:
        names = ", ".join(LEVELS)
        raise argparse.ArgumentTypeError(f"{text} is none of {names}, and not 0 to 50")
    return share
