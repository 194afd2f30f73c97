"""Trained weights → an ordinary inference model with its contract inside.

The file holds what anyone expects of a small classifier: `Conv`, `Relu`, `MaxPool`, `Gemm` on
`(N, 1, h, w)` pictures of 0 to 1, batch norm folded into the convolutions, a symbolic batch, logits
and their softmax both as outputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from mnist_desktop.trainer.graph import IR_VERSION, OPSET
from mnist_desktop.trainer.layers import (
    BatchNorm,
    Convolution,
    Dense,
    Dropout,
    Layer,
    MaxPool,
    Relu,
    Shape,
    parameter_name,
)
from mnist_desktop.trainer.normalization import EPSILON
from mnist_desktop.trainer.weights import Weights

INPUT, LOGITS, PROBABILITIES = "image", "logits", "probabilities"
"""Names of the model's input and outputs."""

TINY = 1e-30
"""Weights smaller than this become zero: denormal numbers cost up to 30 times as much."""


def export_model(
    weights: Weights, metadata: Mapping[str, str] | None = None, *, doc: str = ""
) -> onnx.ModelProto:
    """Return `weights` as an inference model, checked by onnx.

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
    writer = _Writer(weights.arrays())
    layers = architecture.network.layers(architecture.classes)
    shapes = architecture.shapes()
    number = 0
    while number < len(layers):
        number += writer.write(number, layers[number : number + 2], shapes[number])
    writer.nodes[-1].output[0] = LOGITS
    writer.nodes.append(helper.make_node("Softmax", [LOGITS], [PROBABILITIES], "softmax", axis=1))
    size = [architecture.height, architecture.width]
    outputs = [
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["N", architecture.classes])
        for name in (LOGITS, PROBABILITIES)
    ]
    graph = helper.make_graph(
        writer.nodes,
        "digit classifier",
        [helper.make_tensor_value_info(INPUT, onnx.TensorProto.FLOAT, ["N", 1, *size])],
        outputs,
        writer.constants,
        doc_string=doc,
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
    )
    model.producer_name = "mnist-desktop"
    helper.set_model_props(model, dict(metadata or {}))
    onnx.checker.check_model(model, full_check=True)
    return model


class _Writer:
    """Write layers one after the other, each reading the last one's output."""

    def __init__(self, arrays: dict[str, NDArray[np.float32]]) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._arrays = arrays
        self._last = INPUT
        self._flat = False

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
        elif not isinstance(layer, Dropout):
            raise TypeError(f"no export for the layer {layer}")
        return 1

    def _convolution(self, number: int, ahead: tuple[Layer, ...], shape: Shape) -> int:
        """Write a convolution, with the batch norm behind it folded into its weights."""
        layer = ahead[0]
        assert isinstance(layer, Convolution)
        rows = self._arrays[parameter_name(number, "weight")]
        kernel = rows.reshape(layer.size, layer.size, shape.channels, layer.filters)
        kernel = kernel.transpose(3, 2, 0, 1)
        bias = np.zeros(layer.filters, np.float32)
        if layer.bias:
            bias = self._arrays[parameter_name(number, "bias")][0]
        folds = len(ahead) > 1 and isinstance(ahead[1], BatchNorm)
        if folds:
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
        rows = self._arrays[parameter_name(number, "weight")]
        by_pixel = rows.reshape(shape.height * shape.width, shape.channels, layer.units)
        weight = by_pixel.transpose(1, 0, 2).reshape(shape.size, layer.units)
        if not self._flat:
            self._add(number, "Flatten", axis=1)
            self._flat = True
        bias = self._arrays[parameter_name(number, "bias")][0]
        self._add(number, "Gemm", {"weight": weight, "bias": bias})

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
        constants: Mapping[str, NDArray[np.float32]] | None = None,
        **attributes: Any,
    ) -> None:
        """Write one node that reads the last output and `constants`."""
        name = f"{number}_{op_type.lower()}"
        read = [self._last]
        for kind, value in (constants or {}).items():
            value = np.where(np.abs(value) < TINY, 0.0, value).astype(np.float32)
            read.append(f"{name}_{kind}")
            self.constants.append(numpy_helper.from_array(value, read[-1]))
        self.nodes.append(helper.make_node(op_type, read, [name], name, **attributes))
        self._last = name
