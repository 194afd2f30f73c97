"""The whole morph page, driven as a person would."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.morphing import Autoencoder
from mnist_desktop.inference.way import FINENESS, Way
from mnist_desktop.ui.morph.missing import OPEN, SAMPLES, TRAIN
from mnist_desktop.ui.morph.page import MorphPage
from mnist_desktop.ui.morph.row_painter import STEPS
from mnist_desktop.ui.morph.way_view import SLIDER
from tests.ui.morph.morph_helpers import ends, press, said, way_of

Key, Button = Qt.Key, Qt.MouseButton


# Nothing yet


def test_page_asks_for_an_autoencoder_once_and_waits_calmly(
    app: QApplication, qtbot: QtBot
) -> None:
    page = MorphPage()
    asked: list[bool] = []
    page.autoencoder_wanted.connect(lambda: asked.append(True))
    assert not asked
    page.show()
    page.hide()
    page.show()
    assert asked == [True]
    assert "Loading the autoencoder" in said(page)
    assert not page.is_ready
    page.close_down()
    page.deleteLater()


def test_without_an_autoencoder_training_one_is_offered(qtbot: QtBot, page: MorphPage) -> None:
    page.set_autoencoder(None)
    assert "no autoencoder" in said(page)
    with qtbot.waitSignal(page.train_autoencoder_requested):
        press(qtbot, page, TRAIN)


def test_without_a_dataset_sample_digits_are_used(
    qtbot: QtBot, page: MorphPage, autoencoder: Autoencoder
) -> None:
    with qtbot.waitSignal(page.way_shown):
        page.set_autoencoder(autoencoder)
    assert page.used_dataset is not None
    assert "generated" in page.used_dataset.name
    assert page.head.subject.full_text().startswith(page.used_dataset.name)
    with qtbot.waitSignal(page.dataset_wanted):
        press(qtbot, page, "Open a dataset")


def test_images_of_another_size_are_told_with_what_can_be_done(
    qtbot: QtBot, page: MorphPage, autoencoder: Autoencoder
) -> None:
    other = Dataset("wide", np.zeros((5, 20, 24), np.uint8), None, ())
    page.set_autoencoder(autoencoder)
    page.set_dataset(other)
    assert "28 × 28; those of wide are 20 × 24" in said(page)
    with qtbot.waitSignal(page.train_autoencoder_requested):
        press(qtbot, page, TRAIN)
    with qtbot.waitSignal(page.way_shown):
        press(qtbot, page, SAMPLES)
    assert not page.head.open_dataset.isHidden()


@pytest.mark.parametrize(("count", "told"), [(0, "has no images"), (1, "has 1 image")])
def test_a_way_needs_two_images(
    qtbot: QtBot, page: MorphPage, autoencoder: Autoencoder, count: int, told: str
) -> None:
    page.set_autoencoder(autoencoder)
    page.set_dataset(Dataset("few", np.zeros((count, 28, 28), np.uint8), None, ()))
    assert told in said(page)
    with qtbot.waitSignal(page.dataset_wanted):
        press(qtbot, page, OPEN)


# The way


def test_it_begins_with_a_4_and_a_9(filled: MorphPage, dataset: Dataset) -> None:
    first, second = ends(filled)
    assert first is not None
    assert second is not None
    assert (dataset.class_name(first), dataset.class_name(second)) == ("4", "9")
    assert filled.stage.first.title.text() == "From 4"
    assert filled.stage.second.title.text() == "To 9"
    assert np.array_equal(filled.stage.first.picture.image, dataset.images[first])  # type: ignore[arg-type]
    assert not filled.head.open_dataset.isVisible()
    assert filled.sentence.text().startswith("The answer turns from 4")


def test_way_is_what_the_autoencoder_draws_and_the_model_reads(
    filled: MorphPage, dataset: Dataset, autoencoder: Autoencoder, classifier: Classifier
) -> None:
    first, second = ends(filled)
    pictures = autoencoder.morph(dataset.images[first], dataset.images[second], FINENESS + 1)
    way = way_of(filled)
    assert np.array_equal(way.pictures, pictures)
    assert way.probabilities is not None
    assert np.allclose(way.probabilities, classifier.predict(pictures))
    assert np.array_equal(filled.stage.between.image, pictures[FINENESS // 2])  # type: ignore[arg-type]
    assert filled.stage.place.text() == "50 %"


def test_keys_move_along_the_way(qtbot: QtBot, filled: MorphPage) -> None:
    filled.setFocus()
    slider = filled.stage.way_view.slider
    assert QApplication.focusWidget() is slider
    seen = []
    for key in (Key.Key_Home, Key.Key_Right, Key.Key_Right, Key.Key_Left, Key.Key_PageUp):
        qtbot.keyClick(slider, key)
        seen.append(filled.stage.way_view.index)
    assert seen == [0, 1, 2, 1, 1 + FINENESS // (STEPS - 1)]
    qtbot.keyClick(slider, Key.Key_End)
    assert filled.stage.place.text() == "100 %"
    assert np.array_equal(filled.stage.between.image, way_of(filled).pictures[-1])  # type: ignore[arg-type]
    assert filled.stage.answer.words()[0] == way_of(filled).prediction(FINENESS).label


def test_clicked_step_is_shown(qtbot: QtBot, filled: MorphPage) -> None:
    view = filled.stage.way_view
    for step in (0, 6, STEPS - 1):
        place = view.row.picture(step).center() + QPointF(0, SLIDER)
        qtbot.mouseClick(view, Button.LeftButton, pos=place.toPoint())
        assert view.current_step() == step
        assert view.index == way_of(filled).steps(STEPS)[step]
    assert QApplication.focusWidget() is view.slider


def test_slider_goes_where_it_is_clicked(qtbot: QtBot, filled: MorphPage) -> None:
    view = filled.stage.way_view
    for step in (1, 7):
        x = view.row.x(step / (STEPS - 1)) - view.slider.x()
        qtbot.mouseClick(
            view.slider, Button.LeftButton, pos=QPoint(round(x), view.slider.height() // 2)
        )
        assert view.current_step() == step


def test_dragged_slider_follows(qtbot: QtBot, filled: MorphPage) -> None:
    slider = filled.stage.way_view.slider
    middle = slider.height() // 2
    qtbot.mousePress(slider, Button.LeftButton, pos=QPoint(slider.width() // 4, middle))
    qtbot.mouseMove(slider, QPoint(slider.width() // 2, middle))
    qtbot.mouseMove(slider, QPoint(slider.width() * 3 // 4, middle))
    qtbot.mouseRelease(slider, Button.LeftButton, pos=QPoint(slider.width() * 3 // 4, middle))
    assert abs(slider.value() - 0.75 * FINENESS) < 3


def test_turn_is_said_where_it_is(filled: MorphPage) -> None:
    way, view = way_of(filled), filled.stage.way_view
    turn = way.turns()[0]
    before, after = int(turn.place * FINENESS), int(turn.place * FINENESS) + 1
    view.go_to(before)
    one = way.prediction(view.index).label
    view.go_to(after)
    assert (one, way.prediction(view.index).label) == (turn.before, turn.after)
    assert f"{round(100 * turn.place)} %" in filled.sentence.text()


def test_without_a_model_there_is_a_way_but_no_answer(
    qtbot: QtBot, filled: MorphPage, classifier: Classifier
) -> None:
    with qtbot.waitSignal(filled.way_shown):
        filled.set_classifier(None)
    assert way_of(filled).probabilities is None
    assert filled.stage.answer.words() == ("", "")
    assert "No model" in filled.sentence.text()
    filled.grab()
    with qtbot.waitSignal(filled.way_shown):
        filled.set_classifier(classifier)
    assert filled.stage.answer.words() != ("", "")


def test_newest_pair_wins(qtbot: QtBot, filled: MorphPage, dataset: Dataset) -> None:
    shown: list[Way] = []
    filled.way_shown.connect(shown.append)
    for index in range(30):
        filled.stage.first.choose_index(index)
    qtbot.waitUntil(lambda: filled.is_ready and bool(shown))
    assert len(shown) < 30
    autoencoder = filled._autoencoder
    assert autoencoder is not None
    assert np.array_equal(
        way_of(filled).pictures[0], autoencoder.decode(autoencoder.encode(dataset.images[29:30]))[0]
    )


def test_a_model_that_fails_is_told_and_the_way_stays(
    qtbot: QtBot, filled: MorphPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = filled.way

    def fail(*_: object) -> None:
        raise UserError("The model failed on its input", "Choose another one.")

    monkeypatch.setattr(filled._classifier, "predict", fail)
    filled.stage.first.choose_index(3)
    qtbot.waitUntil(lambda: filled.message.message() == "The model failed on its input")
    assert filled.way is before


# The file


def test_row_is_saved_where_a_person_says(qtbot: QtBot, filled: MorphPage, tmp_path: Path) -> None:
    press(qtbot, filled, "Save row …")
    dialog = filled.findChild(QFileDialog, "file_dialog")
    assert dialog is not None
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    assert Path(dialog.selectedFiles()[0]).name == "morph 4-9.png"
    path = tmp_path / "変形.png"
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    assert path.read_bytes().startswith(b"\x89PNG")
    assert str(path) in filled.message.message()
    assert filled.message.kind == "good"


def test_row_that_cannot_be_saved_is_told(qtbot: QtBot, filled: MorphPage, tmp_path: Path) -> None:
    press(qtbot, filled, "Save row …")
    dialog = filled.findChild(QFileDialog, "file_dialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "missing" / "row.png"))
    dialog.reject()
    assert "could not be written" in filled.message.message()
    assert filled.message.kind == "bad"
