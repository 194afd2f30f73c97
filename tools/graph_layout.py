"""Give every node of a training step's graph its place: a band for each layer, two ways beside.

The step's nodes are named after the way and the layer they belong to, such as
`forward/0.Convolution/MatMul`. Forwards runs down at the left and backwards up at the right; what
is learned stands in the middle, with its gradient.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import onnx

BOX, TAG = (0.84, 0.27), (1.36, 0.22)
"""Sizes of an operator's box and of the tag of an input or output, in inches as all measures."""

ACROSS, DOWN, TAGS_APART = 0.98, 0.41, 0.45
"""From one place to the next."""

MIDDLE, MARGIN, HEAD, FOOT, GAP, LEGEND = 2.5, 0.6, 0.42, 0.12, 0.1, 0.95
"""The strip of the tags, the space at the sides, in a band above and below, between, on top."""

GRADIENT = "gradient."
"""What the names of gradients begin with."""


@dataclass(eq=False)
class Node:
    """An operator, and where the middle of its box stands."""

    kind: str
    reads: tuple[str, ...]
    writes: str
    band: str
    back: bool
    x: float = 0.0
    y: float = 0.0


@dataclass
class Tag:
    """An input or output of the graph, in the strip between the two ways."""

    name: str
    x: float
    y: float


class Layout:
    """A training step's graph with a place for everything; y runs downwards.

    Attributes
    ----------
    nodes, tags
        The operators, and the inputs and outputs by name.
    maker
        Tensor → the operator that writes it.
    outputs
        Output → the tensor that it is.
    frames
        Band → its top and its height.
    shapes
        Tensor → its shape, as people write it.
    width, height
        Of the picture.
    """

    def __init__(self, model: onnx.ModelProto) -> None:
        graph = model.graph
        declared = (*graph.value_info, *graph.input, *graph.output)
        self.shapes = {value.name: " × ".join(map(str, _shape(value))) for value in declared}
        # The last nodes only give the outputs their names.
        ends = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Identity"}
        self.outputs = {v.name: ends[v.name] for v in graph.output if v.name in ends}
        self.nodes = [_node(n) for n in graph.node if n.output[0] not in self.outputs]
        self.maker = {node.writes: node for node in self.nodes}
        self.bands = list(dict.fromkeys(node.band for node in self.nodes))
        self.frames: dict[str, tuple[float, float]] = {}
        self.tags: dict[str, Tag] = {}
        self._weight = self._importance({v.name: math.prod(_shape(v)) for v in declared})
        self._place([value.name for value in graph.input])

    def _importance(self, sizes: dict[str, int]) -> dict[str, tuple[int, int]]:
        """Return how much of the way a tensor carries: numbers, then how long it took to make."""
        steps: dict[str, int] = {}
        for node in self.nodes:
            steps[node.writes] = 1 + max((steps.get(name, 0) for name in node.reads), default=0)
        return {name: (sizes.get(name, 0), steps[name]) for name in steps}

    def _place(self, inputs: list[str]) -> None:
        """Give every band, node and tag its place."""
        top, slots, tags = LEGEND, 1, self._tags_of_bands(inputs)
        for band in self.bands:
            here = [node for node in self.nodes if node.band == band]
            ways = [[node for node in here if node.back is back] for back in (False, True)]
            rows = [_rows(way) for way in ways]
            inside = max(1 + max(row.values(), default=0) for row in rows) * DOWN
            inside = max(inside, len(tags[band]) * TAGS_APART)
            for way, row in zip(ways, rows, strict=True):
                place = self._slots(way, row)
                spare = inside - DOWN * (1 + max(row.values(), default=0))
                for node in way:
                    along = (row[node.writes] + 0.5) * DOWN + spare / 2
                    node.x = MARGIN + (place[node.writes] + 0.5) * ACROSS
                    node.y = top + HEAD + (inside - along if node.back else along)
                slots = max(slots, 1 + max(place.values(), default=0))
            self.frames[band] = (top, HEAD + inside + FOOT)
            top += HEAD + inside + FOOT + GAP
        self.width, self.height = 2 * (MARGIN + slots * ACROSS) + MIDDLE, top
        for node in self.nodes:
            node.x = self.width - node.x if node.back else node.x
        for band in self.bands:
            self._place_tags(band, tags[band])

    def _tags_of_bands(self, inputs: list[str]) -> dict[str, list[str]]:
        """Return what goes into each band and comes out of it."""
        found: dict[str, list[str]] = defaultdict(list)
        for name in (*inputs, *self.outputs):
            number = re.match(r"(\d+\.)", name.removeprefix(GRADIENT))
            own = [b for b in self.bands if number and b.startswith(number[1])]
            makers = [n.band for n in self.nodes if self.outputs.get(name) == n.writes]
            readers = [n.band for n in self.nodes if name in n.reads]
            found[(own or makers or readers or self.bands)[0]].append(name)
        return found

    def _place_tags(self, band: str, names: list[str]) -> None:
        """Put the tags of a band as near to what reads and writes them as there is room."""
        top, height = self.frames[band]
        wanted = {
            name: _mean(
                n.y for n in self.nodes if name in n.reads or self.outputs.get(name) == n.writes
            )
            for name in names
        }
        names = sorted(names, key=lambda name: wanted[name])
        y = top + HEAD + TAGS_APART / 2 - 0.06
        places = []
        for name in names:
            y = max(y, wanted[name])
            places.append(y)
            y += TAGS_APART
        last = top + height - FOOT - TAG[1] / 2
        for number in reversed(range(len(names))):
            places[number] = min(places[number], last)
            last = places[number] - TAGS_APART
        for name, place in zip(names, places, strict=True):
            self.tags[name] = Tag(name, self.width / 2, place)

    def _slots(self, way: list[Node], rows: dict[str, int]) -> dict[str, int]:
        """Return the place of each node in its row; the first is for what carries the way."""
        made = {node.writes: node for node in way}
        outside = {name for node in self.nodes if node not in way for name in node.reads}
        inside = {name for node in way for name in node.reads}
        trunk: list[str] = []
        ends = [name for name in made if name not in inside]
        name = max(ends, key=lambda n: (n in outside, self._weight[n]), default="")
        while name:
            trunk.append(name)
            name = max((r for r in made[name].reads if r in made), key=self._weight.get, default="")
        slots: dict[str, int] = {}
        for row in sorted(set(rows.values())):
            here = [n for n in made if rows[n] == row]
            here.sort(key=lambda n: (n not in trunk, _mean(slots.get(r, 9) for r in made[n].reads)))
            first = 0 if here[0] in trunk or len(trunk) < 2 else 1
            slots |= {name: first + place for place, name in enumerate(here)}
        return slots


