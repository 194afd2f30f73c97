"""Batch normalization over rows, as one scale and one shift.

Ioffe and Szegedy, "Batch Normalization" (2015). With mean μ and variance v of a channel over the
rows of a piece, y = γ·(x − μ)/√(v + ε) + β is y = a·x + b with a = γ/√(v + ε), b = β − a·μ: two
passes over the rows, forwards, and all else are operations on one number a channel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mnist_desktop.trainer import rows
from mnist_desktop.trainer.graph import Graph, Operation, Tensor

EPSILON = 1e-5
"""Added to the variance; PyTorch's value."""


@dataclass(frozen=True)
class _Saved:
    """What the way back needs: the mean, 1/√(v + ε) and the scale a, each `(1, c)`."""

    mean: Tensor
    inverse: Tensor
    scale: Tensor


@dataclass(frozen=True)
class Normalized:
    """The normalized rows `(m, c)` with the mean and variance `(1, c)` that they were made by."""

    output: Tensor
    mean: Tensor
    variance: Tensor


def normalize(graph: Graph, x: Tensor, gamma: Tensor, beta: Tensor) -> Normalized:
    """Normalize each channel of the rows `x` `(m, c)`, on the tape; `gamma`, `beta` are `(1, c)`.

    The variance is the mean of squares less the squared mean, one pass over x instead of two; it is
    kept from falling below zero by rounding.
    """
    share = graph.constant(1.0 / x.shape[0])
    mean = graph.emit("Mul", rows.sum_rows(graph, x), share)
    squares = graph.emit("Mul", rows.sum_rows(graph, graph.emit("Mul", x, x)), share)
    variance = graph.emit("Sub", squares, graph.emit("Mul", mean, mean))
    variance = graph.emit("Relu", variance)
    spread = graph.emit("Sqrt", graph.emit("Add", variance, graph.constant(EPSILON)))
    inverse = graph.emit("Reciprocal", spread)
    scale = graph.emit("Mul", gamma, inverse)
    shift = graph.emit("Sub", beta, graph.emit("Mul", mean, scale))
    scaled = rows.by_channel(graph, "Mul", x, scale)
    output = rows.by_channel(graph, "Add", scaled, shift)
    saved = _Saved(mean, inverse, scale)
    graph.record("BatchNormalization", (x, gamma, beta), output, saved)
    return Normalized(output, mean, variance)


def gradient(graph: Graph, op: Operation, dy: Tensor) -> Sequence[Callable[[], Tensor] | None]:
    """Return the writers for x, γ and β.

    dβ = Σdy, dγ = Σdy·x̂ with x̂ = (x − μ)/√(v + ε), and
    dx = a·(dy − dβ/m − x̂·dγ/m), which is again a scale of dy, a scale of x and a shift.
    """
    x, _, _ = op.inputs
    saved: _Saved = op.details
    d_beta = rows.sum_rows(graph, dy)
    with_x = rows.sum_rows(graph, graph.emit("Mul", dy, x))
    centred = graph.emit("Sub", with_x, graph.emit("Mul", saved.mean, d_beta))
    d_gamma = graph.emit("Mul", centred, saved.inverse)

    def write_x() -> Tensor:
        share = graph.constant(-1.0 / x.shape[0])
        per_row = graph.emit("Mul", saved.scale, share)
        slope = graph.emit("Mul", graph.emit("Mul", per_row, saved.inverse), d_gamma)
        level = graph.emit("Mul", per_row, d_beta)
        shift = graph.emit("Sub", level, graph.emit("Mul", slope, saved.mean))
        from_dy = rows.by_channel(graph, "Mul", dy, saved.scale)
        from_x = rows.by_channel(graph, "Mul", x, slope)
        return rows.by_channel(graph, "Add", graph.emit("Add", from_dy, from_x), shift)

    return (write_x, lambda: d_gamma, lambda: d_beta)
