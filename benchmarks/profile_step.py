"""Tell where the time of a training step goes, by kind of operator.

    python benchmarks/profile_step.py [RECIPE ...] [--steps N]

The graph of a recipe's step, as a fit on 60,000 samples of MNIST's size runs it, goes through
onnxruntime's own profiler in a session of one thread; the pictures are noise. A step is as many
runs of the graph as a batch has pieces. The row "between operators" is what a run takes beyond its
operators: finding the next one, memory, inputs and outputs, and the profiler itself, which writes
an event for each. The line below each table tells what a step takes without it.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from measuring import (
    add_recipes,
    arguments,
    chosen_recipes,
    in_turns,
    medians,
    run_script,
    table,
    timed,
)

from mnist_desktop.commands.opening import count
from mnist_desktop.inference.model_file import session_options
from mnist_desktop.trainer.engine import Engine
from mnist_desktop.trainer.step import Step, fitting_step
from mnist_desktop.trainer.weights import Architecture, first_parameters

DEFAULT = ("quick", "standard", "keras-rmsprop")
SAMPLES = 60_000
BETWEEN = "between operators"

Event = Mapping[str, Any]
"""What onnxruntime's profiler writes of a run or of an operator: `name`, `ts` and `dur` in µs."""


def step_inputs(step: Step) -> dict[str, np.ndarray]:
    """Return one piece of noise for each input of the graph, and the first weights."""
    random = np.random.default_rng(0)
    parameters = first_parameters(step.architecture, random)
    with Engine(step, parameters, threads=1) as engine:
        batch = engine.batch
    batch.images[:] = random.integers(0, 256, batch.images.shape)
    batch.labels[:] = random.integers(0, step.architecture.classes, batch.labels.shape)
    batch.warps[:, 0, :1] = batch.warps[:, 1, 1:2] = 1.0  # where pictures are warped: as they are
    feed = {name: array[: step.piece] for name, array in batch.arrays().items()}
    return feed | step.architecture.layout().views(parameters)


def profile(step: Step, steps: int) -> tuple[list[Event], float]:
    """Run steps under the profiler, and without it.

    Returns
    -------
    list
        Its events of all steps but a first one that warms up.
    float
        The median microseconds of a step without it.
    """
    runs, feed = step.batch // step.piece, step_inputs(step)
    with tempfile.TemporaryDirectory() as folder:
        options = session_options()
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(folder) / "step")
        watched, plain = open_step(step, options), open_step(step, session_options())

        def turn(session: onnxruntime.InferenceSession) -> list[float]:
            return [timed(lambda: [session.run(None, feed) for _ in range(runs)])]

        contestants = {"watched": lambda: turn(watched), "plain": lambda: turn(plain)}
        found = in_turns(contestants, rounds=steps)
        events: list[Event] = json.loads(Path(watched.end_profiling()).read_text(encoding="utf-8"))
    begins = sorted(event["ts"] for event in events if event["name"] == "model_run")
    return [event for event in events if event["ts"] >= begins[runs]], 1e6 * medians(found)["plain"]


def open_step(step: Step, options: onnxruntime.SessionOptions) -> onnxruntime.InferenceSession:
    """Return a session of the step with the engine's setting for denormal numbers."""
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    return onnxruntime.InferenceSession(
        step.model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def operator_rows(events: Sequence[Event], steps: int) -> list[list[str]]:
    """Return operator, calls and microseconds in a step, and share; the costliest first."""
    calls: defaultdict[str, int] = defaultdict(int)
    microseconds: defaultdict[str, int] = defaultdict(int)
    for event in events:
        if event.get("cat") == "Node" and event["name"].endswith("_kernel_time"):
            calls[event["args"]["op_name"]] += 1
            microseconds[event["args"]["op_name"]] += event["dur"]
    total = sum(event["dur"] for event in events if event["name"] == "model_run")
    runs = sum(event["name"] == "model_run" for event in events)
    microseconds[BETWEEN], calls[BETWEEN] = total - sum(microseconds.values()), runs
    order = sorted(microseconds, key=lambda name: -microseconds[name])
    rows = [
        [name, f"{calls[name] / steps:,.0f}", f"{microseconds[name] / steps:,.0f}", ""]
        for name in order
    ]
    for name, row in zip(order, rows, strict=True):
        row[-1] = f"{microseconds[name] / total:.1%}".replace("%", " %")
    return [*rows, ["step", f"{runs / steps:,.0f}", f"{total / steps:,.0f}", "100.0 %"]]


def main() -> None:
    """Print a table for each recipe."""
    parser = arguments(__doc__)
    add_recipes(parser, DEFAULT)
    parser.add_argument("--steps", type=count, default=30, help="steps to profile (30)")
    options = parser.parse_args()
    for recipe in chosen_recipes(options):
        step = fitting_step(Architecture(recipe.network, 28, 28, 10), recipe, SAMPLES)
        events, plain = profile(step, options.steps)
        runs = step.batch // step.piece
        print(f"{recipe.name}: a step of {step.batch} images, {runs} runs of the graph, one thread")
        print(table(["operator", "calls", "µs", "share"], operator_rows(events, options.steps)))
        print(f"without the profiler: {plain:,.0f} µs (median)\n", flush=True)


if __name__ == "__main__":
    run_script(main)
