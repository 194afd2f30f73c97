"""What a run was started with, and how the same data and recipe are known again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.trainer.progress import TrainingSettings
from mnist_desktop.trainer.reading import TrainedModel
from mnist_desktop.trainer.recipe_writer import recipe_digest
from mnist_desktop.trainer.recipes import Recipe


@dataclass(frozen=True)
class RunSettings:
    """What a run was started with, as its folder keeps it.

    Parameters
    ----------
    started
        Local time, ISO 8601.
    dataset, images_path, labels_path
        The dataset's name and files; None for what was made in memory.
    samples, fingerprint
        How many samples it has, and a hash of pictures and labels: the same data and no other may
        be trained on when the run goes on.
    recipe, recipe_fingerprint
        The recipe's name, and a hash of all it says; the recipe itself stands in a file beside.
    seed, epochs, threads, validation
        As in `TrainingSettings`, with every choice made.
    output
        The model file to write.
    mapping_path, merge_path, test_share
        The files that were named for the dataset's classes, and the part set apart for testing.
    test_images_path, test_labels_path
        The files of the test split, measured at the end; None where there is none.
    autoencoder
        Whether it trains one; None in a folder of an earlier version, which does not say.
    start, start_fingerprint
        Where a model is trained further: what it is called, and a hash of its file, which the
        run's folder keeps a copy of.
    mix_images_path, mix_labels_path, mix_mapping_path, mix_merge_path, mix_fingerprint
        The samples that are mixed in, as those of the dataset.
    """

    started: str
    dataset: str
    images_path: str | None
    labels_path: str | None
    samples: int
    fingerprint: str
    recipe: str
    recipe_fingerprint: str
    seed: int
    epochs: int
    threads: int
    validation: float
    output: str
    mapping_path: str | None = None
    merge_path: str | None = None
    test_share: float = 0.0
    test_images_path: str | None = None
    test_labels_path: str | None = None
    autoencoder: bool | None = None
    start: str | None = None
    start_fingerprint: str | None = None
    mix_images_path: str | None = None
    mix_labels_path: str | None = None
    mix_mapping_path: str | None = None
    mix_merge_path: str | None = None
    mix_fingerprint: str | None = None

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> RunSettings:
        """Return the settings that the content of a file says.

        Raises
        ------
        TypeError, ValueError
            When a field is missing, unknown, of the wrong kind or out of its range.
        """
        settings = cls(**content)
        for name, kind in _KINDS.items():
            if not isinstance(getattr(settings, name), kind):
                raise TypeError(f"{name} is {getattr(settings, name)!r}")
        for name in ("validation", "test_share"):
            if not 0 <= getattr(settings, name) < 1:
                raise ValueError(f"{name} is {getattr(settings, name)!r}")
        datetime.fromisoformat(settings.started)
        return settings


_KINDS: dict[str, Any] = {
    "started": str,
    "dataset": str,
    "images_path": str | None,
    "labels_path": str | None,
    "samples": int,
    "fingerprint": str,
    "recipe": str,
    "recipe_fingerprint": str,
    "seed": int,
    "epochs": int,
    "threads": int,
    "validation": int | float,
    "output": str,
    "mapping_path": str | None,
    "merge_path": str | None,
    "test_share": int | float,
    "test_images_path": str | None,
    "test_labels_path": str | None,
    "autoencoder": bool | None,
    "start": str | None,
    "start_fingerprint": str | None,
    "mix_images_path": str | None,
    "mix_labels_path": str | None,
    "mix_mapping_path": str | None,
    "mix_merge_path": str | None,
    "mix_fingerprint": str | None,
}
"""What each field of the settings must be, since a file can hold anything."""


def fingerprint(dataset: Dataset) -> str:
    """Return a hash of the pictures and labels of `dataset`."""
    digest = hashlib.sha256(repr(dataset.images.shape).encode())
    for begin in range(0, len(dataset), 4096):
        digest.update(np.ascontiguousarray(dataset.images[begin : begin + 4096]).data)
    if dataset.labels is not None:
        digest.update(np.ascontiguousarray(dataset.labels).data)
    return digest.hexdigest()


_TOLD = ("summary", "epochs", "validation")
"""Fields of a recipe that a run's settings say again, or that decide nothing."""


def recipe_fingerprint(recipe: Recipe) -> str:
    """Return a hash of what `recipe` says and a run's settings do not say again."""
    return recipe_digest(recipe, without=_TOLD)


def former_fingerprint(recipe: Recipe) -> str:
    """Return the hash that runs were given while only the recipe's name was kept with them."""
    decisive = {f.name: getattr(recipe, f.name) for f in fields(recipe) if f.name not in _TOLD}
    return hashlib.sha256(repr(sorted(decisive.items())).encode()).hexdigest()


def settings_to_keep(settings: TrainingSettings, model: TrainedModel | None) -> RunSettings:
    """Return the settings of a training as its run's folder keeps them.

    Parameters
    ----------
    settings
        With every choice made.
    model
        The model that is trained further.
    """
    dataset, mix = settings.dataset, settings.mix
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
        threads=settings.threads or 1,
        validation=settings.validation or 0.0,
        output=str(settings.output.absolute()),
        mapping_path=_text(dataset.mapping_path),
        merge_path=_text(dataset.merge_path),
        test_share=settings.test_share,
        test_images_path=_text(test.images_path) if test else None,
        test_labels_path=_text(test.labels_path) if test else None,
        autoencoder=settings.recipe.network.is_autoencoder,
        start=model.name if model else None,
        start_fingerprint=model.fingerprint if model else None,
        mix_images_path=_text(mix.images_path) if mix else None,
        mix_labels_path=_text(mix.labels_path) if mix else None,
        mix_mapping_path=_text(mix.mapping_path) if mix else None,
        mix_merge_path=_text(mix.merge_path) if mix else None,
        mix_fingerprint=fingerprint(mix) if mix else None,
    )


def _text(path: Path | None) -> str | None:
    """Return an absolute path as text."""
    return str(path.absolute()) if path else None
