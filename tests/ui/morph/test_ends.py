"""Choosing the two ends: by class, by index, at random, from the pad."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.inference.morphing import Autoencoder
from mnist_desktop.inference.way import FINENESS
from mnist_desktop.ui.morph.page import MorphPage
from tests.ui.morph.morph_helpers import ends, press, said, way_of
from tests.unit.inference.onnx_autoencoder import plain_halves

Key, Button = Qt.Key, Qt.MouseButton


def test_chips_take_any_image_of_a_class(qtbot: QtBot, filled: MorphPage, dataset: Dataset) -> None:
    picker = filled.stage.first
    chip = picker._chips[7]
    taken = set()
    for _ in range(4):
        before = picker.end
        with qtbot.waitSignal(filled.way_shown):
            qtbot.mouseClick(chip, Button.LeftButton)
        assert picker.end is not before
        assert picker.end is not None
        assert picker.end.class_name == "7"
        assert chip.isChecked()
        assert not picker._chips[4].isChecked()
        taken.add(picker.end.index)
    assert len(taken) > 1
    assert picker.title.text() == "From 7"
    assert ends(filled)[1] == picker.index.value() or filled.stage.second.title.text() == "To 9"


def test_index_takes_that_image(qtbot: QtBot, filled: MorphPage, dataset: Dataset) -> None:
    index = filled.stage.second.index
    index.selectAll()
    qtbot.keyClicks(index, "123")
    with qtbot.waitSignal(filled.way_shown):
        qtbot.keyClick(index, Key.Key_Return)
    assert ends(filled)[1] == 123
    assert np.array_equal(filled.stage.second.picture.image, dataset.images[123])  # type: ignore[arg-type]
    assert filled.stage.second._chips[int(dataset.class_name(123))].isChecked()


def test_click_takes_another_of_the_class_and_figure_keys_of_any(
    qtbot: QtBot, filled: MorphPage
) -> None:
    picker = filled.stage.second
    before = ends(filled)[1]
    with qtbot.waitSignal(filled.way_shown):
        qtbot.mouseClick(picker.picture, Button.LeftButton)
    assert ends(filled)[1] != before
    assert picker.title.text() == "To 9"
    with qtbot.waitSignal(filled.way_shown):
        qtbot.keyClick(picker.picture, Key.Key_2)
    assert picker.title.text() == "To 2"
    before = ends(filled)[1]
    with qtbot.waitSignal(filled.way_shown):
        qtbot.keyClick(picker.picture, Key.Key_Return)
    assert ends(filled)[1] != before
    with qtbot.waitSignal(filled.way_shown):
        qtbot.mouseClick(picker.another, Button.LeftButton)
    assert picker.title.text() == "To 2"


def test_swap_exchanges_the_ends_and_shows_the_same_place(qtbot: QtBot, filled: MorphPage) -> None:
    first, second = ends(filled)
    filled.stage.way_view.go_to(30)
    shown = way_of(filled).pictures[30]
    with qtbot.waitSignal(filled.way_shown):
        press(qtbot, filled, "Swap")
    assert ends(filled) == (second, first)
    assert filled.stage.way_view.index == FINENESS - 30
    now = way_of(filled).pictures[FINENESS - 30]
    assert np.abs(now.astype(int) - shown).max() <= 1


def test_another_pair_has_two_classes(qtbot: QtBot, filled: MorphPage) -> None:
    seen = set()
    for _ in range(6):
        press(qtbot, filled, "Another pair")
        first, second = filled.stage.first.end, filled.stage.second.end
        assert first is not None
        assert second is not None
        assert first.class_name != second.class_name
        seen.add((first.index, second.index))
    assert len(seen) > 1
    qtbot.waitUntil(lambda: filled.is_ready)


def test_drawing_is_offered_and_taken(qtbot: QtBot, filled: MorphPage, dataset: Dataset) -> None:
    picker = filled.stage.first
    assert not picker.draw.isVisible()
    drawing = sample_dataset(10, seed=77).images[0].copy()
    filled.set_drawing(drawing)
    with qtbot.waitSignal(filled.way_shown):
        qtbot.mouseClick(picker.draw, Button.LeftButton)
    assert picker.end is not None
    assert picker.end.index is None
    assert np.array_equal(picker.picture.image, drawing)  # type: ignore[arg-type]
    assert picker.title.text() == "From your drawing"
    assert not any(chip.isChecked() for chip in picker._chips.values())
    assert picker.index.text() == "none"
    filled.set_drawing(None)
    assert not picker.draw.isVisible()
    with qtbot.waitSignal(filled.way_shown):
        qtbot.mouseClick(picker.another, Button.LeftButton)
    assert picker.end.index is not None
    assert picker.index.value() == picker.end.index


def test_index_before_the_drawing_can_be_taken_again(
    qtbot: QtBot, filled: MorphPage, dataset: Dataset
) -> None:
    picker = filled.stage.first
    picker.choose_index(0)
    filled.set_drawing(dataset.images[5].copy())
    picker.choose_drawing()
    picker.index.selectAll()
    qtbot.keyClicks(picker.index, "0")
    with qtbot.waitSignal(filled.way_shown):
        qtbot.keyClick(picker.index, Key.Key_Return)
    assert ends(filled)[0] == 0
    assert picker.index.text() == "0"


def test_drawing_of_another_size_is_not_offered(filled: MorphPage) -> None:
    filled.set_drawing(np.zeros((32, 32), np.uint8))
    assert not filled.stage.first.draw.isVisible()


def test_unlabelled_images_have_indices_only(
    qtbot: QtBot, filled: MorphPage, dataset: Dataset
) -> None:
    plain = Dataset("plain", dataset.images, None, ())
    with qtbot.waitSignal(filled.way_shown):
        filled.set_dataset(plain)
    picker = filled.stage.first
    assert ends(filled) == (0, 1)
    assert picker.title.text() == "From"
    assert not picker._chips
    assert not picker.classes.isVisible()
    with qtbot.waitSignal(filled.way_shown):
        qtbot.mouseClick(picker.picture, Button.LeftButton)
    assert ends(filled)[0] != 0


def test_many_classes_make_a_list(qtbot: QtBot, filled: MorphPage, dataset: Dataset) -> None:
    names = tuple(f"class {k}" for k in range(30))
    labels = np.arange(200) % 30
    with qtbot.waitSignal(filled.way_shown):
        filled.set_dataset(Dataset("many", dataset.images, labels, names))
    picker = filled.stage.first
    assert picker.classes.isVisible()
    assert not picker._chips
    assert picker.classes.currentText() == "class 0"
    with qtbot.waitSignal(filled.way_shown):
        picker.classes.setFocus()
        qtbot.keyClick(picker.classes, Key.Key_Down)
    assert picker.end is not None
    assert picker.end.class_name == "class 1"


def test_another_autoencoder_of_another_size(qtbot: QtBot, filled: MorphPage) -> None:
    random = np.random.default_rng(1)
    images = random.integers(0, 256, (6, 20, 20)).astype(np.uint8)
    filled.set_dataset(Dataset("noise", images, np.arange(6) % 2, ("no", "yes")))
    assert "28 × 28" in said(filled)
    with qtbot.waitSignal(filled.way_shown):
        filled.set_autoencoder(Autoencoder.from_bytes(*plain_halves(20), name="twenty"))
    assert way_of(filled).pictures.shape == (FINENESS + 1, 20, 20)
    assert "autoencoder twenty" in filled.head.subject.full_text()
