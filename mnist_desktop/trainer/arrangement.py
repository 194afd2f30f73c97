"""The same weights in two orders: the trainer's rows, and the arrays of an ordinary ONNX model.

The trainer's rows run over y, x, channel; ONNX's pictures have their channels first. Each pair of
functions here undoes one another.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from mnist_desktop.trainer.layers import Shape


def kernel_of_rows(rows: NDArray[Any], *, channels: int, size: int) -> NDArray[Any]:
    """Return a convolution's weights `(size²·channels, filters)` as `(filters, channels, y, x)`."""
    return rows.reshape(size, size, channels, -1).transpose(3, 2, 0, 1)


def rows_of_kernel(kernel: NDArray[Any]) -> NDArray[Any]:
    """Return a kernel `(filters, channels, y, x)` as rows `(size²·channels, filters)`."""
    return kernel.transpose(2, 3, 1, 0).reshape(-1, len(kernel))


def flat_of_rows(rows: NDArray[Any], shape: Shape) -> NDArray[Any]:
    """Return a dense layer's weights with rows in the order of flattened NCHW pictures.

    Parameters
    ----------
    rows
        `(shape.size, units)`, rows running over y, x, channel.
    """
    by_pixel = rows.reshape(shape.height * shape.width, shape.channels, -1)
    return by_pixel.transpose(1, 0, 2).reshape(shape.size, -1)


def rows_of_flat(flat: NDArray[Any], shape: Shape) -> NDArray[Any]:
    """Return weights `(shape.size, units)` of flattened NCHW pictures as the trainer's rows."""
    by_channel = flat.reshape(shape.channels, shape.height * shape.width, -1)
    return by_channel.transpose(1, 0, 2).reshape(shape.size, -1)
