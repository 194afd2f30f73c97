"""Convolution over rows: one gather, one matrix product; its gradient without a wasted product.

The columns (im2col) are one `Gather` by a constant table and serve the gradient of the weights
too. The gradient of the input is made phase by phase: with stride s, the pixels of one phase
(y mod s, x mod s) see a fixed part of the taps, so their gradient is one gather of the output's
gradient and one product with those taps' weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.trainer import rows
from mnist_desktop.trainer.graph import Graph, GraphError, Operation, Tensor

CHUNK = 3 << 18
"""Numbers gathered at once, at most (3 MB), but for a picture's own.

What a gather has written is then still in the cache when the product reads it: the second layer of
the first article's network takes 7.7 ms instead of 8.9.
"""


@dataclass(frozen=True)
class Window:
    """How a square window slides over a picture.

    Parameters
    ----------
    images
        Pictures computed at once.
    height, width
        Size of the input picture, in pixels.
    size, stride, padding
        Side of the window, step, and rows of zeros put around the picture, in pixels.
    """

    images: int
    height: int
    width: int
    size: int
    stride: int = 1
    padding: int = 0

    @property
    def output_height(self) -> int:
        """Return the height of the output picture."""
        return (self.height + 2 * self.padding - self.size) // self.stride + 1

    @property
    def output_width(self) -> int:
        """Return the width of the output picture."""
        return (self.width + 2 * self.padding - self.size) // self.stride + 1

    def table(self) -> NDArray[np.int64]:
        """Return the input row under each tap: `(images·oh·ow, size²)`, −1 outside the picture."""
        y, inside_y = self._under_taps(self.height, self.output_height)
        x, inside_x = self._under_taps(self.width, self.output_width)
        rows_of = y[:, None, :, None] * self.width + x[None, :, None, :]
        inside = inside_y[:, None, :, None] & inside_x[None, :, None, :]
        single = np.where(inside, rows_of, -1).reshape(-1, self.size**2)
        return _for_each_image(single, self.images, self.height * self.width)

    def _under_taps(
        self, length: int, output_length: int
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return, along one axis, the pixel under each (output, tap) and whether it exists."""
        at = np.arange(output_length)[:, None] * self.stride + np.arange(self.size) - self.padding
        return at, (at >= 0) & (at < length)


@dataclass(frozen=True)
class _Saved:
    """What the way back needs from the way forward: the columns, chunk by chunk."""

    window: Window
    columns: tuple[Tensor, ...]


def convolve(
    graph: Graph, x: Tensor, weights: Tensor, window: Window, bias: Tensor | None = None
) -> Tensor:
    """Convolve rows, on the tape.

    Parameters
    ----------
    x
        `(images·height·width, channels)`.
    weights
        `(size²·channels, filters)`; the rows run over window row, window column, channel.
    bias
        `(1, filters)`, added by the product itself.

    Returns
    -------
    Tensor
        `(images·oh·ow, filters)`.
    """
    channels = x.shape[1]
    if weights.shape[0] != window.size**2 * channels:
        raise GraphError(f"weights {weights.shape} for {channels} channels and {window}")
    if channels == 1:
        columns = [_single_channel_columns(graph, x, window)]
    else:
        columns = _gathered(graph, x, window.table(), window.images)
    if bias is None:
        inputs: tuple[Tensor, ...] = (x, weights)
        parts = [graph.emit("MatMul", part, weights) for part in columns]
    else:
        inputs = (x, weights, bias)
        parts = [graph.emit("Gemm", part, weights, bias) for part in columns]
    output = rows.stack(graph, parts)
    return graph.record("Convolution", inputs, output, _Saved(window, tuple(columns)))


def gradient(graph: Graph, op: Operation, dy: Tensor) -> Sequence[Callable[[], Tensor] | None]:
    """Return the writers of dX (phase by phase), dW (columnsᵀ·dy) and of the bias's, Σdy."""
    x, weights = op.inputs[:2]
    saved: _Saved = op.details
    return (
        lambda: _input_gradient(graph, dy, weights, x.shape[1], saved.window),
        lambda: _weight_gradient(graph, saved.columns, dy),
        lambda: rows.sum_rows(graph, dy),
    )


def _weight_gradient(graph: Graph, columns: Sequence[Tensor], dy: Tensor) -> Tensor:
    """Write columnsᵀ·dy, each chunk's product added to those before."""
    total: tuple[Tensor, ...] = ()
    begin = 0
    for part in columns:
        rows_of_part = rows.slice_rows(graph, dy, begin, begin + part.shape[0])
        total = (graph.emit("Gemm", part, rows_of_part, *total, transA=1),)
        begin += part.shape[0]
    return total[0]


