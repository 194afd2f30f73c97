"""What is looked at before a training begins, so that no work is lost to what could be known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from mnist_desktop.datasets.dataset import NONE_OF_THEM, Dataset
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
    if NONE_OF_THEM in dataset.answers or not dataset.answers:
        raise TrainingError(
            f"“{dataset.name}” has a class {NONE_OF_THEM}, for pictures that are of no class, and "
            "it is not the last of several",
            f"Give {NONE_OF_THEM} the highest label in labels and mapping file.",
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
    if test.answers != dataset.answers:
        raise TrainingError(
            f"“{test.name}” has {len(test.answers)} classes and “{dataset.name}” has "
            f"{len(dataset.answers)}, or they are named differently",
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
