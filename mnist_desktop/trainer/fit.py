"""Fit a network: a generator of progress that the caller drives, pauses, ends early or closes."""

from __future__ import annotations

import math
import time
from collections.abc import Generator
from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.progress import Request
from mnist_desktop.trainer import augment
from mnist_desktop.trainer.apart import apart
from mnist_desktop.trainer.checkpoint import Checkpoint, Samples, TrainingError
from mnist_desktop.trainer.engine import Batch, Engine
from mnist_desktop.trainer.learner import Learner
from mnist_desktop.trainer.progress import EpochProgress, Fitted, TrainingProgress
from mnist_desktop.trainer.recipes import Recipe
from mnist_desktop.trainer.reporting import Reporter
from mnist_desktop.trainer.sampling import draw_order, epoch_size
from mnist_desktop.trainer.step import Step, fitting_step
from mnist_desktop.trainer.validation import Measuring
from mnist_desktop.trainer.watch import DivergedError, Watch
from mnist_desktop.trainer.weights import Architecture, Weights, first_parameters

TELL_EVERY = 0.03
"""Seconds between two steps that are told: each costs a change of threads, some tenths of a ms."""


Working = Generator[TrainingProgress, Request | None, None]
"""A part of a fit."""

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
    start: Weights | None = None,
) -> Fit:
    """Train the network of `recipe` on `training`, a few steps for each item asked for.

    Asking for the next item runs some hundredths of a second; not asking pauses; closing the
    generator cancels; sending `Request.FINISH_EPOCH` ends the fit with the epoch that is running.
    The same seed gives the same weights, bit for bit, also when it goes on from a checkpoint.

    Parameters
    ----------
    validation
        Chooses the epoch whose weights are kept: the best, or where the rate falls the last that
        is not below the best by more than one standard error. None or empty keeps the last.
    classes
        Number of classes; labels are below it.
    threads
        Cores to use, None for all.
    checkpoint
        Where to go on, from an earlier fit with the same arguments.
    start
        What to go on training instead of first weights drawn by the seed; its network must be that
        of `recipe`.

    Yields
    ------
    TrainingProgress
        "start", a "step" some tens of times a second and after an epoch's last step, and an
        `EpochProgress` after each epoch.

    Raises
    ------
    TrainingError
        When pictures are too small or too few, or the training diverges before an epoch is done;
        later it ends with the weights that are kept and the reason in `Fitted.stopped`.
    """
    run = _Run(training, validation, recipe, classes, seed, threads, checkpoint, start)
    return (yield from apart(run.epochs(), name="fit"))


