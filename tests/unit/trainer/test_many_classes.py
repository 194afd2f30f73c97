"""The shipped recipes on other numbers of classes and other sizes of picture than MNIST's."""

from __future__ import annotations

import string
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.progress import finish
from mnist_desktop.trainer.export import INPUT, LOGITS, export_model
from mnist_desktop.trainer.job import train
from mnist_desktop.trainer.progress import TrainingSettings
from mnist_desktop.trainer.recipes import RECIPES
from mnist_desktop.trainer.step import write_step
from mnist_desktop.trainer.weights import Architecture, Weights, first_parameters
from tests.unit.trainer.running import follow, run

NAMES = (*string.digits, *string.ascii_uppercase, *string.ascii_lowercase)
SIZES = {10: (32, 32), 26: (20, 24), 47: (28, 28), 62: (64, 64)}
"""Height and width for each number of classes; every pair that people have is there once."""


def patterns(classes: int, *, height: int, width: int, count: int = 320) -> Dataset:
    """Return pictures of as many coarse patterns as there are classes, with some noise on them."""
    random = np.random.default_rng(classes)
    coarse = random.integers(0, 2, (classes, 6, 6)) * 200
    down, across = np.arange(height) * 6 // height, np.arange(width) * 6 // width
    labels = np.arange(count) % classes
    ink = coarse[:, down][:, :, across][labels]
    images = (ink + random.integers(0, 50, ink.shape)).astype(np.uint8)
    return Dataset("patterns", images, labels, NAMES[:classes])


@pytest.mark.parametrize("recipe", ["quick", "standard"])
@pytest.mark.parametrize("classes", SIZES)
def test_a_recipe_learns_any_number_of_classes_and_size(
    tmp_path: Path, classes: int, recipe: str
) -> None:
    height, width = SIZES[classes]
    dataset = patterns(classes, height=height, width=width)
    settings = TrainingSettings(
        dataset, tmp_path / "m.onnx", RECIPES[recipe], epochs=4, threads=1, runs=tmp_path / "runs"
    )

    seen, result = follow(settings)

    first, last = (next(p for p in seen if p.kind == "epoch" and p.epoch == e) for e in (1, 4))
    assert last.loss < 0.75 * first.loss
    assert last.accuracy > max(first.accuracy, 4 / classes)
    classifier = Classifier.load(result.model)
    contract = classifier.contract
    assert (contract.height, contract.width) == (height, width)
    assert contract.class_names == NAMES[:classes]
    assert contract.origin == "metadata"
    answers = classifier.predict(dataset.images)
    assert answers.shape == (len(dataset), classes)
    assert result.validation_accuracy is not None
    assert np.mean(answers.argmax(axis=1) == dataset.labels) > 4 / classes


@pytest.mark.parametrize("recipe", ["quick", "standard"])
@pytest.mark.parametrize("classes", SIZES)
def test_the_exported_model_is_what_the_training_graph_computes(classes: int, recipe: str) -> None:
    """With a piece's own statistics in its batch norms, the model has the loss of that piece."""
    height, width = SIZES[classes]
    architecture = Architecture(RECIPES[recipe].network, height, width, classes)
    random = np.random.default_rng(1)
    parameters = first_parameters(architecture, random)
    parameters += random.normal(0, 0.02, parameters.shape).astype(np.float32)
    images = random.integers(0, 256, (16, height, width)).astype(np.uint8)
    labels = random.integers(0, classes, 16)
    step = write_step(architecture, piece=16, batch=16)
    feed = architecture.layout().views(parameters) | {"images": images, "labels": labels}
    told = run(step.model, feed)

    statistics = np.zeros(architecture.statistics_layout().size, np.float32)
    for name, view in architecture.statistics_layout().views(statistics).items():
        view[...] = told[name].reshape(view.shape)
    model = export_model(Weights(architecture, parameters, statistics))
    found = run(model, {INPUT: images[:, None].astype(np.float32) / 255.0})

    logits = found[LOGITS].astype(np.float64)
    assert logits.shape == (16, classes)
    logits -= logits.max(axis=1, keepdims=True)
    given = logits[np.arange(16), labels] - np.log(np.exp(logits).sum(axis=1))
    assert -given.mean() == pytest.approx(float(told["loss"]), rel=1e-4)
    assert (logits.argmax(axis=1) == labels).sum() == told["correct"]


@pytest.mark.parametrize(("split", "classes"), [("letters", 26), ("byclass", 62), ("mnist", 10)])
def test_the_published_characters_train_upright(
    shared_data: Path, tmp_path: Path, split: str, classes: int
) -> None:
    whole = open_dataset(shared_data / "emnist" / f"emnist-{split}-test-images-idx3-ubyte.gz")
    assert whole.labels is not None
    dataset = whole.select(np.random.default_rng(0).permutation(len(whole))[:1500])
    settings = TrainingSettings(
        dataset,
        tmp_path / "m.onnx",
        replace(RECIPES["quick"], validation=0.0),
        epochs=2,
        threads=1,
        runs=tmp_path / "runs",
    )

    result = finish(train(settings))

    classifier = Classifier.load(result.model)
    contract = classifier.contract
    assert contract.class_names == whole.class_names
    assert len(contract.class_names) == classes
    assert (contract.ink_recipe, contract.transposed) == ("emnist", False)
    upright, lying = (
        np.mean(classifier.predict(images).argmax(axis=1) == dataset.labels)
        for images in (dataset.images, dataset.images.swapaxes(1, 2))
    )
    assert upright > 0.4
    assert upright > 2 * lying
