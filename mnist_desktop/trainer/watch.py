"""Notice that a training has gone wrong, by its loss."""

from __future__ import annotations

import math

from mnist_desktop.trainer.checkpoint import TrainingError
from mnist_desktop.trainer.weights import Architecture

LOOK_BACK = 50
"""Steps that the loss is averaged over."""

TIMES_GUESSING = 5.0
"""A mean loss above so many times that of guessing is no learning any more."""


class DivergedError(TrainingError):
    """A training whose loss left the range in which anything is learned."""


class Watch:
    """Follow the loss of each step.

    A network that knows nothing and says so has the loss of guessing: ln k for k classes, ln 2 for
    a pixel. A training may begin above that; one that stays far above it, or whose loss is no
    number, only moves away.
    """

    def __init__(self, architecture: Architecture) -> None:
        choices = 2 if architecture.network.is_autoencoder else max(2, architecture.classes)
        self.guessing = math.log(choices)
        self._mean, self._seen = 0.0, 0

    def check(self, loss: float, epoch: int, step: int) -> None:
        """Take up the loss of a step.

        Raises
        ------
        DivergedError
            When it is no number, or has been far too high for `LOOK_BACK` steps.
        """
        where = f"in step {step} of epoch {epoch}"
        if not math.isfinite(loss):
            raise _diverged(f"the loss is no longer a number {where}")
        self._seen += 1
        self._mean += (loss - self._mean) / min(self._seen, LOOK_BACK)
        if self._seen >= LOOK_BACK and self._mean > TIMES_GUESSING * self.guessing:
            raise _diverged(
                f"the loss is {self._mean:.3g} {where}, and guessing has {self.guessing:.3g}"
            )


def _diverged(what: str) -> DivergedError:
    """Return the error that says `what` happened."""
    return DivergedError(
        f"The training diverged: {what}",
        "Choose another recipe, a lower learning rate or another seed.",
    )
