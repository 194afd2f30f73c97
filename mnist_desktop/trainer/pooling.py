"""Max pooling over rows: a gather for each tap of the window, and their maximum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.trainer import rows
from mnist_desktop.trainer.convolution import Window
from mnist_desktop.trainer.graph import Graph, GraphError, Operation, Tensor


@dataclass(frozen=True)
class _Saved:
    """What the way back needs: the table of the window and the rows under each tap."""

    table: NDArray[np.int64]
    taps: tuple[Tensor, ...]


def max_pool(graph: Graph, x: Tensor, window: Window) -> Tensor:
    """Take the largest number under each window, channel by channel, on the tape.

    Parameters
    ----------
    x
        `(images·height·width, channels)`.
    window
        Without padding: what lies outside a picture has no number to compare.

    Returns
    -------
    Tensor
        `(images·oh·ow, channels)`.
    """
    if window.padding:
        raise GraphError("max pooling takes no padding")
    table = window.table()
    taps = tuple(rows.pick_rows(graph, x, table[:, tap]) for tap in range(table.shape[1]))
    return graph.record("MaxPool", (x,), graph.emit("Max", *taps), _Saved(table, taps))


def gradient(graph: Graph, op: Operation, dy: Tensor) -> Sequence[Callable[[], Tensor] | None]:
    """Return the writer of dX: each window's gradient goes to its largest, shared among equals."""
    saved: _Saved = op.details

    def write() -> Tensor:
        masks = [
            graph.emit("CastLike", graph.emit("Equal", tap, op.output), dy) for tap in saved.taps
        ]
        share = graph.emit("Div", dy, graph.emit("Sum", *masks))
        parts = [graph.emit("Mul", mask, share) for mask in masks]
        together = graph.emit("Concat", *parts, axis=0)
        # Tap after tap, as the parts stand in `together`.
        targets = saved.table.T.reshape(-1)
        return rows.scatter_rows(graph, together, targets, op.inputs[0].shape[0])

    return (write,)
