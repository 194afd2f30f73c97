"""What is looked at before a training begins, so that no work is lost to what could be known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.errors import UserError
from mnist_desktop.trainer.checkpoint import TrainingError
from mnist_desktop.trainer.progress import TrainingSettings


def check_samples(settings: TrainingSettings) -> Dataset:
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


def check_output(output: Path) -> None:
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
