"""Named recipes: everything that decides a training but the dataset and the seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mnist_desktop.trainer.augment import PLAIN, Augmentation
from mnist_desktop.trainer.networks import (
    AUTOENCODER,
    DEEP,
    FAST,
    KERAS_RMSPROP,
    KERAS_SGD,
    STRONG,
    Network,
)
from mnist_desktop.trainer.optimizers import ADAMW, RMSPROP, SGD, Optimizer


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Parameters
    ----------
    name, summary
        What it is called, and in one line what it costs and what it gives.
    network
        The layers and how their weights begin.
    optimizer
        The constants of the update.
    learning_rate
        The rate, or the peak of the one-cycle schedule.
    schedule
        "one-cycle" or "constant".
    warm_up
        Share of all steps in which a one-cycle rate rises.
    epochs, batch_size
        How often and in which portions the training split is gone through.
    label_smoothing
        ε of the smoothed targets, 0 to 1.
    augmentation
        How pictures are moved and bent, anew each time they are seen.
    averaging
        How far the weights that are kept look back: an exponential mean over about this share of
        all steps, batch norm statistics included; 0 keeps the weights of the moment.
    validation
        Share of the samples kept apart to choose the epoch; 0 keeps the last epoch.
    goes_on
        It trains a model further, and takes that one's network instead of its own.
    samples_per_epoch
        Samples an epoch goes through, drawn anew for each; None for all of them once.
    own_share
        Share of each batch that is of the dataset itself where another is mixed in.
    """

    name: str
    summary: str
    network: Network
    optimizer: Optimizer
    learning_rate: float
    epochs: int
    schedule: Literal["one-cycle", "constant"] = "constant"
    warm_up: float = 0.25
    batch_size: int = 128
    label_smoothing: float = 0.0
    augmentation: Augmentation = PLAIN
    averaging: float = 0.0
    validation: float = 0.05
    goes_on: bool = False
    samples_per_epoch: int | None = None
    own_share: float = 0.5


FINE_TUNE = "fine-tune"
"""The recipe used where a model is trained further and none is named."""

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "quick",
            "One epoch, about five seconds on two cores, about 99 % on MNIST",
            FAST,
            ADAMW,
            8e-3,
            1,
            schedule="one-cycle",
            label_smoothing=0.05,
            augmentation=Augmentation(shift=1.0),
            validation=0.01,
        ),
        Recipe(
            "standard",
            "Six epochs, about 40 seconds on two cores, about 99.5 % on MNIST",
            STRONG,
            ADAMW,
            8e-3,
            6,
            schedule="one-cycle",
            label_smoothing=0.05,
            augmentation=Augmentation(
                shift=1.5, rotation=10.0, zoom=0.1, shear=0.1, elastic=0.5, untouched=0.25
            ),
            averaging=0.04,
            validation=0.02,
        ),
        Recipe(
            "thorough",
            "36 epochs of a deeper network, ten minutes on two cores, the best reader of drawings",
            DEEP,
            ADAMW,
            8e-3,
            36,
            schedule="one-cycle",
            label_smoothing=0.05,
            augmentation=Augmentation(
                shift=2.0, rotation=12.0, zoom=0.12, shear=0.15, elastic=0.8, untouched=0.25
            ),
            averaging=0.02,
            validation=0.02,
        ),
        Recipe(
            "keras-rmsprop",
            "The network of a well-known Keras article with RMSprop, six epochs, about 99 %",
            KERAS_RMSPROP,
            RMSPROP,
            1e-3,
            6,
            # At a constant rate RMSprop keeps moving about a place; the mean of an epoch is nearer.
            averaging=0.15,
        ),
        Recipe(
            "keras-sgd",
            "A small network with plain SGD, ten slow epochs, about 98.4 %",
            KERAS_SGD,
            SGD,
            1e-2,
            10,
            batch_size=32,
            # All samples and the last epoch, as in the article: so slow a rate needs every step.
            validation=0.0,
        ),
        Recipe(
            "autoencoder",
            "Pictures to 32 numbers and back, for the Morph page; needs no labels",
            AUTOENCODER,
            ADAMW,
            4e-3,
            10,
            schedule="one-cycle",
        ),
        Recipe(
            FINE_TUNE,
            "Goes on from a model that this program trained: teaches it a few samples more",
            STRONG,
            ADAMW,
            1e-3,
            4,
            schedule="one-cycle",
            label_smoothing=0.05,
            augmentation=Augmentation(shift=1.0, rotation=6.0, zoom=0.06, shear=0.08, elastic=0.5),
            validation=0.2,
            goes_on=True,
            samples_per_epoch=6_400,
        ),
    )
}
"""The recipes that come with the program, by name."""

DEFAULT_RECIPE = "standard"
"""The recipe used where none is named."""
