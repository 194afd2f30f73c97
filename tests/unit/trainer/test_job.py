"""From a dataset to a model file, with a run's folder to go on from."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.progress import Progress, finish
from mnist_desktop.trainer import runs
from mnist_desktop.trainer.checkpoint import TrainingError
from mnist_desktop.trainer.job import resume_settings, train
from mnist_desktop.trainer.progress import TrainingProgress, TrainingResult, TrainingSettings
from mnist_desktop.trainer.recipes import RECIPES
from mnist_desktop.trainer.runs import RunError, list_runs
from tests.unit.trainer.digits import blobs
from tests.unit.trainer.running import run
from tests.unit.trainer.test_fit import RECIPE


@pytest.fixture
def settings(tmp_path: Path) -> TrainingSettings:
    return TrainingSettings(
        blobs(),
        tmp_path / "출력" / "m.onnx",
        RECIPE,
        seed=3,
        test=blobs(100, seed=9),
        runs=tmp_path / "runs",
    )


def stop_after_epoch(settings: TrainingSettings, epoch: int) -> Path:
    """Train until `epoch` is saved and a step more, then let go; return the run's folder."""
    job = train(settings)
    for progress in job:
        if progress.epoch > epoch:
            break
    job.close()
    assert settings.runs is not None
    (kept,) = list_runs(settings.runs)
    return kept.folder


def test_the_model_answers_as_the_result_says(settings: TrainingSettings) -> None:
    result: TrainingResult = finish(train(settings))
    assert result.model == settings.output
    classifier = Classifier.load(result.model)
    test = settings.test
    assert test is not None
    answers = classifier.predict(test.images).argmax(axis=1)
    assert result.test_accuracy == np.mean(answers == test.labels)
    assert result.test_accuracy > 0.9
    contract = classifier.contract
    assert contract.class_names == test.class_names
    assert (contract.recipe, contract.seed, contract.trained_on) == ("tiny", 3, "blobs")
    assert contract.accuracy == result.test_accuracy
    assert (contract.height, contract.width, contract.origin) == (12, 12, "metadata")


def test_a_finished_run_is_listed_with_its_figures(settings: TrainingSettings) -> None:
    result = finish(train(settings))
    (kept,) = list_runs(settings.runs)
    assert kept.folder == result.run
    assert kept.test_accuracy == result.test_accuracy
    assert kept.validation_accuracy == result.validation_accuracy
    assert (kept.epochs_done, kept.epochs, kept.resumable) == (3, 3, False)
    assert kept.model is not None
    assert kept.model.read_bytes() == result.model.read_bytes()
    assert [m["epoch"] for m in runs.read_metrics(kept.folder)] == [1, 2, 3]
    with pytest.raises(RunError, match="is finished"):
        finish(train(replace(settings, resume=kept.folder)))


def test_a_stopped_run_goes_on_to_the_same_model(settings: TrainingSettings) -> None:
    whole = finish(train(replace(settings, runs=settings.output.parent)))
    expected = whole.model.read_bytes()
    whole.model.unlink()
    folder = stop_after_epoch(settings, 2)
    assert not settings.output.exists()
    (kept,) = list_runs(settings.runs)
    assert kept.resumable
    assert kept.epochs_done == 2
    resumed = replace(resume_settings(folder, settings.dataset), test=settings.test)
    assert finish(train(resumed)).model.read_bytes() == expected


