"""What a training is asked and what it tells, as plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.progress import Progress
from mnist_desktop.trainer.checkpoint import Checkpoint
from mnist_desktop.trainer.recipes import Recipe
from mnist_desktop.trainer.weights import Weights


@dataclass(frozen=True)
class TrainingSettings:
    """Everything one training is started with.

    Parameters
    ----------
    dataset
        The samples to learn from; must have labels. A validation part is drawn from it.
    output
        The ONNX file to write when the training ends well.
    recipe
        Network, optimizer, schedule and augmentation.
    seed
        Decides the first weights, the order of samples, the split and the augmentation.
    epochs
        None for as many as the recipe says.
    threads
        Cores to use; None for all that this process may use.
    test
        Samples never trained on, evaluated once at the end.
    test_share
        Share of `dataset` set apart as such instead, see `set_test_apart`; 0 for none.
    validation
        Share of `dataset` kept apart to choose the epoch, 0 to 0.5; None for the recipe's.
    start
        A model of this program whose training is to go on, instead of first weights by the seed.
    mix
        Samples to mix into `dataset` where a model is trained further, so that it forgets nothing:
        best those it was trained on.
    training_graph
        Where to write the graph of one training step, for people to look at.
    resume
        A run's folder to go on from; its own settings must be those given here.
    runs
        The folder that keeps runs; None for the user's own.
    """

    dataset: Dataset
    output: Path
    recipe: Recipe
    seed: int = 0
    epochs: int | None = None
    threads: int | None = None
    test: Dataset | None = None
    test_share: float = 0.0
    validation: float | None = None
    start: Path | None = None
    mix: Dataset | None = None
    training_graph: Path | None = None
    resume: Path | None = None
    runs: Path | None = None


@dataclass(frozen=True)
class TrainingProgress(Progress):
    """How far a training has come; `done` and `total` count the steps of the whole run.

    Parameters
    ----------
    kind
        "start" once, "step" after each step, "epoch" after each epoch.
    epoch, epochs
        The epoch this is about, from 1, and how many there will be.
    step, steps
        The step within the epoch, from 1, and how many an epoch has.
    loss, accuracy
        Mean over the training samples seen in this epoch so far; accuracy 0 to 1.
    validation_loss, validation_accuracy
        After an epoch, where there is a validation part.
    images_per_second
        Training samples per second over the last seconds.
    seconds, seconds_left
        Time spent in this fit and an estimate of what remains.
    best_epoch
        The epoch whose weights would be kept now.
    learning_rate
        The rate of the last step.
    """

    kind: Literal["start", "step", "epoch"] = "step"
    epoch: int = 0
    epochs: int = 0
    step: int = 0
    steps: int = 0
    loss: float = 0.0
    accuracy: float = 0.0
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    images_per_second: float = 0.0
    seconds: float = 0.0
    seconds_left: float = 0.0
    best_epoch: int | None = None
    learning_rate: float = 0.0


@dataclass(frozen=True)
class EpochProgress(TrainingProgress):
    """The progress of a finished epoch, with the checkpoint behind it."""

    checkpoint: Checkpoint | None = field(default=None, repr=False)


@dataclass(frozen=True, eq=False)
class Fitted:
    """What a fit returns: the kept weights, and how the run went.

    `stopped` says why the fit gave up after the epoch whose weights are kept; None where it did
    not.
    """

    weights: Weights
    epochs: int
    best_epoch: int
    validation_accuracy: float | None
    seconds: float
    finished_early: bool
    stopped: str | None = None


@dataclass(frozen=True)
class TrainingResult:
    """What a training ended with.

    Parameters
    ----------
    model
        The ONNX file written; of an autoencoder the encoder.
    run
        The run's folder.
    epochs, best_epoch
        Epochs trained, and the one whose weights were kept.
    parameters
        How many numbers were learned.
    train_seconds
        Time of the fit alone, without reading files and evaluating the test split.
    validation_accuracy, test_accuracy
        0 to 1; None where there was no such split.
    finished_early
        True when the person asked to finish before the last epoch.
    decoder
        The decoder of an autoencoder.
    stopped
        Why the training gave up before its end and kept the best epoch until then; None where it
        did not.
    """

    model: Path
    run: Path
    epochs: int
    best_epoch: int
    parameters: int
    train_seconds: float
    validation_accuracy: float | None
    test_accuracy: float | None
    finished_early: bool
    decoder: Path | None = None
    stopped: str | None = None
