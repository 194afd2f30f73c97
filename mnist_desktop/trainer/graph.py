"""Write an ONNX graph, checked as it is written, with a tape of what can be differentiated.

Every shape is known when a node is written, so a mistake raises on the line that makes it and not
when a session is created. `Graph.apply` writes a node *and* puts it on the tape; `Graph.emit`
writes a node only, for the parts inside a composite operation and for gradients.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import DTypeLike, NDArray
from onnx import helper, numpy_helper
from onnx.shape_inference import infer_node_outputs

OPSET = 17
"""Operator set of every graph written here: old enough for runtimes of 2022 (onnxruntime 1.12)."""

IR_VERSION = 8
"""File format version that belongs with `OPSET`; a newer one fails to load in older runtimes."""


FORWARD, BACKWARD = "forward/", "backward/"
"""What the scopes of a training step begin with; on the way back one becomes the other."""


class GraphError(Exception):
    """A mistake in the code that writes a graph: shapes that do not fit, a name used twice."""


@dataclass(frozen=True)
class Tensor:
    """A value of the graph: its name, its static shape and its numpy element type."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def size(self) -> int:
        """Return the number of elements."""
        return int(np.prod(self.shape, dtype=np.int64))


@dataclass(frozen=True)
class Operation:
    """An entry of the tape: what was computed from what.

    Parameters
    ----------
    kind
        The key of the gradient rule: an ONNX operator, or the name of a composite of several.
    inputs, output
        The tensors it read and the one it made.
    details
        What the rule needs besides: attributes, tensors kept from the way forward, geometry.
    scope
        The graph's scope when it was written.
    """

    kind: str
    inputs: tuple[Tensor, ...]
    output: Tensor
    details: Any = None
    scope: str = ""


class Tape(list[Operation]):
    """The operations of a graph in the order in which they were written.

    Whoever walks it backwards has each operation's scope set in the graph while it is at that
    operation: what is written on the way back is named after what it belongs to.
    """

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self._graph = graph

    def __reversed__(self) -> Iterator[Operation]:
        """Walk back, setting the scope at each operation."""
        for operation in super().__reversed__():
            self._graph.scope = operation.scope.replace(FORWARD, BACKWARD, 1)
            yield operation