def test_a_run_killed_between_metrics_and_checkpoint_goes_on(settings: TrainingSettings) -> None:
    """The metrics may be one epoch ahead of the checkpoint; the line is written again."""
    folder = stop_after_epoch(settings, 1)
    text = (folder / runs.METRICS).read_text()
    (folder / runs.METRICS).write_text(text + json.dumps({"epoch": 2, "loss": 0.0}) + "\n")
    finish(train(replace(settings, resume=folder)))
    assert [m["epoch"] for m in runs.read_metrics(folder)] == [1, 2, 3]
    assert runs.read_metrics(folder)[1]["loss"] > 0


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"dataset": blobs(seed=4)}, "dataset"),
        ({"seed": 4}, "seed"),
        ({"epochs": 4}, "number of epochs"),
        ({"recipe": replace(RECIPE, learning_rate=1.0)}, "recipe"),
    ],
)
def test_only_the_same_training_is_resumed(
    settings: TrainingSettings, change: dict[str, Any], word: str
) -> None:
    folder = stop_after_epoch(settings, 1)
    with pytest.raises(RunError, match=f"another {word}"):
        finish(train(replace(settings, resume=folder, **change)))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (runs.SETTINGS, b"{"),
        (runs.SETTINGS, b"[]"),
        (runs.SETTINGS, b'{"seed": 1}'),
        (runs.METRICS, b"nothing\n"),
        (runs.CHECKPOINT, b"PK nonsense"),
    ],
)
def test_a_damaged_run_is_told_and_passed_over(
    settings: TrainingSettings, name: str, content: bytes
) -> None:
    folder = stop_after_epoch(settings, 1)
    (folder / name).write_bytes(content)
    with pytest.raises(RunError, match="damaged"):
        finish(train(replace(settings, resume=folder)))
    if name == runs.SETTINGS:
        assert list_runs(settings.runs) == []


def test_a_folder_that_is_no_run_is_told(settings: TrainingSettings, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="not the folder of a run"):
        finish(train(replace(settings, resume=tmp_path)))


def test_a_dataset_without_labels_is_told(settings: TrainingSettings) -> None:
    blind = Dataset("blind", settings.dataset.images, None, ("a",))
    with pytest.raises(TrainingError, match="no labels"):
        finish(train(replace(settings, dataset=blind)))
    with pytest.raises(TrainingError, match="no labels"):
        finish(train(replace(settings, test=blind)))


def test_a_test_split_of_another_kind_is_told_before_the_work(settings: TrainingSettings) -> None:
    with pytest.raises(TrainingError, match="14×14"):
        finish(train(replace(settings, test=blobs(side=14))))
    with pytest.raises(TrainingError, match="2 classes"):
        finish(train(replace(settings, test=blobs(classes=2))))
    assert list_runs(settings.runs) == []


def test_a_full_disk_is_told_and_leaves_no_half_model(
    settings: TrainingSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = train(settings)
    next(job)

    def refuse(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(UserError, match="No space left"):
        finish(job)
    assert list(settings.output.parent.iterdir()) == []
    left = {p.name for one in list_runs(settings.runs) for p in one.folder.iterdir()}
    assert left == {runs.SETTINGS, runs.RECIPE}


def test_an_autoencoder_needs_no_labels_and_writes_both_halves(
    settings: TrainingSettings,
) -> None:
    random = np.random.default_rng(0)
    images = np.zeros((96, 28, 28), np.uint8)
    for image in images:
        y, x = random.integers(2, 18, 2)
        image[y : y + 8, x : x + 8] = 255
    blind = Dataset("squares", images, None, ("a",))
    recipe = replace(RECIPES["autoencoder"], epochs=6, batch_size=16, validation=0.25)
    job = train(replace(settings, dataset=blind, recipe=recipe, test=None))
    losses: list[float] = []

    def note(progress: Progress) -> None:
        if isinstance(progress, TrainingProgress) and progress.kind == "epoch":
            assert progress.validation_accuracy is None
            assert progress.validation_loss is not None
            losses.append(progress.validation_loss)

    result = finish(job, note)
    assert len(losses) == 6
    assert min(losses) < losses[0]
    assert result.best_epoch == 1 + int(np.argmin(losses))
    assert result.validation_accuracy is None
    assert result.decoder == settings.output.with_name("m.decoder.onnx")
    code = run(onnx.load(result.model), {"image": images[:3, None].astype(np.float32) / 255})
    picture = run(onnx.load(result.decoder), code)["picture"]
    assert picture.shape == (3, 1, 28, 28)
    (kept,) = list_runs(settings.runs)
    assert kept.model is not None


def test_pictures_an_autoencoder_cannot_make_are_told(settings: TrainingSettings) -> None:
    with pytest.raises(TrainingError, match="just 28×28"):
        finish(train(replace(settings, recipe=RECIPES["autoencoder"])))


def test_a_folder_as_output_is_told(settings: TrainingSettings, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a folder"):
        finish(train(replace(settings, output=tmp_path)))
