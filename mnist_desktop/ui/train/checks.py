"""What keeps a training from being started, told before it is."""

from __future__ import annotations

import os
import re
from pathlib import Path

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.trainer.layers import Shape
from mnist_desktop.trainer.recipes import Recipe


def learns_pictures(recipe: Recipe) -> bool:
    """Tell whether a recipe trains an autoencoder: no labels, no accuracy, nothing for the pad."""
    return recipe.network.is_autoencoder


def dataset_fault(dataset: Dataset | None, recipe: Recipe | None) -> str:
    """Return why nothing can be learned from `dataset`, in a sentence; empty if it can."""
    if dataset is None:
        return "Choose a dataset to learn from."
    if recipe is not None and learns_pictures(recipe):
        return "" if len(dataset) > 1 else "There are too few images to learn from."
    if dataset.labels is None:
        return "It has no labels; a network learns from images with labels."
    if (dataset.class_counts() > 0).sum() < 2:
        return "All its images are of one class; there is nothing to tell apart."
    return ""


def recipe_fault(recipe: Recipe, dataset: Dataset) -> str:
    """Return why `recipe` does not fit `dataset`, in a sentence; empty if it does."""
    height, width = dataset.images.shape[1:]
    smallest = recipe.network.smallest_picture()
    if min(height, width) < smallest:
        return f"It needs images of at least {smallest}×{smallest}; these are {width}×{height}."
    if not recipe.network.fits(Shape(height, width, 1)):
        return f"It cannot take images of {width}×{height} to pieces and put them together again."
    return ""


def slug(name: str) -> str:
    """Return `name` as part of a file's name: letters and digits of any script, and dashes."""
    return re.sub(r"[^\w]+", "-", name.lower()).strip("-_") or "model"


def free_name(folder: Path, stem: str) -> Path:
    """Return an ONNX file in `folder` that does not exist yet, numbered where it has to be."""
    path, number = folder / f"{stem}.onnx", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}.onnx", number + 1
    return path


def output_fault(path: Path) -> str:
    """Return why a model cannot be written to `path`, in a sentence; empty if it can."""
    if not path.name:
        return "Name the file that the model is written to."
    if path.suffix.lower() != ".onnx":
        return "The name has to end in .onnx."
    if path.is_dir():
        return "This is a folder; name a file in it."
    if not path.is_absolute():
        return "Name the whole path, from the root on."
    # Folders that are not there yet are made when the training starts.
    folder = next(parent for parent in path.parents if parent.exists())
    if not folder.is_dir():
        return f"“{folder}” is a file, not a folder."
    if not os.access(folder, os.W_OK):
        return f"The folder “{folder}” may not be written to."
    return ""