@dataclass
class Graph:
    """A graph that is being written.

    Parameters
    ----------
    dtype
        Element type of every real number in it: float32 to train, float64 to check gradients.

    Attributes
    ----------
    tape
        What can be differentiated.
    scope
        What the names of nodes begin with, for people who look at the graph: empty, or the part of
        the graph that is being written.
    """

    dtype: DTypeLike = np.float32
    tape: Tape = field(init=False)
    scope: str = ""
    _nodes: list[onnx.NodeProto] = field(default_factory=list)
    _inputs: list[Tensor] = field(default_factory=list)
    _constants: dict[tuple[Any, ...], tuple[Tensor, NDArray[Any]]] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.tape = Tape(self)

    def input(self, name: str, shape: Sequence[int], dtype: DTypeLike | None = None) -> Tensor:
        """Declare an input of the graph; `dtype` is the graph's own unless given."""
        if name in self._names:
            raise GraphError(f"the name “{name}” is used twice")
        self._names.add(name)
        tensor = Tensor(name, tuple(shape), np.dtype(dtype or self.dtype))
        self._inputs.append(tensor)
        return tensor

    def constant(self, value: NDArray[Any] | float, *, name: str = "constant") -> Tensor:
        """Return `value` as a tensor of the graph; equal values are stored once.

        Reals take the graph's element type, integers stay as they are.
        """
        array = np.asarray(value)
        if array.dtype.kind == "f":
            array = array.astype(self.dtype)
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self._constants:
            tensor = Tensor(self._new_name(name), array.shape, array.dtype)
            self._constants[key] = (tensor, array)
        return self._constants[key][0]

    def emit(self, op_type: str, *inputs: Tensor, **attributes: Any) -> Tensor:
        """Write a node of one output and return it, with its shape inferred by onnx itself.

        Raises
        ------
        GraphError
            When onnx refuses the node, with the shapes that did not fit.
        """
        output = self._new_name(self.scope + op_type)
        node = helper.make_node(op_type, [i.name for i in inputs], [output], output, **attributes)
        tensor = self._infer(node, inputs)
        self._nodes.append(node)
        return tensor

    def apply(self, op_type: str, *inputs: Tensor, **attributes: Any) -> Tensor:
        """Write a node and put it on the tape, so that gradients flow through it."""
        output = self.emit(op_type, *inputs, **attributes)
        return self.record(op_type, inputs, output, attributes)

    def record(
        self, kind: str, inputs: Sequence[Tensor], output: Tensor, details: object = None
    ) -> Tensor:
        """Put an operation on the tape whose nodes are already written; return its output."""
        self.tape.append(Operation(kind, tuple(inputs), output, details, self.scope))
        return output

    def reshape(self, x: Tensor, *shape: int) -> Tensor:
        """Return `x` in another shape, off the tape; nothing is written when it has it already."""
        if x.shape == shape:
            return x
        return self.emit("Reshape", x, self.constant(np.array(shape, np.int64), name="shape"))

    def model(self, outputs: dict[str, Tensor], *, name: str, doc: str = "") -> onnx.ModelProto:
        """Return the finished graph as a model whose outputs are `outputs`, checked by onnx.

        Inputs that nothing reads are kept: they are part of the face of the graph.
        """
        nodes = list(self._nodes)
        for wanted, tensor in outputs.items():
            nodes.append(helper.make_node("Identity", [tensor.name], [wanted], wanted))
        graph = helper.make_graph(
            _only_needed(nodes, set(outputs)),
            name,
            [_value_info(t.name, t) for t in self._inputs],
            [_value_info(wanted, t) for wanted, t in outputs.items()],
            [numpy_helper.from_array(array, t.name) for t, array in self._constants.values()],
            doc_string=doc,
        )
        _drop_unused_constants(graph)
        return finished_model(graph)

    def _new_name(self, stem: str) -> str:
        """Return a name that is not taken yet: `Conv`, `Conv_2`, `Conv_3` and so on."""
        count, name = 1, stem
        while name in self._names:
            count += 1
            name = f"{stem}_{count}"
        self._names.add(name)
        return name

    def _infer(self, node: onnx.NodeProto, inputs: Sequence[Tensor]) -> Tensor:
        """Return the output of `node` with shape and type, or say what does not fit."""
        values = {t.name: array for t, array in self._constants.values()}
        try:
            types = infer_node_outputs(
                onnx.defs.get_schema(node.op_type, OPSET, ""),
                node,
                {t.name: _value_info(t.name, t).type for t in inputs},
                # Shape-like operands must be known by value for the result's shape to be known.
                {
                    t.name: numpy_helper.from_array(values[t.name], t.name)
                    for t in inputs
                    if t.name in values and t.dtype == np.int64 and t.size <= 16
                },
                opset_imports=[helper.make_opsetid("", OPSET)],
                ir_version=IR_VERSION,
            )
        except Exception as error:
            shapes = ", ".join(f"{t.dtype}{list(t.shape)}" for t in inputs)
            raise GraphError(f"{node.op_type} does not fit {shapes}: {error}") from error
        kind = types[node.output[0]].tensor_type
        shape = tuple(d.dim_value for d in kind.shape.dim)
        return Tensor(node.output[0], shape, helper.tensor_dtype_to_np_dtype(kind.elem_type))


def finished_model(
    graph: onnx.GraphProto, metadata: Mapping[str, str] | None = None
) -> onnx.ModelProto:
    """Return `graph` as a model of the pinned versions with `metadata`, checked by onnx."""
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
    )
    model.producer_name = "mnist-desktop"
    helper.set_model_props(model, dict(metadata or {}))
    onnx.checker.check_model(model, full_check=True)
    return model


def _value_info(name: str, tensor: Tensor) -> onnx.ValueInfoProto:
    """Return how ONNX declares `tensor` under `name`."""
    element = helper.np_dtype_to_tensor_dtype(tensor.dtype)
    return helper.make_tensor_value_info(name, element, tensor.shape)


def _only_needed(nodes: list[onnx.NodeProto], wanted: set[str]) -> list[onnx.NodeProto]:
    """Return those `nodes`, in order, that one of the names in `wanted` depends on."""
    needed, kept = set(wanted), []
    for node in reversed(nodes):
        if needed.intersection(node.output):
            needed.update(node.input)
            kept.append(node)
    return kept[::-1]


def _drop_unused_constants(graph: onnx.GraphProto) -> None:
    """Remove the initializers that no node reads."""
    read = {name for node in graph.node for name in node.input}
    kept = [c for c in graph.initializer if c.name in read]
    del graph.initializer[:]
    graph.initializer.extend(kept)
