"""A training that sets a part of its samples apart as the test split."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_desktop.datasets.splits import set_test_apart
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.progress import finish
from mnist_desktop.trainer import job as job_module
from mnist_desktop.trainer.checkpoint import Samples, TrainingError
from mnist_desktop.trainer.fit import Fit
from mnist_desktop.trainer.job import resume_settings, train
from mnist_desktop.trainer.progress import TrainingSettings
from mnist_desktop.trainer.runs import SETTINGS, RunError, list_runs
from tests.unit.trainer.digits import blobs
from tests.unit.trainer.test_fit import RECIPE

SHARE = 0.25


@pytest.fixture
def settings(tmp_path: Path) -> TrainingSettings:
    return TrainingSettings(
        blobs(), tmp_path / "m.onnx", RECIPE, seed=3, test_share=SHARE, runs=tmp_path / "runs"
    )


def pictures(samples: Samples) -> set[bytes]:
    """Return every picture, as something to compare."""
    return {image.tobytes() for image in samples.images}


def test_the_test_split_is_measured_and_used_for_nothing_else(
    settings: TrainingSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[bytes]] = []

    def fit(training: Samples, validation: Samples, *rest: Any, **options: Any) -> Fit:
        seen.extend((pictures(training), pictures(validation)))
        return real(training, validation, *rest, **options)

    real = job_module.fit
    monkeypatch.setattr(job_module, "fit", fit)
    result = finish(train(settings))

    _, test = set_test_apart(settings.dataset, SHARE, seed=3)
    assert test.labels is not None
    apart = {image.tobytes() for image in test.images}
    training, validation = seen
    assert len(apart) == 60
    assert len(validation) > 0
    assert not apart & (training | validation)
    assert len(apart | training | validation) == len(settings.dataset)
    classifier = Classifier.load(result.model)
    answers = classifier.predict(test.images).argmax(axis=1)
    assert result.test_accuracy == np.mean(answers == test.labels)
    assert classifier.contract.accuracy == result.test_accuracy
    assert classifier.contract.trained_on == "blobs, without 25 % set apart by seed 3"


def test_a_stopped_run_goes_on_with_the_same_split(settings: TrainingSettings) -> None:
    whole = finish(train(replace(settings, runs=settings.output.parent / "others")))
    expected = whole.model.read_bytes()
    job = train(settings)
    for progress in job:
        if progress.epoch > 1:
            break
    job.close()
    (kept,) = list_runs(settings.runs)

    resumed = resume_settings(kept.folder, settings.dataset)
    assert resumed.test_share == SHARE
    for share in (0.0, 0.3):
        with pytest.raises(RunError, match="another test part"):
            finish(train(replace(resumed, test_share=share)))
    result = finish(train(resumed))

    assert result.model.read_bytes() == expected
    assert result.test_accuracy == whole.test_accuracy


def test_test_images_and_a_part_are_one_too_many(settings: TrainingSettings) -> None:
    with pytest.raises(TrainingError, match="“blobs”, and a part"):
        finish(train(replace(settings, test=blobs(100, seed=9))))


def test_a_part_of_nothing_is_told_before_there_is_a_run(settings: TrainingSettings) -> None:
    with pytest.raises(UserError, match="240 samples of blobs"):
        finish(train(replace(settings, test_share=0.001)))
    assert list_runs(settings.runs) == []


@pytest.mark.parametrize("share", [1.5, -0.1, float("nan"), "half"])
def test_a_share_that_no_run_can_have_is_damage(settings: TrainingSettings, share: object) -> None:
    folder = finish(train(settings)).run
    kept = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    (folder / SETTINGS).write_text(json.dumps(kept | {"test_share": share}), encoding="utf-8")
    with pytest.raises(RunError, match="damaged: test_share"):
        resume_settings(folder, settings.dataset)


def test_a_run_from_before_there_was_a_share_has_none(settings: TrainingSettings) -> None:
    folder = finish(train(replace(settings, test_share=0.0))).run
    kept = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    for name in ("test_share", "mapping_path", "merge_path"):
        del kept[name]
    (folder / SETTINGS).write_text(json.dumps(kept), encoding="utf-8")
    assert resume_settings(folder, settings.dataset).test_share == 0
