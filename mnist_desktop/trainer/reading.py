"""Read a model that this program exported back into the trainer's layers and weights.

The network is read from the graph itself, node by node, so a model by a person's own recipe can be
read as well as one by a recipe that comes along. What `mnist_desktop.trainer.export` left out of
the graph, batch norm behind a convolution and dropout, stands in the model's metadata. Models from
before it was written there tell it by the numbers in their nodes' names: one that is missing behind
a convolution was its batch norm.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import onnx
from onnx import numpy_helper

from mnist_desktop.inference.checks import check_number, check_whole
from mnist_desktop.inference.contract import Contract, from_metadata
from mnist_desktop.inference.interface import CODE
from mnist_desktop.inference.model_file import refuse_impostors
from mnist_desktop.trainer.checkpoint import TrainingError
from mnist_desktop.trainer.export import BATCH_NORM, DROPOUT, INPUT, LEFT_OUT_KEY, LOGITS
from mnist_desktop.trainer.layers import (
    BatchNorm,
    Convolution,
    Dense,
    Dropout,
    Layer,
    MaxPool,
    Shape,
)
from mnist_desktop.trainer.networks import LARGEST_PICTURE, Network
from mnist_desktop.trainer.node_reading import Arrays, NodeReader, NotOursError, node_number
from mnist_desktop.trainer.weights import Architecture, Weights

MOST_NODES = 1_000
"""Nodes a model may have; the deepest network that comes along has a dozen."""

MOST_WORDS = 8
"""Layers named in what a network is called."""

LARGEST_WEIGHTS = 50_000_000
"""Numbers a model may have learned; the largest network that comes along has 1.2 million."""


@dataclass(frozen=True, eq=False)
class TrainedModel:
    """A model of ours, to go on training from.

    Parameters
    ----------
    name
        How people call it: its file's name without the ending.
    data
        The content of its file.
    contract
        What its metadata says of it.
    weights
        Its network and what that learned. A folded batch norm is there again, with statistics of 0
        and 1: it changes nothing until `mnist_desktop.trainer.fine_tuning` gives it real ones.
    """

    name: str
    data: bytes
    contract: Contract
    weights: Weights

    @property
    def fingerprint(self) -> str:
        """Return a hash of its file."""
        return hashlib.sha256(self.data).hexdigest()


def read_trained(data: bytes, *, name: str) -> TrainedModel:
    """Return the network, the weights and the contract in the content of an ONNX file.

    Exported again it answers every picture with the same logits.

    Parameters
    ----------
    data
        The file's content; not trusted.
    name
        How to call it, in errors too.

    Raises
    ------
    UserError
        When it is no ONNX model, none that this program exported, or an autoencoder's.
    """
    refuse_impostors(data, f"“{name}”")
    try:
        contract, weights = _read(_parse(data), name)
    except _UNREADABLE as error:
        lines = str(error).strip().splitlines() or ["it is damaged"]
        raise TrainingError(
            f"“{name}” is not a model of this program, so it cannot be trained further: "
            f"{lines[0][:300]}",
            "Choose a classifier that this program trained, or train a new one on your samples.",
        ) from error
    return TrainedModel(name, data, contract, weights)


_UNREADABLE = (
    NotOursError,
    onnx.checker.ValidationError,
    onnx.shape_inference.InferenceError,
    ValueError,
    TypeError,
    KeyError,
    RecursionError,
)
"""What is raised where a file is none of ours."""


def _parse(data: bytes) -> onnx.ModelProto:
    """Return the content of an ONNX file, whatever it describes."""
    try:
        return onnx.load_model_from_string(data)
    # protobuf's error comes without types, and its base is Exception itself.
    except Exception as error:
        raise NotOursError("it is damaged or no ONNX file") from error


def _read(model: onnx.ModelProto, name: str) -> tuple[Contract, Weights]:
    """Do what `read_trained` says with the parsed file."""
    graph = model.graph
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    if {CODE} & {value.name for value in (*graph.input, *graph.output)}:
        raise TrainingError(
            f"“{name}” is half of an autoencoder, and only classifiers can be fine-tuned",
            "Train the autoencoder on the new pictures with the recipe “autoencoder”.",
        )
    contract = from_metadata(metadata)
    if contract is None:
        raise NotOursError("it carries no contract of this program")
    _check_contract(contract)
    if len(graph.node) > MOST_NODES:
        raise NotOursError(f"it has {len(graph.node):,} nodes")
    constants = _constants(graph)
    onnx.checker.check_model(model, full_check=True)
    nodes = _nodes_to_logits(graph)
    size = _picture_size(graph)
    reader = NodeReader(constants, size, _left_out(metadata, nodes))
    reader.read(nodes)
    return contract, _weights(reader, size, contract)


def _check_contract(contract: Contract) -> None:
    """Refuse a contract that no model written here has."""
    same = ("input_name", "output_name", "layout", "low", "high", "transposed", "reversed")
    ours = Contract(contract.class_names, INPUT, LOGITS)
    different = [n for n in (*same, "output") if getattr(contract, n) != getattr(ours, n)]
    if different:
        key = different[0]
        raise NotOursError(f"its contract says {key} is {getattr(contract, key)!r}")


def _picture_size(graph: onnx.GraphProto) -> Shape:
    """Return the shape of the pictures that the only input takes."""
    names = [value.name for value in graph.input]
    if names != [INPUT]:
        raise NotOursError(f"its inputs are {', '.join(names[:5]) or 'none'}, not {INPUT}")
    sizes = [axis.dim_value for axis in graph.input[0].type.tensor_type.shape.dim]
    if len(sizes) != 4 or sizes[1] != 1:
        raise NotOursError(f"its input has the shape {sizes}")
    height, width = (check_whole("side", side, 1, LARGEST_PICTURE) for side in sizes[2:])
    return Shape(height, width, 1)


def _constants(graph: onnx.GraphProto) -> Arrays:
    """Return every constant by name, checked in type, number and values."""
    found: Arrays = {}
    total = 0
    if graph.sparse_initializer:
        raise NotOursError("it has sparse weights")
    for entry in graph.initializer:
        if entry.data_location == onnx.TensorProto.EXTERNAL:
            raise NotOursError("its weights lie in another file")
        total += int(np.prod(entry.dims, dtype=np.float64))
        if total > LARGEST_WEIGHTS:
            raise NotOursError(f"it has more than {LARGEST_WEIGHTS:,} weights")
        array = numpy_helper.to_array(entry)
        if array.dtype not in (np.float32, np.int64) or not np.isfinite(array).all():
            raise NotOursError(
                f"the constant “{entry.name[:80]}” has values that cannot be weights"
            )
        found[entry.name] = array
    return found


def _nodes_to_logits(graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    """Return the nodes from the picture to the logits; what follows must be their softmax."""
    nodes = list(graph.node)
    writers = [number for number, node in enumerate(nodes) if LOGITS in node.output]
    if len(writers) != 1:
        raise NotOursError(f"it has no output “{LOGITS}”")
    rest = nodes[writers[0] + 1 :]
    if any(node.op_type != "Softmax" or list(node.input) != [LOGITS] for node in rest):
        raise NotOursError("it goes on behind its logits")
    return nodes[: writers[0] + 1]


def _left_out(metadata: dict[str, str], nodes: list[onnx.NodeProto]) -> dict[int, Layer]:
    """Return the layers that no node shows, by their number in the network."""
    if LEFT_OUT_KEY not in metadata:
        return {
            node_number(node) + 1: BatchNorm()
            for node, behind in pairwise(nodes)
            if node.op_type == "Conv" and node_number(behind) > node_number(node) + 1
        }
    content = json.loads(metadata[LEFT_OUT_KEY][: 1 << 20])
    if not isinstance(content, list):
        raise NotOursError(f"its metadata “{LEFT_OUT_KEY}” is no list")
    return dict(_one_left_out(entry) for entry in content)


def _one_left_out(entry: object) -> tuple[int, Layer]:
    """Return number and layer of one entry of the metadata."""
    if not isinstance(entry, dict):
        raise NotOursError(f"its metadata “{LEFT_OUT_KEY}” is damaged")
    number = check_whole("layer", entry.get("layer"), 0, MOST_NODES)
    if entry.get("kind") == BATCH_NORM:
        return number, BatchNorm()
    if entry.get("kind") != DROPOUT:
        raise NotOursError(f"its metadata “{LEFT_OUT_KEY}” has an unknown kind of layer")
    check_number("rate", entry.get("rate"), 0.0, 0.99)
    return number, Dropout(float(entry["rate"]))


def _weights(reader: NodeReader, size: Shape, contract: Contract) -> Weights:
    """Put layers and arrays together as a network with weights."""
    *body, last = reader.layers
    classes = len(contract.class_names)
    if not isinstance(last, Dense) or last.units != classes:
        raise NotOursError(f"it does not end with a dense layer to {classes} classes")
    network = Network(_described(body), tuple(body))
    architecture = Architecture(network, size.height, size.width, classes)
    layouts = architecture.layout(), architecture.statistics_layout()
    vectors = [np.zeros(layout.size, np.float32) for layout in layouts]
    for layout, vector in zip(layouts, vectors, strict=True):
        for key, view in layout.views(vector).items():
            view[...] = reader.arrays[key]
    return Weights(architecture, *vectors)


def _described(layers: Sequence[Layer]) -> str:
    """Return what a network of these layers is called, in the way of those that come along."""
    words = []
    for layer in layers:
        if isinstance(layer, Convolution):
            stride = f"/{layer.stride}" if layer.stride > 1 else ""
            words.append(f"{layer.filters}·{layer.size}×{layer.size}{stride}")
        elif isinstance(layer, MaxPool):
            words.append(f"pool {layer.size}")
        elif isinstance(layer, Dense):
            words.append(f"dense {layer.units}")
    return " → ".join(words[:MOST_WORDS]) + (" …" if len(words) > MOST_WORDS else "") or "dense"