def _gathered(graph: Graph, x: Tensor, table: NDArray[np.int64], images: int) -> list[Tensor]:
    """Return the rows of `x` by `table` `(images·k, t)` side by side, in chunks of whole images.

    Each chunk is `(its images·k, t·channels)`.
    """
    count, taps = table.shape
    channels, per_image = x.shape[1], count // images
    at_once = max(1, CHUNK // (per_image * taps * channels)) * per_image
    padded, table = rows.with_zero_row(graph, x, table)
    parts = []
    for begin in range(0, count, at_once):
        part = table[begin : begin + at_once]
        picked = rows.pick_rows(graph, padded, part.reshape(-1))
        parts.append(graph.reshape(picked, part.shape[0], taps * channels))
    return parts


def _outputs(window: Window) -> int:
    """Return the number of output rows."""
    return window.images * window.output_height * window.output_width


def _for_each_image(
    single: NDArray[np.int64], images: int, rows_per_image: int
) -> NDArray[np.int64]:
    """Repeat a table of one image for all, moved on by its rows; −1 stays −1."""
    starts = np.arange(images)[:, None, None] * rows_per_image
    every = np.where(single[None] < 0, -1, single[None] + starts)
    return every.reshape(images * single.shape[0], *single.shape[1:])


def _single_channel_columns(graph: Graph, x: Tensor, window: Window) -> Tensor:
    """Return the columns of a one-channel picture, `(images·oh·ow, size²)`.

    A row of one number is too short to gather. The same pixel of all images side by side is a row
    worth moving, so the gather runs across images between two transpositions: 0.08 ms for 16
    images under a 5×5 window where gathering single numbers takes 0.39.
    """
    one = Window(1, window.height, window.width, window.size, window.stride, window.padding)
    pixels = graph.reshape(x, window.images, window.height * window.width)
    across = graph.emit("Transpose", pixels, perm=[1, 0])
    picked = rows.pick_rows(graph, across, one.table().reshape(-1))
    back = graph.emit("Transpose", picked, perm=[1, 0])
    return graph.reshape(back, _outputs(window), window.size**2)


def _input_gradient(
    graph: Graph, dy: Tensor, weights: Tensor, channels: int, window: Window
) -> Tensor:
    """Write the gradient of the input: a product for each phase, put together by one gather."""
    parts: list[Tensor] = []
    place = np.full(window.images * window.height * window.width, -1, np.int64)
    filled = 0
    for phase_y in range(window.stride):
        for phase_x in range(window.stride):
            taps, table, pixels = _phase(window, phase_y, phase_x)
            if not len(taps) or not len(pixels):
                continue
            turned = _turned(graph, weights, channels, taps)
            picked = _gathered(graph, dy, table, window.images)
            parts.extend(graph.emit("MatMul", part, turned) for part in picked)
            place[pixels] = filled + np.arange(len(pixels))
            filled += len(pixels)
    return rows.pick_rows(graph, rows.stack(graph, parts), place)


def _phase(
    window: Window, phase_y: int, phase_x: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Describe one phase of the input's pixels.

    Returns
    -------
    taps
        `(t,)` the taps that these pixels see.
    table
        `(pixels, t)` the output row that pixel and tap have in common, −1 for none.
    pixels
        `(pixels,)` their input rows.
    """
    tap_y, y, out_y = _phase_axis(window, phase_y, window.height, window.output_height)
    tap_x, x, out_x = _phase_axis(window, phase_x, window.width, window.output_width)
    taps = (tap_y[:, None] * window.size + tap_x[None]).reshape(-1)
    oy, ox = out_y[:, None, :, None], out_x[None, :, None, :]
    table = np.where((oy >= 0) & (ox >= 0), oy * window.output_width + ox, -1)
    single = table.reshape(len(y) * len(x), len(taps))
    pixels = (y[:, None] * window.width + x[None]).reshape(-1, 1)
    return (
        taps,
        _for_each_image(single, window.images, window.output_height * window.output_width),
        _for_each_image(pixels, window.images, window.height * window.width).reshape(-1),
    )


def _phase_axis(
    window: Window, phase: int, length: int, output_length: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return, along one axis, the taps, the pixels and the output under each (pixel, tap)."""
    pixels = np.arange(length)
    pixels = pixels[(pixels + window.padding) % window.stride == phase]
    taps = np.arange(window.size)
    taps = taps[taps % window.stride == phase]
    outputs = (pixels[:, None] + window.padding - taps[None]) // window.stride
    return taps, pixels, np.where((outputs >= 0) & (outputs < output_length), outputs, -1)


def _turned(graph: Graph, weights: Tensor, channels: int, taps: NDArray[np.int64]) -> Tensor:
    """Return the weights of `taps` for the way back, `(taps·filters, channels)`."""
    filters = weights.shape[1]
    by_tap = graph.reshape(weights, weights.shape[0] // channels, channels, filters)
    if len(taps) * channels < weights.shape[0]:
        by_tap = graph.emit("Gather", by_tap, graph.constant(taps, name="taps"), axis=0)
    turned = graph.emit("Transpose", by_tap, perm=[0, 2, 1])
    return graph.reshape(turned, len(taps) * filters, channels)
