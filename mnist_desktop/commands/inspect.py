"""`mnist-desktop inspect`: what a file is, what is wrong with it, and what can be saved."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_desktop.commands.driving import UsageError, drive, show_progress
from mnist_desktop.commands.output import Output
from mnist_desktop.errors import UserError

if TYPE_CHECKING:
    from mnist_desktop.datasets.byte_group import ByteGroup
    from mnist_desktop.datasets.description import Description
    from mnist_desktop.datasets.doctor import Diagnosis
    from mnist_desktop.datasets.judgement import Identity, Orientation
    from mnist_desktop.datasets.rescue import Saved

SUMMARY = "Tell what an IDX file holds and what is wrong with it."

EXIT_CODES = {"sound": 0, "damaged": 1, "not idx": 2}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the file to examine")
    parser.add_argument(
        "--rescue",
        type=Path,
        metavar="TARGET",
        help="write the whole items of a damaged file as a sound one (packed if it ends in .gz)",
    )
    parser.add_argument(
        "--with-partner",
        action="store_true",
        help="with --rescue: also write the file that belongs with it, cut to the same count, "
        "beside TARGET",
    )
    parser.epilog = "Exit code: 0 sound, 1 damaged, 2 no IDX file."


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Examine the file to its last byte and tell the result."""
    from mnist_desktop.datasets.anatomy import read_anatomy
    from mnist_desktop.datasets.doctor import diagnose_job

    if arguments.with_partner and not arguments.rescue:
        raise UsageError("--with-partner goes with --rescue")
    try:
        diagnosis = drive(diagnose_job(arguments.file), output, show_progress(output))
        anatomy = read_anatomy(arguments.file)
    except UserError as error:  # a file that is not there or may not be read is no IDX file either
        output.error(error)
        return EXIT_CODES["not idx"]
    description = _describe(diagnosis, output)
    _tell(diagnosis, description, output)
    saved = _rescue(diagnosis, arguments, output) if arguments.rescue else None
    output.done(
        path=diagnosis.path,
        verdict=diagnosis.verdict,
        type=diagnosis.type,
        shape=diagnosis.shape,
        compressed=diagnosis.compressed,
        published=diagnosis.published,
        identity=_plain(description.identity, title=description.identity.title),
        orientation=_plain(description.orientation, lying=description.orientation.lying),
        partner=diagnosis.partner,
        recoverable=diagnosis.recoverable,
        savable=diagnosis.savable,
        saved=saved.count if saved else None,
        saved_partner=saved.partner_path if saved else None,
        header=[*_groups("gzip", anatomy.packing), *_groups("idx", anatomy.content)],
        problems=[
            {
                "text": problem.text,
                "advice": problem.advice,
                "offset": problem.offset,
                "fault": problem.fault,
            }
            for problem in diagnosis.problems
        ],
    )
    return EXIT_CODES[diagnosis.verdict]


def _groups(layer: str, groups: Sequence[ByteGroup]) -> list[dict[str, object]]:
    """Return explained bytes as objects for a program."""
    return [
        {
            "layer": layer,
            "offset": group.offset,
            "bytes": group.data.hex(" "),
            "meaning": group.meaning,
        }
        for group in groups
    ]


def _rescue(diagnosis: Diagnosis, arguments: argparse.Namespace, output: Output) -> Saved | None:
    """Save what is whole, if that makes a better file, and tell it."""
    from mnist_desktop.datasets.rescue import partner_target, rescue_job

    if not diagnosis.savable:
        sound = diagnosis.verdict == "sound"
        output.notice(
            "Nothing was saved: " + ("the file is sound." if sound else f"{diagnosis.prospect}.")
        )
        return None
    beside = None
    if arguments.with_partner and diagnosis.partner is not None:
        beside = partner_target(arguments.rescue, diagnosis.partner)
    job = rescue_job(arguments.file, arguments.rescue, partner_target=beside)
    saved = drive(job, output, show_progress(output))
    items = diagnosis.items(saved.count)
    output.line(f"saved        {saved.count:,} whole {items} in {saved.path}")
    if saved.partner_path is not None:
        output.line(f"             {saved.partner_count:,} of its partner in {saved.partner_path}")
    return saved


def _describe(diagnosis: Diagnosis, output: Output) -> Description:
    """Find out which dataset a sound file is a part of and how its pictures lie."""
    from mnist_desktop.datasets.description import Description, describe_job

    if diagnosis.verdict != "sound":
        return Description()
    return drive(describe_job(diagnosis.path), output, show_progress(output))


def _plain(judgement: Identity | Orientation, **values: object) -> dict[str, object]:
    """Return a judgement as an object for a program."""
    return {**values, "certainty": judgement.certainty.value, "reason": judgement.reason}


def _believed(description: Description, output: Output) -> None:
    """Write which dataset a file is a part of and how its pictures lie, as far as is known."""
    identity, orientation = description.identity, description.orientation
    words = {"certain": "is ", "likely": "is likely", "guess": "may be"}
    known = words.get(identity.certainty.value)
    if known:
        output.line(f"{known:<12} {identity.title} ({identity.certainty.value})")
        output.line(f"             {identity.reason}")
    if orientation.certainty.value in words:
        way = "lie on their side" if orientation.lying else "stand upright"
        output.line(f"pictures     {way} ({orientation.certainty.value})")
        output.line(f"             {orientation.reason}")


def _tell(diagnosis: Diagnosis, description: Description, output: Output) -> None:
    """Write the result for a person."""
    verdict = {"sound": "sound", "damaged": "damaged", "not idx": "no IDX file"}
    output.line(f"file         {diagnosis.path}")
    if diagnosis.type:
        sizes = " × ".join(f"{size:,}" for size in diagnosis.shape) or "a single value"
        packed = ", packed with gzip" if diagnosis.compressed else ""
        output.line(f"holds        {sizes}  {diagnosis.type}{packed}")
    _believed(description, output)
    if diagnosis.partner:
        output.line(f"belongs with {diagnosis.partner.name}")
    output.line(f"verdict      {verdict[diagnosis.verdict]}")
    for problem in diagnosis.problems:
        place = f" (byte {problem.offset:,})" if problem.offset else ""
        output.line(f"  {'✗' if problem.fault else '!'} {problem.text}{place}. {problem.advice}")
    if diagnosis.verdict != "sound" or diagnosis.savable:
        how = ": --rescue TARGET" if diagnosis.savable else ""
        output.line(f"  {diagnosis.prospect}{how}")
