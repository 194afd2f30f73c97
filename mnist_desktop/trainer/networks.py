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
    PixelShuffle,
    Relu,
    Shape,
    Unflatten,
)

LARGEST_PICTURE = 256
"""The largest side of a picture, in pixels, that a network is looked at for."""


@dataclass(frozen=True)
class Network:
    """A stack of layers.

    A classifier's last layer, dense to the classes, is added when it is built; an autoencoder ends
    with the logits of a picture's pixels.

    Parameters
    ----------
    name
        What it is called in a model's card.
    body
        All layers, but for a classifier's last.
    start
        How weights begin: "he" (He et al. 2015, normal) or "glorot" (Glorot and Bengio 2010,
        uniform; the default of Keras).
    code_layers
        How many layers make the code of an autoencoder; 0 for a classifier.
    """

    name: str
    body: tuple[Layer, ...]
    start: Literal["he", "glorot"] = "he"
    code_layers: int = 0

    @property
    def is_autoencoder(self) -> bool:
        """Return whether it makes pictures of pictures, and knows no classes."""
        return self.code_layers > 0

    def layers(self, classes: int) -> tuple[Layer, ...]:
        """Return all layers for a dataset of `classes` classes."""
        return self.body if self.is_autoencoder else (*self.body, Dense(classes))

    def fits(self, shape: Shape) -> bool:
        """Return whether every layer can work on pictures of `shape`."""
        first = shape
        for layer in self.body:
            shape = layer.output(shape)
            if min(shape.height, shape.width) < 1:
                return False
        return not self.is_autoencoder or shape == first

    def smallest_picture(self) -> int:
        """Return the side of the smallest square picture that every layer can work on."""
        sides = range(1, LARGEST_PICTURE + 1)
        return next((n for n in sides if self.fits(Shape(n, n, 1))), LARGEST_PICTURE + 1)


def block(filters: int, size: int, *, stride: int = 1, padding: int = 0) -> tuple[Layer, ...]:
    """Return a convolution with batch norm and ReLU behind it."""
    return (
        Convolution(filters, size, stride=stride, padding=padding, bias=False),
        BatchNorm(),
        Relu(),
    )


FAST = Network(
    "32·5×5/2 → 64·3×3/2 → 96·3×3/2",
    (
        *block(32, 5, stride=2, padding=2),
        *block(64, 3, stride=2, padding=1),
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

DEEP = Network(
    "32·5×5/2 → 64·3×3 → 64·3×3/2 → 96·3×3 → 96·3×3/2",
    (
        *block(32, 5, stride=2, padding=2),
        *block(64, 3, padding=1),
        *block(64, 3, stride=2, padding=1),
        *block(96, 3, padding=1),
        *block(96, 3, stride=2, padding=1),
        Dropout(0.25),
    ),
)
"""Two convolutions at each size: three times the work of the one above, for patient people."""

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

AUTOENCODER = Network(
    "16·3×3/2 → 32·3×3/2 → dense 32 → dense 7·7·32 → 14×14 → 28×28",
    (
        *block(16, 3, stride=2, padding=1),
        *block(32, 3, stride=2, padding=1),
        Dense(32),
        Dense(7 * 7 * 32),
        Unflatten(7, 7, 32),
        Relu(),
        *block(64, 3, padding=1),
        PixelShuffle(),
        *block(32, 3, padding=1),
        PixelShuffle(),
        Convolution(1, 3, padding=1),
    ),
    code_layers=7,
)
"""28×28 to 32 numbers (the last layer of the encoder linear) and back to the logits of 28×28."""
