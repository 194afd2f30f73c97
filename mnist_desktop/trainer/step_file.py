"""Write the graph of a training step as a file that people can open and look at.

It is the graph that the trainer runs, node for node. Added are only words: what each input, output
and node is for, and the shape of every tensor in between.
"""

from __future__ import annotations

import re
from pathlib import Path

import onnx

from mnist_desktop.files import write_bytes
from mnist_desktop.trainer.graph import BACKWARD, FORWARD
from mnist_desktop.trainer.step import GRADIENT, Step

_INPUTS = {
    "images": "Pictures as uint8, ink high.",
    "labels": "The class of each picture.",
    "warps": "How each picture is moved and bent: coefficients along x and along y.",
}
_OUTPUTS = {
    "loss": "The pictures' share of the mean loss of a batch.",
    "correct": "How many of the pictures were answered right.",
}
_KINDS = {
    "weight": "The weights",
    "bias": "The bias",
    "gamma": "The scale γ of the batch norm",
    "beta": "The shift β of the batch norm",
    "mask": "What the dropout keeps (1) and leaves out (0)",
    "mean": "The mean of each channel over these pictures, for the running statistics",
    "variance": "The variance of each channel over these pictures, for the running statistics",
}


def save_training_graph(path: Path, step: Step) -> None:
    """Write the graph of `step` as an ordinary ONNX file, with words for people.

    Raises
    ------
    UserError
        When the file cannot be written.
    """
    write_bytes(path, explained(step).SerializeToString())


def explained(step: Step) -> onnx.ModelProto:
    """Return the graph of `step` with shapes and doc strings, checked by onnx."""
    model = onnx.shape_inference.infer_shapes(step.model, strict_mode=True)
    graph = model.graph
    graph.doc_string = (
        f"One training step of the network {step.architecture.network.name} on {step.piece} "
        "pictures: forwards to the loss, then backwards to the gradient of the loss by everything "
        f"that is learned. An update adds up {step.batch // step.piece} such runs, a batch of "
        f"{step.batch} pictures."
    )
    for value in graph.input:
        value.doc_string = _INPUTS.get(value.name) or f"{_of_layer(value.name)}."
    for value in graph.output:
        value.doc_string = _OUTPUTS.get(value.name) or _output_words(value.name)
    for node in graph.node:
        node.doc_string = _node_words(node)
    onnx.checker.check_model(model, full_check=True)
    return model


def _of_layer(name: str) -> str:
    """Return in words what `4.weight` is."""
    number, _, kind = name.partition(".")
    return f"{_KINDS.get(kind, kind)} of layer {number}"


def _output_words(name: str) -> str:
    """Return what an output of a layer is."""
    if name.startswith(GRADIENT):
        what = _of_layer(name.removeprefix(GRADIENT))
        return f"The gradient of the loss by {what[0].lower()}{what[1:]}."
    return f"{_of_layer(name)}."


def _node_words(node: onnx.NodeProto) -> str:
    """Return where in the step a node stands."""
    found = re.match(rf"({FORWARD}|{BACKWARD})(?:(\d+)\.)?(\w+)/", node.name)
    if found is None:
        return f"Gives {node.input[0]} the name of an output." if node.input else ""
    way = "forwards" if found[1] == FORWARD else "backwards"
    place = f"layer {found[2]}, {found[3]}" if found[2] else f"the {found[3]}"
    return f"{place[0].upper()}{place[1:]}, {way}."
