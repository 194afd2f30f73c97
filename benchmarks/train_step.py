"""Measure a training step (forward, backward, update) beside PyTorch's, in one run, in turns.

    python benchmarks/train_step.py [--rounds N] [--torch-python PYTHON]

PyTorch is installed into a throw-away environment in the temporary folder unless `--torch-python`
names one that has it. The two take turns, five steps each, so that a change of the machine's speed
meets both; the figures are medians. Everything is measured again while another process keeps one
core busy. GFLOP/s counts the products of convolutions and dense layers, forwards and backwards,
and stands beside what a large matrix product reaches on as many cores.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
from measuring import (
    Worker,
    arguments,
    described,
    environment,
    in_turns,
    medians,
    one_core_busy,
    run_script,
    timed,
)
from numpy.typing import NDArray
from onnx import helper

from mnist_desktop.commands.opening import count
from mnist_desktop.trainer.augment import PLAIN
from mnist_desktop.trainer.crew import available_cores
from mnist_desktop.trainer.engine import Engine
from mnist_desktop.trainer.layers import Convolution, Dense
from mnist_desktop.trainer.optimizers import OptimizerState, update
from mnist_desktop.trainer.recipes import RECIPES, Recipe
from mnist_desktop.trainer.step import fitting_step
from mnist_desktop.trainer.weights import Architecture, first_parameters, marked

NAMES = ("quick", "standard", "keras-rmsprop")
BATCH, TURN = 128, 5
WORKER = Path(__file__).parent / "torch" / "worker.py"


class Ours:
    """The step of a recipe's network on our engine, without augmentation."""

    def __init__(self, recipe: Recipe) -> None:
        self.architecture = Architecture(recipe.network, 28, 28, 10)
        self.parameters = first_parameters(self.architecture, np.random.default_rng(0))
        plain = replace(recipe, augmentation=PLAIN, label_smoothing=0.0, batch_size=BATCH)
        step = fitting_step(self.architecture, plain, BATCH)
        self.engine = Engine(step, self.parameters)
        random = np.random.default_rng(0)
        self.engine.batch.images[:] = random.integers(0, 256, self.engine.batch.images.shape)
        self.engine.batch.labels[:] = random.integers(0, 10, BATCH)
        self.optimizer = recipe.optimizer
        self.state = OptimizerState.fresh(recipe.optimizer, len(self.parameters))
        self.decaying = marked(self.architecture, ["weight"])

    def steps(self) -> list[float]:
        """Run a turn; return the milliseconds of each step."""
        return [self._step() for _ in range(TURN)]

    def _step(self) -> float:
        """Run forward, backward and update; return the milliseconds."""
        began = time.perf_counter()
        self.engine.run()
        self.state.steps += 1
        self.engine.update(self._update)
        return 1000 * (time.perf_counter() - began)

    def _update(self, block: slice, gradient: NDArray[np.float32]) -> None:
        """Update a block of the parameters."""
        update(
            self.optimizer,
            self.state.part(block),
            parameters=self.parameters[block],
            gradient=gradient,
            rate=1e-4,
            decaying=self.decaying[block],
        )

    def gigaflop(self) -> float:
        """Return the products of a step in units of 10⁹: two for each multiplication and sum."""
        total, first = 0.0, True
        layers = self.architecture.network.layers(10)
        for layer, shape in zip(layers, self.architecture.shapes(), strict=True):
            if isinstance(layer, Convolution | Dense):
                weights = layer.parameters(shape)[0].size
                out = layer.output(shape)
                # Forward, the weights' gradient and, but for the first layer, the input's.
                total += (2 if first else 3) * 2 * BATCH * out.height * out.width * weights
                first = False
        return total / 1e9


class Theirs(Worker):
    """The same network in PyTorch, in a process of its own."""

    def __init__(self, python: Path, recipe: Recipe) -> None:
        super().__init__(python, WORKER, available_cores())
        self._request = {
            "layers": [described(layer) for layer in recipe.network.layers(10)],
            "batch": BATCH,
            "optimizer": recipe.optimizer.name,
            "steps": TURN,
        }

    def steps(self, memory: str) -> list[float]:
        """Run a turn in one of the two memory formats; return the milliseconds of each step."""
        return self.ask(self._request | {"format": memory})


def matrix_peak() -> float:
    """Return the GFLOP/s of a large matrix product in onnxruntime on all cores."""
    size = 1536
    info = [helper.make_tensor_value_info(n, 1, [size, size]) for n in ("a", "b", "y")]
    node = helper.make_node("MatMul", ["a", "b"], ["y"])
    graph = helper.make_graph([node], "peak", info[:2], info[2:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = available_cores()
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    feed = {n: np.random.default_rng(0).random((size, size), np.float32) for n in "ab"}
    best = min(timed(lambda: session.run(None, feed)) for _ in range(12))
    return 2 * size**3 / best / 1e9


def compare(python: Path, name: str, rounds: int, situation: str, peak: float) -> None:
    """Measure one network and print its line."""
    ours, theirs = Ours(RECIPES[name]), Theirs(python, RECIPES[name])
    contestants = {
        "ours": ours.steps,
        "nchw": lambda: theirs.steps("nchw"),
        "channels-last": lambda: theirs.steps("channels-last"),
    }
    with ours.engine:
        middle = medians(in_turns(contestants, rounds=rounds))
    theirs.close()
    best = min(middle["nchw"], middle["channels-last"])
    print(
        f"{name:14} {situation:10} {middle['ours']:8.1f} {middle['nchw']:9.1f} "
        f"{middle['channels-last']:9.1f} {best / middle['ours']:8.2f} × "
        f"{1000 * ours.gigaflop() / middle['ours']:8.0f} of {peak:.0f}",
        flush=True,
    )


def main() -> None:
    """Print a line for each network, on a quiet machine and beside a busy process."""
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=count, default=8)
    parser.add_argument("--torch-python", type=Path)
    options = parser.parse_args()
    wanted = ("torch==2.13.0", f"numpy=={np.__version__}")
    python = options.torch_python or environment("torch", *wanted)
    peak = matrix_peak()
    print(f"milliseconds for a step of {BATCH} images, median, {available_cores()} cores")
    print("network        machine        ours   PT nchw  PT ch.-last   faster   GFLOP/s")
    for name in NAMES:
        compare(python, name, options.rounds, "quiet", peak)
    with one_core_busy():
        for name in NAMES:
            compare(python, name, max(2, options.rounds // 3), "one busy", peak)


if __name__ == "__main__":
    run_script(main)
