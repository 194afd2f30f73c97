"""Train from a dataset to a model file: the one job that the window and the command line run."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset, open_dataset, split_stratified
from mnist_desktop.datasets.splits import set_test_apart
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Request
from mnist_desktop.trainer import runs
from mnist_desktop.trainer.checkpoint import Checkpoint, TrainingError
from mnist_desktop.trainer.crew import available_cores
from mnist_desktop.trainer.delivery import deliver, samples_of
from mnist_desktop.trainer.fit import EpochProgress, Fit, Fitted, fit
from mnist_desktop.trainer.progress import TrainingProgress, TrainingResult, TrainingSettings
from mnist_desktop.trainer.run_recipe import read_run_recipe
from mnist_desktop.trainer.run_settings import (
    RunSettings,
    fingerprint,
    former_fingerprint,
    recipe_fingerprint,
)

Training = Generator[TrainingProgress, Request | None, TrainingResult]
"""A training as it runs."""


def train(settings: TrainingSettings) -> Training:
    """Train, keep a checkpoint of each epoch, and write the model with its contract.

    Driven like `mnist_desktop.trainer.fit.fit`. Closed before its end it writes no model, and the
    run's folder keeps the latest epoch to go on from.

    Raises
    ------
    UserError
        When the dataset has no labels, the run cannot be resumed, the training diverges or a file
        cannot be written.
    """
    dataset = _check_samples(settings)
    settings = replace(settings, dataset=dataset)
    _check_output(settings.output)
    settings = _complete(settings)
    learned, settings = _without_test_share(settings)
    folder, checkpoint = _open_run(settings)
    validation = settings.validation or 0.0
    assert dataset.labels is not None
    rest, part = split_stratified(dataset.labels[learned], validation, seed=settings.seed)
    fitting = fit(
        samples_of(dataset, learned[rest]),
        samples_of(dataset, learned[part]) if len(part) else None,
        settings.recipe,
        classes=len(dataset.class_names),
        seed=settings.seed,
        threads=settings.threads,
        checkpoint=checkpoint,
    )
    fitted, last = yield from _save_epochs(fitting, folder)
    return (yield from deliver(settings, folder, fitted, last))


def resume_settings(
    folder: Path, dataset: Dataset | None = None, *, test: Dataset | None = None
) -> TrainingSettings:
    """Return the settings to go on with the run in `folder`.

    Parameters
    ----------
    dataset
        Its dataset where that is open already; None to open the files that the run names.
    test
        The test split, likewise, or another one to measure on. One whose files are gone is left
        out: it is no reason to give a training up.

    Raises
    ------
    UserError
        When the folder is none of a run, or the dataset's files are gone.
    """
    stored, recipe = runs.read_settings(folder), read_run_recipe(folder)
    if dataset is None:
        if stored.images_path is None:
            raise runs.RunError(
                f"The run “{folder.name}” was trained on “{stored.dataset}”, which is no file",
                "Open that dataset again, then resume the run.",
            )
        dataset = _reopen(stored, stored.images_path, stored.labels_path)
    measured = stored.test_images_path if not recipe.network.is_autoencoder else None
    if test is None and measured is not None and Path(measured).exists():
        test = _reopen(stored, measured, stored.test_labels_path)
    return TrainingSettings(
        dataset,
        Path(stored.output),
        recipe,
        seed=stored.seed,
        epochs=stored.epochs,
        threads=stored.threads,
        validation=float(stored.validation),
        test_share=float(stored.test_share),
        test=test,
        resume=folder,
    )


def _reopen(stored: RunSettings, images: str, labels: str | None) -> Dataset:
    """Open files that a run names, with the classes it was started with."""
    return open_dataset(
        Path(images),
        labels_path=_path(labels),
        mapping_path=_path(stored.mapping_path),
        merge_path=_path(stored.merge_path),
    )


def _complete(settings: TrainingSettings) -> TrainingSettings:
    """Make every choice that was left to the recipe or the machine; a resumed run has made them."""
    recipe = settings.recipe
    stored = runs.read_settings(settings.resume) if settings.resume else None
    epochs = settings.epochs or (stored.epochs if stored else recipe.epochs)
    threads = settings.threads or (stored.threads if stored else available_cores())
    validation = settings.validation
    if validation is None:
        validation = float(stored.validation) if stored else recipe.validation
    return replace(
        settings,
        recipe=replace(recipe, epochs=epochs, validation=validation),
        epochs=epochs,
        threads=threads,
        validation=validation,
    )


def _without_test_share(
    settings: TrainingSettings,
) -> tuple[NDArray[np.int64], TrainingSettings]:
    """Return which samples to learn from, and the settings with the others as the test split."""
    dataset = settings.dataset
    if not settings.test_share:
        return np.arange(len(dataset)), settings
    learned, test = set_test_apart(dataset, settings.test_share, seed=settings.seed)
    return learned, replace(settings, test=test)


def _open_run(settings: TrainingSettings) -> tuple[Path, Checkpoint | None]:
    """Return the run's folder, new or the one to resume, and where to go on."""
    ours = _stored(settings)
    if settings.resume is None:
        top = settings.runs or runs.default_runs_folder()
        return runs.create_run(top, ours, settings.recipe), None
    folder = settings.resume
    theirs = runs.read_settings(folder)
    if not (folder / runs.RECIPE).exists():
        ours = replace(ours, recipe_fingerprint=former_fingerprint(settings.recipe))
    same = ("fingerprint", "recipe_fingerprint", "seed", "epochs", "validation", "test_share")
    different = [name for name in same if getattr(ours, name) != getattr(theirs, name)]
    if different:
        words = ", ".join(_WORDS[name] for name in different)
        raise runs.RunError(
            f"The run “{folder.name}” was started with another {words}",
            "Resume it with what it was started with, or start a new training.",
        )
    if (folder / runs.RESULT).exists():
        raise runs.RunError(
            f"The run “{folder.name}” is finished",
            f"Its model is “{folder / runs.MODEL}”; there is nothing to resume.",
        )
    return folder, runs.read_checkpoint(folder)


