"""`mnist-desktop predict`: what a model reads in picture files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_desktop.commands.opening import add_model_argument, open_model, percent
from mnist_desktop.commands.output import Output
from mnist_desktop.errors import UserError

if TYPE_CHECKING:
    from mnist_desktop.inference.classifier import Classifier, Prediction

SUMMARY = "Read the character in each picture file (PNG, JPEG, …), dark on light or light on dark."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    add_model_argument(parser)
    parser.add_argument(
        "pictures",
        nargs="+",
        type=Path,
        metavar="PICTURE",
        help="a picture of one character; one that already has the model's size is taken as it is",
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Answer for each picture; one that cannot be read is told and the others go on."""
    classifier = open_model(arguments)
    failed = 0
    for path in arguments.pictures:
        try:
            prediction = _answer(classifier, path)
        except UserError as error:
            failed += 1
            output.error(error, picture=path)
            continue
        _tell(prediction, path, output)
    output.done(count=len(arguments.pictures) - failed, failed=failed, model=classifier.path)
    return 1 if failed else 0


def _answer(classifier: Classifier, path: Path) -> Prediction:
    """Return what the model reads in the picture at `path`; empty for a blank one."""
    from mnist_desktop.inference.classifier import Prediction
    from mnist_desktop.inference.picture import read_picture

    contract = classifier.contract
    raster = read_picture(path)
    if raster.any() and raster.shape == contract.upright_shape:
        return classifier.answer(raster)
    steps = classifier.prepare(raster)
    if steps.empty:
        return Prediction.empty(contract.class_names)
    return classifier.answer(steps.picture)


def _tell(prediction: Prediction, path: Path, output: Output) -> None:
    """Write one answer."""
    output.event(
        "prediction",
        picture=path,
        label=prediction.label,
        confidence=prediction.confidence,
        probabilities=prediction.probabilities,
        class_names=prediction.class_names,
    )
    if prediction.is_empty:
        output.line(f"{'–':<3} {'blank':>9}  {path}")
    else:
        output.line(f"{prediction.label:<3} {percent(prediction.confidence):>9}  {path}")
