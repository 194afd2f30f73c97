"""The pad gives every model the ink it was trained on, and the strip shows just that."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mnist_desktop.inference.classifier import shipped_models
from mnist_desktop.inference.ink import prepare
from mnist_desktop.inference.resampling import resample
from mnist_desktop.ui.draw.page import DrawPage
from mnist_desktop.ui.draw.why_view import WhyView
from mnist_desktop.ui.program import Program
from tests.ui.helpers import a_digit, answer_to, draw_by_mouse
from tests.unit.inference.onnx_models import contract_for, linear_model

KINDS: dict[str, tuple[int, dict[str, object]]] = {
    "mnist": (28, {}),
    "emnist, on its side": (28, {"ink_recipe": "emnist", "transposed": True}),
    "32 by 32": (32, {}),
    "20 by 20": (20, {}),
    "emnist of 32 by 32": (32, {"ink_recipe": "emnist"}),
    "transposed": (28, {"transposed": True}),
    "turned by 180°": (28, {"reversed": True}),
    "dark on light": (28, {"low": 1.0, "high": 0.0}),
    "784 in a row": (28, {"layout": "NF"}),
    "0 to 255": (28, {"high": 255.0}),
    "-1 to 1": (28, {"low": -1.0}),
    "channels last": (28, {"layout": "NHWC"}),
    "no channels": (28, {"layout": "NHW"}),
    "resized": (28, {"ink_recipe": "resize"}),
    "all at once": (
        32,
        {
            "layout": "NF",
            "low": 255.0,
            "high": 0.0,
            "transposed": True,
            "reversed": True,
            "ink_recipe": "emnist",
        },
    ),
}


def use_model(program: Program, qtbot: QtBot, path: Path) -> None:
    """Open a model, and wait until it answers."""
    program.core.open_model(path)
    qtbot.waitUntil(
        lambda: program.core.classifier is not None and program.core.classifier.path == path,
        timeout=20_000,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_network_gets_what_the_strip_shows(
    draw_page: DrawPage, qtbot: QtBot, program: Program, tmp_path: Path, kind: str
) -> None:
    side, values = KINDS[kind]
    # Random weights: any other picture, or the same one lying otherwise, is answered otherwise.
    weights = np.random.default_rng(3).normal(0, 0.3, (side * side, 10))
    contract = contract_for(weights, **values)
    path = tmp_path / "model.onnx"
    path.write_bytes(linear_model(weights, contract=contract))
    use_model(program, qtbot, path)
    draw_by_mouse(draw_page.pad, a_digit(4))
    answer_to(draw_page, qtbot)

    shown = draw_page.strip.steps
    assert shown is not None
    wanted = prepare(draw_page.pad.raster(), contract.ink_recipe, size=side).picture
    np.testing.assert_array_equal(shown.picture, wanted)
    logits = wanted.reshape(-1) / 255.0 @ weights
    shares = np.exp(logits - logits.max())
    answered = draw_page.panel.prediction
    assert answered is not None
    np.testing.assert_allclose(answered.probabilities, shares / shares.sum(), atol=1e-3)


def test_the_model_of_letters_and_digits_reads_letters(
    draw_page: DrawPage, qtbot: QtBot, program: Program
) -> None:
    paths = {title: path for path, title in shipped_models().items()}
    use_model(program, qtbot, paths["Letters and digits"])
    letters = {
        "A": [[(0.25, 0.85), (0.5, 0.15), (0.75, 0.85)], [(0.35, 0.6), (0.65, 0.6)]],
        "E": [
            [(0.7, 0.2), (0.3, 0.2), (0.3, 0.8), (0.7, 0.8)],
            [(0.3, 0.5), (0.6, 0.5)],
        ],
        "H": [[(0.25, 0.2), (0.25, 0.8)], [(0.7, 0.2), (0.7, 0.8)], [(0.25, 0.5), (0.7, 0.5)]],
        "T": [[(0.2, 0.2), (0.8, 0.2)], [(0.5, 0.2), (0.5, 0.85)]],
        "W": [[(0.15, 0.2), (0.33, 0.8), (0.5, 0.35), (0.67, 0.8), (0.85, 0.2)]],
    }
    read = []
    for strokes in letters.values():
        draw_page.pad.clear()
        draw_by_mouse(draw_page.pad, [np.array(stroke, np.float32) for stroke in strokes])
        answer_to(draw_page, qtbot)
        assert draw_page.panel.prediction is not None
        read.append(draw_page.panel.prediction.label.upper())
    assert sum(a == b for a, b in zip(read, letters, strict=True)) >= 4, read


@pytest.mark.parametrize("name", ["zoo-mnist-8.onnx", "sklearn-784-reversed.onnx"])
def test_models_of_others_read_what_is_drawn(
    draw_page: DrawPage, qtbot: QtBot, program: Program, shared_data: Path, name: str
) -> None:
    use_model(program, qtbot, shared_data / "models" / name)
    read = []
    for digit in range(10):
        draw_page.pad.clear()
        draw_by_mouse(draw_page.pad, a_digit(digit))
        answer_to(draw_page, qtbot)
        assert draw_page.panel.prediction is not None
        read.append(draw_page.panel.prediction.label)
    assert sum(label == str(digit) for digit, label in enumerate(read)) >= 8, read


@pytest.mark.parametrize("transposed", [False, True])
def test_a_picture_that_is_no_square_is_shown_as_it_is(
    draw_page: DrawPage, qtbot: QtBot, program: Program, tmp_path: Path, transposed: bool
) -> None:
    weights = np.random.default_rng(4).normal(0, 0.3, (32 * 24, 10))
    contract = contract_for(weights, height=32, width=24, transposed=transposed)
    path = tmp_path / "model.onnx"
    path.write_bytes(linear_model(weights, contract=contract))
    use_model(program, qtbot, path)
    draw_by_mouse(draw_page.pad, a_digit(4))
    answer_to(draw_page, qtbot)
    shown = draw_page.strip.steps
    assert shown is not None
    tall, wide = (24, 32) if transposed else (32, 24)
    assert shown.picture.shape == (tall, wide)
    assert shown.steps[-1].title == f"Resized to {wide}×{tall}"
    square = prepare(draw_page.pad.raster(), size=32).picture
    by_area = resample(square, tall, wide)
    assert np.abs(shown.picture - by_area).max() <= 0.51
    assert program.core.classifier is not None
    assert draw_page.panel.prediction is not None
    again = program.core.classifier.answer(shown.picture).probabilities
    np.testing.assert_allclose(draw_page.panel.prediction.probabilities, again, atol=1e-5)
    small = next(f for f in draw_page.strip.frames if f.step and f.step.name == "small")
    assert small.words[0] == "23×23", "and not the 20×20 of a picture of 28×28"
    large = draw_page.strip.frames[-1]
    assert not large.isEnabled()
    assert not large.grab().toImage().isNull()
    draw_page.drawer.show_view("why")
    why = draw_page.findChild(WhyView)
    qtbot.waitUntil(lambda: why.map.occlusion is not None, timeout=10_000)
    assert why.map.occlusion.evidence.shape == (tall, wide)
    assert not why.grab().toImage().isNull()
    draw_page.pad.clear()
    assert draw_page.strip.steps is None
