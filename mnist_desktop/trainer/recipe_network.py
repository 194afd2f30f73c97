"""Whether the layers of a network fit each other, told before anything is trained."""

from __future__ import annotations

from collections.abc import Iterator

from mnist_desktop.trainer.layers import (
    Convolution,
    Dense,
    Layer,
    MaxPool,
    PixelShuffle,
    Shape,
    Unflatten,
)
from mnist_desktop.trainer.networks import LARGEST_PICTURE, Network
from mnist_desktop.trainer.recipe_faults import Fault

USUAL_SIDE = 28
"""The side of the pictures that a network is looked at with, in pixels; MNIST's."""

MOST_PARAMETERS = 20_000_000
"""Numbers a network may learn: with all an optimizer remembers some 300 MB, as a checkpoint too."""


def network_fault(network: Network) -> Fault | None:
    """Return what is wrong with a network whatever it is trained on; None if it is sound.

    `where` of the fault is a path within the network: `layers[2]`, `code_layers`.
    """
    for check in (_order, _code, _sizes, _parameters):
        fault = check(network)
        if fault is not None:
            return fault
    return None


def _order(network: Network) -> Fault | None:
    """Look for layers of pictures where there are none any more, behind a dense layer."""
    for number, (layer, flat) in enumerate(_flat_before(network)):
        where = f"layers[{number}]"
        if flat and isinstance(layer, Convolution | MaxPool | PixelShuffle):
            return Fault(
                where,
                "it needs pictures, and behind a dense layer there are only numbers",
                'Put { kind = "unflatten", height = …, width = …, channels = … } before it, or '
                "the dense layer behind it.",
            )
        if not flat and isinstance(layer, Unflatten):
            return Fault(
                where,
                "it makes pictures of the numbers of a dense layer, and none stands before it",
                "Put a dense layer before it, or leave it out.",
            )
        if isinstance(layer, Convolution) and layer.padding >= layer.size:
            return Fault(
                f"{where}.padding",
                f"a padding of {layer.padding} around windows of {layer.size}×{layer.size} would "
                "show some of them nothing of the picture",
                "Make the padding smaller than the size.",
            )
    return None


def _flat_before(network: Network) -> Iterator[tuple[Layer, bool]]:
    """Yield each layer and whether it is given plain numbers instead of pictures."""
    flat = False
    for layer in network.body:
        yield layer, flat
        flat = isinstance(layer, Dense) or (flat and not isinstance(layer, Unflatten))


def _code(network: Network) -> Fault | None:
    """Look whether an autoencoder's code is numbers, with layers on both sides."""
    code, count = network.code_layers, len(network.body)
    if not network.is_autoencoder:
        return None
    if code >= count:
        return Fault(
            "code_layers",
            f"the first {code} layers shall make the code, and there are {count} in all",
            "Leave some for the way back, or write 0 for a classifier.",
        )
    if not list(_flat_before(network))[code][1]:
        return Fault(
            "code_layers",
            f"the first {code} layers end with pictures, and a code is plain numbers",
            "Let them end with a dense layer, or write 0 for a classifier.",
        )
    return None


def _sizes(network: Network) -> Fault | None:
    """Look for a size of pictures that every layer can work on."""
    reach, best = -1, USUAL_SIDE
    for side in (USUAL_SIDE, *range(1, LARGEST_PICTURE + 1)):
        shapes = _shapes(network, side)
        if len(shapes) - 1 > reach:
            reach, best = len(shapes) - 1, side
        if len(shapes) > len(network.body) and network.fits(shapes[0]):
            return None
    shapes = _shapes(network, best)
    if reach < len(network.body):
        return Fault(f"layers[{reach}]", *_misfit(network.body[reach], shapes[reach], best))
    return Fault(
        f"layers[{reach - 1}]",
        f"an autoencoder ends with pictures like those it is given: {best}×{best} pixels of 1 "
        f"channel, and this ends with {_words(shapes[-1])}",
        "Change the layers of the way back.",
    )


def _shapes(network: Network, side: int) -> list[Shape]:
    """Return the shapes before and behind each layer, up to the first that does not fit."""
    shapes = [Shape(side, side, 1)]
    for layer in network.body:
        shape = layer.output(shapes[-1])
        if min(shape.height, shape.width) < 1:
            break
        shapes.append(shape)
    return shapes


def _misfit(layer: Layer, shape: Shape, side: int) -> tuple[str, str]:
    """Return why `layer` cannot work on `shape`, and what to do."""
    given = f"{_words(shape)} (of images of {side}×{side})"
    if isinstance(layer, Unflatten):
        wanted = layer.height * layer.width * layer.channels
        made = f"{layer.height}×{layer.width} pixels of {layer.channels} channels"
        return (
            f"it makes {wanted:,} numbers into {made}, and is given {shape.size:,}",
            f"Let the dense layer before it have {wanted:,} units.",
        )
    if isinstance(layer, PixelShuffle):
        return (
            f"it makes {layer.size}² pixels of each pixel's channels, and is given {given}",
            f"Let the layer before it have filters in multiples of {layer.size**2}.",
        )
    return (
        f"it is given {given}, and no size of images would do",
        "Use smaller windows, smaller strides or fewer layers, or give a convolution padding.",
    )


def _words(shape: Shape) -> str:
    """Return a shape as a person says it."""
    channels = f"{shape.channels} channel{'' if shape.channels == 1 else 's'}"
    return f"{shape.height}×{shape.width} pixels of {channels}"


def _parameters(network: Network) -> Fault | None:
    """Look whether the network is of a size that can be trained."""
    sides = (USUAL_SIDE, *range(1, LARGEST_PICTURE + 1))
    side = next(side for side in sides if network.fits(Shape(side, side, 1)))
    shape, sizes = Shape(side, side, 1), []
    for layer in network.layers(10):
        sizes.append(sum(parameter.size for parameter in layer.parameters(shape)))
        shape = layer.output(shape)
    if sum(sizes) <= MOST_PARAMETERS:
        return None
    largest = min(sizes.index(max(sizes)), len(network.body) - 1)
    return Fault(
        f"layers[{largest}]",
        f"the network would learn {sum(sizes):,} numbers on images of {side}×{side}, most of them "
        f"here, and {MOST_PARAMETERS:,} are the most",
        "Use fewer filters or units, or larger strides before the dense layers.",
    )
