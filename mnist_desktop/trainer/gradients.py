"""One table, operation → gradient rule, and one reverse walk.

A rule gets the graph, the operation and the gradient of the loss with respect to the operation's
output, and returns for each input a function that writes that input's gradient (or None where
there is none to write). Functions, because a gradient nobody asks for, such as that of the images,
must not be written at all.

Every rule is held against finite differences in float64 by `tests/unit/trainer/test_gradients.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import numpy as np

from mnist_desktop.trainer import convolution, normalization, objectives, pooling, rows
from mnist_desktop.trainer.graph import Graph, GraphError, Operation, Tensor

Writer: TypeAlias = Callable[[], Tensor]
Rule: TypeAlias = Callable[[Graph, Operation, Tensor], Sequence[Writer | None]]


def _matmul(graph: Graph, op: Operation, dy: Tensor) -> Sequence[Writer | None]:
    """Differentiate y = a·b: da = dy·bᵀ, db = aᵀ·dy.

    Gemm transposes while it packs, where Transpose would copy.
    """
    a, b = op.inputs
    return (
        lambda: graph.emit("Gemm", dy, b, transB=1),
        lambda: graph.emit("Gemm", a, dy, transA=1),
    )


def _add(graph: Graph, op: Operation, dy: Tensor) -> Sequence[Writer | None]:
    """Differentiate y = a + b: each gets dy, summed over what it was broadcast along."""
    return tuple(lambda x=x: rows.sum_to(graph, dy, x.shape) for x in op.inputs)


def _mul(graph: Graph, op: Operation, dy: Tensor) -> Sequence[Writer | None]:
    """Differentiate y = a·b by element: da = dy·b, db = dy·a, summed over broadcasting."""
    a, b = op.inputs
    return (
        lambda: rows.sum_to(graph, graph.emit("Mul", dy, b), a.shape),
        lambda: rows.sum_to(graph, graph.emit("Mul", dy, a), b.shape),
    )


def _relu(graph: Graph, op: Operation, dy: Tensor) -> Sequence[Writer | None]:
    """Let dy through where y > 0."""
    return (lambda: graph.emit("Mul", dy, rows.above_zero(graph, op.output)),)


def _sigmoid(graph: Graph, op: Operation, dy: Tensor) -> Sequence[Writer | None]:
    """Differentiate y = σ(x): dx = dy·(y − y²)."""
    y = op.output
    return (lambda: graph.emit("Mul", dy, graph.emit("Sub", y, graph.emit("Mul", y, y))),)


def _reshape(graph: Graph, op: Operation, dy: Tensor) -> Sequence[Writer | None]:
    """Put dy back into the shape of x."""
    return (lambda: graph.reshape(dy, *op.inputs[0].shape), None)


def _transpose(graph: Graph, op: Operation, dy: Tensor) -> Sequence[Writer | None]:
    """Undo the permutation of the axes."""
    back = [int(i) for i in np.argsort(op.details["perm"])]
    return (lambda: graph.emit("Transpose", dy, perm=back),)


RULES: dict[str, Rule] = {
    "MatMul": _matmul,
    "Add": _add,
    "Mul": _mul,
    "Relu": _relu,
    "Sigmoid": _sigmoid,
    "Reshape": _reshape,
    "Transpose": _transpose,
    "GatherRows": rows.gather_gradient,
    "Convolution": convolution.gradient,
    "BatchNormalization": normalization.gradient,
    "MaxAlong": pooling.gradient,
    "SoftmaxCrossEntropy": objectives.softmax_cross_entropy_gradient,
    "BinaryCrossEntropy": objectives.binary_cross_entropy_gradient,
}
"""The one table of gradient rules."""


def backward(graph: Graph, loss: Tensor, wanted: Iterable[Tensor]) -> dict[Tensor, Tensor]:
    """Write the gradients of `loss` with respect to `wanted`, walking the tape once, backwards.

    Parameters
    ----------
    loss
        A tensor of one element.
    wanted
        The tensors to differentiate by; each must take part in `loss`.

    Returns
    -------
    dict of Tensor to Tensor
        For each wanted tensor its gradient, of the same shape.

    Raises
    ------
    GraphError
        When an operation on the way has no rule, or a wanted tensor does not take part.
    """
    wanted = list(wanted)
    moving = _depending_on(graph, wanted)
    gradients = {loss: graph.constant(np.ones(loss.shape))}
    for operation in reversed(graph.tape):
        if operation.output not in gradients or operation.output not in moving:
            continue
        if operation.kind not in RULES:
            raise GraphError(f"no gradient rule for the operation {operation.kind}")
        dy = gradients[operation.output]
        writers = RULES[operation.kind](graph, operation, dy)
        for source, write in zip(operation.inputs, writers, strict=False):
            if source not in moving or write is None:
                continue
            part = write()
            if part.shape != source.shape:
                raise GraphError(f"{operation.kind}: gradient {part.shape} of {source.shape}")
            known = gradients.get(source)
            gradients[source] = part if known is None else graph.emit("Add", known, part)
    missing = [t.name for t in wanted if t not in gradients]
    if missing:
        raise GraphError(f"the loss does not depend on {', '.join(missing)}")
    return {t: gradients[t] for t in wanted}


def _depending_on(graph: Graph, wanted: Iterable[Tensor]) -> set[Tensor]:
    """Return every tensor whose value changes with one of `wanted`."""
    moving = set(wanted)
    for operation in graph.tape:
        if moving.intersection(operation.inputs):
            moving.add(operation.output)
    return moving
