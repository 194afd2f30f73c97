"""Run a training step on every core: a session each, a share of the batch each, one sum.

onnxruntime hardly threads these small products, and its own threads spin; one session a core, each
run from its own Python thread (`run` frees the interpreter lock), keeps all cores at work and is
unhurt when another program takes one away.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mnist_desktop.inference.model_file import session_options
from mnist_desktop.trainer.step import GRADIENT, Step


def available_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass
class Batch:
    """The input arrays of one update, filled by the caller before each step.

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

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return each array by the name of the graph's input."""
        found: dict[str, NDArray[Any]] = {"images": self.images, "labels": self.labels}
        if self.warps.shape[2]:
            found["warps"] = self.warps
        return found | self.masks


@dataclass
class _Share:
    """One core's session with its outputs, and the sums over the pieces it has run."""

    session: onnxruntime.InferenceSession
    pieces: list[Any]
    loss: NDArray[np.float32]
    correct: NDArray[np.int64]
    gradient: NDArray[np.float32]
    statistics: NDArray[np.float32]
    gradient_sum: NDArray[np.float32] = field(init=False)
    statistics_sum: NDArray[np.float32] = field(init=False)
    loss_sum: float = 0.0
    correct_sum: int = 0

    def __post_init__(self) -> None:
        self.gradient_sum = np.zeros_like(self.gradient)
        self.statistics_sum = np.zeros_like(self.statistics)

    def run(self) -> None:
        """Run every piece of this share, in order, and sum what comes out."""
        self.loss_sum, self.correct_sum = 0.0, 0
        self.statistics_sum[:] = 0.0
        for number, binding in enumerate(self.pieces):
            self.session.run_with_iobinding(binding)
            if number:
                self.gradient_sum += self.gradient
            else:
                self.gradient_sum[:] = self.gradient
            self.statistics_sum += self.statistics
            self.loss_sum += float(self.loss)
            self.correct_sum += int(self.correct)


class Engine:
    """A training step bound to one vector of parameters.

    Every array is allocated once and its address given to onnxruntime, so a step copies nothing
    but the pictures. Use as a context manager: it owns threads.

    Parameters
    ----------
    step
        The graph.
    parameters
        `(p,)` float32; read at each step where it lies, so the caller updates it in place.
    threads
        Sessions to run side by side; None for one a core.

    Attributes
    ----------
    batch
        What the next step computes on.
    gradient
        `(p,)` float32, the gradient of the mean loss after a step.
    statistics
        `(s,)` float32, the batch norm statistics of that batch, averaged over its pieces.
    """

    def __init__(
        self, step: Step, parameters: NDArray[np.float32], *, threads: int | None = None
    ) -> None:
        self._step = step
        self._layout = step.architecture.layout()
        self._statistics_layout = step.architecture.statistics_layout()
        self._parameters = parameters
        count, shape = step.batch, (step.architecture.height, step.architecture.width)
        self.batch = Batch(
            np.zeros((count, *shape), np.uint8),
            np.zeros(count, np.int64),
            np.zeros((count, 2, step.coefficients), np.float32),
            {name: np.ones((count, size), np.uint8) for name, (size, _) in step.masks.items()},
        )
        pieces = step.batch // step.piece
        self.threads = max(1, min(threads or available_cores(), pieces))
        data = step.model.SerializeToString()
        self._shares = [
            self._share(data, list(range(pieces))[core :: self.threads])
            for core in range(self.threads)
        ]
        self.gradient = self._shares[0].gradient_sum
        self.statistics = np.zeros_like(self._shares[0].statistics)
        self._pool = ThreadPoolExecutor(max(1, self.threads - 1), "training")

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def run(self) -> tuple[float, int]:
        """Compute one step on `batch`.

        Returns
        -------
        float
            The mean loss of the batch.
        int
            How many of its pictures were answered right; 0 for an autoencoder.
        """
        others: list[Callable[[], None]] = [
            self._pool.submit(share.run).result for share in self._shares[1:]
        ]
        self._shares[0].run()
        for wait in others:
            wait()
        # Always in the same order: the same seed on as many threads gives the same bits.
        for share in self._shares[1:]:
            self.gradient += share.gradient_sum
        self.statistics[:] = 0.0
        for share in self._shares:
            self.statistics += share.statistics_sum
        self.statistics *= self._step.piece / self._step.batch
        return (
            sum(share.loss_sum for share in self._shares),
            sum(share.correct_sum for share in self._shares),
        )

    def _share(self, data: bytes, pieces: list[int]) -> _Share:
        """Make a session and bind its pieces of the batch."""
        share = _Share(
            onnxruntime.InferenceSession(data, _options(), providers=["CPUExecutionProvider"]),
            [],
            np.zeros((), np.float32),
            np.zeros((), np.int64),
            np.zeros(self._layout.size, np.float32),
            np.zeros(self._statistics_layout.size, np.float32),
        )
        share.pieces.extend(self._bind(share, number) for number in pieces)
        return share

    def _bind(self, share: _Share, number: int) -> onnxruntime.IOBinding:
        """Bind the addresses of piece `number` of the batch, of the parameters and the outputs."""
        binding = share.session.io_binding()
        size = self._step.piece
        for name, array in self.batch.arrays().items():
            _bind_input(binding, name, array[number * size : (number + 1) * size])
        for name, array in self._layout.views(self._parameters).items():
            _bind_input(binding, name, array)
        outputs: dict[str, NDArray[Any]] = {"loss": share.loss}
        if not self._step.architecture.network.is_autoencoder:
            outputs["correct"] = share.correct
        for name, array in self._layout.views(share.gradient).items():
            outputs[GRADIENT + name] = array
        outputs |= self._statistics_layout.views(share.statistics)
        for name, array in outputs.items():
            binding.bind_output(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
        return binding


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
