"""Trained weights → an ordinary inference model with its contract inside.

The file holds what anyone expects of a small classifier: `Conv`, `Relu`, `MaxPool`, `Gemm` on
`(N, 1, h, w)` pictures of 0 to 1, batch norm folded into the convolutions, a symbolic batch, logits
and their softmax both as outputs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from mnist_desktop.trainer.arrangement import flat_of_rows, kernel_of_rows
from mnist_desktop.trainer.graph import finished_model
from mnist_desktop.trainer.layers import (
    BatchNorm,
    Convolution,
    Dense,
    Dropout,
    Layer,
    MaxPool,
    PixelShuffle,
    Relu,
    Shape,
    Unflatten,
    parameter_name,
)
from mnist_desktop.trainer.normalization import EPSILON
from mnist_desktop.trainer.weights import Weights

INPUT, LOGITS, PROBABILITIES = "image", "logits", "probabilities"
CODE, PICTURE = "code", "picture"
"""Names of the models' inputs and outputs."""

LEFT_OUT_KEY = "mnist_desktop.left_out"
"""Metadata of an exported model: the layers that show in no node of their own, as a JSON list."""

BATCH_NORM, DROPOUT = "batch norm", "dropout"
"""How that list calls them."""

TINY = 1e-30
"""Weights smaller than this become zero: denormal numbers cost up to 30 times as much."""


def export_model(
    weights: Weights, metadata: Mapping[str, str] | None = None, *, doc: str = ""
) -> onnx.ModelProto:
    """Return `weights` as one inference model, checked by onnx.

    Parameters
    ----------
    weights
        A trained network.
    metadata
        Written to the model's `metadata_props`, the contract among them.
    doc
        A sentence for people who open the file in Netron.
    """
    architecture = weights.architecture
    layers = architecture.network.layers(architecture.classes)
    picture = ["N", 1, architecture.height, architecture.width]
    pictures = architecture.network.is_autoencoder
    return _model(
        _write_layers(weights, 0, len(layers), INPUT, LOGITS),
        (INPUT, picture),
        (LOGITS, picture if pictures else ["N", architecture.classes]),
        (PICTURE, "Sigmoid") if pictures else (PROBABILITIES, "Softmax"),
        name="autoencoder" if pictures else "classifier",
        doc=doc,
        metadata=metadata,
    )


def export_autoencoder(
    weights: Weights, metadata: Mapping[str, str] | None = None, *, doc: str = ""
) -> tuple[onnx.ModelProto, onnx.ModelProto]:
    """Return the two halves of an autoencoder, each checked by onnx.

    Returns
    -------
    encoder
        `image` `(N, 1, h, w)` of 0 to 1 → `code` `(N, k)`.
    decoder
        `code` → `picture` `(N, 1, h, w)` of 0 to 1, and its logits.
    """
    architecture = weights.architecture
    layers, middle = architecture.network.body, architecture.network.code_layers
    picture = ["N", 1, architecture.height, architecture.width]
    code = ["N", architecture.shapes()[middle].size]
    encoder = _model(
        _write_layers(weights, 0, middle, INPUT, CODE),
        (INPUT, picture),
        (CODE, code),
        name="encoder",
        doc=doc,
        metadata=metadata,
    )
    decoder = _model(
        _write_layers(weights, middle, len(layers), CODE, LOGITS),
        (CODE, code),
        (LOGITS, picture),
        (PICTURE, "Sigmoid"),
        name="decoder",
        doc=doc,
        metadata=metadata,
    )
    return encoder, decoder


def _write_layers(weights: Weights, start: int, stop: int, read: str, write: str) -> _Writer:
    """Write the layers from `start` to before `stop`, between the tensors `read` and `write`."""
    architecture = weights.architecture
    layers = architecture.network.layers(architecture.classes)
    shapes = architecture.shapes()
    writer = _Writer(weights.arrays(), read)
    number = start
    while number < stop:
        number += writer.write(number, layers[number : min(number + 2, stop)], shapes[number])
    writer.nodes[-1].output[0] = write
    return writer


def _model(
    writer: _Writer,
    read: tuple[str, list[Any]],
    write: tuple[str, list[Any]],
    answer: tuple[str, str] | None = None,
    *,
    name: str,
    doc: str,
    metadata: Mapping[str, str] | None,
) -> onnx.ModelProto:
    """Return what `writer` wrote as a checked model.

    Parameters
    ----------
    read, write
        Name and shape of the input and of the last layer's output.
    answer
        Name and operator of a further output made from that one: what people want to see.
    """
    outputs = [helper.make_tensor_value_info(write[0], onnx.TensorProto.FLOAT, write[1])]
    if answer is not None:
        # Softmax by its default runs along the last axis: the classes.
        writer.nodes.append(helper.make_node(answer[1], [write[0]], [answer[0]], answer[0]))
        outputs.append(helper.make_tensor_value_info(answer[0], onnx.TensorProto.FLOAT, write[1]))
    graph = helper.make_graph(
        writer.nodes,
        name,
        [helper.make_tensor_value_info(read[0], onnx.TensorProto.FLOAT, read[1])],
        outputs,
        writer.constants,
        doc_string=doc,
    )
    return finished_model(graph, {**(metadata or {}), LEFT_OUT_KEY: json.dumps(writer.left_out)})


