"""Fit a network: a generator of progress that the caller drives, pauses, ends early or closes."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.progress import Request
from mnist_desktop.trainer import augment
from mnist_desktop.trainer.apart import apart
from mnist_desktop.trainer.checkpoint import Checkpoint, Kept, Samples, TrainingError
from mnist_desktop.trainer.engine import Engine
from mnist_desktop.trainer.optimizers import OptimizerState, one_cycle, update
from mnist_desktop.trainer.progress import TrainingProgress
from mnist_desktop.trainer.recipes import Recipe
from mnist_desktop.trainer.reporting import Reporter
from mnist_desktop.trainer.step import fitting_step
from mnist_desktop.trainer.validation import Validator
from mnist_desktop.trainer.weights import Architecture, Weights, first_parameters, marked

STATISTICS_DECAY = 0.9
"""Share of the running batch norm statistics that a step keeps; PyTorch's 1 − momentum."""


@dataclass(frozen=True)
class EpochProgress(TrainingProgress):
    """The progress of a finished epoch, with the checkpoint behind it."""

    checkpoint: Checkpoint | None = field(default=None, repr=False)


@dataclass(frozen=True, eq=False)
class Fitted:
    """What a fit returns: the kept weights, and how the run went."""

    weights: Weights
    epochs: int
    best_epoch: int
    validation_accuracy: float | None
    seconds: float
    finished_early: bool


Fit = Generator[TrainingProgress, Request | None, Fitted]
"""A fit as it runs."""


def fit(
    training: Samples,
    validation: Samples | None,
    recipe: Recipe,
    *,
    classes: int,
    seed: int = 0,
    threads: int | None = None,
    checkpoint: Checkpoint | None = None,
) -> Fit:
    """Train the network of `recipe` on `training`, a step for each item asked for.

    Asking for the next item runs one step; not asking pauses; closing the generator cancels;
    sending `Request.FINISH_EPOCH` ends the fit with the epoch that is running. The same seed on as
    many threads gives the same weights, bit for bit, also when it goes on from a checkpoint.

    Parameters
    ----------
    validation
        Chooses the epoch whose weights are kept; None or empty keeps the last.
    classes
        Number of classes; labels are below it.
    threads
        Cores to use, None for all.
    checkpoint
        Where to go on, from an earlier fit with the same arguments.

    Yields
    ------
    TrainingProgress
        "start", a "step" after each step, and an `EpochProgress` after each epoch.

    Raises
    ------
    TrainingError
        When pictures are too small or too few, or the loss is no longer a number.
    """
    job = _fit(training, validation, recipe, classes, seed, threads, checkpoint)
    return (yield from apart(job, name="fit"))


def _fit(
    training: Samples,
    validation: Samples | None,
    recipe: Recipe,
    classes: int,
    seed: int,
    threads: int | None,
    checkpoint: Checkpoint | None,
) -> Fit:
    """Do what `fit` says, in the thread that asks."""
    run = _Run(training, validation, recipe, classes, seed, threads, checkpoint)
    with run.engine:
        return (yield from run.epochs())