_WORDS = {
    "fingerprint": "dataset",
    "recipe_fingerprint": "recipe",
    "seed": "seed",
    "epochs": "number of epochs",
    "validation": "validation part",
    "test_share": "test part",
}
"""How the settings that must not change are called in a message."""


def _stored(settings: TrainingSettings) -> RunSettings:
    """Return the settings as a run's folder keeps them."""
    dataset = settings.dataset
    # A part set apart is drawn again by its share; it has no files of its own.
    test = None if settings.test_share else settings.test
    return RunSettings(
        started=datetime.now().isoformat(timespec="seconds"),
        dataset=dataset.name,
        images_path=_text(dataset.images_path),
        labels_path=_text(dataset.labels_path),
        samples=len(dataset),
        fingerprint=fingerprint(dataset),
        recipe=settings.recipe.name,
        recipe_fingerprint=recipe_fingerprint(settings.recipe),
        seed=settings.seed,
        epochs=settings.recipe.epochs,
        threads=settings.threads or available_cores(),
        validation=settings.validation or 0.0,
        output=str(settings.output.absolute()),
        mapping_path=_text(dataset.mapping_path),
        merge_path=_text(dataset.merge_path),
        test_share=settings.test_share,
        test_images_path=_text(test.images_path) if test else None,
        test_labels_path=_text(test.labels_path) if test else None,
        autoencoder=settings.recipe.network.is_autoencoder,
    )


def _text(path: Path | None) -> str | None:
    """Return an absolute path as text."""
    return str(path.absolute()) if path else None


def _path(text: str | None) -> Path | None:
    """Return the path that a text names."""
    return Path(text) if text else None


def _check_samples(settings: TrainingSettings) -> Dataset:
    """Return the dataset to learn from, with labels, or say why it cannot be used."""
    dataset, test = settings.dataset, settings.test
    if dataset.labels is None and settings.recipe.network.is_autoencoder:
        # An autoencoder asks for no labels; one class serves to draw the validation part.
        return replace(
            dataset, labels=np.zeros(len(dataset), np.int64), class_names=("",), label_values=()
        )
    if dataset.labels is None:
        raise TrainingError(
            f"“{dataset.name}” has no labels to learn from",
            "Choose the labels file that belongs with the images.",
        )
    if test is None:
        return dataset
    if settings.test_share:
        raise TrainingError(
            f"There are test images, “{test.name}”, and a part is to be set apart for testing",
            "Name the test images or the part, not both.",
        )
    if test.labels is None:
        raise TrainingError(
            f"The test images “{test.name}” have no labels",
            "Name their labels file, or train without a test split.",
        )
    if test.images.shape[1:] != dataset.images.shape[1:]:
        raise TrainingError(
            f"The test images are {test.images.shape[1]}×{test.images.shape[2]} pixels and the "
            f"training images {dataset.images.shape[1]}×{dataset.images.shape[2]}",
            "Choose the test split of the same dataset.",
        )
    if test.class_names != dataset.class_names:
        raise TrainingError(
            f"“{test.name}” has {len(test.class_names)} classes and “{dataset.name}” has "
            f"{len(dataset.class_names)}, or they are named differently",
            "Choose the test split of the same dataset.",
        )
    return dataset


def _check_output(output: Path) -> None:
    """Refuse a place where the model could not be written, before the work and not after it."""
    if output.is_dir():
        raise UserError(f"“{output}” is a folder", "Name a file for the model, such as m.onnx.")
    try:
        output.absolute().parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"The folder of “{output}” could not be made: {error.strerror}",
            "Choose another place for the model.",
        ) from error


def _save_epochs(
    fitting: Fit, folder: Path
) -> Generator[TrainingProgress, Request | None, tuple[Fitted, TrainingProgress]]:
    """Pass a fit's progress on and its requests in, saving each epoch before it is told.

    Returns what the fit returned, and the progress it told last.
    """
    progress = TrainingProgress(0, 0)
    request: Request | None = None
    try:
        while True:
            try:
                progress = fitting.send(request)
            except StopIteration as end:
                fitted: Fitted = end.value
                return fitted, progress
            if isinstance(progress, EpochProgress):
                runs.save_epoch(folder, progress)
            request = yield progress
    finally:
        fitting.close()
