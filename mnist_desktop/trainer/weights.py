"""What a network has learned, as one flat vector with named views into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.trainer.layers import BatchNorm, Parameter, Shape, parameter_name
from mnist_desktop.trainer.networks import Network


@dataclass(frozen=True)
class Layout:
    """Where each named array lies in a flat vector.

    Parameters
    ----------
    entries
        Name and shape of each array, in order, one directly behind the other.
    """

    entries: tuple[tuple[str, tuple[int, int]], ...]

    @property
    def size(self) -> int:
        """Return the length of the flat vector."""
        return sum(rows * columns for _, (rows, columns) in self.entries)

    def views(self, flat: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Return each array as a view of `flat` `(size,)`, so that writing to one writes to it."""
        found, start = {}, 0
        for name, (rows, columns) in self.entries:
            found[name] = flat[start : start + rows * columns].reshape(rows, columns)
            start += rows * columns
        return found


@dataclass(frozen=True)
class Architecture:
    """A network on pictures of one size for a number of classes: all that decides its arrays."""

    network: Network
    height: int
    width: int
    classes: int

    def shapes(self) -> list[Shape]:
        """Return the shape in front of each layer."""
        shapes = [Shape(self.height, self.width, 1)]
        for layer in self.network.layers(self.classes)[:-1]:
            shapes.append(layer.output(shapes[-1]))
        return shapes

    def parameters(self) -> dict[str, Parameter]:
        """Return what is learned, by its name within the network."""
        layers = self.network.layers(self.classes)
        return {
            parameter_name(number, parameter.name): parameter
            for number, (layer, shape) in enumerate(zip(layers, self.shapes(), strict=True))
            for parameter in layer.parameters(shape)
        }

    def layout(self) -> Layout:
        """Return where the parameters lie in their flat vector."""
        return Layout(tuple((name, p.shape) for name, p in self.parameters().items()))

    def statistics_layout(self) -> Layout:
        """Return where the running mean and variance of each batch norm lie in theirs."""
        layers = self.network.layers(self.classes)
        return Layout(
            tuple(
                (parameter_name(number, kind), (1, shape.channels))
                for number, (layer, shape) in enumerate(zip(layers, self.shapes(), strict=True))
                if isinstance(layer, BatchNorm)
                for kind in ("mean", "variance")
            )
        )


@dataclass(frozen=True, eq=False)
class Weights:
    """A trained network: its architecture, parameters and batch norm statistics.

    Parameters
    ----------
    architecture
        What the vectors mean.
    parameters, statistics
        `(p,)` and `(s,)` float32, in the layouts of the architecture.
    """

    architecture: Architecture
    parameters: NDArray[np.float32]
    statistics: NDArray[np.float32]

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return every parameter and statistic by name, as views."""
        return {
            **self.architecture.layout().views(self.parameters),
            **self.architecture.statistics_layout().views(self.statistics),
        }


def first_parameters(
    architecture: Architecture, random: np.random.Generator
) -> NDArray[np.float32]:
    """Draw the parameters a training begins with, `(p,)` float32."""
    layout = architecture.layout()
    flat = np.zeros(layout.size, np.float32)
    views = layout.views(flat)
    for name, parameter in architecture.parameters().items():
        if parameter.name == "gamma":
            views[name][...] = 1.0
        elif parameter.name == "weight" and architecture.network.start == "he":
            spread = np.sqrt(2.0 / parameter.fan_in)
            views[name][...] = random.normal(0.0, spread, parameter.shape)
        elif parameter.name == "weight":
            limit = np.sqrt(6.0 / (parameter.fan_in + parameter.fan_out))
            views[name][...] = random.uniform(-limit, limit, parameter.shape)
    return flat


def marked(architecture: Architecture, names: Iterable[str]) -> NDArray[np.float32]:
    """Return `(p,)` float32 with 1 at the parameters called one of `names` and 0 elsewhere."""
    chosen, layout = set(names), architecture.layout()
    flat = np.zeros(layout.size, np.float32)
    views = layout.views(flat)
    for name, parameter in architecture.parameters().items():
        views[name][...] = parameter.name in chosen
    return flat
