"""`mnist-desktop train`: learn from a labelled dataset and write an ordinary ONNX model."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_desktop.commands.driving import StoppedError, UsageError, drive, show_progress
from mnist_desktop.commands.opening import (
    add_dataset_arguments,
    add_test_arguments,
    add_test_share_argument,
    open_dataset,
    open_test_split,
    percent,
    require_labels,
)
from mnist_desktop.commands.output import Output, bar, duration
from mnist_desktop.commands.starting import add_start_arguments, check_start_usage, open_mix
from mnist_desktop.progress import Progress

if TYPE_CHECKING:
    from mnist_desktop.trainer.progress import TrainingProgress, TrainingResult, TrainingSettings
    from mnist_desktop.trainer.recipes import Recipe
    from mnist_desktop.trainer.runs import RunSummary

SUMMARY = "Train a network on a labelled dataset and write it as an ONNX model."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    add_dataset_arguments(parser, required=False)
    parser.add_argument("--output", type=Path, metavar="M.onnx", help="where to write the model")
    parser.add_argument(
        "--recipe",
        metavar="NAME",
        help="how to train; a wrong name lists them. Or a TOML file with a recipe of your own",
    )
    parser.add_argument(
        "--show-recipe",
        metavar="NAME",
        help="write a recipe as TOML, to save, change and name with --recipe; nothing is trained",
    )
    parser.add_argument("--seed", type=int, metavar="N", help="default: 0")
    parser.add_argument("--epochs", type=int, metavar="N", help="default: the recipe's")
    parser.add_argument(
        "--validation",
        type=float,
        metavar="SHARE",
        help="part of the samples that chooses the best epoch, 0 to 0.5 (default: the recipe's)",
    )
    parser.add_argument("--threads", type=int, metavar="N", help="default: every core")
    add_start_arguments(parser)
    add_test_arguments(parser, help="a test split to measure the result on in the end")
    add_test_share_argument(
        parser, help="where there are no test files: set this part of the samples apart as such"
    )
    parser.add_argument(
        "--save-training-graph",
        type=Path,
        metavar="FILE.onnx",
        help="write the graph of one training step too, forwards and backwards, to look at",
    )
    parser.add_argument(
        "--resume",
        type=Path,
        metavar="RUN",
        help="go on with the run kept in this folder; what it was started with need not be named",
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Train and tell the result."""
    if arguments.show_recipe is not None:
        return _show_recipe(arguments.show_recipe, output)
    from mnist_desktop.trainer.job import train
    from mnist_desktop.trainer.runs import list_runs

    _check_usage(arguments)
    settings = _resumed(arguments, output) if arguments.resume else _settings(arguments, output)
    before = {run.folder for run in list_runs(settings.runs)} - {settings.resume}
    try:
        result = drive(train(settings), output, _reporter(settings.recipe, output))
    except StoppedError:
        for kept in list_runs(settings.runs):
            if kept.resumable and kept.folder not in before:
                _tell_kept(kept, output)
        raise
    _tell(result, output)
    output.done(**asdict(result))
    return 0


def _settings(arguments: argparse.Namespace, output: Output) -> TrainingSettings:
    """Return what the arguments ask for, with the datasets opened."""
    from mnist_desktop.trainer.progress import TrainingSettings
    from mnist_desktop.trainer.recipes import DEFAULT_RECIPE, FINE_TUNE

    recipe = _recipe(arguments.recipe or (FINE_TUNE if arguments.start else DEFAULT_RECIPE))
    dataset = open_dataset(arguments, output)
    if _answers(recipe):
        require_labels(dataset)
    return TrainingSettings(
        dataset=dataset,
        output=arguments.output,
        recipe=recipe,
        seed=arguments.seed or 0,
        epochs=arguments.epochs,
        threads=arguments.threads,
        test=open_test_split(arguments, output),
        validation=arguments.validation,
        test_share=arguments.test_share or 0.0,
        start=arguments.start,
        mix=open_mix(arguments, output),
        training_graph=arguments.save_training_graph,
    )


def _resumed(arguments: argparse.Namespace, output: Output) -> TrainingSettings:
    """Return the settings of a run that is kept, with what the arguments say instead."""
    from mnist_desktop.trainer.job import resume_settings
    from mnist_desktop.trainer.runs import summarise

    named = arguments.images or arguments.sample_digits
    dataset = open_dataset(arguments, output) if named else None
    test, mix = open_test_split(arguments, output), open_mix(arguments, output)
    kept = resume_settings(arguments.resume, dataset, test=test, mix=mix)
    lost = summarise(arguments.resume).lost_test
    if kept.test is None and lost is not None:
        output.event("note", text="The test split is gone", path=lost)
        output.notice(
            f"The test split “{lost}” is gone, so the result is not measured on it; "
            "--test-images names another."
        )
    kept = replace(kept, training_graph=arguments.save_training_graph)
    names = ("output", "seed", "epochs", "threads", "validation", "test_share", "start")
    said = {name: getattr(arguments, name) for name in names}
    said = {name: value for name, value in said.items() if value is not None}
    if arguments.recipe:
        said["recipe"] = _recipe(arguments.recipe)
    return replace(kept, **said)


