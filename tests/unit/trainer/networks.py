"""Networks with every layer there is, and weights as a training would leave them."""

from __future__ import annotations

import numpy as np
import onnx

from mnist_desktop.inference.contract import Contract, to_metadata
from mnist_desktop.trainer.export import INPUT, LOGITS, export_model
from mnist_desktop.trainer.layers import (
    BatchNorm,
    Convolution,
    Dense,
    Dropout,
    MaxPool,
    PixelShuffle,
    Relu,
    Unflatten,
)
from mnist_desktop.trainer.networks import Network, block
from mnist_desktop.trainer.weights import Architecture, Weights, first_parameters

EVERYTHING = Network(
    "everything",
    (
        BatchNorm(),
        *block(3, 3, stride=2, padding=1),
        Dropout(0.1),
        Convolution(4, 2, bias=False),
        BatchNorm(),
        Dropout(0.2),
        Relu(),
        Convolution(4, 3, padding=1),
        Dropout(0.3),
        MaxPool(2, stride=1),
        MaxPool(2),
        Dense(12),
        BatchNorm(),
        Relu(),
        Unflatten(1, 3, 4),
        PixelShuffle(),
        Convolution(5, 1, bias=False),
        BatchNorm(),
        BatchNorm(),
        Dense(7),
        Relu(),
        Dropout(0.5),
    ),
)
"""What a person's own recipe may come up with: each layer, and each in odd company."""


def trained(network: Network, *, classes: int = 10, side: int = 28, seed: int = 3) -> Weights:
    """Return weights of `network` that are no first weights: nothing in them is 0 or 1."""
    architecture = Architecture(network, side, side, classes)
    random = np.random.default_rng(seed)
    parameters = first_parameters(architecture, random)
    parameters += random.normal(0, 0.05, parameters.shape).astype(np.float32)
    statistics = np.zeros(architecture.statistics_layout().size, np.float32)
    for name, view in architecture.statistics_layout().views(statistics).items():
        view[...] = random.normal(0, 0.1, view.shape) if "mean" in name else 0.1 + random.random()
    return Weights(architecture, parameters, statistics)


def contract_of(weights: Weights, **values: object) -> Contract:
    """Return the contract that such a model is written with."""
    architecture = weights.architecture
    usual = {
        "class_names": tuple(str(number) for number in range(architecture.classes)),
        "input_name": INPUT,
        "output_name": LOGITS,
        "height": architecture.height,
        "width": architecture.width,
        "trained_on": "nothing",
    }
    return Contract(**(usual | values))  # type: ignore[arg-type]


def exported(weights: Weights, **values: object) -> onnx.ModelProto:
    """Return the model that a training would write of `weights`."""
    return export_model(weights, to_metadata(contract_of(weights, **values)))
