"""How the page looks and moves: sizes, schemes, names, speed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.morphing import Autoencoder, default_autoencoder_path
from mnist_desktop.inference.way import FINENESS
from mnist_desktop.ui import theme
from mnist_desktop.ui.morph.page import MorphPage
from mnist_desktop.ui.morph.row_painter import STEPS
from mnist_desktop.ui.morph.way_view import SLIDER
from tests.ui.morph.morph_helpers import way_of


@pytest.mark.parametrize("size", [(816, 564), (940, 664), (1836, 1044), (1836, 564), (816, 1044)])
def test_parts_keep_apart_at_every_size(filled: MorphPage, size: tuple[int, int]) -> None:
    filled.resize(*size)
    QApplication.processEvents()
    stage = filled.stage
    pictures = [stage.first.picture, stage.between, stage.second.picture]
    rooms = [part.rect().translated(part.mapTo(stage, QPoint(0, 0))) for part in pictures]
    assert len({(room.width(), room.height()) for room in rooms}) == 1
    assert rooms[0].right() < rooms[1].left()
    assert rooms[1].right() < rooms[2].left()
    assert all(stage.rect().contains(room) for room in rooms)
    row = stage.way_view.geometry()
    assert stage.answer.geometry().bottom() < row.top() + SLIDER
    assert row.bottom() <= stage.rect().bottom()
    lowest = stage.first._chip_holder.geometry().bottom()
    assert lowest < row.top() + SLIDER // 2


def test_pictures_grow_with_the_window(filled: MorphPage) -> None:
    sides = []
    for size in ((940, 664), (1836, 1044)):
        filled.resize(*size)
        QApplication.processEvents()
        sides.append(filled.stage.between.width())
    assert sides[0] >= 9 * 28
    assert sides[1] >= 18 * 28


def test_theme_switch_repaints(app: QApplication, filled: MorphPage) -> None:
    def paper() -> str:
        image = filled.grab().toImage()
        corner = filled.stage.between.mapTo(filled, QPoint(8, 8))
        return image.pixelColor(corner).name()

    assert paper() == theme.LIGHT.paper.name()
    theme.apply_theme(app, "dark")
    assert paper() == theme.DARK.paper.name()


def test_everything_that_takes_the_keyboard_has_a_name(filled: MorphPage) -> None:
    stage = filled.stage
    for picker in (stage.first, stage.second):
        for part in (picker.picture, picker.index, picker.another, picker.draw, picker.classes):
            assert part.accessibleName()
    assert stage.first.picture.accessibleName() != stage.second.picture.accessibleName()
    assert stage.way_view.slider.accessibleName()
    assert "50 %" in stage.between.accessibleDescription()
    assert stage.way_view.accessibleName().count(";") == STEPS - 1


def test_moving_the_slider_is_fast(filled: MorphPage) -> None:
    """The pictures of a way are all there, so that moving computes nothing."""
    import time

    view = filled.stage.way_view
    times = []
    for index in range(FINENESS):
        began = time.perf_counter()
        view.go_to(index)
        filled.stage.between.grab()
        times.append(time.perf_counter() - began)
    assert sorted(times)[len(times) // 2] < 0.02


def test_real_digits_turn(qtbot: QtBot, page: MorphPage, shared_data: Path) -> None:
    from mnist_desktop.datasets.dataset import open_dataset
    from mnist_desktop.inference.classifier import default_model_path

    page.set_classifier(Classifier.load(default_model_path()))
    page.set_dataset(open_dataset(shared_data / "mnist" / "t10k-images-idx3-ubyte.gz"))
    with qtbot.waitSignal(page.way_shown):
        page.set_autoencoder(Autoencoder.load(default_autoencoder_path()))
    way = way_of(page)
    assert (way.prediction(0).label, way.prediction(FINENESS).label) == ("4", "9")
    (turn,) = way.turns()
    assert 0.3 < turn.place < 0.8