class _Run:
    """The state of one fit between two steps."""

    def __init__(
        self,
        training: Samples,
        validation: Samples | None,
        recipe: Recipe,
        classes: int,
        seed: int,
        threads: int | None,
        checkpoint: Checkpoint | None,
    ) -> None:
        self.training, self.recipe, self.seed = training, recipe, seed
        self.validation = validation if validation is not None and len(validation) else None
        height, width = training.images.shape[1:]
        self.architecture = Architecture(recipe.network, height, width, classes)
        self.step = fitting_step(self.architecture, recipe, len(training))
        self.steps = len(training) // self.step.batch
        random = np.random.Generator(np.random.Philox(key=[seed, 0]))
        self.parameters = first_parameters(self.architecture, random)
        self.statistics = np.zeros(self.architecture.statistics_layout().size, np.float32)
        self.optimizer = OptimizerState.fresh(recipe.optimizer, len(self.parameters))
        self.epoch = 0
        self.kept: Kept | None = None
        if checkpoint is not None:
            self._restore(checkpoint)
        self.decaying = marked(self.architecture, ["weight"])
        self.engine = Engine(self.step, self.parameters, threads=threads)
        self.validator = Validator(self.engine.threads)
        self.reporter = Reporter(
            batch=self.step.batch,
            steps=self.steps,
            epochs=recipe.epochs,
            seconds=checkpoint.seconds if checkpoint else 0.0,
        )

    def epochs(self) -> Fit:
        """Run every epoch that is left."""
        request = yield self._progress("start")
        asked, finish = request is Request.FINISH_EPOCH, False
        while self.epoch < self.recipe.epochs and not finish:
            self.epoch += 1
            finish = yield from self._one_epoch(finish=asked)
        assert self.kept is not None
        return Fitted(
            Weights(self.architecture, self.kept.parameters, self.kept.statistics),
            self.epoch,
            self.kept.epoch,
            None if self.architecture.network.is_autoencoder else self.kept.score,
            self.reporter.seconds,
            finished_early=self.epoch < self.recipe.epochs,
        )

    def _one_epoch(self, *, finish: bool) -> Generator[TrainingProgress, Request | None, bool]:
        """Run one epoch; return whether the caller asked to finish with it, or had before it."""
        # A generator of its own for each epoch: a checkpoint needs to keep no random state.
        random = np.random.Generator(np.random.Philox(key=[self.seed, self.epoch]))
        order = random.permutation(len(self.training))
        self.reporter.begin_epoch(self.epoch)
        for number in range(1, self.steps + 1):
            begin = (number - 1) * self.step.batch
            self._fill(order[begin : begin + self.step.batch], random)
            loss, correct = self.engine.run()
            if not math.isfinite(loss):
                raise TrainingError(
                    "The training diverged: the loss is no longer a number in step "
                    f"{number} of epoch {self.epoch}",
                    "Choose another recipe or seed; the epochs before are kept with the run.",
                )
            self.reporter.add_step(loss, correct, self._update())
            request = yield self._progress("step")
            finish = finish or request is Request.FINISH_EPOCH
        request = yield self._finish_epoch()
        return finish or request is Request.FINISH_EPOCH

    def _fill(self, chosen: NDArray[np.int64], random: np.random.Generator) -> None:
        """Put the chosen samples, their warps and the dropout masks where the engine reads them."""
        batch = self.engine.batch
        np.take(self.training.images, chosen, axis=0, out=batch.images)
        np.take(self.training.labels, chosen, out=batch.labels)
        if self.step.coefficients:
            batch.warps[:] = augment.draw_warps(
                self.recipe.augmentation,
                len(chosen),
                height=self.architecture.height,
                width=self.architecture.width,
                random=random,
            )
        for name, (size, rate) in self.step.masks.items():
            # One byte a number: a rate is kept to 1/256, and the articles' rates are exact.
            noise = random.integers(0, 256, (len(chosen), size), dtype=np.uint8)
            np.greater_equal(noise, round(rate * 256), out=batch.masks[name].view(np.bool_))

    def _update(self) -> float:
        """Update weights and running statistics from the step that was run; return the rate."""
        recipe, done = self.recipe, self.optimizer.steps
        rate = recipe.learning_rate
        if recipe.schedule == "one-cycle":
            fraction = done / (self.steps * recipe.epochs)
            rate = one_cycle(fraction, peak=rate, warm_up=recipe.warm_up)
        keep = STATISTICS_DECAY if done else 0.0
        self.statistics *= keep
        self.statistics += (1.0 - keep) * self.engine.statistics
        update(
            recipe.optimizer,
            self.optimizer,
            parameters=self.parameters,
            gradient=self.engine.gradient,
            rate=rate,
            decaying=self.decaying,
        )
        return rate

    def _finish_epoch(self) -> EpochProgress:
        """Measure the validation part, keep the weights if they are the best, make a checkpoint."""
        loss = accuracy = None
        if self.validation is not None:
            weights = Weights(self.architecture, self.parameters, self.statistics)
            loss, accuracy = self.validator.measure(weights, self.validation)
        score = accuracy if accuracy is not None or loss is None else -loss
        before = None if self.kept is None else self.kept.score
        if score is None or before is None or score >= before:
            self.kept = Kept(self.epoch, score, self.parameters.copy(), self.statistics.copy())
        assert self.kept is not None
        checkpoint = Checkpoint(
            self.epoch,
            self.reporter.seconds,
            self.parameters.copy(),
            self.statistics.copy(),
            self.optimizer.first.copy(),
            self.optimizer.second.copy(),
            self.optimizer.steps,
            self.kept,
        )
        plain = {**vars(self._progress("epoch"))}
        plain |= {"validation_loss": loss, "validation_accuracy": accuracy}
        return EpochProgress(**plain, checkpoint=checkpoint)

    def _restore(self, checkpoint: Checkpoint) -> None:
        """Take up the state of a checkpoint, or say that it belongs to another network."""
        pairs = (
            (self.parameters, checkpoint.parameters),
            (self.statistics, checkpoint.statistics),
            (self.optimizer.first, checkpoint.first),
            (self.optimizer.second, checkpoint.second),
            (self.parameters, checkpoint.kept.parameters),
            (self.statistics, checkpoint.kept.statistics),
        )
        if any(ours.shape != theirs.shape for ours, theirs in pairs):
            raise TrainingError(
                "The checkpoint belongs to another network",
                "Resume with the recipe and the dataset that the run was started with.",
            )
        self.parameters[:] = checkpoint.parameters
        self.statistics[:] = checkpoint.statistics
        self.optimizer = OptimizerState(
            checkpoint.steps, checkpoint.first.copy(), checkpoint.second.copy()
        )
        self.epoch, self.kept = checkpoint.epoch, checkpoint.kept

    def _progress(self, kind: Literal["start", "step", "epoch"]) -> TrainingProgress:
        """Describe the fit as it stands."""
        best = self.kept.epoch if self.kept else None
        return self.reporter.progress(kind, done=self.optimizer.steps, best_epoch=best)
