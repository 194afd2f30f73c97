"""The layers of a network: what they make of a shape, what they learn, how they are computed.

A layer is frozen data. `forward` lowers it to the training graph, where activations are rows;
`mnist_desktop.trainer.export` writes the same layer as ordinary NCHW operators.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np

from mnist_desktop.trainer import convolution, normalization, pooling, rows
from mnist_desktop.trainer.convolution import Window
from mnist_desktop.trainer.graph import Graph, Tensor


@dataclass(frozen=True)
class Shape:
    """The size of a picture between two layers: pixels and channels."""

    height: int
    width: int
    channels: int

    @property
    def size(self) -> int:
        """Return the number of numbers in one picture."""
        return self.height * self.width * self.channels


@dataclass(frozen=True)
class Parameter:
    """A learned array.

    Parameters
    ----------
    name
        What it is within its layer: "weight", "bias", "gamma" or "beta".
    shape
        Its shape in the training graph.
    fan_in, fan_out
        Numbers each output is made from, and each input goes into; decide how large weights begin.
    """

    name: Literal["weight", "bias", "gamma", "beta"]
    shape: tuple[int, int]
    fan_in: int = 1
    fan_out: int = 1

    @property
    def size(self) -> int:
        """Return the number of elements."""
        return self.shape[0] * self.shape[1]


@dataclass
class Trace:
    """The state of lowering a network: the graph, and what the layers asked for on the way.

    Parameters
    ----------
    images
        Pictures in a piece.
    masks
        For each dropout its input, `(images, numbers)` uint8 of zeros and ones, and its rate.
    statistics
        For each batch norm, by the number of its layer, the mean and variance of the piece.
    """

    graph: Graph
    images: int
    layer: int = 0
    shape: Shape = Shape(1, 1, 1)
    parameters: dict[str, Tensor] = field(default_factory=dict)
    masks: dict[Tensor, float] = field(default_factory=dict)
    statistics: dict[int, tuple[Tensor, Tensor]] = field(default_factory=dict)

    def parameter(self, name: str) -> Tensor:
        """Return the tensor of this layer's parameter `name`."""
        return self.parameters[parameter_name(self.layer, name)]

    def reshape(self, x: Tensor, *wanted: int) -> Tensor:
        """Return `x` in another shape, on the tape."""
        return rows.seen_as(self.graph, x, *wanted)

    def window(self, size: int, stride: int, padding: int) -> Window:
        """Return how a window of this layer slides."""
        return Window(
            self.images, self.shape.height, self.shape.width, size, stride=stride, padding=padding
        )


def parameter_name(layer: int, name: str) -> str:
    """Return the name of a parameter of a layer within the network."""
    return f"{layer}.{name}"


class Layer(Protocol):
    """What every layer can do."""

    def output(self, shape: Shape) -> Shape:
        """Return the shape it makes of `shape`; sizes below 1 say that it does not fit."""
        ...

    def parameters(self, shape: Shape) -> tuple[Parameter, ...]:
        """Return what it learns on pictures of `shape`."""
        ...

    def forward(self, trace: Trace, x: Tensor) -> Tensor:
        """Write its computation on rows `x` `(images·height·width, channels)`."""
        ...


@dataclass(frozen=True)
class Convolution:
    """A square convolution; `bias` is left out where a batch norm follows."""

    filters: int
    size: int
    stride: int = 1
    padding: int = 0
    bias: bool = True

    def output(self, shape: Shape) -> Shape:
        """Return the shape it makes of `shape`."""
        window = Window(1, shape.height, shape.width, self.size, self.stride, self.padding)
        return Shape(window.output_height, window.output_width, self.filters)

    def parameters(self, shape: Shape) -> tuple[Parameter, ...]:
        """Return the weights `(size²·channels, filters)` and the bias `(1, filters)`."""
        taps = self.size**2
        weight = Parameter(
            "weight",
            (taps * shape.channels, self.filters),
            fan_in=taps * shape.channels,
            fan_out=taps * self.filters,
        )
        return (weight, Parameter("bias", (1, self.filters))) if self.bias else (weight,)

    def forward(self, trace: Trace, x: Tensor) -> Tensor:
        """Convolve, and add the bias where there is one."""
        window = trace.window(self.size, self.stride, self.padding)
        bias = trace.parameter("bias") if self.bias else None
        return convolution.convolve(trace.graph, x, trace.parameter("weight"), window, bias)


@dataclass(frozen=True)
class BatchNorm:
    """Batch normalization of each channel."""

    def output(self, shape: Shape) -> Shape:
        """Return `shape`."""
        return shape

    def parameters(self, shape: Shape) -> tuple[Parameter, ...]:
        """Return γ and β, each `(1, channels)`."""
        row = (1, shape.channels)
        return Parameter("gamma", row), Parameter("beta", row)

    def forward(self, trace: Trace, x: Tensor) -> Tensor:
        """Normalize, and leave the piece's statistics in the trace."""
        made = normalization.normalize(
            trace.graph, x, trace.parameter("gamma"), trace.parameter("beta")
        )
        trace.statistics[trace.layer] = (made.mean, made.variance)
        return made.output


