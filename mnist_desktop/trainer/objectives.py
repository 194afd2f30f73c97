"""What training makes small: cross-entropy over classes, and over pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mnist_desktop.trainer.graph import Graph, Operation, Tensor


@dataclass(frozen=True)
class _Saved:
    """What the way back needs: the targets and the probabilities or their logarithms."""

    targets: Tensor
    answer: Tensor


def smoothed_targets(graph: Graph, labels: Tensor, classes: int, smoothing: float) -> Tensor:
    """Return for each label its row of target probabilities `(n, classes)`.

    The true class gets 1 − ε + ε/classes and every other ε/classes (Szegedy et al. 2016,
    "Rethinking the Inception Architecture", section 7); a constant table holds a row a class. The
    label behind the last class is of pictures that are none of them: all classes are as probable
    there, so that the network learns to be unsure (Hendrycks et al. 2019, "Deep Anomaly Detection
    with Outlier Exposure").
    """
    table = np.eye(classes) * (1.0 - smoothing) + smoothing / classes
    table = np.concatenate([table, np.full((1, classes), 1.0 / classes)])
    return graph.emit("Gather", graph.constant(table), labels, axis=0)


def softmax_cross_entropy(graph: Graph, logits: Tensor, targets: Tensor) -> Tensor:
    """Return the sum over samples of −Σ targets·log softmax(logits), on the tape; shape `()`.

    Parameters
    ----------
    logits, targets
        `(n, classes)`; each row of `targets` sums to 1.
    """
    answer = graph.emit("LogSoftmax", logits, axis=1)
    total = graph.emit("ReduceSum", graph.emit("Mul", targets, answer), keepdims=0)
    loss = graph.emit("Neg", total)
    return graph.record("SoftmaxCrossEntropy", (logits,), loss, _Saved(targets, answer))


def softmax_cross_entropy_gradient(
    graph: Graph, op: Operation, dy: Tensor
) -> Sequence[Callable[[], Tensor] | None]:
    """Return the writer of dlogits = dy·(softmax − targets)."""
    saved: _Saved = op.details

    def write() -> Tensor:
        probabilities = graph.emit("Exp", saved.answer)
        return graph.emit("Mul", graph.emit("Sub", probabilities, saved.targets), dy)

    return (write,)


def binary_cross_entropy(graph: Graph, logits: Tensor, targets: Tensor) -> Tensor:
    """Return the sum over all pixels of the binary cross-entropy, on the tape; shape `()`.

    max(z, 0) − z·t + log(1 + e^−|z|), the form that cannot overflow.

    Parameters
    ----------
    logits, targets
        Of one shape; a target is a probability, 0 to 1.
    """
    positive = graph.emit("Relu", logits)
    product = graph.emit("Mul", logits, targets)
    small = graph.emit("Exp", graph.emit("Neg", graph.emit("Abs", logits)))
    tail = graph.emit("Log", graph.emit("Add", small, graph.constant(1.0)))
    each = graph.emit("Add", graph.emit("Sub", positive, product), tail)
    loss = graph.emit("ReduceSum", each, keepdims=0)
    return graph.record("BinaryCrossEntropy", (logits,), loss, _Saved(targets, logits))


def binary_cross_entropy_gradient(
    graph: Graph, op: Operation, dy: Tensor
) -> Sequence[Callable[[], Tensor] | None]:
    """Return the writer of dlogits = dy·(σ(logits) − targets)."""
    saved: _Saved = op.details

    def write() -> Tensor:
        probabilities = graph.emit("Sigmoid", saved.answer)
        return graph.emit("Mul", graph.emit("Sub", probabilities, saved.targets), dy)

    return (write,)
