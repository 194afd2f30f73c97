"""Activations as rows: `(images · height · width, channels)`, and moving rows by constant tables.

A row is all channels of one pixel, contiguous in memory; every rearrangement of pixels is then one
`Gather` along the first axis by a table that is known when the graph is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.trainer.graph import Graph, GraphError, Operation, Tensor

WIDE = 256
"""Row length that broadcasting and element-wise loops are brought up to, in numbers.

onnxruntime's inner loop runs along the last axis; 16 channels at a time are slow, 256 are not.
"""


def gather_rows(graph: Graph, x: Tensor, table: NDArray[np.int64]) -> Tensor:
    """Return rows of `x` by `table`, on the tape.

    Parameters
    ----------
    x
        `(m, c)`.
    table
        Row numbers, any shape; −1 stands for a row of zeros.

    Returns
    -------
    Tensor
        `(table.size, c)`.
    """
    output = pick_rows(graph, x, table.reshape(-1))
    return graph.record("GatherRows", (x,), output, table.reshape(-1))


def gather_gradient(
    graph: Graph, op: Operation, dy: Tensor
) -> Sequence[Callable[[], Tensor] | None]:
    """Send each picked row's gradient back to the row it was picked from."""
    return (lambda: scatter_rows(graph, dy, op.details, op.inputs[0].shape[0]),)


def pick_rows(graph: Graph, x: Tensor, table: NDArray[np.int64]) -> Tensor:
    """Write the `Gather` of `gather_rows`, off the tape; a row of zeros is added where needed."""
    count = x.shape[0]
    if table.size == count and np.array_equal(table, np.arange(count)):
        return x
    x, table = with_zero_row(graph, x, table)
    # 32-bit tables halve what is read beside the rows themselves.
    return graph.emit("Gather", x, graph.constant(table.astype(np.int32), name="table"), axis=0)


def seen_as(graph: Graph, x: Tensor, *shape: int) -> Tensor:
    """Return `x` in another shape, on the tape."""
    return graph.record("Reshape", (x,), graph.reshape(x, *shape)) if x.shape != shape else x


def with_zero_row(
    graph: Graph, x: Tensor, table: NDArray[np.int64]
) -> tuple[Tensor, NDArray[np.int64]]:
    """Return `x` with a row of zeros at its end, and `table` with that row for −1; if needed."""
    if not (table < 0).any():
        return x, table
    count, channels = x.shape
    padded = graph.emit("Concat", x, graph.constant(np.zeros((1, channels))), axis=0)
    return padded, np.where(table < 0, count, table)


def stack(graph: Graph, parts: Sequence[Tensor]) -> Tensor:
    """Return the rows of all `parts`, one below the other."""
    return parts[0] if len(parts) == 1 else graph.emit("Concat", *parts, axis=0)


def slice_rows(graph: Graph, x: Tensor, begin: int, end: int) -> Tensor:
    """Return the rows from `begin` to before `end`."""
    if (begin, end) == (0, x.shape[0]):
        return x
    limits = (graph.constant(np.array([at], np.int64)) for at in (begin, end, 0))
    return graph.emit("Slice", x, *limits)


def above_zero(graph: Graph, x: Tensor) -> Tensor:
    """Return 1 where `x` is above zero and 0 elsewhere, as reals.

    A comparison and a conversion take half the time of `Sign`.
    """
    return graph.emit("CastLike", graph.emit("Greater", x, graph.constant(0.0)), x)


def scatter_rows(graph: Graph, dy: Tensor, table: NDArray[np.int64], count: int) -> Tensor:
    """Add row i of `dy` to row `table[i]` of `count` rows of zeros: the transpose of a gather.

    Written as gathers by the inverse tables, one for each time the busiest row was picked, since
    onnxruntime's own scatter runs element by element.
    """
    picked = np.flatnonzero(table >= 0)
    order = picked[np.argsort(table[picked], kind="stable")]
    targets = table[order]
    rank = np.arange(len(order)) - np.searchsorted(targets, targets, side="left")
    parts = []
    for turn in range(int(rank.max(initial=0)) + 1):
        inverse = np.full(count, -1, np.int64)
        inverse[targets[rank == turn]] = order[rank == turn]
        parts.append(pick_rows(graph, dy, inverse))
    return parts[0] if len(parts) == 1 else graph.emit("Sum", *parts)


def sum_rows(graph: Graph, x: Tensor) -> Tensor:
    """Return the sum over rows, `(1, c)`, as a product with a row of ones.

    The matrix kernel does it about six times faster than `ReduceSum` along the first axis.
    """
    return graph.emit("MatMul", graph.constant(np.ones((1, x.shape[0]))), x)


def sum_to(graph: Graph, dy: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Sum `dy` over what was broadcast, so that it has `shape` again.

    Only what the layers use: nothing broadcast, a row broadcast along rows, or a single number.
    """
    if dy.shape == shape:
        return dy
    if len(dy.shape) == 2 and shape == (1, dy.shape[1]):
        return sum_rows(graph, dy)
    if int(np.prod(shape)) == 1:
        return graph.reshape(graph.emit("ReduceSum", dy, keepdims=0), *shape)
    raise GraphError(f"no sum from {dy.shape} to {shape}")


def by_channel(graph: Graph, op_type: str, x: Tensor, channel: Tensor) -> Tensor:
    """Return `x op channel` for `x` `(m, c)` and `channel` `(1, c)`, in long rows.

    `(m, c)` is seen as `(m/k, k·c)` and the channel row repeated k times; the numbers are the same.
    """
    count, channels = x.shape
    repeat = max(1, WIDE // channels)
    while count % repeat:
        repeat -= 1
    if repeat == 1:
        return graph.emit(op_type, x, channel)
    tiled = graph.emit("Tile", channel, graph.constant(np.array([1, repeat], np.int64)))
    wide = graph.reshape(x, count // repeat, repeat * channels)
    return graph.reshape(graph.emit(op_type, wide, tiled), count, channels)
