"""The networks, as lists of layers: data that the trainer and the export read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mnist_desktop.trainer.layers import (
    BatchNorm,
    Convolution,
    Dense,
    Dropout,
    Layer,
    MaxPool,
    Relu,
    Shape,
)


@dataclass(frozen=True)
class Network:
    """A stack of layers whose last one, a dense layer to the classes, is added when it is built.

    Parameters
    ----------
    name
        What it is called in a model's card.
    body
        All layers but the last.
    start
        How weights begin: "he" (He et al. 2015, normal) or "glorot" (Glorot and Bengio 2010,
        uniform; the default of Keras).
    """

    name: str
    body: tuple[Layer, ...]
    start: Literal["he", "glorot"] = "he"

    def layers(self, classes: int) -> tuple[Layer, ...]:
        """Return all layers for a dataset of `classes` classes."""
        return (*self.body, Dense(classes))

    def smallest_picture(self) -> int:
        """Return the side of the smallest square picture that every layer can work on."""
        for side in range(1, 257):
            shape: Shape | None = Shape(side, side, 1)
            for layer in self.body:
                shape = shape and layer.output(shape)
                if shape is None or min(shape.height, shape.width) < 1:
                    break
            else:
                return side
        return 257


def block(filters: int, size: int, *, stride: int = 1, padding: int = 0) -> tuple[Layer, ...]:
    """Return a convolution with batch norm and ReLU behind it."""
    return (
        Convolution(filters, size, stride=stride, padding=padding, bias=False),
        BatchNorm(),
        Relu(),
    )


FAST = Network(
    "24·5×5/2 → 48·3×3/2 → 96·3×3/2",
    (
        *block(24, 5, stride=2, padding=2),
        *block(48, 3, stride=2, padding=1),
        *block(96, 3, stride=2, padding=1),
    ),
)
"""Three strided convolutions: most of the accuracy for the least work."""

STRONG = Network(
    "32·5×5/2 → 64·3×3/2 → 64·3×3 → 64·3×3/2",
    (
        *block(32, 5, stride=2, padding=2),
        *block(64, 3, stride=2, padding=1),
        *block(64, 3, padding=1),
        *block(64, 3, stride=2, padding=1),
    ),
)
"""One more convolution at half size: what the accuracy above 99.4 % needs."""

KERAS_RMSPROP = Network(
    "32·3×3 → 64·3×3 → pool 2 → dense 128",
    (
        Convolution(32, 3),
        Relu(),
        Convolution(64, 3),
        Relu(),
        MaxPool(2),
        Dropout(0.25),
        Dense(128),
        Relu(),
        Dropout(0.5),
    ),
    start="glorot",
)
"""The network of the classic Keras MNIST example: two convolutions, one pooling, two dropouts."""

KERAS_SGD = Network(
    "32·3×3 → pool 2, stride 1 → dense 128",
    (Convolution(32, 3), Relu(), MaxPool(2, stride=1), Dropout(0.25), Dense(128), Relu()),
    start="glorot",
)
"""A one-convolution network found in tutorials; its pooling moves by one pixel only."""