def title(band: str) -> str:
    """Return what a band is called: `Layer 0: Convolution`."""
    number, _, kind = band.partition(".")
    return f"Layer {number}: {kind}" if kind else band.capitalize()


def _node(entry: onnx.NodeProto) -> Node:
    """Return an operator of the file; its name says where it belongs."""
    found = re.match(r"(forward|backward)/([^/]+)/", entry.name)
    way, band = found.groups() if found else ("forward", "graph")
    reads = tuple(dict.fromkeys(entry.input))
    return Node(entry.op_type, reads, entry.output[0], band, way == "backward")


def _shape(value: onnx.ValueInfoProto) -> tuple[int, ...]:
    """Return the shape of a tensor."""
    return tuple(axis.dim_value for axis in value.type.tensor_type.shape.dim)


def _rows(way: list[Node]) -> dict[str, int]:
    """Return the row of each node of one way through one layer, as late as its readers allow."""
    after: dict[str, int] = {}
    for node in reversed(way):
        readers = [after[n.writes] for n in way if node.writes in n.reads]
        after[node.writes] = 1 + max(readers, default=-1)
    last = max(after.values(), default=0)
    return {name: last - steps for name, steps in after.items()}


def _mean(values: Iterable[float]) -> float:
    """Return the mean of some numbers, 0 of none."""
    found = list(values)
    return sum(found) / max(1, len(found))
