"""Train from a dataset to a model file: the one job that the window and the command line run."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset, open_dataset, split_stratified
from mnist_desktop.datasets.splits import set_test_apart
from mnist_desktop.progress import Request
from mnist_desktop.trainer import runs
from mnist_desktop.trainer.checkpoint import Checkpoint, Samples
from mnist_desktop.trainer.checks import check_output, check_samples
from mnist_desktop.trainer.crew import available_cores
from mnist_desktop.trainer.delivery import deliver, samples_of
from mnist_desktop.trainer.fine_tuning import (
    first_weights,
    for_start,
    read_start,
    recipe_for,
    validation_share,
)
from mnist_desktop.trainer.fit import Fit, fit, step_for
from mnist_desktop.trainer.progress import (
    EpochProgress,
    Fitted,
    TrainingProgress,
    TrainingResult,
    TrainingSettings,
)
from mnist_desktop.trainer.reading import TrainedModel
from mnist_desktop.trainer.run_recipe import read_run_recipe
from mnist_desktop.trainer.run_settings import (
    RunSettings,
    former_fingerprint,
    settings_to_keep,
)
from mnist_desktop.trainer.sampling import joined
from mnist_desktop.trainer.step_file import save_training_graph

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
    model = read_start(settings)
    settings = for_start(settings, model) if model else settings
    settings = replace(settings, dataset=check_samples(settings))
    check_output(settings.output)
    settings = _complete(settings)
    learned, settings = _without_test_share(settings)
    training, validation = _samples(settings, learned)
    recipe = recipe_for(model, settings.recipe) if model else settings.recipe
    classes = len(settings.dataset.answers)
    if settings.training_graph is not None:
        save_training_graph(settings.training_graph, step_for(training, recipe, classes))
    folder, checkpoint = _open_run(settings, model)
    fitting = fit(
        training,
        validation,
        recipe,
        classes=classes,
        seed=settings.seed,
        threads=settings.threads,
        checkpoint=checkpoint,
        start=first_weights(model, training, settings) if model else None,
    )
    fitted, last = yield from _save_epochs(fitting, folder)
    return (yield from deliver(settings, folder, fitted, last, validation=validation, start=model))


def _samples(
    settings: TrainingSettings, learned: NDArray[np.int64]
) -> tuple[Samples, Samples | None]:
    """Return the samples to learn from, with those mixed in, and those that choose the epoch.

    Parameters
    ----------
    learned
        Indices of the dataset's samples that are not set apart for testing.
    """
    dataset, mix, share = settings.dataset, settings.mix, settings.validation or 0.0
    assert dataset.labels is not None
    rest, part = split_stratified(dataset.labels[learned], share, seed=settings.seed)
    mixed = None if mix is None else samples_of(mix, np.arange(len(mix)))
    validation = samples_of(dataset, learned[part]) if len(part) else None
    return joined(samples_of(dataset, learned[rest]), mixed), validation


def resume_settings(
    folder: Path,
    dataset: Dataset | None = None,
    *,
    test: Dataset | None = None,
    mix: Dataset | None = None,
) -> TrainingSettings:
    """Return the settings to go on with the run in `folder`.

    Parameters
    ----------
    dataset
        Its dataset where that is open already; None to open the files that the run names.
    test
        The test split, likewise, or another one to measure on. One whose files are gone is left
        out: it is no reason to give a training up.
    mix
        The samples it mixes in, likewise.

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
        start=folder / runs.START if stored.start else None,
        mix=mix or _reopened_mix(folder, stored),
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


def _reopened_mix(folder: Path, stored: RunSettings) -> Dataset | None:
    """Return the samples that a run mixes in; None where it mixes none."""
    if stored.mix_fingerprint is None:
        return None
    if stored.mix_images_path is None:
        raise runs.RunError(
            f"The run “{folder.name}” mixes samples in that are no file",
            "Open that dataset again, then resume the run.",
        )
    return open_dataset(
        Path(stored.mix_images_path),
        labels_path=_path(stored.mix_labels_path),
        mapping_path=_path(stored.mix_mapping_path),
        merge_path=_path(stored.mix_merge_path),
    )


def _complete(settings: TrainingSettings) -> TrainingSettings:
    """Make every choice that was left to the recipe or the machine; a resumed run has made them."""
    recipe = settings.recipe
    count = round(len(settings.dataset) * (1.0 - settings.test_share))
    stored = runs.read_settings(settings.resume) if settings.resume else None
    epochs = settings.epochs or (stored.epochs if stored else recipe.epochs)
    threads = settings.threads or (stored.threads if stored else available_cores())
    validation = settings.validation
    if validation is None:
        validation = float(stored.validation) if stored else validation_share(recipe, count)
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


def _open_run(
    settings: TrainingSettings, model: TrainedModel | None
) -> tuple[Path, Checkpoint | None]:
    """Return the run's folder, new or the one to resume, and where to go on."""
    ours = settings_to_keep(settings, model)
    if settings.resume is None:
        top = settings.runs or runs.default_runs_folder()
        start = model.data if model else None
        return runs.create_run(top, ours, settings.recipe, start), None
    folder = settings.resume
    theirs = runs.read_settings(folder)
    if not (folder / runs.RECIPE).exists():
        ours = replace(ours, recipe_fingerprint=former_fingerprint(settings.recipe))
    different = [name for name in _WORDS if getattr(ours, name) != getattr(theirs, name)]
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
    "start_fingerprint": "model to go on from",
    "mix_fingerprint": "dataset to mix in",
}
"""How the settings that must not change are called in a message."""


def _path(text: str | None) -> Path | None:
    """Return the path that a text names."""
    return Path(text) if text else None


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
