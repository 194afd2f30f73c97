"""Every rule of the gradient table against finite differences in float64."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_desktop.trainer import normalization, objectives, rows
from mnist_desktop.trainer.convolution import Window, convolve
from mnist_desktop.trainer.gradients import RULES, backward
from mnist_desktop.trainer.graph import Graph, GraphError, Tensor
from mnist_desktop.trainer.pooling import max_pool
from tests.unit.trainer.running import Arrays, check_gradients, compute

Writer = Callable[[Graph, dict[str, Tensor]], Tensor]


def normal(*shape: int, seed: int = 0) -> NDArray[Any]:
    return np.random.default_rng(seed).normal(size=shape)


def shape_of(graph: Graph, *shape: int) -> Tensor:
    return graph.constant(np.array(shape, np.int64))


def convolution(window: Window) -> Writer:
    return lambda g, t: convolve(g, t["x"], t["w"], window)


def pooling(window: Window) -> Writer:
    return lambda g, t: max_pool(g, t["x"], window)


def convolution_case(window: Window, channels: int, filters: int) -> tuple[Writer, Arrays]:
    feed = {
        "x": normal(window.images * window.height * window.width, channels),
        "w": normal(window.size**2 * channels, filters, seed=1),
    }
    return convolution(window), feed


WINDOWS = [
    Window(2, 5, 4, 3),
    Window(2, 5, 6, 3, padding=1),
    Window(2, 6, 5, 3, stride=2, padding=1),
    Window(1, 7, 7, 5, stride=2, padding=2),
    Window(1, 7, 8, 2, stride=3),
    Window(2, 6, 7, 4, stride=3, padding=2),
]

# name → (kind in the table, writer, inputs, differentiated by)
CASES: dict[str, tuple[str, Writer, Arrays, tuple[str, ...]]] = {
    "product": (
        "MatMul",
        lambda g, t: g.apply("MatMul", t["a"], t["b"]),
        {"a": normal(3, 4), "b": normal(4, 2, seed=1)},
        ("a", "b"),
    ),
    "product with itself": (
        "MatMul",
        lambda g, t: g.apply("MatMul", t["a"], t["a"]),
        {"a": normal(3, 3)},
        ("a",),
    ),
    "sum with a broadcast row": (
        "Add",
        lambda g, t: g.apply("Add", t["a"], t["b"]),
        {"a": normal(5, 3), "b": normal(1, 3, seed=1)},
        ("a", "b"),
    ),
    "product by element": (
        "Mul",
        lambda g, t: g.apply("Mul", t["a"], t["b"]),
        {"a": normal(5, 3), "b": normal(1, 1, seed=1)},
        ("a", "b"),
    ),
    "relu": ("Relu", lambda g, t: g.apply("Relu", t["x"]), {"x": normal(4, 5)}, ("x",)),
    "sigmoid": ("Sigmoid", lambda g, t: g.apply("Sigmoid", t["x"]), {"x": normal(4, 5)}, ("x",)),
    "reshape": (
        "Reshape",
        lambda g, t: g.apply("Reshape", t["x"], shape_of(g, 10, 2)),
        {"x": normal(4, 5)},
        ("x",),
    ),
    "transpose": (
        "Transpose",
        lambda g, t: g.apply("Transpose", t["x"], perm=[1, 2, 0]),
        {"x": normal(2, 3, 4)},
        ("x",),
    ),
    "rows picked twice, once and never": (
        "GatherRows",
        lambda g, t: rows.gather_rows(g, t["x"], np.array([3, 0, -1, 0, 2, 2, 2])),
        {"x": normal(5, 3)},
        ("x",),
    ),
    "batch norm": (
        "BatchNormalization",
        lambda g, t: normalization.normalize(g, t["x"], t["g"], t["b"]).output,
        {"x": normal(24, 4) * 3 + 1, "g": normal(1, 4, seed=1), "b": normal(1, 4, seed=2)},
        ("x", "g", "b"),
    ),
    "batch norm with rows that do not widen": (
        "BatchNormalization",
        lambda g, t: normalization.normalize(g, t["x"], t["g"], t["b"]).output,
        {"x": normal(7, 3), "g": normal(1, 3, seed=1), "b": normal(1, 3, seed=2)},
        ("x", "g", "b"),
    ),
    "pooling apart": ("MaxAlong", pooling(Window(2, 4, 6, 2, 2)), {"x": normal(48, 3)}, ("x",)),
    "pooling overlapping": (
        "MaxAlong",
        pooling(Window(2, 4, 5, 2, 1)),
        {"x": normal(40, 3)},
        ("x",),
    ),
    "pooling with a rest": (
        "MaxAlong",
        pooling(Window(1, 5, 7, 3, 2)),
        {"x": normal(35, 2)},
        ("x",),
    ),
    "pooling with gaps": (
        "MaxAlong",
        pooling(Window(2, 5, 6, 1, 2)),
        {"x": normal(60, 2)},
        ("x",),
    ),
    "softmax cross-entropy": (
        "SoftmaxCrossEntropy",
        lambda g, t: objectives.softmax_cross_entropy(
            g, t["x"], objectives.smoothed_targets(g, t["labels"], 4, 0.1)
        ),
        {"x": normal(5, 4) * 3, "labels": np.array([0, 3, 1, 1, 2])},
        ("x",),
    ),
    "binary cross-entropy": (
        "BinaryCrossEntropy",
        lambda g, t: objectives.binary_cross_entropy(g, t["x"], t["t"]),
        {"x": normal(5, 4) * 3, "t": np.random.default_rng(1).random((5, 4))},
        ("x",),
    ),
}
for number, one in enumerate(WINDOWS):
    writer, arrays = convolution_case(one, 3, 2)
    CASES[f"convolution {number}: {one}"] = ("Convolution", writer, arrays, ("x", "w"))
writer, arrays = convolution_case(Window(3, 6, 5, 3, stride=2, padding=1), 1, 4)
CASES["convolution of one channel"] = ("Convolution", writer, arrays, ("x", "w"))


@pytest.mark.parametrize("level", ["disabled", "all"])
@pytest.mark.parametrize("case", CASES)
def test_rule_agrees_with_finite_differences(case: str, level: str) -> None:
    _, write, feed, by = CASES[case]
    check_gradients(write, feed, by=by, level=level)


def test_every_rule_is_tested() -> None:
    assert {kind for kind, *_ in CASES.values()} == set(RULES)


@pytest.mark.parametrize("window", [*WINDOWS, Window(2, 28, 28, 5, stride=2, padding=2)])
@pytest.mark.parametrize("channels", [1, 3])
def test_convolution_is_what_the_definition_says(window: Window, channels: int) -> None:
    write, feed = convolution_case(window, channels, 2)
    found = compute(write, feed)
    images = feed["x"].reshape(window.images, window.height, window.width, channels)
    pad = window.padding
    padded = np.pad(images, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    kernel = feed["w"].reshape(window.size, window.size, channels, 2)
    expected = np.zeros((window.images, window.output_height, window.output_width, 2))
    for y in range(window.output_height):
        for x in range(window.output_width):
            top, left = y * window.stride, x * window.stride
            seen = padded[:, top : top + window.size, left : left + window.size]
            expected[:, y, x] = np.einsum("nyxc,yxcf->nf", seen, kernel)
    np.testing.assert_allclose(found, expected.reshape(-1, 2), rtol=1e-10)


def test_pooling_is_what_the_definition_says() -> None:
    window = Window(2, 5, 6, 2, 1)
    x = normal(60, 3)
    found = compute(pooling(window), {"x": x})
    images = x.reshape(2, 5, 6, 3)
    corners = [images[:, a : a + 4, b : b + 5] for a in (0, 1) for b in (0, 1)]
    np.testing.assert_array_equal(found, np.max(corners, axis=0).reshape(-1, 3))


def test_the_first_of_equal_numbers_in_a_pool_gets_the_gradient() -> None:
    graph = Graph(np.float64)
    x = graph.input("x", (4, 1))
    y = max_pool(graph, x, Window(1, 2, 2, 2, 2))
    gradient = backward(graph, y, [x])[x]
    from tests.unit.trainer.running import run

    found = run(graph.model({"g": gradient}, name="test"), {"x": np.full((4, 1), 7.0)})["g"]
    np.testing.assert_array_equal(found, [[1.0], [0.0], [0.0], [0.0]])


def test_unknown_operation_is_named() -> None:
    graph = Graph()
    x = graph.input("x", (1, 1))
    y = graph.apply("Erf", x)
    with pytest.raises(GraphError, match="Erf"):
        backward(graph, y, [x])


def test_parameter_that_takes_no_part_is_named() -> None:
    graph = Graph()
    x, other = graph.input("x", (1, 1)), graph.input("other", (1, 1))
    with pytest.raises(GraphError, match="other"):
        backward(graph, graph.apply("Relu", x), [other])


def test_gradient_nobody_wants_is_not_written() -> None:
    graph = Graph()
    x, w = graph.input("x", (4, 3)), graph.input("w", (3, 1))
    y = graph.apply("MatMul", x, w)
    loss = graph.apply("MatMul", graph.constant(np.ones((1, 4))), y)
    backward(graph, loss, [w])
    kinds = [node.op_type for node in graph.model({"y": y, "l": loss}, name="t").graph.node]
    assert "Gemm" not in kinds