def _recipe(name: str) -> Recipe:
    """Return the recipe of that name, or the one in the file of that name."""
    from mnist_desktop.trainer.recipe_file import read_recipe
    from mnist_desktop.trainer.recipes import RECIPES

    if name in RECIPES:
        return RECIPES[name]
    path = Path(name)
    if path.suffix.lower() == ".toml" or len(path.parts) > 1 or path.exists():
        return read_recipe(path)
    known = "".join(f"\n  {recipe.name:<15}{recipe.summary}" for recipe in RECIPES.values())
    raise UsageError(
        f"There is no recipe “{name}”",
        f"Known are:{known}\nor the name of a TOML file with a recipe of your own, such as my.toml",
    )


def _show_recipe(name: str, output: Output) -> int:
    """Write a recipe with all its fields, for a person to begin a recipe of their own from."""
    from mnist_desktop.trainer.recipe_writer import recipe_text

    text = recipe_text(_recipe(name))
    output.line(text.rstrip())
    output.done(recipe=text)
    return 0


def _check_usage(arguments: argparse.Namespace) -> None:
    """Refuse what cannot be meant, before any file is read."""
    if not arguments.resume:
        if not arguments.images and not arguments.sample_digits:
            raise UsageError("Nothing to learn from", "Name --images or --sample-digits.")
        if not arguments.output:
            raise UsageError("Nowhere to write the model", "Name a file with --output.")
    check_start_usage(arguments)
    if arguments.test_labels and not arguments.test_images:
        raise UsageError("--test-labels go with --test-images")
    if arguments.test_share and arguments.test_images:
        raise UsageError("--test-share is for where there are no --test-images")
    for option in ("epochs", "threads"):
        value = getattr(arguments, option)
        if value is not None and value < 1:
            raise UsageError(f"--{option} is {value}; it must be at least 1")
    if not 0 <= (arguments.seed or 0) < 2**63:
        raise UsageError(f"--seed is {arguments.seed}; it must be 0 or more")
    if arguments.validation is not None and not 0 <= arguments.validation <= 0.5:
        raise UsageError(f"--validation is {arguments.validation}; it must be 0 to 0.5")


def _answers(recipe: Recipe) -> bool:
    """Tell whether what it trains names a class; an autoencoder does not, and needs no labels."""
    return not recipe.network.is_autoencoder


def _reporter(recipe: Recipe, output: Output) -> Callable[[Progress], object]:
    """Return what tells a training's progress: a live line, a line or an object for each epoch."""
    from mnist_desktop.trainer.progress import TrainingProgress

    ordinary, answers = show_progress(output), _answers(recipe)

    def report(progress: Progress) -> None:
        if not isinstance(progress, TrainingProgress):
            ordinary(progress)
        elif progress.kind == "epoch":
            output.event("epoch", **_values(progress, answers))
            output.line(_epoch_line(progress, answers))
        else:
            tell = output.event if progress.kind == "start" else output.frequent_event
            tell(progress.kind, **_values(progress, answers))
            output.live(
                f"epoch {progress.epoch}/{progress.epochs} {bar(progress.fraction)}"
                f" {progress.fraction:4.0%}  loss {progress.loss:.4f}"
                f"  {progress.images_per_second:,.0f} images/s"
                f"  {duration(progress.seconds_left)} left"
            )

    return report


def _values(progress: TrainingProgress, answers: bool) -> dict[str, object]:
    """Return the figures of a progress; what it says in words is left out."""
    from mnist_desktop.trainer.progress import TrainingProgress

    names = (field.name for field in fields(TrainingProgress))
    values = {name: getattr(progress, name) for name in names if name not in {"kind", "what"}}
    return values if answers else values | {"accuracy": None}


def _epoch_line(progress: TrainingProgress, answers: bool) -> str:
    """Return the line that stays of an epoch."""
    parts = [f"epoch {progress.epoch}/{progress.epochs}", f"loss {progress.loss:.4f}"]
    if answers:
        parts.append(f"accuracy {percent(progress.accuracy)}")
    elif progress.validation_loss is not None:
        parts.append(f"validation loss {progress.validation_loss:.4f}")
    if progress.validation_accuracy is not None:
        parts.append(f"validation {percent(progress.validation_accuracy)}")
    parts.append(duration(progress.seconds))
    return "   ".join(parts)


def _tell_kept(kept: RunSummary, output: Output) -> None:
    """Tell what is kept of a training that was stopped, and how to go on."""
    output.event("kept", run=kept.folder, epochs=kept.epochs_done)
    output.notice(
        f"Kept {kept.epochs_done} of {kept.epochs} epochs; go on with: "
        f"mnist-desktop train --resume {shlex.quote(str(kept.folder))}"
    )


def _tell(result: TrainingResult, output: Output) -> None:
    """Write the result for a person."""
    output.line(f"model      {result.model}  ({result.parameters:,} parameters)")
    if result.decoder is not None:
        output.line(f"decoder    {result.decoder}")
    output.line(f"run        {result.run}")
    if result.stopped is not None:
        output.notice(f"{result.stopped}; epoch {result.best_epoch} is kept")
    if result.best_epoch != result.epochs:
        output.line(f"best epoch {result.best_epoch} of {result.epochs}")
    for name, share in (
        ("validation", result.validation_accuracy),
        ("test", result.test_accuracy),
    ):
        if share is not None:
            output.line(f"{name:<10} {percent(share)}")
    output.line(f"trained in {duration(result.train_seconds)}")
