"""What changes while a network learns: weights, running statistics, their average, the best so far.

All of it goes into a checkpoint and comes back from one.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.trainer.checkpoint import STATE, Checkpoint, Kept, TrainingError
from mnist_desktop.trainer.engine import Engine
from mnist_desktop.trainer.optimizers import OptimizerState, one_cycle, update
from mnist_desktop.trainer.recipes import Recipe
from mnist_desktop.trainer.weights import Architecture, Weights, marked

STATISTICS_DECAY = 0.9
"""Share of the running batch norm statistics that a step keeps; PyTorch's 1 − momentum."""


class Learner:
    """The learned state of one fit between two steps.

    Parameters
    ----------
    architecture
        The network.
    parameters
        `(p,)` float32, what it begins with; updated in place.
    recipe
        Decides the update.
    steps
        Updates in the whole fit.
    statistics
        The running statistics `(s,)` to go on with; None where there are none yet.

    Attributes
    ----------
    statistics
        `(s,)` float32, the running batch norm statistics.
    average, average_statistics
        The running means of parameters and statistics, as long; empty where the recipe takes none.
    optimizer
        What the optimizer remembers, with the number of updates made.
    kept
        The weights of the best epoch so far.
    """

    def __init__(
        self,
        architecture: Architecture,
        parameters: NDArray[np.float32],
        recipe: Recipe,
        *,
        steps: int,
        statistics: NDArray[np.float32] | None = None,
    ) -> None:
        self._architecture, self._recipe, self._steps = architecture, recipe, steps
        self._decaying = marked(architecture, ["weight"])
        self._horizon = max(1.0, recipe.averaging * steps)
        self.parameters = parameters
        self._goes_on = statistics is not None
        self.statistics = np.zeros(architecture.statistics_layout().size, np.float32)
        if statistics is not None:
            self.statistics[:] = statistics
        averages = recipe.averaging > 0
        self.average = parameters[: None if averages else 0].copy()
        self.average_statistics = self.statistics[: None if averages else 0].copy()
        self.optimizer = OptimizerState.fresh(recipe.optimizer, len(parameters))
        self.kept: Kept | None = None

    def learn(self, engine: Engine) -> float:
        """Update everything by the step that `engine` has run; return the learning rate."""
        recipe, done = self._recipe, self.optimizer.steps
        rate = recipe.learning_rate
        if recipe.schedule == "one-cycle":
            rate = one_cycle(done / self._steps, peak=rate, warm_up=recipe.warm_up)
        keep = STATISTICS_DECAY if done or self._goes_on else 0.0
        self.statistics *= keep
        self.statistics += (1.0 - keep) * engine.statistics
        # A plain mean at first, so that the average never holds on to how it began.
        fresh = max(1.0 / self._horizon, 1.0 / (done + 1))
        self.optimizer.steps += 1
        engine.update(partial(self._update_block, rate=rate, fresh=fresh))
        if len(self.average):
            self.average_statistics += fresh * (self.statistics - self.average_statistics)
        return rate

    def _update_block(
        self, block: slice, gradient: NDArray[np.float32], *, rate: float, fresh: float
    ) -> None:
        """Update a block of the parameters by its gradient, then their average."""
        parameters = self.parameters[block]
        update(
            self._recipe.optimizer,
            self.optimizer.part(block),
            parameters=parameters,
            gradient=gradient,
            rate=rate,
            decaying=self._decaying[block],
        )
        if len(self.average):
            np.subtract(parameters, self.average[block], out=gradient)
            gradient *= fresh
            self.average[block] += gradient

    def weights(self) -> Weights:
        """Return the weights as they would be kept now: their average where there is one."""
        if len(self.average):
            return Weights(self._architecture, self.average, self.average_statistics)
        return Weights(self._architecture, self.parameters, self.statistics)

    def finish_epoch(self, epoch: int, score: float | None, *, chance: float = 0.0) -> None:
        """Keep the weights of `epoch`, unless its score is too far below the best so far.

        Parameters
        ----------
        score
            What the validation part says, more is better; None where there is none.
        chance
            How much of a score may be chance. The later of two epochs that it cannot tell apart
            is kept (the rule of one standard error, Breiman et al. 1984): for where later epochs
            are the better ones, since the rate falls.
        """
        best = score if self.kept is None or self.kept.best is None else self.kept.best
        if score is not None and best is not None:
            if score < best - chance and self.kept is not None:
                return
            best = max(best, score)
        now = self.weights()
        self.kept = Kept(epoch, score, best, now.parameters.copy(), now.statistics.copy())

    def checkpoint(self, epoch: int, seconds: float) -> Checkpoint:
        """Return a copy of everything, after `epoch` and `seconds` of work."""
        assert self.kept is not None
        arrays = {name: array.copy() for name, array in self._arrays().items()}
        return Checkpoint(epoch, seconds, self.optimizer.steps, arrays, self.kept)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Take up the state of a checkpoint.

        Raises
        ------
        TrainingError
            When it belongs to another network.
        """
        now, kept, ours = self.weights(), checkpoint.kept, self._arrays()
        fits = kept.parameters.shape == now.parameters.shape
        fits = fits and kept.statistics.shape == now.statistics.shape
        fits = fits and all(checkpoint.arrays[n].shape == a.shape for n, a in ours.items())
        if not fits:
            raise TrainingError(
                "The checkpoint belongs to another network",
                "Resume with the recipe and the dataset that the run was started with.",
            )
        for name, array in ours.items():
            array[:] = checkpoint.arrays[name]
        self.optimizer.steps, self.kept = checkpoint.steps, checkpoint.kept

    def _arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return the arrays of a checkpoint, by name, themselves."""
        found = (
            self.parameters,
            self.statistics,
            self.average,
            self.average_statistics,
            self.optimizer.first,
            self.optimizer.second,
        )
        return dict(zip(STATE, found, strict=True))
