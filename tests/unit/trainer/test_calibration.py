"""Confidences that mean what they say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.inference.classifier import SURE, Classifier
from mnist_desktop.trainer.calibration import Calibration, calibrate, cooled
from mnist_desktop.trainer.job import train
from mnist_desktop.trainer.progress import TrainingSettings
from mnist_desktop.trainer.recipes import RECIPES
from mnist_desktop.trainer.weights import Architecture, Weights, first_parameters
from tests.unit.trainer.running import follow
from tests.unit.trainer.test_none_of_them import with_strangers


def drawn_answers(temperature: float, count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Return logits that are `temperature` times too large for how often they are right."""
    random = np.random.default_rng(3)
    honest = random.normal(0.0, 2.0, (count, 5))
    shares = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    labels = (shares.cumsum(axis=1) < random.random((count, 1))).sum(axis=1)
    return (honest * temperature).astype(np.float32), labels.astype(np.int64)


@given(st.floats(0.4, 3.0))
def test_the_temperature_by_which_answers_are_too_sure_is_found(temperature: float) -> None:
    logits, labels = drawn_answers(temperature)
    assert calibrate(logits, labels).temperature == pytest.approx(temperature, rel=0.08)


def test_too_few_samples_change_nothing() -> None:
    logits, labels = drawn_answers(2.0, 100)
    assert calibrate(logits, labels) == Calibration(1.0, None)


def test_strangers_do_not_move_the_temperature_and_bring_a_limit() -> None:
    logits, labels = drawn_answers(1.0)
    alone = calibrate(logits, labels)
    strangers = np.zeros((500, 5), np.float32)
    both = calibrate(
        np.concatenate([logits * 3, strangers]), np.concatenate([labels, np.full(500, 5)])
    )
    assert alone.sure is None
    assert both.temperature == pytest.approx(3 * alone.temperature, rel=0.01)
    assert both.sure is not None
    # 0.5 % of the samples are below it, unless it would say less than nothing.
    scaled = logits * 3 / both.temperature
    top = 1 / np.exp(scaled - scaled.max(axis=1, keepdims=True)).sum(axis=1)
    assert both.sure == 0.4 or np.mean(top < both.sure) == pytest.approx(0.005, abs=0.001)


def test_cooled_weights_give_cooled_logits() -> None:
    architecture = Architecture(RECIPES["quick"].network, 12, 12, 4)
    random = np.random.default_rng(0)
    size = architecture.statistics_layout().size
    weights = Weights(
        architecture, first_parameters(architecture, random), np.ones(size, np.float32)
    )
    images = random.integers(0, 256, (20, 12, 12), np.uint8)

    before, after = (_logits(w, images) for w in (weights, cooled(weights, 0.5)))

    np.testing.assert_allclose(after, before * 2, rtol=1e-5, atol=1e-6)


def _logits(weights: Weights, images: np.ndarray) -> np.ndarray:
    """Return what the exported model says of these pictures."""
    from mnist_desktop.trainer.checkpoint import Samples
    from mnist_desktop.trainer.crew import Crew
    from mnist_desktop.trainer.validation import Measuring

    with Crew(1) as crew:
        measuring = Measuring(weights, Samples(images, np.zeros(len(images), np.int64)), crew)
        for _ in measuring:
            pass
    return measuring.logits


def test_a_training_calibrates_its_model_and_says_from_where_it_is_sure(tmp_path: Path) -> None:
    dataset = with_strangers(1200)
    recipe = replace(RECIPES["quick"], validation=0.25)
    settings = TrainingSettings(
        dataset, tmp_path / "m.onnx", recipe, epochs=4, threads=1, runs=tmp_path / "runs"
    )

    classifier = Classifier.load(follow(settings)[1].model)

    assert classifier.contract.sure == classifier.sure_from
    assert 0.4 <= classifier.sure_from <= 0.95
    confidence = classifier.predict(dataset.images[:1200]).max(axis=1)
    # Every sample is read right, so that confidence should be near 1; smoothed targets alone leave
    # it at 0.95.
    assert confidence.mean() > 0.98
    assert not classifier.answer(dataset.images[-1]).is_sure
    assert classifier.answer(dataset.images[0]).is_sure


def test_a_training_without_a_validation_part_stays_as_it_is(tmp_path: Path) -> None:
    settings = TrainingSettings(
        with_strangers(300), tmp_path / "m.onnx", RECIPES["quick"], validation=0.0, threads=1,
        runs=tmp_path / "runs",
    )  # fmt: skip
    for _ in (job := train(settings)):
        pass
    job.close()
    classifier = Classifier.load(tmp_path / "m.onnx")
    assert classifier.contract.sure is None
    assert classifier.sure_from == SURE
