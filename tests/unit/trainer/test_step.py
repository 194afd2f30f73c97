"""The whole training step: its gradients, and that the exported model is the same network."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from mnist_desktop.trainer.augment import PLAIN, Augmentation, basis, draw_warps, shift_pictures
from mnist_desktop.trainer.export import INPUT, LOGITS, export_autoencoder, export_model
from mnist_desktop.trainer.graph import IR_VERSION, OPSET
from mnist_desktop.trainer.layers import (
    Convolution,
    Dense,
    Dropout,
    MaxPool,
    PixelShuffle,
    Relu,
    Unflatten,
)
from mnist_desktop.trainer.networks import AUTOENCODER, FAST, Network, block
from mnist_desktop.trainer.recipes import RECIPES
from mnist_desktop.trainer.step import GRADIENT, write_step
from mnist_desktop.trainer.weights import Architecture, Weights, first_parameters
from tests.unit.trainer.running import Arrays, run

SMALL_AUTOENCODER = Network(
    "small autoencoder",
    (
        *block(3, 3, stride=2, padding=1),
        Dense(2),
        Dense(4 * 3 * 8),
        Unflatten(4, 3, 8),
        Relu(),
        PixelShuffle(),
        Convolution(1, 3, padding=1),
    ),
    code_layers=4,
)

SMALL = Network(
    "small",
    (
        *block(3, 3, stride=2, padding=1),
        Convolution(4, 2),
        Relu(),
        MaxPool(2, stride=1),
        Dropout(0.5),
        Dense(5),
        Relu(),
    ),
)


def feed_for(architecture: Architecture, piece: int) -> Arrays:
    random = np.random.default_rng(0)
    flat = first_parameters(architecture, random).astype(np.float64)
    flat += random.normal(0, 0.1, flat.shape)
    feed: Arrays = dict(architecture.layout().views(flat))
    size = (piece, architecture.height, architecture.width)
    feed["images"] = random.integers(0, 256, size).astype(np.uint8)
    feed["labels"] = random.integers(0, architecture.classes, piece)
    return feed


@pytest.mark.parametrize("network", [SMALL, SMALL_AUTOENCODER], ids=lambda n: n.name)
@pytest.mark.parametrize("level", ["disabled", "all"])
def test_gradient_of_every_parameter_agrees_with_finite_differences(
    level: str, network: Network
) -> None:
    height, width = (8, 6) if network.code_layers else (9, 10)
    architecture = Architecture(network, height, width, 3)
    step = write_step(architecture, piece=4, batch=8, dtype=np.float64)
    feed = feed_for(architecture, 4)
    for name, (size, _) in step.masks.items():
        feed[name] = np.random.default_rng(1).integers(0, 2, (4, size)).astype(np.uint8)
    found = run(step.model, feed, level=level)
    delta = 1e-6
    for name in architecture.parameters():
        for index in list(np.ndindex(feed[name].shape))[:: max(1, feed[name].size // 12)]:
            values = []
            for sign in (1, -1):
                moved = {**feed, name: feed[name].copy()}
                moved[name][index] += sign * delta
                values.append(float(run(step.model, moved, level=level)["loss"]))
            expected = (values[0] - values[1]) / (2 * delta)
            assert found[GRADIENT + name][index] == pytest.approx(expected, rel=1e-4, abs=1e-8)


def test_loss_and_correct_count_are_those_of_the_logits() -> None:
    architecture = Architecture(Network("linear", ()), 3, 3, 4)
    step = write_step(architecture, piece=5, batch=10, dtype=np.float64)
    feed = feed_for(architecture, 5)
    x = feed["images"].reshape(5, 9) / 255.0
    logits = x @ feed["0.weight"] + feed["0.bias"]
    logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    found = run(step.model, feed)
    expected = -logs[np.arange(5), feed["labels"]].sum() / 10
    assert float(found["loss"]) == pytest.approx(expected)
    assert int(found["correct"]) == int((logits.argmax(axis=1) == feed["labels"]).sum())


def test_smoothing_changes_the_gradient_and_not_the_loss_that_is_told() -> None:
    architecture = Architecture(Network("linear", ()), 3, 3, 4)
    feed = feed_for(architecture, 5)
    plain, smoothed = (
        run(write_step(architecture, piece=5, batch=5, label_smoothing=e, dtype=np.float64).model,
            feed)
        for e in (0.0, 0.2)
    )  # fmt: skip
    assert float(plain["loss"]) == pytest.approx(float(smoothed["loss"]))
    # The bias's gradient is the mean of softmax − targets, so it moves by the targets' change.
    counts = np.bincount(feed["labels"], minlength=4) / 5
    moved = smoothed["gradient.0.bias"] - plain["gradient.0.bias"]
    np.testing.assert_allclose(moved[0], 0.2 * counts - 0.05, atol=1e-12)


def exported(network: Network, *, classes: int = 3) -> tuple[Weights, onnx.ModelProto]:
    architecture = Architecture(network, 28, 28, classes)
    random = np.random.default_rng(3)
    parameters = first_parameters(architecture, random)
    parameters += random.normal(0, 0.05, parameters.shape).astype(np.float32)
    statistics = np.zeros(architecture.statistics_layout().size, np.float32)
    for name, view in architecture.statistics_layout().views(statistics).items():
        draw = random.normal(0, 0.1, view.shape) if "mean" in name else random.random(view.shape)
        view[...] = draw
    weights = Weights(architecture, parameters, statistics)
    return weights, export_model(weights, {"key": "値"})


def by_the_training_graph(weights: Weights, images: NDArray[np.uint8]) -> NDArray[Any]:
    """Return logits computed layer by layer in numpy from the trainer's row layout."""
    from mnist_desktop.trainer.convolution import Window
    from mnist_desktop.trainer.layers import BatchNorm

    arrays, architecture = weights.arrays(), weights.architecture
    x = images.reshape(-1, 1) / 255.0
    layers = architecture.network.layers(architecture.classes)
    for number, (layer, shape) in enumerate(zip(layers, architecture.shapes(), strict=True)):
        own = {k.split(".")[1]: v for k, v in arrays.items() if k.split(".")[0] == str(number)}
        if isinstance(layer, Convolution | MaxPool):
            padding = getattr(layer, "padding", 0)
            stride = layer.stride or layer.size
            window = Window(len(images), shape.height, shape.width, layer.size, stride, padding)
            columns = np.vstack([x, np.zeros((1, x.shape[1]))])[window.table()]
            if isinstance(layer, MaxPool):
                x = columns.max(axis=1)
            else:
                x = columns.reshape(len(columns), -1) @ own["weight"] + own.get("bias", 0.0)
        elif isinstance(layer, BatchNorm):
            spread = np.sqrt(own["variance"] + 1e-5)
            x = (x - own["mean"]) / spread * own["gamma"] + own["beta"]
        elif isinstance(layer, Relu):
            x = np.maximum(x, 0)
        elif isinstance(layer, Dense):
            x = x.reshape(len(images), -1) @ own["weight"] + own["bias"]
        elif isinstance(layer, Unflatten):
            x = x.reshape(-1, layer.channels)
        elif isinstance(layer, PixelShuffle):
            n, channels = layer.size, shape.channels // layer.size**2
            cut = x.reshape(len(images), shape.height, shape.width, n, n, channels)
            x = cut.transpose(0, 1, 3, 2, 4, 5).reshape(-1, channels)
    return x


