"""The arguments of a training that goes on from a model, and what they may mean together."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_desktop.commands.driving import UsageError
from mnist_desktop.commands.opening import open_files, require_labels
from mnist_desktop.commands.output import Output

if TYPE_CHECKING:
    from mnist_desktop.datasets.dataset import Dataset


def add_start_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments that name the model to go on from and the samples to mix in."""
    parser.add_argument(
        "--from",
        dest="start",
        type=Path,
        metavar="M.onnx",
        help="go on from a model that this program trained; the recipe is then “fine-tune”, and "
        "the network is the model's, whatever the recipe",
    )
    parser.add_argument(
        "--mix-images",
        type=Path,
        metavar="FILE",
        help="with --from: images to mix in, best those the model was trained on, so that it "
        "forgets nothing",
    )
    parser.add_argument(
        "--mix-labels",
        type=Path,
        metavar="FILE",
        help="their labels (default: the file that belongs with them)",
    )


def check_start_usage(arguments: argparse.Namespace) -> None:
    """Refuse what cannot be meant, before any file is read."""
    if arguments.mix_labels and not arguments.mix_images:
        raise UsageError("--mix-labels go with --mix-images")
    if arguments.mix_images and not (arguments.start or arguments.resume):
        raise UsageError(
            "--mix-images go with --from", "Name the model to go on from, or leave them out."
        )


def open_mix(arguments: argparse.Namespace, output: Output) -> Dataset | None:
    """Return the samples to mix in, which must have labels, if any."""
    if not arguments.mix_images:
        if arguments.start:
            text = "Nothing is mixed in, so the model may forget what it has read before"
            output.event("note", text=text, path=arguments.start)
            output.notice(f"{text}; --mix-images names the images it was trained on.")
        return None
    mix = open_files(arguments.mix_images, arguments, labels=arguments.mix_labels, output=output)
    require_labels(mix, option="--mix-labels")
    return mix
