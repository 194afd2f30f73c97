"""Draw the graph of a training step: forwards down on the left, backwards up on the right.

    python tools/draw_graph.py docs/training-graph.png                  the step of a small network
    python tools/draw_graph.py picture.png --graph step.onnx            a saved one

The picture is made from an ONNX file alone, one that `train --save-training-graph` writes. Nodes
are coloured by what they do; operators it does not know are drawn white. Constants are left out.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from pathlib import Path

import onnx
from graph_layout import (
    ACROSS,
    BOX,
    DOWN,
    GRADIENT,
    MARGIN,
    TAG,
    Layout,
    Node,
    Tag,
    title,
)
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path as Curve
from PIL import Image

TOP = Path(__file__).resolve().parents[1]

DPI, COLOURS = 100, 128
"""Pixels an inch, and colours of the PNG's palette: a quarter of the size of a full one."""

LARGEST_SIDE = 30_000
"""Pixels; matplotlib draws no more than 65,535."""

KINDS = {
    "matrix product": ("#2b6cb0", "white", "MatMul Gemm FusedMatMul Conv ConvTranspose Einsum"),
    "number by number": (
        "#f3bd55",
        "#3a2a00",
        "Add Sub Mul Div Neg Abs Sqrt Reciprocal Pow Exp Log Relu Sigmoid Tanh Sign Equal Greater "
        "GreaterOrEqual Less Where Clip Min Max And Or Not Erf Cast CastLike Round Floor Sum",
    ),
    "sum, largest, softmax": (
        "#8456a8",
        "white",
        "ReduceSum ReduceMean ReduceMax ReduceSumSquare ArgMax Softmax LogSoftmax MaxPool "
        "AveragePool",
    ),
    "only moves numbers": (
        "#cdd2da",
        "#30343b",
        "Gather GatherND GatherElements ScatterND ScatterElements Reshape Transpose Concat Tile "
        "Expand Slice Split Pad Squeeze Unsqueeze Flatten GridSample DepthToSpace SpaceToDepth",
    ),
}
"""Kind of operator → colour of its box and its text, and the operators."""

LEARNED, FLOW, KEPT, BAND, INK = "#2f855a", "#4a5361", "#d9622b", "#f3f5f8", "#20242a"
LINE = "#8b94a3"

Place = tuple[float, float]


def draw(layout: Layout) -> Figure:
    """Return the picture of a graph."""
    figure = Figure(figsize=(layout.width, layout.height), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, layout.width)
    axes.set_ylim(layout.height, 0)
    axes.axis("off")
    for band, (top, height) in layout.frames.items():
        size = (layout.width - 0.3, height)
        _box(axes, (layout.width / 2, top + height / 2), size, BAND, behind=True)
        # Right of the line that comes down from the layer before.
        at = (MARGIN + 0.5 * ACROSS + 0.12, top + 0.2)
        room = {"facecolor": BAND, "edgecolor": "none", "pad": 1.5}
        _text(axes, at, title(band), size=9, weight="bold", ha="left", bbox=room)
    for node in layout.nodes:
        _draw_reads(axes, layout, node)
    for name, source in layout.outputs.items():
        _draw_output(axes, layout.maker.get(source), layout.tags[name])
    _draw_shapes(axes, layout)
    for node in layout.nodes:
        face, ink = _colours(node.kind)
        _box(axes, (node.x, node.y), BOX, face, edge=LINE if face == "white" else "none")
        _text(axes, (node.x, node.y), node.kind, size=6.6, color=ink)
    for tag in layout.tags.values():
        _draw_tag(axes, layout, tag)
    _draw_legend(axes, layout)
    return figure


def _colours(kind: str) -> tuple[str, str]:
    """Return the colours of an operator's box and of its text."""
    found = ((face, ink) for face, ink, kinds in KINDS.values() if kind in kinds.split())
    return next(found, ("white", INK))


