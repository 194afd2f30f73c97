"""The saved graph of a step is the one that is run, with words for people who open it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import onnx
import pytest

from mnist_desktop.errors import UserError
from mnist_desktop.trainer.checkpoint import Samples
from mnist_desktop.trainer.fit import step_for
from mnist_desktop.trainer.recipes import RECIPES
from mnist_desktop.trainer.step import GRADIENT, Step
from mnist_desktop.trainer.step_file import explained, save_training_graph
from tests.unit.trainer.running import Arrays, run

OF_LAYER = re.compile(r"(forward|backward)/(\d+)\.[A-Za-z]+/[A-Za-z_0-9]+")
BESIDE_LAYERS = re.compile(r"(forward|backward)/(pictures|loss)/[A-Za-z_0-9]+")


def step_of(name: str) -> Step:
    samples = Samples(np.zeros((400, 28, 28), np.uint8), np.zeros(400, np.int64))
    return step_for(samples, RECIPES[name], 10)


def feed_for(step: Step) -> Arrays:
    """Return something to compute on for every input of a step."""
    random = np.random.default_rng(2)
    feed: Arrays = {}
    for value in step.model.graph.input:
        tensor = value.type.tensor_type
        shape = tuple(axis.dim_value for axis in tensor.shape.dim)
        dtype = onnx.helper.tensor_dtype_to_np_dtype(tensor.elem_type)
        whole = dtype != np.float32
        drawn = random.integers(0, 2, shape) if whole else random.normal(0, 0.1, shape)
        feed[value.name] = np.asarray(drawn).astype(dtype)
    return feed


@pytest.mark.parametrize("name", ["quick", "keras-rmsprop", "autoencoder"])
def test_the_saved_graph_computes_what_the_trainer_runs(name: str, tmp_path: Path) -> None:
    step, path = step_of(name), tmp_path / "歩み.onnx"
    save_training_graph(path, step)
    saved = onnx.load(path)
    onnx.checker.check_model(saved, full_check=True)
    feed = feed_for(step)
    expected, found = run(step.model, feed), run(saved, feed)
    assert list(found) == list(expected)
    for output, value in expected.items():
        np.testing.assert_array_equal(found[output], value)


@pytest.mark.parametrize("name", RECIPES)
def test_every_node_is_named_after_its_layer_and_way(name: str) -> None:
    model = step_of(name).model
    ends = {value.name for value in model.graph.output}
    inner = [node for node in model.graph.node if node.output[0] not in ends]
    names = [node.name for node in inner]
    assert all(OF_LAYER.fullmatch(n) or BESIDE_LAYERS.fullmatch(n) for n in names)
    assert len(set(names)) == len(names)
    # What makes the gradient of a layer's weights is called after that layer.
    for node in model.graph.node:
        if node.output[0].startswith(GRADIENT):
            layer = node.output[0].removeprefix(GRADIENT).split(".")[0]
            assert node.input[0].startswith(f"backward/{layer}.")
    # Nothing on the way there waits for the way back.
    there = {node.output[0] for node in inner if node.name.startswith("forward/")}
    back = {node.output[0] for node in inner} - there
    assert not any(back & set(node.input) for node in inner if node.output[0] in there)
    assert back


def test_words_and_shapes_are_added_and_nothing_else() -> None:
    step = step_of("standard")
    model = explained(step)
    assert "32·5×5/2" in model.graph.doc_string
    assert str(step.batch) in model.graph.doc_string
    graph = model.graph
    for entry in (*graph.input, *graph.output, *graph.node):
        assert entry.doc_string.endswith("."), entry.name
    words = {entry.name: entry.doc_string for entry in (*graph.node, *graph.input, *graph.output)}
    assert words["0.weight"] == "The weights of layer 0."
    assert words["gradient.1.gamma"] == (
        "The gradient of the loss by the scale γ of the batch norm of layer 1."
    )
    assert any(text == "Layer 3, Convolution, backwards." for text in words.values())
    made = {output for node in graph.node for output in node.output}
    known = {value.name for value in (*graph.value_info, *graph.output)}
    assert made <= known
    for entry in (graph, *graph.input, *graph.output, *graph.node):
        entry.ClearField("doc_string")
    del graph.value_info[:]
    plain = onnx.ModelProto()
    plain.CopyFrom(step.model)
    plain.graph.ClearField("doc_string")
    assert model.SerializeToString(deterministic=True) == plain.SerializeToString(
        deterministic=True
    )


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="could not be written"):
        save_training_graph(tmp_path / "no" / "such" / "step.onnx", step_of("keras-sgd"))
