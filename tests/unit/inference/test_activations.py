"""The layers of any model can be looked at, or it says why not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from mnist_desktop.inference import activations
from mnist_desktop.inference.activations import Layers
from mnist_desktop.inference.classifier import Classifier, default_model_path
from mnist_desktop.inference.contract import ModelError, to_metadata
from tests.unit.inference.onnx_models import contract_for, linear_model, tensor


def small_network(kernel: np.ndarray, **values: object) -> bytes:
    """Return a model: convolution, ReLU, two in one pool, dense."""
    side = 8
    weights = np.random.default_rng(0).normal(0, 1, (len(kernel) * 16, 3)).astype(np.float32)
    contract = contract_for(np.zeros((side * side, 3)), **values)
    constants = {"kernel": kernel, "flat": np.array([-1, len(kernel) * 16]), "weights": weights}
    nodes = [
        helper.make_node("Conv", ["pixels", "kernel"], ["conv"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["conv"], ["relu"]),
        helper.make_node("MaxPool", ["relu"], ["pool"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Reshape", ["pool", "flat"], ["rows"]),
        helper.make_node("MatMul", ["rows", "weights"], ["answer"]),
    ]
    batch = contract.batch or "N"
    graph = helper.make_graph(
        nodes,
        "small",
        [tensor("pixels", (batch, 1, side, side))],
        [tensor("answer", (batch, 3))],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 17)])
    helper.set_model_props(model, to_metadata(contract))
    return model.SerializeToString()


def identity_kernel() -> np.ndarray:
    """Return a kernel whose first map is the picture, and whose second its opposite."""
    kernel = np.zeros((2, 1, 3, 3), np.float32)
    kernel[0, 0, 1, 1], kernel[1, 0, 1, 1] = 1, -1
    return kernel


@pytest.mark.parametrize("batch", [None, 1, 3])
def test_each_layer_tells_what_it_makes(batch: int | None) -> None:
    data = small_network(identity_kernel(), batch=batch)
    layers = Layers(Classifier.from_bytes(data, name="small"))

    assert [(layer.title, layer.size_text) for layer in layers.layers] == [
        ("Convolution, ReLU", "2 maps of 8×8"),
        ("Max pool", "2 maps of 4×4"),
        ("Dense", "3 values"),
    ]
    picture = np.zeros((8, 8), np.uint8)
    picture[2, 5], picture[3, 5] = 255, 51
    maps = layers.maps(layers.layers[0], picture)
    np.testing.assert_allclose(maps[0], picture / 255, atol=1e-6)
    assert not maps[1].any()
    pooled = layers.maps(layers.layers[1], picture)
    np.testing.assert_allclose(pooled[0, 1], [0, 0, 1.0, 0], atol=1e-6)


@pytest.mark.parametrize("values", [{"transposed": True}, {"reversed": True}])
def test_maps_stand_upright_whatever_the_model_wants(values: dict[str, object]) -> None:
    layers = Layers(Classifier.from_bytes(small_network(identity_kernel(), **values), name="small"))
    picture = np.zeros((8, 8), np.uint8)
    picture[1, 6] = 255

    np.testing.assert_allclose(layers.maps(layers.layers[0], picture)[0], picture / 255, atol=1e-6)


def test_the_answer_is_the_last_layer_of_the_shipped_model() -> None:
    classifier = Classifier.load(default_model_path())
    layers = Layers(classifier)
    picture = np.zeros((28, 28), np.uint8)
    picture[4:24, 13:16] = 255

    last = layers.layers[-1]
    assert last.tensor == classifier.contract.output_name
    scores = layers.maps(last, picture).ravel()
    assert int(scores.argmax()) == classifier.answer(picture).index


def test_weights_in_a_side_file_are_found(tmp_path: Path) -> None:
    model = onnx.load_model_from_string(small_network(identity_kernel()))
    path = tmp_path / "with-side-file.onnx"
    onnx.save_model(
        model, path, save_as_external_data=True, location="weights.bin", size_threshold=64
    )
    layers = Layers(Classifier.load(path))

    assert len(layers.layers) == 3


def test_a_large_model_says_why_its_layers_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    data = small_network(identity_kernel())
    monkeypatch.setattr("mnist_desktop.inference.classifier.MAX_KEPT", len(data) - 1)
    with pytest.raises(ModelError, match="MB"):
        Layers(Classifier.from_bytes(data, name="large"))


def test_a_layer_that_is_too_large_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activations, "MAX_VALUES", 40)
    layers = Layers(Classifier.from_bytes(small_network(identity_kernel()), name="small"))

    assert [layer.title for layer in layers.layers] == ["Max pool", "Dense"]


def test_a_deep_network_shows_its_first_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activations, "MAX_LAYERS", 2)
    layers = Layers(Classifier.from_bytes(small_network(identity_kernel()), name="small"))

    assert [layer.title for layer in layers.layers] == [
        "Convolution, ReLU",
        "Max pool",
    ]


def test_values_that_are_no_numbers_become_0() -> None:
    kernel = identity_kernel()
    kernel[0, 0, 1, 1] = np.inf
    layers = Layers(Classifier.from_bytes(small_network(kernel), name="broken"))

    assert np.isfinite(layers.maps(layers.layers[0], np.full((8, 8), 255, np.uint8))).all()


def test_a_linear_model_has_its_one_layer() -> None:
    weights = np.random.default_rng(1).normal(0, 1, (64, 3))
    layers = Layers(Classifier.from_bytes(linear_model(weights), name="linear"))

    assert layers.layers[-1].size_text == "3 values"


def test_what_does_not_depend_on_the_picture_is_no_layer() -> None:
    model = onnx.load_model_from_string(small_network(identity_kernel()))
    double = helper.make_node("Add", ["weights", "weights"], ["twice"])
    model.graph.node.insert(0, double)
    model.graph.node[-1].input[1] = "twice"
    layers = Layers(Classifier.from_bytes(model.SerializeToString(), name="small"))

    assert "twice" not in [layer.tensor for layer in layers.layers]
