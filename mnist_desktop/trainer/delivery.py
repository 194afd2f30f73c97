"""Turn what a fit returned into files: the model with its contract, and the run's result."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.splits import draw_text
from mnist_desktop.files import write_bytes
from mnist_desktop.inference.checks import MAX_TEXT
from mnist_desktop.inference.contract import Contract, InkRecipe, to_metadata
from mnist_desktop.inference.morphing import decoder_path
from mnist_desktop.trainer import runs
from mnist_desktop.trainer.calibration import calibrate, cooled
from mnist_desktop.trainer.checkpoint import Samples
from mnist_desktop.trainer.crew import Crew
from mnist_desktop.trainer.export import INPUT, LOGITS, export_autoencoder, export_model
from mnist_desktop.trainer.progress import (
    Fitted,
    TrainingProgress,
    TrainingResult,
    TrainingSettings,
)
from mnist_desktop.trainer.reading import TrainedModel
from mnist_desktop.trainer.validation import Measuring


def deliver(
    settings: TrainingSettings,
    folder: Path,
    fitted: Fitted,
    last: TrainingProgress,
    *,
    validation: Samples | None = None,
    start: TrainedModel | None = None,
) -> Generator[TrainingProgress, object, TrainingResult]:
    """Calibrate, measure the test split, write the model to the run's folder and to its place.

    Of an autoencoder the encoder is the model, and the decoder stands beside it.

    Parameters
    ----------
    settings
        With every choice made.
    folder
        The run's folder, finished by this.
    fitted
        What the fit returned.
    last
        The progress it told last, which is told again meanwhile.
    validation
        Samples that the weights were not trained on, by which confidences are calibrated.
    start
        The model that was trained further; the new one reads ink as that did.

    Raises
    ------
    UserError
        When a file cannot be written; the run can then be resumed, and only this is done again.
    """
    test_accuracy: float | None = None
    decoder: Path | None = None
    if fitted.weights.architecture.network.is_autoencoder:
        model, decoder = _write_autoencoder(settings, folder, fitted)
    else:
        fitted, sure = yield from _calibrate(settings, fitted, last, validation)
        test_accuracy = yield from _test(settings, fitted, last)
        contract = _contract(settings, fitted, test_accuracy, start)
        if sure is None and start is not None:
            sure = start.contract.sure
        model = _write_classifier(settings, folder, fitted, replace(contract, sure=sure))
    result = TrainingResult(
        model=model,
        decoder=decoder,
        run=folder,
        epochs=fitted.epochs,
        best_epoch=fitted.best_epoch,
        parameters=len(fitted.weights.parameters),
        train_seconds=fitted.seconds,
        validation_accuracy=fitted.validation_accuracy,
        test_accuracy=test_accuracy,
        finished_early=fitted.finished_early,
        stopped=fitted.stopped,
    )
    told = {k: str(v) if isinstance(v, Path) else v for k, v in asdict(result).items()}
    runs.finish_run(folder, told)
    return result


def samples_of(dataset: Dataset, chosen: NDArray[np.int64]) -> Samples:
    """Return the chosen samples of a dataset with labels in memory, contiguous and upright."""
    part = dataset.select(chosen)
    assert part.labels is not None
    return Samples(np.ascontiguousarray(part.images), np.ascontiguousarray(part.labels))


def _calibrate(
    settings: TrainingSettings, fitted: Fitted, last: TrainingProgress, samples: Samples | None
) -> Generator[TrainingProgress, object, tuple[Fitted, float | None]]:
    """Return what was fitted with calibrated weights, and the confidence from which one counts."""
    if samples is None:
        return fitted, None
    measuring = yield from _measure(settings, fitted, last, samples, what="calibrating")
    found = calibrate(measuring.logits, samples.labels)
    return replace(fitted, weights=cooled(fitted.weights, found.temperature)), found.sure


def _contract(
    settings: TrainingSettings,
    fitted: Fitted,
    test_accuracy: float | None,
    start: TrainedModel | None,
) -> Contract:
    """Return the contract of the classifier that was trained."""
    accuracy = fitted.validation_accuracy if test_accuracy is None else test_accuracy
    ink_recipe: InkRecipe = "emnist" if settings.dataset.transposed else "mnist"
    return Contract(
        class_names=settings.dataset.answers,
        input_name=INPUT,
        output_name=LOGITS,
        height=settings.dataset.images.shape[1],
        width=settings.dataset.images.shape[2],
        ink_recipe=start.contract.ink_recipe if start else ink_recipe,
        recipe=settings.recipe.name,
        seed=settings.seed,
        accuracy=accuracy,
        trained_on=_trained_on(settings),
        fine_tuned_from=_origin(start) if start else None,
    )


def _write_classifier(
    settings: TrainingSettings, folder: Path, fitted: Fitted, contract: Contract
) -> Path:
    """Write a classifier with its contract; return where it stands."""
    doc = f"Trained on {contract.trained_on} by the recipe {settings.recipe.name}"
    if contract.fine_tuned_from:
        doc += f", going on from {contract.fine_tuned_from}"
    data = export_model(fitted.weights, to_metadata(contract), doc=doc).SerializeToString()
    write_bytes(folder / runs.MODEL, data)
    write_bytes(settings.output, data)
    return settings.output


def _origin(start: TrainedModel) -> str:
    """Return what a model was before it was trained further, for people."""
    contract = start.contract
    known = f", trained on {contract.trained_on}" if contract.trained_on else ""
    return f"{start.name}{known}"[:MAX_TEXT]


def _write_autoencoder(
    settings: TrainingSettings, folder: Path, fitted: Fitted
) -> tuple[Path, Path]:
    """Write both halves of an autoencoder; return where they stand."""
    doc = f"Autoencoder of {_trained_on(settings)} by the recipe {settings.recipe.name}"
    told = {
        "trained_on": _trained_on(settings),
        "recipe": settings.recipe.name,
        "seed": str(settings.seed),
    }
    encoder, decoder = export_autoencoder(fitted.weights, told, doc=doc)
    for model in (folder / runs.MODEL, settings.output):
        write_bytes(decoder_path(model), decoder.SerializeToString())
        write_bytes(model, encoder.SerializeToString())
    return settings.output, decoder_path(settings.output)


def _trained_on(settings: TrainingSettings) -> str:
    """Return what a model has learned from, for people."""
    name, share, mix = settings.dataset.name, settings.test_share, settings.mix
    if share:
        name = f"{name}, without {draw_text(share, seed=settings.seed)}"
    return (f"{name}, mixed with {mix.name}" if mix else name)[:MAX_TEXT]


def _test(
    settings: TrainingSettings, fitted: Fitted, last: TrainingProgress
) -> Generator[TrainingProgress, object, float | None]:
    """Measure the kept weights on the test split, and return their accuracy; None without one."""
    if settings.test is None:
        return None
    samples = samples_of(settings.test, np.arange(len(settings.test)))
    measuring = yield from _measure(
        settings, fitted, last, samples, what="measuring the test images"
    )
    return measuring.accuracy


def _measure(
    settings: TrainingSettings,
    fitted: Fitted,
    last: TrainingProgress,
    samples: Samples,
    *,
    what: str,
) -> Generator[TrainingProgress, object, Measuring]:
    """Measure the kept weights on samples, and say so on the way."""
    with Crew(settings.threads or 1) as crew:
        measuring = Measuring(fitted.weights, samples, crew)
        for _ in measuring:
            yield replace(last, kind="step", what=what)
    return measuring
