"""A model that was exported is read back as the very network it came from; no other is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from mnist_desktop.errors import UserError
from mnist_desktop.files import resource_folder
from mnist_desktop.trainer.export import INPUT, LEFT_OUT_KEY, LOGITS, export_model
from mnist_desktop.trainer.layers import BatchNorm, Convolution, Dropout
from mnist_desktop.trainer.networks import DEEP, FAST, KERAS_RMSPROP, STRONG, Network
from mnist_desktop.trainer.reading import read_trained
from mnist_desktop.trainer.recipes import RECIPES
from tests.unit.inference.onnx_models import linear_model
from tests.unit.trainer.networks import EVERYTHING, exported, trained
from tests.unit.trainer.running import run

CLASSIFIERS = [recipe for recipe in RECIPES.values() if not recipe.network.is_autoencoder]


def logits(model: onnx.ModelProto, side: int) -> np.ndarray:
    images = np.random.default_rng(5).random((4, 1, side, side)).astype(np.float32)
    return run(model, {INPUT: images})[LOGITS]


def constants(model: onnx.ModelProto) -> list[np.ndarray]:
    return [numpy_helper.to_array(entry) for entry in model.graph.initializer]


def without_mark(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return a model as it was written before it told what its graph leaves out."""
    entries = {entry.key: entry.value for entry in model.metadata_props}
    del entries[LEFT_OUT_KEY]
    del model.metadata_props[:]
    helper.set_model_props(model, entries)
    return model


@pytest.mark.parametrize("recipe", CLASSIFIERS, ids=lambda recipe: recipe.name)
@pytest.mark.parametrize(("classes", "side"), [(10, 28), (47, 28), (10, 32)])
def test_every_recipes_network_comes_back(recipe: object, classes: int, side: int) -> None:
    network: Network = recipe.network  # type: ignore[attr-defined]
    model = exported(trained(network, classes=classes, side=side))
    read = read_trained(model.SerializeToString(), name="m")
    assert read.weights.architecture.network.body == network.body
    assert len(read.contract.class_names) == read.weights.architecture.classes == classes
    again = export_model(read.weights)
    np.testing.assert_array_equal(logits(again, side), logits(model, side))


@pytest.mark.parametrize("side", [28, 13])
def test_a_network_of_a_persons_own_comes_back(side: int) -> None:
    model = exported(trained(EVERYTHING, side=side))
    read = read_trained(model.SerializeToString(), name="m")
    assert read.weights.architecture.network.body == EVERYTHING.body
    again = export_model(read.weights)
    np.testing.assert_allclose(logits(again, side), logits(model, side), rtol=1e-5, atol=1e-6)
    assert [n.name for n in again.graph.node] == [n.name for n in model.graph.node]


def test_a_bias_that_says_nothing_may_come_or_go() -> None:
    """Batch norm swallows the bias before it, and zeros are written where there is none."""
    odd = Network("odd", (Convolution(3, 3), BatchNorm(), Convolution(2, 3, bias=False)))
    model = exported(trained(odd))
    read = read_trained(model.SerializeToString(), name="m").weights
    assert [getattr(layer, "bias", None) for layer in read.architecture.network.body] == [
        False,
        None,
        True,
    ]
    np.testing.assert_array_equal(logits(export_model(read), 28), logits(model, 28))


