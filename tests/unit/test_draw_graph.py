"""The picture of a training step shows every node of the file, none upon another."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from types import ModuleType

import onnx
import pytest
from PIL import Image

from mnist_desktop.trainer.recipes import RECIPES
from mnist_desktop.trainer.step import fitting_step
from mnist_desktop.trainer.step_file import explained
from mnist_desktop.trainer.weights import Architecture

TOP = Path(__file__).resolve().parents[2]
SCRIPT = TOP / "tools" / "draw_graph.py"


@pytest.fixture
def layout(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    import graph_layout

    return graph_layout


def quick_step() -> onnx.ModelProto:
    architecture = Architecture(RECIPES["quick"].network, 28, 28, 10)
    return explained(fitting_step(architecture, RECIPES["quick"], 1000))


def rename_operators(model: onnx.ModelProto) -> None:
    for node in model.graph.node:
        node.op_type = "Novelty" if node.op_type == "MatMul" else node.op_type


def rename_nodes(model: onnx.ModelProto) -> None:
    for node in model.graph.node:
        node.name = f"n{node.name.replace('/', '_')}"


@pytest.mark.parametrize("change", [lambda model: None, rename_operators, rename_nodes])
def test_every_node_has_a_place_of_its_own(
    layout: ModuleType, change: Callable[[onnx.ModelProto], None]
) -> None:
    model = quick_step()
    change(model)
    placed = layout.Layout(model)
    outputs = {value.name for value in model.graph.output}
    assert len(placed.nodes) == len(model.graph.node) - len(outputs)
    assert placed.tags.keys() == outputs | {value.name for value in model.graph.input}
    boxes = [(node.x, node.y, *layout.BOX) for node in placed.nodes]
    boxes += [(tag.x, tag.y, *layout.TAG) for tag in placed.tags.values()]
    for (x, y, width, height), (other_x, other_y, other_width, other_height) in combinations(
        boxes, 2
    ):
        beside = abs(x - other_x) >= (width + other_width) / 2
        above = abs(y - other_y) >= (height + other_height) / 2
        assert beside or above
    for x, y, _, _ in boxes:
        assert 0 < x < placed.width
        assert 0 < y < placed.height


def test_forwards_goes_down_and_backwards_up(layout: ModuleType) -> None:
    placed = layout.Layout(quick_step())
    for node in placed.nodes:
        for name in node.reads:
            maker = placed.maker.get(name)
            if maker is not None and maker.back is node.back:
                assert (maker.y > node.y) is node.back
        assert (node.x > placed.width / 2) is node.back


@pytest.mark.parametrize("saved", [False, True])
def test_the_script_writes_a_picture(tmp_path: Path, saved: bool) -> None:
    picture, graph = tmp_path / "g.png", tmp_path / "step.onnx"
    graph.write_bytes(quick_step().SerializeToString())
    argv = [sys.executable, str(SCRIPT), str(picture), *(["--graph", str(graph)] if saved else [])]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    with Image.open(picture) as image:
        assert image.format == "PNG"
        assert image.width > 900
        assert len(image.convert("RGB").getcolors() or []) > 20


def test_the_page_shows_a_picture_of_its_own() -> None:
    page = TOP / "docs" / "training-graph.md"
    picture = page.with_suffix(".png")
    assert f"]({picture.name})" in page.read_text(encoding="utf-8")
    assert picture.stat().st_size < 300_000