def _box(
    axes: Axes, at: Place, size: Place, face: str, *, edge: str = "none", behind: bool = False
) -> None:
    """Draw a box with round corners around a place."""
    (x, y), (width, height), pad = at, size, 0.06
    shape = FancyBboxPatch(
        (x - width / 2 + pad, y - height / 2 + pad),
        width - 2 * pad,
        height - 2 * pad,
        boxstyle=f"round,pad={pad}",
        facecolor=face,
        edgecolor=edge,
        linewidth=0.8,
        zorder=0 if behind else 3,
    )
    axes.add_patch(shape)


def _text(axes: Axes, at: Place, words: str, **style: object) -> None:
    """Write words around a place."""
    usual = {"color": INK, "ha": "center", "va": "center", "zorder": 4}
    axes.text(*at, words, **(usual | style))


def _draw_tag(axes: Axes, layout: Layout, tag: Tag) -> None:
    """Draw an input or output, with its shape."""
    gradient = tag.name.startswith(GRADIENT)
    colour = _tag_colour(layout, tag.name)
    _box(axes, (tag.x, tag.y), TAG, "#dff0e6" if gradient else "white", edge=colour)
    words = tag.name.replace(GRADIENT, "gradient of ")
    _text(axes, (tag.x, tag.y), words, size=6.6, color=colour)
    shape = layout.shapes.get(tag.name) or "one number"
    _text(axes, (tag.x, tag.y - TAG[1] / 2 - 0.07), shape, size=5.2, color=FLOW)


def _tag_colour(layout: Layout, name: str) -> str:
    """Return the colour of what is learned, of its gradient, and of all else."""
    learned = name.startswith(GRADIENT) or f"{GRADIENT}{name}" in layout.tags
    return LEARNED if learned else INK


def _draw_reads(axes: Axes, layout: Layout, node: Node) -> None:
    """Draw an arrow from each thing that an operator reads."""
    inner = BOX[0] / 2 if not node.back else -BOX[0] / 2
    for name in node.reads:
        maker, tag = layout.maker.get(name), layout.tags.get(name)
        if maker is not None and maker.back is node.back:
            _draw_flow(axes, layout, maker, node)
        elif maker is not None:
            _draw_across(axes, (maker.x - inner, maker.y), (node.x + inner, node.y), KEPT)
        elif tag is not None:
            outer = tag.x - TAG[0] / 2 if not node.back else tag.x + TAG[0] / 2
            _draw_across(axes, (outer, tag.y), (node.x + inner, node.y), _tag_colour(layout, name))


def _draw_output(axes: Axes, maker: Node | None, tag: Tag) -> None:
    """Draw an arrow to an output from what makes it."""
    if maker is None:
        return
    side = 1 if maker.back else -1
    begin, end = (maker.x - side * BOX[0] / 2, maker.y), (tag.x + side * TAG[0] / 2, tag.y)
    colour = LEARNED if tag.name.startswith(GRADIENT) else INK
    _draw_across(axes, begin, end, colour, width=1.2)


def _draw_flow(axes: Axes, layout: Layout, maker: Node, node: Node) -> None:
    """Draw an arrow along a way; where other boxes stand between it swings around them."""
    along = -1 if node.back else 1
    begin = (maker.x, maker.y + along * BOX[1] / 2)
    end = (node.x, node.y - along * BOX[1] / 2)
    low, high = sorted((maker.y, node.y))
    between = any(
        abs(n.x - maker.x) < BOX[0] and low < n.y < high and n not in (maker, node)
        for n in layout.nodes
    )
    swing = 0.0
    if between and abs(maker.x - node.x) < BOX[0]:
        swing = (1 if node.back else -1) * 0.6
    reach = (end[1] - begin[1]) * 0.4
    # A long way to another column goes down most of it where it began, and then across.
    turn = reach if abs(end[1] - begin[1]) < 2 * DOWN else (end[1] - begin[1]) * 0.75
    _draw_curve(
        axes,
        [
            begin,
            (begin[0] + swing, begin[1] + (reach if swing else turn)),
            (end[0] + swing, end[1] - reach),
            end,
        ],
        FLOW,
        0.9,
    )