def test_the_shipped_model_comes_back_bit_for_bit() -> None:
    data = (resource_folder() / "models" / "digits.onnx").read_bytes()
    read = read_trained(data, name="digits")
    network = read.weights.architecture.network
    assert (network.name, network.body) in {(n.name, n.body) for n in (STRONG, DEEP)}
    again = export_model(read.weights)
    for ours, theirs in zip(constants(again), constants(onnx.load_from_string(data)), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_older_models_tell_batch_norm_by_their_numbers() -> None:
    folded = without_mark(exported(trained(FAST)))
    read = read_trained(folded.SerializeToString(), name="m").weights.architecture.network
    assert read.body == FAST.body

    plain = without_mark(exported(trained(KERAS_RMSPROP)))
    body = read_trained(plain.SerializeToString(), name="m").weights.architecture.network.body
    assert not any(isinstance(layer, BatchNorm) for layer in body)
    assert all(layer.bias for layer in body if isinstance(layer, Convolution))
    # Its rate stands nowhere, and it computes nothing.
    assert body == tuple(x for x in KERAS_RMSPROP.body if not isinstance(x, Dropout))


@pytest.mark.parametrize("name", ["morph.onnx", "morph.decoder.onnx"])
def test_an_autoencoder_is_refused_with_advice(name: str) -> None:
    data = (resource_folder() / "models" / name).read_bytes()
    with pytest.raises(UserError, match="half of an autoencoder") as caught:
        read_trained(data, name="morph")
    assert "autoencoder" in caught.value.advice


@pytest.mark.parametrize("name", ["zoo-mnist-8", "handwritten-exporter", "sklearn-784-reversed"])
def test_other_peoples_models_are_refused(shared_data: Path, name: str) -> None:
    data = (shared_data / "models" / f"{name}.onnx").read_bytes()
    with pytest.raises(UserError, match="not a model of this program") as caught:
        read_trained(data, name=name)
    assert "train a new one" in caught.value.advice


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04", "zip archive"),
        (b"\x08\x07nothing at all", "damaged or no ONNX file"),
        (linear_model(np.eye(4)), "its contract says input_name"),
    ],
)
def test_other_files_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(UserError, match=said):
        read_trained(data, name="m")


def change_constant(model: onnx.ModelProto, number: int, value: np.ndarray) -> None:
    entry = model.graph.initializer[number]
    entry.CopyFrom(numpy_helper.from_array(value, entry.name))


def poison(model: onnx.ModelProto) -> None:
    array = numpy_helper.to_array(model.graph.initializer[0]).copy()
    array.flat[3] = np.nan
    change_constant(model, 0, array)


def cut_short(model: onnx.ModelProto) -> None:
    model.graph.initializer[0].raw_data = model.graph.initializer[0].raw_data[:-8]


def send_away(model: onnx.ModelProto) -> None:
    entry = model.graph.initializer[0]
    entry.ClearField("raw_data")
    entry.data_location = onnx.TensorProto.EXTERNAL
    entry.external_data.add(key="location", value="/etc/passwd")


def double_precision(model: onnx.ModelProto) -> None:
    change_constant(model, 1, numpy_helper.to_array(model.graph.initializer[1]).astype(np.float64))


def give_more_classes(model: onnx.ModelProto) -> None:
    for entry in model.metadata_props:
        entry.value = entry.value.replace('["0", ', '["x", "0", ')


def swap_operator(model: onnx.ModelProto) -> None:
    next(n for n in model.graph.node if n.op_type == "Relu").op_type = "Sigmoid"


def dilate(model: onnx.ModelProto) -> None:
    model.graph.node[0].attribute.append(helper.make_attribute("group", 1))


def rename(model: onnx.ModelProto) -> None:
    model.graph.node[0].name = "convolution of somebody"


def add_head(model: onnx.ModelProto) -> None:
    model.graph.node.append(helper.make_node("Neg", [LOGITS], ["more"], "more"))


def mark_nonsense(model: onnx.ModelProto) -> None:
    for entry in model.metadata_props:
        if entry.key == LEFT_OUT_KEY:
            entry.value = '[{"layer": 1, "kind": "magic"}]'


def mark_beyond(model: onnx.ModelProto) -> None:
    for entry in model.metadata_props:
        if entry.key == LEFT_OUT_KEY:
            entry.value = '[{"layer": 99, "kind": "dropout", "rate": 0.5}]'


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (poison, "cannot be weights"),
        (cut_short, ""),
        (send_away, "another file"),
        (double_precision, ""),
        (give_more_classes, "11 classes"),
        (swap_operator, "operator Sigmoid"),
        (dilate, "not as it writes them"),
        (rename, "convolution of somebody"),
        (add_head, "behind its logits"),
        (mark_nonsense, "unknown kind of layer"),
        (mark_beyond, "no layer 99"),
    ],
)
def test_what_would_not_have_been_written_here_is_refused(
    damage: Callable[[onnx.ModelProto], None], said: str
) -> None:
    model = exported(trained(FAST))
    damage(model)
    with pytest.raises(UserError, match="not a model of this program") as caught:
        read_trained(model.SerializeToString(), name="m")
    assert said in caught.value.message