class _Unlearned:
    """A layer without parameters."""

    def parameters(self, shape: Shape) -> tuple[Parameter, ...]:
        """Return nothing: it learns nothing."""
        return ()


@dataclass(frozen=True)
class Relu(_Unlearned):
    """max(x, 0)."""

    def output(self, shape: Shape) -> Shape:
        """Return `shape`."""
        return shape

    def forward(self, trace: Trace, x: Tensor) -> Tensor:
        """Cut off what is below zero."""
        return trace.graph.apply("Relu", x)


@dataclass(frozen=True)
class MaxPool(_Unlearned):
    """The maximum of each square window; without a stride it moves by its own size."""

    size: int
    stride: int | None = None

    def output(self, shape: Shape) -> Shape:
        """Return the shape it makes of `shape`."""
        window = Window(1, shape.height, shape.width, self.size, self.stride or self.size)
        return Shape(window.output_height, window.output_width, shape.channels)

    def forward(self, trace: Trace, x: Tensor) -> Tensor:
        """Pool."""
        window = trace.window(self.size, self.stride or self.size, 0)
        return pooling.max_pool(trace.graph, x, window)


@dataclass(frozen=True)
class Dropout(_Unlearned):
    """Set each number to zero with probability `rate` while training, and scale up the rest."""

    rate: float

    def output(self, shape: Shape) -> Shape:
        """Return `shape`."""
        return shape

    def forward(self, trace: Trace, x: Tensor) -> Tensor:
        """Multiply by a mask that comes in as an input, so that a seed decides it."""
        graph, numbers = trace.graph, trace.shape.size
        mask = graph.input(f"{trace.layer}.mask", (trace.images, numbers), np.uint8)
        trace.masks[mask] = self.rate
        kept = graph.emit("CastLike", mask, graph.constant(1.0 / (1.0 - self.rate)))
        scaled = graph.emit("Mul", kept, graph.constant(1.0 / (1.0 - self.rate)))
        return graph.apply("Mul", x, graph.reshape(scaled, *x.shape))


@dataclass(frozen=True)
class Dense:
    """Every input to every output, with a bias."""

    units: int

    def output(self, shape: Shape) -> Shape:
        """Return a picture of one pixel with a channel for each unit."""
        return Shape(1, 1, self.units)

    def parameters(self, shape: Shape) -> tuple[Parameter, ...]:
        """Return the weights `(numbers, units)`, rows running over y, x, channel, and the bias."""
        weight = Parameter(
            "weight", (shape.size, self.units), fan_in=shape.size, fan_out=self.units
        )
        return weight, Parameter("bias", (1, self.units))

    def forward(self, trace: Trace, x: Tensor) -> Tensor:
        """Multiply by the weights and add the bias."""
        flat = trace.reshape(x, trace.images, trace.shape.size)
        product = trace.graph.apply("MatMul", flat, trace.parameter("weight"))
        return trace.graph.apply("Add", product, trace.parameter("bias"))


@dataclass(frozen=True)
class Unflatten(_Unlearned):
    """See the numbers of a dense layer as a picture again, row by row, channels last."""

    height: int
    width: int
    channels: int

    def output(self, shape: Shape) -> Shape:
        """Return the picture's shape; of no size where the numbers do not fill it."""
        made = Shape(self.height, self.width, self.channels)
        return made if made.size == shape.size else Shape(0, 0, 0)

    def forward(self, trace: Trace, x: Tensor) -> Tensor:
        """Give each pixel its row."""
        return trace.reshape(x, trace.images * self.height * self.width, self.channels)


@dataclass(frozen=True)
class PixelShuffle(_Unlearned):
    """Spread the channels of each pixel over a square of `size`² pixels.

    Behind a convolution it enlarges a picture with weights of its own for each new pixel (Shi et
    al. 2016, "Real-Time Single Image and Video Super-Resolution"): here one gather, and back one.
    """

    size: int = 2

    def output(self, shape: Shape) -> Shape:
        """Return the larger shape; of no size where the channels do not divide."""
        channels, rest = divmod(shape.channels, self.size**2)
        if rest:
            return Shape(0, 0, 0)
        return Shape(shape.height * self.size, shape.width * self.size, channels)

    def forward(self, trace: Trace, x: Tensor) -> Tensor:
        """Cut each row into one for each new pixel, and put those in their order."""
        shape, size = trace.shape, self.size
        rows_now = trace.images * shape.height * shape.width * size**2
        cut = trace.reshape(x, rows_now, shape.channels // size**2)
        grid = np.arange(rows_now).reshape(trace.images, shape.height, shape.width, size, size)
        return rows.gather_rows(trace.graph, cut, grid.transpose(0, 1, 3, 2, 4))