def _draw_shapes(axes: Axes, layout: Layout) -> None:
    """Write the shape of what goes from one band to the next beside where it leaves."""
    for maker in layout.nodes:
        readers = [n for n in layout.nodes if maker.writes in n.reads and n.back is maker.back]
        if not any(n.band != maker.band for n in readers) or maker.writes not in layout.shapes:
            continue
        along = -1 if maker.back else 1
        at = (maker.x - along * 0.07, maker.y + along * (BOX[1] / 2 + 0.1))
        words = layout.shapes[maker.writes]
        _text(axes, at, words, size=5.2, color=FLOW, ha="left" if maker.back else "right")


def _draw_across(axes: Axes, begin: Place, end: Place, colour: str, width: float = 0.75) -> None:
    """Draw an arrow from one way to the other, or from or to the middle."""
    reach = (end[0] - begin[0]) * 0.5
    middle = [(begin[0] + reach, begin[1]), (end[0] - reach, end[1])]
    _draw_curve(axes, [begin, *middle, end], colour, width)


def _draw_curve(axes: Axes, points: list[Place], colour: str, width: float) -> None:
    """Draw a curve with a head at its end."""
    curve = Curve(points, [Curve.MOVETO, Curve.CURVE4, Curve.CURVE4, Curve.CURVE4])
    arrow = FancyArrowPatch(
        path=curve,
        arrowstyle="-|>,head_length=2.6,head_width=1.4",
        color=colour,
        linewidth=width,
        mutation_scale=1.0,
        alpha=0.8,
        zorder=2,
    )
    axes.add_patch(arrow)


def _draw_legend(axes: Axes, layout: Layout) -> None:
    """Say what the columns and the colours mean."""
    left, middle, right = MARGIN, layout.width / 2, layout.width - MARGIN
    heading = {"size": 10.5, "weight": "bold"}
    _text(axes, (left, 0.7), "Forwards ↓", ha="left", **heading)
    _text(axes, (middle, 0.7), "What is learned", **heading)
    _text(axes, (right, 0.7), "↑ Backwards", ha="right", **heading)
    step = (layout.width - 2 * MARGIN) / (len(KINDS) + 1)
    for number, (name, (face, ink, _)) in enumerate(KINDS.items()):
        at = (MARGIN + (number + 0.5) * step, 0.28)
        _box(axes, at, (1.5, BOX[1]), face)
        _text(axes, at, name, size=7, color=ink)
    x = MARGIN + len(KINDS) * step
    _draw_across(axes, (x + 0.1, 0.28), (x + 0.55, 0.28), KEPT, 1.2)
    _text(axes, (x + 0.62, 0.28), "kept for the way back", size=7, color=KEPT, ha="left")


def small_step() -> bytes:
    """Return the file of the training step of a network that fits on a page."""
    sys.path.insert(0, str(TOP))
    from mnist_desktop.trainer.networks import Network, block
    from mnist_desktop.trainer.step import write_step
    from mnist_desktop.trainer.step_file import save_training_graph
    from mnist_desktop.trainer.weights import Architecture

    network = Network("4·3×3/2", block(4, 3, stride=2, padding=1))
    step = write_step(Architecture(network, 8, 8, 3), piece=16, batch=64)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "step.onnx"
        save_training_graph(path, step)
        return path.read_bytes()


def write_picture(figure: Figure, path: Path) -> None:
    """Write a figure as a PNG of few colours."""
    dpi = min(DPI, LARGEST_SIDE / max(figure.get_size_inches()))
    stream = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(stream, dpi=dpi)
    with Image.open(stream) as image:
        few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(path, "PNG", optimize=True)


def main(arguments: list[str]) -> int:
    """Draw the graph that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("picture", type=Path, help="the PNG file to write")
    parser.add_argument("--graph", type=Path, help="a saved training graph (default: a small one)")
    asked = parser.parse_args(arguments)
    data = asked.graph.read_bytes() if asked.graph else small_step()
    write_picture(draw(Layout(onnx.load_model_from_string(data))), asked.picture)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
