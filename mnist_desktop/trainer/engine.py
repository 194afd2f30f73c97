"""Run a training step on every core: pieces of the batch, taken up by whoever is free.

onnxruntime hardly threads these small products, and its own threads spin. Here each core runs whole
pieces of the batch from a Python thread of its own (`run` frees the interpreter lock). What each
piece found has its own place in memory and is summed in the order of the pieces, so the result
has the same bits on any number of threads, whoever computed what.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mnist_desktop.inference.model_file import session_options
from mnist_desktop.trainer.crew import Crew, available_cores
from mnist_desktop.trainer.step import GRADIENT, Step

BLOCK = 1 << 16
"""Parameters summed and updated at once: all arrays of an update of so many stay in a core's cache.

For the 1.2 million of the first article's network AdamW takes 3.0 ms so and 5.7 ms at once.
"""


@dataclass
class Batch:
    """The input arrays of one update, filled by the caller.

    Parameters
    ----------
    images, labels
        `(batch, h, w)` uint8 and `(batch,)` int64.
    warps
        `(batch, 2, coefficients)` float32.
    masks
        Name → `(batch, numbers)` uint8.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    warps: NDArray[np.float32]
    masks: dict[str, NDArray[np.uint8]]

    @classmethod
    def of(cls, step: Step) -> Batch:
        """Return an empty batch for `step`."""
        count, shape = step.batch, (step.architecture.height, step.architecture.width)
        return cls(
            np.zeros((count, *shape), np.uint8),
            np.zeros(count, np.int64),
            np.zeros((count, 2, step.coefficients), np.float32),
            {name: np.ones((count, size), np.uint8) for name, (size, _) in step.masks.items()},
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return each array by the name of the graph's input."""
        found: dict[str, NDArray[Any]] = {"images": self.images, "labels": self.labels}
        if self.warps.shape[2]:
            found["warps"] = self.warps
        return found | self.masks


Prepare: TypeAlias = Callable[[Batch], None]
"""Fill a batch."""

Apply: TypeAlias = Callable[[slice, NDArray[np.float32]], None]
"""Update a block of the parameters by its gradient, which is scratch afterwards."""


class _Found:
    """What the pieces of a batch found: a row for each."""

    def __init__(self, pieces: int, parameters: int, statistics: int) -> None:
        self.loss = np.zeros(pieces, np.float32)
        self.correct = np.zeros(pieces, np.int64)
        self.gradient = np.zeros((pieces, parameters), np.float32)
        self.statistics = np.zeros((pieces, statistics), np.float32)


class Engine:
    """A training step bound to one vector of parameters.

    Every array is allocated once and its address given to onnxruntime, so a step copies nothing
    but the pictures. While a batch is computed, the next one is prepared. Use as a context manager:
    it owns threads.

    Parameters
    ----------
    step
        The graph.
    parameters
        `(p,)` float32; read at each step where it lies, so the caller updates it in place.
    threads
        Pieces to run side by side; None for one a core.

    Attributes
    ----------
    batch
        What the next `run` computes on.
    gradient
        `(p,)` float32, the gradient of the mean loss, complete after `update`.
    statistics
        `(s,)` float32, the batch norm statistics of that batch, averaged over its pieces.
    crew
        The threads, for other work between two steps.
    """

    def __init__(
        self, step: Step, parameters: NDArray[np.float32], *, threads: int | None = None
    ) -> None:
        self._step = step
        self._layout = step.architecture.layout()
        self._statistics_layout = step.architecture.statistics_layout()
        self._parameters = parameters
        pieces = step.batch // step.piece
        self.gradient = np.zeros(self._layout.size, np.float32)
        size = len(self.gradient)
        self._blocks = [slice(at, min(at + BLOCK, size)) for at in range(0, size, BLOCK)]
        self.statistics = np.zeros(self._statistics_layout.size, np.float32)
        self._found = _Found(pieces, len(self.gradient), len(self.statistics))
        self._session = onnxruntime.InferenceSession(
            step.model.SerializeToString(), _options(), providers=["CPUExecutionProvider"]
        )
        self.batch, self._next = Batch.of(step), Batch.of(step)
        self._tasks = [self._task(self.batch, number) for number in range(pieces)]
        self._next_tasks = [self._task(self._next, number) for number in range(pieces)]
        self.crew = Crew(threads or available_cores())

    def __enter__(self) -> Engine:
        # After the session, whose making decides how this thread and its children treat denormals.
        self.crew.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.crew.__exit__()

    def run(self, prepare: Prepare | None = None) -> tuple[float, int]:
        """Compute loss and gradients on `batch`, then make the batch that was prepared the next.

        Parameters
        ----------
        prepare
            Fills the batch after this one, meanwhile, in some thread; None computes on the same
            batch again.

        Returns
        -------
        float
            The mean loss of the batch.
        int
            How many of its pictures were answered right; 0 for an autoencoder.
        """
        if prepare is None:
            self.crew.run(self._tasks)
        else:
            self.crew.run([partial(prepare, self._next), *self._tasks])
            self.batch, self._next = self._next, self.batch
            self._tasks, self._next_tasks = self._next_tasks, self._tasks
        np.mean(self._found.statistics, axis=0, out=self.statistics)
        return float(self._found.loss.sum()), int(self._found.correct.sum())

    def update(self, apply: Apply) -> None:
        """Sum the gradients of the last `run` and let `apply` update the parameters by them.

        Parameters
        ----------
        apply
            Called once for each block of the parameters, in any thread and order.
        """
        self.crew.run([partial(self._finish, block, apply) for block in self._blocks])

    def _finish(self, block: slice, apply: Apply) -> None:
        """Sum one block over the pieces and have it applied."""
        gradient = self.gradient[block]
        np.add.reduce(self._found.gradient[:, block], axis=0, out=gradient)
        apply(block, gradient)

    def _task(self, batch: Batch, number: int) -> Callable[[], None]:
        """Return what computes piece `number` of `batch`, every address bound once."""
        binding, found = self._session.io_binding(), self._found
        begin = number * self._step.piece
        for name, array in batch.arrays().items():
            _bind_input(binding, name, array[begin : begin + self._step.piece])
        for name, array in self._layout.views(self._parameters).items():
            _bind_input(binding, name, array)
        outputs: dict[str, NDArray[Any]] = {"loss": found.loss[number : number + 1].reshape(())}
        if not self._step.architecture.network.is_autoencoder:
            outputs["correct"] = found.correct[number : number + 1].reshape(())
        for name, array in self._layout.views(found.gradient[number]).items():
            outputs[GRADIENT + name] = array
        outputs |= self._statistics_layout.views(found.statistics[number])
        for name, array in outputs.items():
            binding.bind_output(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
        return partial(self._session.run_with_iobinding, binding)


def _bind_input(binding: onnxruntime.IOBinding, name: str, array: NDArray[Any]) -> None:
    """Give onnxruntime the address of `array`, which must be contiguous and outlive the binding."""
    binding.bind_input(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)


def _options() -> onnxruntime.SessionOptions:
    """Return the settings of a training session."""
    options = session_options()
    # Vanishing gradients become denormal numbers, which are up to 30 times slower to compute with.
    # It holds for the whole thread that makes the session, and for threads begun there.
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    return options
