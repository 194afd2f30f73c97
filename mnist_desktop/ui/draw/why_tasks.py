"""What the view “Why” has worked out beside the window. No Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.inference.activations import Layer, Layers
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.contract import ModelError
from mnist_desktop.inference.explanation import Occlusion, occlusions


@dataclass(frozen=True, eq=False)
class Explained:
    """What speaks for a class in a picture, and what against it.

    Parameters
    ----------
    picture
        (h, w) uint8, ink high.
    occlusion
        The map.
    name
        The class that is explained.
    """

    picture: NDArray[np.uint8]
    occlusion: Occlusion
    name: str


@dataclass(frozen=True, eq=False)
class Found:
    """The layers of a classifier's network, or why there are none to see.

    Parameters
    ----------
    classifier
        Whose they are.
    layers
        The layers; None where they cannot be looked at.
    reason
        Why not, in words; empty where they can.
    """

    classifier: Classifier
    layers: Layers | None
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Looked:
    """What a layer makes of a picture.

    Parameters
    ----------
    layer
        Which one.
    maps
        (maps, h, w) float32.
    """

    layer: Layer
    maps: NDArray[np.float32]


def explain_task(
    classifier: Classifier, picture: NDArray[np.uint8], index: int | None
) -> Iterator[Explained | None]:
    """Yield ever finer maps of a picture; None until the whole picture was covered once."""
    shown = 0
    for occlusion in occlusions(classifier, picture, index=index):
        if occlusion.passes == shown:
            yield None
            continue
        shown = occlusion.passes
        yield Explained(picture, occlusion, classifier.contract.class_names[occlusion.index])


def find_task(classifier: Classifier) -> Iterator[Found]:
    """Yield the layers of a classifier's network."""
    try:
        found = Found(classifier, Layers(classifier))
    except ModelError as error:
        found = Found(classifier, None, error.message)
    yield found


def look_task(layers: Layers, layer: Layer, picture: NDArray[np.uint8]) -> Iterator[Looked]:
    """Yield what a layer makes of a picture."""
    yield Looked(layer, layers.maps(layer, picture))