def step_for(training: Samples, recipe: Recipe, classes: int) -> Step:
    """Return the training step that a fit with these arguments runs.

    Raises
    ------
    TrainingError
        When pictures are too small or too few.
    """
    height, width = training.images.shape[1:]
    architecture = Architecture(recipe.network, height, width, classes)
    return fitting_step(architecture, recipe, epoch_size(training, recipe))


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
        start: Weights | None,
    ) -> None:
        self.training, self.recipe, self.seed = training, recipe, seed
        self.validation = validation if validation is not None and len(validation) else None
        self.step = step_for(training, recipe, classes)
        architecture = self.step.architecture
        self.steps = epoch_size(training, recipe) // self.step.batch
        parameters = self._first_parameters(start)
        self.learner = Learner(
            architecture,
            parameters,
            recipe,
            steps=self.steps * recipe.epochs,
            statistics=start.statistics if start else None,
        )
        self.epoch = 0
        if checkpoint is not None:
            self.learner.restore(checkpoint)
            self.epoch = checkpoint.epoch
        self.threads = threads
        self.reporter = Reporter(
            batch=self.step.batch,
            steps=self.steps,
            epochs=recipe.epochs,
            seconds=checkpoint.seconds if checkpoint else 0.0,
        )
        self.watch = Watch(architecture)
        self.finish = False
        self.stopped: str | None = None

    def _first_parameters(self, start: Weights | None) -> NDArray[np.float32]:
        """Return the parameters to begin with: those of `start`, or some drawn by the seed."""
        architecture = self.step.architecture
        if start is None:
            random = np.random.Generator(np.random.Philox(key=[self.seed, 0]))
            return first_parameters(architecture, random)
        if start.architecture != architecture:
            raise TrainingError(
                "The model to go on with has another network, picture size or number of classes",
                "Choose a model that was trained on pictures like these.",
            )
        return start.parameters.copy()

    def epochs(self) -> Fit:
        """Tell of the start, then run every epoch that is left."""
        self._heed((yield self._progress("start")))
        # Only now, so that nobody who cancels at the start waits for a session to be made.
        with Engine(self.step, self.learner.parameters, threads=self.threads) as self.engine:
            yield from self._epochs_left()
        kept = self.learner.kept
        assert kept is not None
        architecture = self.step.architecture
        return Fitted(
            Weights(architecture, kept.parameters, kept.statistics),
            self.epoch,
            kept.epoch,
            None if architecture.network.is_autoencoder else kept.score,
            self.reporter.seconds,
            finished_early=self.epoch < self.recipe.epochs,
            stopped=self.stopped,
        )

    def _epochs_left(self) -> Working:
        """Run epochs until there is none left, the caller asks to finish, or the loss is lost."""
        while self.epoch < self.recipe.epochs:
            self.epoch += 1
            try:
                yield from self._one_epoch()
            except DivergedError as problem:
                if self.learner.kept is None:
                    raise
                self.stopped = problem.message
                break
            yield from self._finish_epoch()
            if self.finish:
                break

    def _one_epoch(self) -> Working:
        """Run the steps of one epoch."""
        # A generator of its own for each epoch: a checkpoint needs to keep no random state.
        random = np.random.Generator(np.random.Philox(key=[self.seed, self.epoch]))
        order = draw_order(self.training, self.recipe, batch=self.step.batch, random=random)
        batches = order[: self.steps * self.step.batch].reshape(self.steps, self.step.batch)
        of_a_class = self.training.labels[batches] < self.step.architecture.classes
        answerable = np.count_nonzero(of_a_class, axis=1).tolist()
        self.reporter.begin_epoch(self.epoch)
        self._fill(self.engine.batch, batches[0], random)
        told = time.perf_counter()
        for number in range(1, self.steps + 1):
            prepare = None
            if number < self.steps:
                prepare = partial(self._fill, chosen=batches[number], random=random)
            loss, correct = self.engine.run(prepare)
            self.watch.check(loss, self.epoch, number)
            rate = self.learner.learn(self.engine)
            self.reporter.add_step(loss, correct, rate, answerable=answerable[number - 1])
            if number == self.steps or time.perf_counter() - told >= TELL_EVERY:
                self._heed((yield self._progress("step")))
                told = time.perf_counter()

    def _fill(self, batch: Batch, chosen: NDArray[np.int64], random: np.random.Generator) -> None:
        """Put the chosen samples, their warps and the dropout masks into a batch."""
        augmentation = self.recipe.augmentation
        pixels = 0 if augmentation.bends else int(augmentation.shift)
        images = self.training.images[chosen]
        augment.shift_pictures(images, pixels, random=random, out=batch.images)
        np.take(self.training.labels, chosen, out=batch.labels)
        if self.step.coefficients:
            batch.warps[:] = augment.draw_warps(
                augmentation,
                len(chosen),
                height=self.step.architecture.height,
                width=self.step.architecture.width,
                random=random,
            )
        for name, (size, rate) in self.step.masks.items():
            # One byte a number: a rate is kept to 1/256, and the articles' rates are exact. Bytes
            # of large integers take a quarter of the time of bytes that are drawn one by one.
            wanted = len(chosen) * size
            large = random.integers(0, 1 << 64, -(-wanted // 8), dtype=np.uint64)
            noise = large.view(np.uint8)[:wanted].reshape(len(chosen), size)
            np.greater_equal(noise, round(rate * 256), out=batch.masks[name].view(np.bool_))

    def _finish_epoch(self) -> Working:
        """Measure the validation part, keep the weights if they are the best, make a checkpoint."""
        loss = accuracy = None
        if self.validation is not None:
            loss, accuracy = yield from self._validate(self.validation)
        if self.validation is None or accuracy is None:
            self.learner.finish_epoch(self.epoch, None if loss is None else -loss)
        else:
            falls = self.recipe.schedule == "one-cycle"
            chance = math.sqrt(accuracy * (1.0 - accuracy) / len(self.validation))
            self.learner.finish_epoch(self.epoch, accuracy, chance=chance if falls else 0.0)
        told = vars(self._progress("epoch"))
        told |= {"validation_loss": loss, "validation_accuracy": accuracy}
        checkpoint = self.learner.checkpoint(self.epoch, self.reporter.seconds)
        self._heed((yield EpochProgress(**told, checkpoint=checkpoint)))

    def _validate(
        self, samples: Samples
    ) -> Generator[TrainingProgress, Request | None, tuple[float, float | None]]:
        """Measure the weights of the moment, some samples at a time."""
        measuring = Measuring(self.learner.weights(), samples, self.engine.crew)
        what = f"measuring epoch {self.epoch} of {self.recipe.epochs}"
        for _ in measuring:
            self._heed((yield replace(self._progress("step"), what=what)))
        return measuring.loss, measuring.accuracy

    def _heed(self, request: Request | None) -> None:
        """Take up what the caller asks for."""
        self.finish = self.finish or request is Request.FINISH_EPOCH

    def _progress(self, kind: Literal["start", "step", "epoch"]) -> TrainingProgress:
        """Describe the fit as it stands."""
        kept, done = self.learner.kept, self.learner.optimizer.steps
        return self.reporter.progress(kind, done=done, best_epoch=kept.epoch if kept else None)
