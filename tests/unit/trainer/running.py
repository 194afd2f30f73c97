"""Run a graph or a training, and hold gradients against finite differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from mnist_desktop.trainer.gradients import backward
from mnist_desktop.trainer.graph import Graph, Tensor
from mnist_desktop.trainer.job import train
from mnist_desktop.trainer.progress import TrainingProgress, TrainingResult, TrainingSettings

LEVELS = {
    "disabled": onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL,
    "all": onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL,
}

Arrays = dict[str, NDArray[Any]]


def run(model: onnx.ModelProto, feed: Arrays, *, level: str = "all") -> Arrays:
    """Return every output of `model` by name."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = LEVELS[level]
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    wanted = {i.name for i in session.get_inputs()}
    names = [o.name for o in session.get_outputs()]
    return dict(zip(names, session.run(None, {k: feed[k] for k in wanted}), strict=True))


def compute(write: Callable[[Graph, dict[str, Tensor]], Tensor], feed: Arrays) -> NDArray[Any]:
    """Return the output that `write` makes of `feed`, in float64."""
    graph = Graph(np.float64)
    tensors = {name: graph.input(name, a.shape, a.dtype) for name, a in feed.items()}
    return run(graph.model({"y": write(graph, tensors)}, name="test"), feed)["y"]


def check_gradients(
    write: Callable[[Graph, dict[str, Tensor]], Tensor],
    feed: Arrays,
    *,
    by: tuple[str, ...],
    level: str,
    delta: float = 1e-6,
) -> None:
    """Assert that the gradients of a random projection of `write` are those of finite differences.

    Every element of every array named in `by` is moved by ±`delta` in float64.
    """
    graph = Graph(np.float64)
    tensors = {name: graph.input(name, a.shape, a.dtype) for name, a in feed.items()}
    y = write(graph, tensors)
    weight = np.random.default_rng(99).normal(size=y.shape)
    flat = graph.apply("Mul", y, graph.constant(weight))
    count = graph.constant(np.array([1, y.size], np.int64))
    ones = graph.constant(np.ones((y.size, 1)))
    loss = graph.apply("MatMul", graph.apply("Reshape", flat, count), ones)
    gradients = backward(graph, loss, [tensors[name] for name in by])
    outputs = {"loss": loss} | {f"gradient.{t.name}": g for t, g in gradients.items()}
    model = graph.model(outputs, name="test")
    found = run(model, feed, level=level)
    only_loss = graph.model({"loss": loss}, name="test")
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = LEVELS[level]
    session = onnxruntime.InferenceSession(only_loss.SerializeToString(), options)
    read = {i.name for i in session.get_inputs()}

    def loss_of(arrays: Arrays) -> float:
        (value,) = session.run(["loss"], {k: arrays[k] for k in read})
        return float(value.item())

    for name in by:
        expected = np.zeros(feed[name].shape)
        for index in np.ndindex(feed[name].shape):
            moved = {k: v.copy() for k, v in feed.items()}
            moved[name][index] += delta
            above = loss_of(moved)
            moved[name][index] -= 2 * delta
            expected[index] = (above - loss_of(moved)) / (2 * delta)
        np.testing.assert_allclose(
            found[f"gradient.{name}"], expected, rtol=1e-5, atol=1e-6, err_msg=name
        )


def follow(settings: TrainingSettings) -> tuple[list[TrainingProgress], TrainingResult]:
    """Train, and return all that was told on the way."""
    seen, job = [], train(settings)
    while True:
        try:
            seen.append(next(job))
        except StopIteration as end:
            return seen, end.value
