"""Nodes of an exported model → layers and their arrays: `mnist_desktop.trainer.export` undone.

Every node must be just as it is written there. Whatever else it may mean, it is none of ours.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper

from mnist_desktop.inference.checks import check_whole
from mnist_desktop.trainer.arrangement import rows_of_flat, rows_of_kernel
from mnist_desktop.trainer.export import INPUT
from mnist_desktop.trainer.layers import (
    BatchNorm,
    Convolution,
    Dense,
    Layer,
    MaxPool,
    PixelShuffle,
    Relu,
    Shape,
    Unflatten,
    parameter_name,
)
from mnist_desktop.trainer.normalization import EPSILON

Arrays: TypeAlias = dict[str, NDArray[Any]]

LARGEST_SIZE = 4_096
"""The largest window, stride or number of channels that is believed."""


class NotOursError(Exception):
    """Something in a model that this program would not have written."""


def node_number(node: onnx.NodeProto) -> int:
    """Return the number of the layer that wrote a node, the first part of its name."""
    found = re.fullmatch(r"(\d{1,4})_[a-z]+", node.name)
    if found is None:
        raise NotOursError(f"the node “{node.name[:80]}” ({node.op_type[:40]}) is none of its")
    return int(found[1])


class NodeReader:
    """Read nodes one after the other, each of which reads the last one's output.

    Parameters
    ----------
    constants
        Every constant of the model by name.
    shape
        Of the pictures.
    left_out
        The layers that no node shows, by number.

    Attributes
    ----------
    layers, arrays
        The layers read so far, and their parameters and statistics by name within the network.
    """

    def __init__(self, constants: Arrays, shape: Shape, left_out: dict[int, Layer]) -> None:
        self.layers: list[Layer] = []
        self.arrays: Arrays = {}
        self._known, self._shape, self._left_out = constants, shape, dict(left_out)
        self._waiting: deque[onnx.NodeProto] = deque()
        self._last = INPUT

    def read(self, nodes: Sequence[onnx.NodeProto]) -> None:
        """Read all `nodes`.

        Raises
        ------
        NotOursError, ValueError, TypeError
            When one of them is not as it would have been written here.
        """
        self._waiting.extend(nodes)
        while self._waiting:
            number = node_number(self._waiting[0])
            for hidden in sorted(n for n in self._left_out if n < number):
                self._append(self._left_out.pop(hidden))
            kind = self._waiting[0].op_type
            if kind not in _READERS:
                raise NotOursError(f"it has the operator {kind[:40]}")
            _READERS[kind](self)
        if self._left_out:
            raise NotOursError(f"it has no layer {min(self._left_out)}, which it left out")

    def _take(self, kind: str, constants: int = 0, **wanted: Any) -> tuple[Any, ...]:
        """Go to the next node, which must be a `kind` with the attributes `wanted`.

        Parameters
        ----------
        constants
            How many constants it reads besides the last node's output.
        wanted
            The value of each attribute; a function checks it.

        Returns
        -------
        tuple
            Its constants, and then each attribute that a function checks, as that returns it.
        """
        if not self._waiting or self._waiting[0].op_type != kind:
            raise NotOursError(f"a {kind} is missing behind “{self._last[:80]}”")
        node = self._waiting.popleft()
        found = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        ours = (
            found.keys() == wanted.keys()
            and list(node.input[:1]) == [self._last]
            and len(node.input) == 1 + constants
            and len(node.output) == 1
            and all(name in self._known for name in node.input[1:])
        )
        if not ours:
            raise NotOursError(f"the node “{node.name[:80]}” ({kind}) is not as it writes them")
        self._last = node.output[0]
        taken: list[Any] = [self._known[name] for name in node.input[1:]]
        for name, value in wanted.items():
            if callable(value):
                taken.append(value(name, found[name]))
            elif found[name] != value:
                raise NotOursError(f"{name} of “{node.name[:80]}” is {str(found[name])[:80]}")
        return tuple(taken)

    def _append(self, layer: Layer, **arrays: NDArray[Any]) -> None:
        """Add a layer with its arrays, each of which must have the shape the layer gives it."""
        shapes: dict[str, tuple[int, int]] = {
            p.name: p.shape for p in layer.parameters(self._shape)
        }
        if isinstance(layer, BatchNorm):
            shapes |= dict.fromkeys(("mean", "variance"), (1, self._shape.channels))
        if {name: array.shape for name, array in arrays.items()} != shapes:
            raise NotOursError(f"the weights of its layer {len(self.layers)} have other sizes")
        made = layer.output(self._shape)
        if min(made.height, made.width, made.channels) < 1:
            raise NotOursError(f"its layer {len(self.layers)} does not fit pictures of that size")
        for name, array in arrays.items():
            if array.dtype != np.float32:
                raise NotOursError(f"the weights of its layer {len(self.layers)} are no reals")
            self.arrays[parameter_name(len(self.layers), name)] = array
        self.layers.append(layer)
        self._shape = made

    def _convolution(self) -> None:
        """Read a convolution, with the batch norm that was folded into it."""
        behind = node_number(self._waiting[0]) + 1
        kernel, bias, size, stride, padding = self._take(
            "Conv", 2, kernel_shape=_twice, strides=_twice, pads=_four_times
        )
        if kernel.shape[1:] != (self._shape.channels, size, size) or bias.ndim != 1:
            raise NotOursError(f"the kernel of “{self._last[:80]}” has the shape {kernel.shape}")
        norm = self._left_out.get(behind)
        folded = isinstance(norm, BatchNorm)
        layer = Convolution(len(kernel), size, stride=stride, padding=padding, bias=not folded)
        if folded:
            self._append(layer, weight=rows_of_kernel(kernel))
            del self._left_out[behind]
            self._append_batch_norm(np.ones_like(bias), bias)
        else:
            self._append(layer, weight=rows_of_kernel(kernel), bias=bias[None])

    def _append_batch_norm(self, scale: NDArray[Any], shift: NDArray[Any]) -> None:
        """Add a batch norm that is a scale and a shift, with statistics of 0 and 1."""
        gamma = scale.reshape(1, -1) * np.sqrt(np.float32(1.0) + np.float32(EPSILON))
        self._append(
            BatchNorm(),
            gamma=gamma,
            beta=shift.reshape(1, -1),
            mean=np.zeros_like(gamma),
            variance=np.ones_like(gamma),
        )

    def _batch_norm(self) -> None:
        """Read a batch norm that stands alone, as a product and a sum."""
        (scale,) = self._take("Mul", 1)
        (shift,) = self._take("Add", 1)
        self._append_batch_norm(scale, shift)

    def _dense(self) -> None:
        """Read a dense layer, with the flattening before it where there is one."""
        if self._waiting[0].op_type == "Flatten":
            self._take("Flatten", axis=1)
        weight, bias = self._take("Gemm", 2)
        if weight.ndim != 2 or len(weight) != self._shape.size or bias.ndim != 1:
            raise NotOursError(f"the weights of “{self._last[:80]}” have the shape {weight.shape}")
        rows = rows_of_flat(weight, self._shape)
        self._append(Dense(len(bias)), weight=rows, bias=bias[None])

    def _max_pool(self) -> None:
        """Read a pooling."""
        size, stride = self._take("MaxPool", kernel_shape=_twice, strides=_twice)
        self._append(MaxPool(size, None if stride == size else stride))

    def _relu(self) -> None:
        """Read a ReLU."""
        self._take("Relu")
        self._append(Relu())

    def _unflatten(self) -> None:
        """Read numbers seen as a picture, which are put into channels-first order."""
        (shape,) = self._take("Reshape", 1)
        self._take("Transpose", perm=[0, 3, 1, 2])
        if shape.shape != (4,) or shape[0] != -1:
            raise NotOursError(f"the shape before “{self._last[:80]}” is {shape.tolist()[:8]}")
        height, width, channels = (_believable("side", int(side)) for side in shape[1:])
        self._append(Unflatten(height, width, channels))

    def _pixel_shuffle(self) -> None:
        """Read channels spread over pixels."""
        (size,) = self._take("DepthToSpace", blocksize=_believable, mode=b"DCR")
        self._append(PixelShuffle(size))


_READERS: dict[str, Callable[[NodeReader], None]] = {
    "Conv": NodeReader._convolution,
    "Relu": NodeReader._relu,
    "MaxPool": NodeReader._max_pool,
    "Flatten": NodeReader._dense,
    "Gemm": NodeReader._dense,
    "Mul": NodeReader._batch_norm,
    "Reshape": NodeReader._unflatten,
    "DepthToSpace": NodeReader._pixel_shuffle,
}
"""What reads the layer that begins with a node of each kind."""


def _believable(name: str, value: object) -> int:
    """Return a size that a layer can have."""
    return check_whole(name, value, 1, LARGEST_SIZE)


def _twice(name: str, values: list[int]) -> int:
    """Return the one number of a square window's or stride's two."""
    if len(values) != 2 or values[0] != values[1]:
        raise NotOursError(f"{name} is {values[:8]}")
    return _believable(name, values[0])


def _four_times(name: str, values: list[int]) -> int:
    """Return the one number of an even padding's four, which may be 0."""
    if len(values) != 4 or len(set(values)) != 1:
        raise NotOursError(f"{name} is {values[:8]}")
    return check_whole(name, values[0], 0, LARGEST_SIZE)
