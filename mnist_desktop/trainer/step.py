"""The training step of a network as one ONNX graph: pictures and weights in, gradients out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import DTypeLike

from mnist_desktop.trainer import augment, objectives
from mnist_desktop.trainer.augment import Augmentation
from mnist_desktop.trainer.checkpoint import TrainingError
from mnist_desktop.trainer.gradients import backward
from mnist_desktop.trainer.graph import BACKWARD, FORWARD, Graph, Tensor
from mnist_desktop.trainer.layers import BatchNorm, MaxPool, Relu, Shape, Trace, parameter_name
from mnist_desktop.trainer.recipes import Recipe
from mnist_desktop.trainer.weights import Architecture

PIECE = 16
"""Pictures in a run of the graph; batch norm takes its statistics from so many."""

PLAIN_PIECE = 32
"""The same without batch norm, where a batch has four of them and more.

Dense layers multiply twice as fast then, and a step writes half as many gradients: the step of the
first article's network takes 95 ms instead of 100.
"""

GRADIENT = "gradient."
"""Prefix of the outputs that are gradients, before the name of the parameter."""


@dataclass(frozen=True)
class Step:
    """A training step, ready for `mnist_desktop.trainer.engine`.

    Inputs of the model: `images` `(piece, h, w)` uint8, `labels` `(piece,)` int64, `warps`
    `(piece, 2, k)` where pictures are augmented, the masks `(piece, numbers)` uint8 of dropout, and
    each parameter by name. Outputs: `loss` `()`, the cross-entropy summed over the piece and
    divided by the batch (of an autoencoder, that of each pixel); `correct` `()` int64, of a
    classifier only; `gradient.NAME`, and the `mean` and `variance` of each batch norm.

    Parameters
    ----------
    model
        The graph, of standard operators only.
    architecture
        The network it trains.
    piece, batch
        Pictures in one run of the graph and in one update.
    coefficients
        Numbers of a warp along each axis; 0 without augmentation.
    masks
        Input name → (numbers, rate) of each dropout.
    """

    model: onnx.ModelProto
    architecture: Architecture
    piece: int
    batch: int
    coefficients: int
    masks: dict[str, tuple[int, float]]


def write_step(
    architecture: Architecture,
    *,
    piece: int,
    batch: int,
    label_smoothing: float = 0.0,
    augmentation: Augmentation | None = None,
    dtype: DTypeLike = np.float32,
) -> Step:
    """Write the training step of `architecture`.

    Parameters
    ----------
    piece
        Pictures the graph takes at once; batch norm sees these.
    batch
        Pictures an update is made from, a multiple of `piece`.
    label_smoothing
        ε of the smoothed targets.
    augmentation
        How pictures are warped on the way in; None leaves them alone, as one that only shifts.
    dtype
        float64 to check gradients.
    """
    graph = Graph(dtype, scope=f"{FORWARD}pictures/")
    warped = augmentation if augmentation and augmentation.bends else None
    images = graph.input("images", (piece, architecture.height, architecture.width), np.uint8)
    labels = graph.input("labels", (piece,), np.int64)
    x = _read_pictures(graph, images, warped)
    trace = Trace(graph, piece)
    for name, parameter in architecture.parameters().items():
        trace.parameters[name] = graph.input(name, parameter.shape)
    logits = _forward(trace, architecture, x)
    graph.scope = f"{FORWARD}loss/"
    if architecture.network.is_autoencoder:
        pixels = batch * architecture.height * architecture.width
        total = objectives.binary_cross_entropy(graph, logits, x)
        wanted = graph.apply("Mul", total, graph.constant(1.0 / pixels))
        outputs = {"loss": wanted}
    else:
        wanted, outputs = _class_loss(graph, logits, labels, batch, label_smoothing)
    graph.scope = f"{BACKWARD}loss/"
    gradients = backward(graph, wanted, trace.parameters.values())
    outputs |= {GRADIENT + t.name: gradient for t, gradient in gradients.items()}
    for layer, (mean, variance) in trace.statistics.items():
        outputs[parameter_name(layer, "mean")] = mean
        outputs[parameter_name(layer, "variance")] = variance
    return Step(
        graph.model(outputs, name="training step", doc=architecture.network.name),
        architecture,
        piece,
        batch,
        warped.coefficients if warped else 0,
        {mask.name: (mask.shape[1], rate) for mask, rate in trace.masks.items()},
    )


def _class_loss(
    graph: Graph, logits: Tensor, labels: Tensor, batch: int, smoothing: float
) -> tuple[Tensor, dict[str, Tensor]]:
    """Return the loss that is made small, and what is told: cross-entropy and right answers.

    The cross-entropy that is told is that of the true classes, without smoothing, so that people
    can hold it against the one of the validation part.
    """
    classes, share = logits.shape[1], graph.constant(1.0 / batch)
    targets = objectives.smoothed_targets(graph, labels, classes, smoothing)
    total = objectives.softmax_cross_entropy(graph, logits, targets)
    plain = total
    if smoothing:
        truth = objectives.smoothed_targets(graph, labels, classes, 0.0)
        plain = objectives.softmax_cross_entropy(graph, logits, truth)
    right = graph.emit("Equal", graph.emit("ArgMax", logits, axis=1, keepdims=0), labels)
    return graph.apply("Mul", total, share), {
        "loss": graph.emit("Mul", plain, share),
        "correct": graph.emit("ReduceSum", graph.emit("Cast", right, to=7), keepdims=0),  # int64
    }


def _forward(trace: Trace, architecture: Architecture, x: Tensor) -> Tensor:
    """Lower every layer in turn; return the logits `(piece, classes)`."""
    layers = architecture.network.layers(architecture.classes)
    numbered = list(enumerate(zip(layers, architecture.shapes(), strict=True)))
    for at, (_, (layer, _)) in enumerate(numbered[:-1]):
        # The larger of two is above zero where one of them is: pooling first leaves less to do.
        if isinstance(layer, Relu) and isinstance(numbered[at + 1][1][0], MaxPool):
            numbered[at], numbered[at + 1] = numbered[at + 1], numbered[at]
    for number, (layer, shape) in numbered:
        trace.layer, trace.shape = number, shape
        trace.graph.scope = f"{FORWARD}{number}.{type(layer).__name__}/"
        x = layer.forward(trace, x)
    return x


def _read_pictures(graph: Graph, images: Tensor, augmentation: Augmentation | None) -> Tensor:
    """Return uint8 pictures `(n, h, w)` as rows `(n·h·w, 1)` of 0 to 1, warped where wanted."""
    count, height, width = images.shape
    scale = graph.constant(1.0 / 255.0)
    x = graph.emit("Mul", graph.emit("CastLike", images, scale), scale)
    if augmentation is not None:
        k = augmentation.coefficients
        warps = graph.input("warps", (count, 2, k))
        # The columns run over pixel and axis, as the grid does: one product and no transposition.
        maps = np.kron(np.eye(2), augment.basis(augmentation, height, width))
        maps = maps.reshape(2 * k, 2, -1).transpose(0, 2, 1).reshape(2 * k, -1)
        grid = graph.emit("MatMul", graph.reshape(warps, count, 2 * k), graph.constant(maps))
        grid = graph.reshape(grid, count, height, width, 2)
        planes = graph.reshape(x, count, 1, height, width)
        x = graph.emit("GridSample", planes, grid, mode="bilinear", align_corners=1)
    return graph.reshape(x, count * height * width, 1)


def fitting_step(architecture: Architecture, recipe: Recipe, count: int) -> Step:
    """Write the step that trains `architecture` by `recipe` on `count` samples.

    Raises
    ------
    TrainingError
        When the network cannot work on pictures of that size, or there are fewer than two samples.
    """
    if not recipe.network.fits(Shape(architecture.height, architecture.width, 1)):
        smallest = recipe.network.smallest_picture()
        needs = "just" if recipe.network.is_autoencoder else "at least"
        raise TrainingError(
            f"The pictures are {architecture.height}×{architecture.width} pixels, and the network "
            f"of “{recipe.name}” needs {needs} {smallest}×{smallest}",
            "Choose another recipe or other pictures.",
        )
    if count < 2:
        raise TrainingError(
            f"There are {count} samples to learn from, and at least 2 are needed",
            "Choose a dataset with more samples.",
        )
    batch, piece = _batch_and_piece(recipe, count)
    return write_step(
        architecture,
        piece=piece,
        batch=batch,
        label_smoothing=recipe.label_smoothing,
        augmentation=recipe.augmentation,
    )


def _batch_and_piece(recipe: Recipe, count: int) -> tuple[int, int]:
    """Return the batch size that `count` samples allow, and the piece it is cut into."""
    batch = min(recipe.batch_size, count)
    plain = not any(isinstance(layer, BatchNorm) for layer in recipe.network.body)
    piece = PLAIN_PIECE if plain and batch >= 4 * PLAIN_PIECE else PIECE
    return (batch - batch % piece, piece) if batch > piece else (batch, batch)