class _Writer:
    """Write layers one after the other, each reading the last one's output.

    What shows in no node is noted in `left_out`, for who goes on training the model: batch norm is
    folded into the convolution before it, and dropout does nothing in use.
    """

    def __init__(self, arrays: dict[str, NDArray[np.float32]], read: str) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.left_out: list[dict[str, Any]] = []
        self._arrays = arrays
        self._last = read
        self._flat = read == CODE

    def write(self, number: int, ahead: tuple[Layer, ...], shape: Shape) -> int:
        """Write layer `number`, the first of `ahead`, on pictures of `shape`.

        Returns
        -------
        int
            How many layers that took: a convolution takes a batch norm behind it along.
        """
        layer = ahead[0]
        if isinstance(layer, Convolution):
            return self._convolution(number, ahead, shape)
        if isinstance(layer, Dense):
            self._dense(number, layer, shape)
        elif isinstance(layer, BatchNorm):
            self._batch_norm(number)
        elif isinstance(layer, MaxPool):
            stride = layer.stride or layer.size
            self._add(number, "MaxPool", kernel_shape=[layer.size] * 2, strides=[stride] * 2)
        elif isinstance(layer, Relu):
            self._add(number, "Relu")
        elif isinstance(layer, Unflatten):
            self._unflatten(number, layer)
        elif isinstance(layer, PixelShuffle):
            self._add(number, "DepthToSpace", blocksize=layer.size, mode="DCR")
        elif isinstance(layer, Dropout):
            self.left_out.append({"layer": number, "kind": DROPOUT, "rate": layer.rate})
        else:
            raise TypeError(f"no export for the layer {layer}")
        return 1

    def _convolution(self, number: int, ahead: tuple[Layer, ...], shape: Shape) -> int:
        """Write a convolution, with the batch norm behind it folded into its weights."""
        layer = ahead[0]
        assert isinstance(layer, Convolution)
        rows = self._arrays[parameter_name(number, "weight")]
        kernel = kernel_of_rows(rows, channels=shape.channels, size=layer.size)
        bias = np.zeros(layer.filters, np.float32)
        if layer.bias:
            bias = self._arrays[parameter_name(number, "bias")][0]
        folds = len(ahead) > 1 and isinstance(ahead[1], BatchNorm)
        if folds:
            self.left_out.append({"layer": number + 1, "kind": BATCH_NORM})
            scale, shift = self._scale_and_shift(number + 1)
            kernel, bias = kernel * scale[:, None, None, None], bias * scale + shift
        self._add(
            number,
            "Conv",
            {"weight": kernel, "bias": bias},
            kernel_shape=[layer.size] * 2,
            strides=[layer.stride] * 2,
            pads=[layer.padding] * 4,
        )
        return 2 if folds else 1

    def _dense(self, number: int, layer: Dense, shape: Shape) -> None:
        """Write a dense layer, its rows put into the order in which NCHW pictures are flattened."""
        weight = flat_of_rows(self._arrays[parameter_name(number, "weight")], shape)
        if not self._flat:
            self._add(number, "Flatten", axis=1)
            self._flat = True
        bias = self._arrays[parameter_name(number, "bias")][0]
        self._add(number, "Gemm", {"weight": weight, "bias": bias})

    def _unflatten(self, number: int, layer: Unflatten) -> None:
        """Write rows of numbers as pictures; they run over y, x, channel."""
        shape = np.array([-1, layer.height, layer.width, layer.channels], np.int64)
        self._add(number, "Reshape", {"shape": shape})
        self._add(number, "Transpose", perm=[0, 3, 1, 2])
        self._flat = False

    def _batch_norm(self, number: int) -> None:
        """Write a batch norm that stands alone, as a scale and a shift of each channel."""
        scale, shift = self._scale_and_shift(number)
        column = (-1,) if self._flat else (-1, 1, 1)
        self._add(number, "Mul", {"scale": scale.reshape(column)})
        self._add(number, "Add", {"shift": shift.reshape(column)})

    def _scale_and_shift(self, number: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return what batch norm `number` comes down to with its running statistics."""
        gamma, beta, mean, variance = (
            self._arrays[parameter_name(number, name)][0]
            for name in ("gamma", "beta", "mean", "variance")
        )
        scale = gamma / np.sqrt(variance + np.float32(EPSILON))
        return scale, beta - mean * scale

    def _add(
        self,
        number: int,
        op_type: str,
        constants: Mapping[str, NDArray[Any]] | None = None,
        **attributes: Any,
    ) -> None:
        """Write one node that reads the last output and `constants`."""
        name = f"{number}_{op_type.lower()}"
        read = [self._last]
        for kind, value in (constants or {}).items():
            if value.dtype == np.float32:
                value = np.where(np.abs(value) < TINY, np.float32(0.0), value)
            read.append(f"{name}_{kind}")
            self.constants.append(numpy_helper.from_array(value, read[-1]))
        self.nodes.append(helper.make_node(op_type, read, [name], name, **attributes))
        self._last = name
