"""Make small ONNX classifiers with any contract, for tests."""

from __future__ import annotations

import numpy as np
from onnx import GraphProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

from mnist_desktop.inference.contract import Contract, to_metadata

INPUT_SHAPES: dict[str, tuple[object, ...]] = {
    "NCHW": (1, "H", "W"),
    "NHWC": ("H", "W", 1),
    "NHW": ("H", "W"),
    "NF": ("F",),
}


def contract_for(weights: np.ndarray, **values: object) -> Contract:
    """Return a contract whose size and classes fit `weights` (h·w, k)."""
    side = round(len(weights) ** 0.5)
    given = {
        "class_names": tuple(str(index) for index in range(weights.shape[1])),
        "input_name": "pixels",
        "output_name": "answer",
        "height": side,
        "width": side,
    }
    return Contract(**(given | values))


def linear_model(
    weights: np.ndarray,
    bias: np.ndarray | None = None,
    *,
    contract: Contract | None = None,
    metadata: dict[str, str] | None = None,
    symbolic: bool = False,
) -> bytes:
    """Return an ONNX model that is a linear classifier of ink, fed as `contract` says.

    Parameters
    ----------
    weights, bias
        (h·w, k) and (k,); they see ink from 0 to 1, upright, whatever the contract asks for: the
        graph undoes the contract's scale, layout and orientation first.
    contract
        How the model wants its input and what it puts out.
    metadata
        What stands in the file; the contract where None.
    symbolic
        Leave height, width and number of pixels unnamed in the declared shape.
    """
    contract = contract or contract_for(weights)
    graph = _graph(weights, bias, contract, symbolic=symbolic)
    model = helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 17)])
    helper.set_model_props(model, to_metadata(contract) if metadata is None else metadata)
    return model.SerializeToString()


def model_of(
    nodes: list[NodeProto],
    inputs: list[ValueInfoProto],
    outputs: list[ValueInfoProto],
    initializers: tuple[TensorProto, ...] = (),
) -> bytes:
    """Return the bytes of a model made of these parts."""
    graph = helper.make_graph(nodes, "test", inputs, outputs, list(initializers))
    model = helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 17)])
    return model.SerializeToString()


def tensor(
    name: str, shape: tuple[object, ...] | None, kind: int = TensorProto.FLOAT
) -> ValueInfoProto:
    """Return the declaration of an input or output."""
    return helper.make_tensor_value_info(name, kind, shape)


def _graph(
    weights: np.ndarray, bias: np.ndarray | None, contract: Contract, *, symbolic: bool
) -> GraphProto:
    """Return the graph: undo the contract, then one matrix product."""
    height, width, classes = contract.height, contract.width, weights.shape[1]
    sizes = {"H": height, "W": width, "F": height * width}
    shape = [
        sizes[axis] if isinstance(axis, str) and not symbolic else axis
        for axis in INPUT_SHAPES[contract.layout]
    ]
    turns = np.arange(height * width).reshape(height, width)
    if contract.transposed:
        turns = turns.T
    if contract.reversed:
        turns = turns[::-1, ::-1]
    constants = {
        "flat": np.array([-1, height * width], np.int64),
        "low": np.float32(contract.low),
        "span": np.float32(contract.high - contract.low),
        "weights": weights.astype(np.float32)[turns.ravel()],
        "bias": np.zeros(classes, np.float32) if bias is None else bias.astype(np.float32),
    }
    nodes = [
        helper.make_node("Reshape", ["pixels", "flat"], ["rows"]),
        helper.make_node("Sub", ["rows", "low"], ["shifted"]),
        helper.make_node("Div", ["shifted", "span"], ["ink"]),
        helper.make_node("MatMul", ["ink", "weights"], ["product"]),
        helper.make_node("Add", ["product", "bias"], ["logits"]),
        helper.make_node(
            "Softmax" if contract.output == "probabilities" else "Identity", ["logits"], ["answer"]
        ),
    ]
    return helper.make_graph(
        nodes,
        "linear",
        [tensor("pixels", (contract.batch or "N", *shape))],
        [tensor("answer", (contract.batch or "N", classes))],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
