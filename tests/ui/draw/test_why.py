"""The views “Why” and “Alike” of the real window follow the drawing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnist_desktop.inference.explanation import PASSES, explain
from mnist_desktop.ui.draw.alike_view import COUNT, AlikeView
from mnist_desktop.ui.draw.odds_words import odds_text
from mnist_desktop.ui.draw.page import DrawPage
from mnist_desktop.ui.draw.why_view import WhyView
from mnist_desktop.ui.program import Program
from tests.ui.helpers import a_digit, answer_to, draw_by_mouse
from tests.unit.inference.onnx_models import contract_for, linear_model


@pytest.fixture
def why(draw_page: DrawPage) -> WhyView:
    """Return the view “Why”, shown."""
    draw_page.drawer.show_view("why")
    found = draw_page.findChild(WhyView)
    assert found is not None
    assert found.isVisible()
    return found


@pytest.fixture
def alike(draw_page: DrawPage) -> AlikeView:
    """Return the view “Alike”, shown."""
    draw_page.drawer.show_view("alike")
    found = draw_page.findChild(AlikeView)
    assert found is not None
    assert found.isVisible()
    return found


def finest(why: WhyView, qtbot: QtBot) -> None:
    """Wait until the map of the newest drawing is as fine as it gets."""
    qtbot.waitUntil(
        lambda: why.map.occlusion is not None and why.map.occlusion.passes == PASSES, timeout=10_000
    )


def class_names(alike: AlikeView) -> list[str]:
    """Return the classes of the images that are shown."""
    shown = [] if alike.row is None else [made.neighbour for made in alike.row.shown()]
    return [neighbour.class_name for neighbour in shown if neighbour is not None]


def test_the_map_explains_the_answer(
    why: WhyView, draw_page: DrawPage, program: Program, qtbot: QtBot
) -> None:
    draw_by_mouse(draw_page.pad, a_digit(4))
    assert answer_to(draw_page, qtbot) == "4"
    steps = draw_page.strip.steps
    assert steps is not None
    assert program.core.classifier is not None
    expected = explain(program.core.classifier, steps.picture)
    qtbot.waitUntil(
        lambda: (
            why.map.occlusion is not None
            and np.array_equal(why.map.occlusion.evidence, expected.evidence)
        ),
        timeout=10_000,
    )
    assert "4" in why.map.accessibleDescription()
    assert "for 4" in why.legend.accessibleDescription()


def test_the_pointer_tells_what_a_place_says(
    why: WhyView, draw_page: DrawPage, qtbot: QtBot
) -> None:
    draw_by_mouse(draw_page.pad, a_digit(0))
    answer_to(draw_page, qtbot)
    finest(why, qtbot)
    occlusion, steps = why.map.occlusion, draw_page.strip.steps
    assert occlusion is not None
    assert steps is not None
    words = {
        why.map.words_at(QPointF(x, y))
        for x in range(0, why.map.width(), 3)
        for y in range(0, why.map.height(), 3)
    }
    assert "No ink here" in words
    row, column = np.unravel_index(occlusion.evidence.argmax(), occlusion.evidence.shape)
    after = odds_text(occlusion.log_odds_without(int(row), int(column)))
    assert any(f"to {after}" in said for said in words)
    assert why.map.words_at(QPointF(-5, -5)) == ""


def test_a_click_on_a_bar_asks_about_that_class(
    why: WhyView, draw_page: DrawPage, qtbot: QtBot
) -> None:
    draw_by_mouse(draw_page.pad, a_digit(4))
    answer_to(draw_page, qtbot)
    draw_page.drawer.show_view("steps")
    bars = draw_page.panel.findChildren(type(draw_page.panel._bars))[0]
    bars.repaint()
    cell = next(cell for cell, index in bars._places if index == 9)
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=cell.center().toPoint())

    assert draw_page.drawer.view_name == "why"
    assert why.target.currentText() == "Why 9?"
    qtbot.waitUntil(lambda: why.map.occlusion is not None and why.map.occlusion.index == 9)


def test_a_layer_is_shown_as_its_maps(why: WhyView, draw_page: DrawPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: why.part.count() > 1, timeout=20_000)
    draw_by_mouse(draw_page.pad, a_digit(7))
    label = answer_to(draw_page, qtbot)
    why.part.setCurrentIndex(1)
    qtbot.waitUntil(lambda: why.maps.maps is not None)
    layer = why.maps.layer
    assert layer is not None
    assert why.maps.maps is not None
    assert why.maps.maps.shape == (layer.maps, layer.height, layer.width)
    assert why.maps.shown == layer.maps
    assert layer.size_text in why.legend.accessibleDescription()
    assert "Map 1 of" in why.maps.words_at(QPointF(6, 6))

    why.part.setCurrentIndex(why.part.count() - 1)
    qtbot.waitUntil(lambda: why.maps.maps is not None and why.maps.layer == why.layer())
    assert why.maps.maps is not None
    assert str(int(why.maps.maps.argmax())) == label


def test_a_model_without_layers_says_so(
    why: WhyView, program: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = np.random.default_rng(0).normal(0, 1, (784, 10))
    model = tmp_path / "large.onnx"
    model.write_bytes(linear_model(weights, contract=contract_for(weights)))
    monkeypatch.setattr("mnist_desktop.inference.classifier.MAX_KEPT", 10)
    program.core.open_model(model)
    qtbot.waitUntil(lambda: program.core.classifier.path == model)
    qtbot.waitUntil(lambda: why.part.itemText(1) == "Layers", timeout=10_000)
    why.part.setCurrentIndex(1)
    assert "layers are not shown" in why.note.text()
    assert why.note.isVisible()


def test_a_hidden_view_works_out_nothing(
    draw_page: DrawPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[object] = []
    monkeypatch.setattr(
        "mnist_desktop.ui.workers.NewestWorker.begin", lambda self, task: begun.append(task)
    )
    draw_by_mouse(draw_page.pad, a_digit(4))
    answer_to(draw_page, qtbot)
    assert not begun
    draw_page.drawer.show_view("why")
    assert begun


def test_a_blank_pad_shows_nothing(why: WhyView, draw_page: DrawPage, qtbot: QtBot) -> None:
    draw_by_mouse(draw_page.pad, a_digit(4))
    answer_to(draw_page, qtbot)
    finest(why, qtbot)
    draw_page.pad.clear()
    assert why.map.occlusion is None
    assert "Draw" in why.note.text()


def test_the_nearest_images_lead_to_the_grid(
    alike: AlikeView, draw_page: DrawPage, program: Program, qtbot: QtBot
) -> None:
    assert alike.link.isVisible()
    program.core.open_samples()
    qtbot.waitUntil(lambda: program.core.dataset is not None, timeout=20_000)
    program.window.show_page("draw")
    draw_by_mouse(draw_page.pad, a_digit(3))
    assert answer_to(draw_page, qtbot) == "3"
    # What was like the first strokes may still be shown.
    qtbot.waitUntil(lambda: class_names(alike).count("3") > COUNT / 2, timeout=10_000)
    assert alike.row is not None
    assert not alike.link.isVisible()
    found = [made.neighbour for made in alike.row.shown()]
    distances = [neighbour.distance for neighbour in found if neighbour is not None]
    assert distances == sorted(distances)
    assert len(distances) == COUNT

    wanted = found[2]
    assert wanted is not None
    alike.row.shown()[2].click()
    page = program.window.page("dataset")
    assert program.window.page_name == "dataset"
    assert page.browser.grid.current_index() == wanted.index


def test_a_drawing_is_fitted_to_the_datasets_size(
    alike: AlikeView, draw_page: DrawPage, program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    from mnist_desktop.datasets.idx import write_idx

    images = np.random.default_rng(0).integers(0, 256, (20, 14, 10)).astype(np.uint8)
    path = tmp_path / "few-images-idx3-ubyte"
    write_idx(path, images)
    program.core.open_dataset(path)
    qtbot.waitUntil(lambda: program.core.dataset is not None, timeout=20_000)
    program.window.show_page("draw")
    draw_by_mouse(draw_page.pad, a_digit(3))
    answer_to(draw_page, qtbot)
    qtbot.waitUntil(lambda: alike.row is not None and len(alike.row.shown()) == COUNT)


def test_the_view_that_was_shown_last_comes_back(
    start: Callable[..., Program], qtbot: QtBot
) -> None:
    first = start(page="draw")
    page = first.window.page("draw")
    assert isinstance(page, DrawPage)
    assert page.drawer.view_name == "steps"
    page.drawer.show_view("alike")
    first.settings.save()
    again = start(page="draw").window.page("draw")
    assert isinstance(again, DrawPage)
    assert again.drawer.view_name == "alike"


def test_a_view_that_no_longer_exists_is_none(start: Callable[..., Program], home: Path) -> None:
    (home / "settings.ini").write_text("[draw]\nview=gone\n")
    page = start(page="draw").window.page("draw")
    assert isinstance(page, DrawPage)
    assert page.drawer.view_name == "steps"