@pytest.mark.parametrize("name", RECIPES)
def test_exported_model_computes_the_trained_network(name: str) -> None:
    weights, model = exported(RECIPES[name].network)
    images = np.random.default_rng(5).integers(0, 256, (3, 28, 28)).astype(np.uint8)
    found = run(model, {INPUT: images[:, None].astype(np.float32) / 255.0})
    expected = by_the_training_graph(weights, images).reshape(found[LOGITS].shape)
    np.testing.assert_allclose(found[LOGITS], expected, rtol=1e-3, atol=1e-3)
    if RECIPES[name].network.code_layers:
        np.testing.assert_allclose(found["picture"], 1 / (1 + np.exp(-expected)), atol=1e-3)
    else:
        np.testing.assert_allclose(found["probabilities"].sum(axis=1), 1.0, rtol=1e-5)


def test_the_halves_of_an_autoencoder_are_the_whole() -> None:
    weights, whole = exported(AUTOENCODER)
    encoder, decoder = export_autoencoder(weights)
    images = np.random.default_rng(5).random((3, 1, 28, 28)).astype(np.float32)
    code = run(encoder, {INPUT: images})["code"]
    assert code.shape == (3, 32)
    again = run(decoder, {"code": code})
    expected = run(whole, {INPUT: images})
    np.testing.assert_allclose(again[LOGITS], expected[LOGITS], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(again["picture"], expected["picture"], atol=1e-5)


def test_exported_model_is_an_ordinary_one() -> None:
    _, model = exported(FAST)
    kinds = [node.op_type for node in model.graph.node]
    assert kinds == ["Conv", "Relu"] * 3 + ["Flatten", "Gemm", "Softmax"]
    assert model.ir_version == IR_VERSION
    assert [(o.domain, o.version) for o in model.opset_import] == [("", OPSET)]
    batch = model.graph.input[0].type.tensor_type.shape.dim[0]
    assert batch.dim_param == "N"
    told = {p.key: p.value for p in model.metadata_props}
    assert told.pop("key") == "値"
    assert [json.loads(text) for text in told.values()] == [
        [{"layer": number, "kind": "batch norm"} for number in (1, 4, 7)]
    ]


def test_denormal_weights_become_zero() -> None:
    weights, _ = exported(FAST)
    weights.parameters[:] = 1e-39
    model = export_model(weights)
    for constant in model.graph.initializer:
        values = np.abs(onnx.numpy_helper.to_array(constant))
        assert not ((values > 0) & (values < 1e-30)).any()


def test_warp_without_movement_leaves_the_picture_as_it_is() -> None:
    assert not PLAIN.bends
    still = np.zeros((1, 2, 3), np.float32)
    still[0, 0, 0] = still[0, 1, 1] = 1.0
    grid = still[0] @ basis(PLAIN, 5, 7)
    np.testing.assert_allclose(grid[0].reshape(5, 7)[2], np.linspace(-1, 1, 7))
    np.testing.assert_allclose(grid[1].reshape(5, 7)[:, 3], np.linspace(-1, 1, 5))


def test_a_warp_can_shift_the_picture_by_whole_pixels() -> None:
    """One pixel to the left and two up, checked through the training graph itself."""
    architecture = Architecture(Network("linear", ()), 8, 8, 2)
    augmentation = Augmentation(shift=2.0, rotation=1.0)
    plain = write_step(architecture, piece=1, batch=1, dtype=np.float32)
    warped = write_step(architecture, piece=1, batch=1, augmentation=augmentation)
    feed = {k: v.astype(np.float32) if v.dtype.kind == "f" else v
            for k, v in feed_for(architecture, 1).items()}  # fmt: skip
    moved = {**feed, "images": np.zeros_like(feed["images"])}
    moved["images"][:, :-2, :-1] = feed["images"][:, 2:, 1:]
    warps = np.zeros((1, 2, 3), np.float32)
    warps[0, 0, 0] = warps[0, 1, 1] = 1.0
    warps[0, :, 2] = np.array([1.0, 2.0]) * 2 / 7
    expected, found = run(plain.model, moved), run(warped.model, {**feed, "warps": warps})
    assert float(found["loss"]) == pytest.approx(float(expected["loss"]), rel=1e-4)


def test_a_shift_alone_moves_by_whole_pixels_and_lets_nothing_in() -> None:
    random = np.random.default_rng(0)
    pictures = random.integers(1, 256, (300, 6, 5)).astype(np.uint8)
    moved = np.zeros_like(pictures)
    shift_pictures(pictures, 1, random=random, out=moved)
    seen = set()
    for before, after in zip(pictures, moved, strict=True):
        around = np.pad(before, 1)
        fits = [
            (y, x)
            for y in range(3)
            for x in range(3)
            if (around[y : y + 6, x : x + 5] == after).all()
        ]
        assert len(fits) == 1
        seen.add(fits[0])
    assert len(seen) == 9
    assert not Augmentation(shift=1.0).bends


def test_warps_stay_within_their_limits_and_differ() -> None:
    augmentation = Augmentation(shift=2.0, rotation=10.0, zoom=0.1, shear=0.1, elastic=1.0)
    random = np.random.default_rng(0)
    warps = draw_warps(augmentation, 500, height=28, width=28, random=random)
    assert warps.shape == (500, 2, augmentation.coefficients)
    shifts = warps[:, :, 2] * 27 / 2
    assert np.abs(shifts).max() <= 2.0
    assert np.abs(shifts).mean() == pytest.approx(1.0, abs=0.1)
    assert warps[:, :, 3:].std() * 27 / 2 == pytest.approx(1.0, abs=0.05)
    areas = np.linalg.det(warps[:, :, :2].astype(float))
    assert areas.min() > 0.8
    assert areas.max() < 1.22
    half = replace(augmentation, untouched=0.5)
    some = draw_warps(half, 500, height=28, width=28, random=random)
    still = (some == np.eye(2, some.shape[2])).all(axis=(1, 2))
    assert still.mean() == pytest.approx(0.5, abs=0.1)
    only_turn = draw_warps(replace(PLAIN, rotation=10.0), 9, height=5, width=5, random=random)
    np.testing.assert_allclose(np.linalg.det(only_turn[:, :, :2].astype(float)), 1.0, rtol=1e-5)
