"""Sort and filter by what is worked out first: brightness, and what the model reads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.picking import Order
from mnist_desktop.inference.classifier import Classifier, Prediction
from mnist_desktop.inference.contract import ModelError
from mnist_desktop.inference.predictions import Predictions
from mnist_desktop.ui.dataset.page import DatasetPage
from tests.ui.dataset.dataset_helpers import make_dataset

Key, Button = Qt.Key, Qt.MouseButton
NAMES = tuple("0123456789")
COUNT = 300


class Reader:
    """Reads a sample as the class before its label, wrongly, where its ink is dark, else rightly.

    The samples of `make_dataset` tell by their ink which they are.
    """

    def __init__(self, names: tuple[str, ...] = NAMES) -> None:
        self.contract = SimpleNamespace(class_names=names)
        self.go = threading.Event()
        self.go.set()
        self.fails = False

    def predict(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        if not self.go.wait(10):
            raise TimeoutError
        if self.fails:
            raise ModelError("the model fell over")
        ink = images[:, 10, 10].astype(int)
        label = (ink - 50) % 10
        wrong = ink >= 240
        sure = 0.5 + ink / 600
        answers = np.full((len(images), len(self.contract.class_names)), 0.01, np.float32)
        answers[np.arange(len(images)), np.where(wrong, label - 1, label)] = sure
        return answers

    def answer(self, image: NDArray[np.uint8]) -> Prediction:
        names = self.contract.class_names
        return Prediction(np.full(len(names), 1 / len(names), np.float32), names)


@pytest.fixture
def reader(filled: DatasetPage) -> Iterator[Reader]:
    made = Reader()
    filled.set_classifier(cast(Classifier, made))
    yield made
    made.go.set()


def shown(page: DatasetPage) -> list[int]:
    grid = page.grid
    return grid.shown.indices_at(range(grid.shown.count)).tolist()


def inks(page: DatasetPage) -> list[int]:
    return [index % 200 for index in shown(page)]


def choose(page: DatasetPage, order: Order) -> None:
    box = page.view_bar.picker.order
    box.setCurrentIndex(box.findData(order))


def entry(page: DatasetPage, order: Order) -> tuple[bool, str, str]:
    """Return whether an order can be chosen, its text and its tip."""
    box = page.view_bar.picker.order
    item = box.model().item(box.findData(order))
    return item.isEnabled(), item.text(), item.toolTip()


def line(page: DatasetPage) -> str:
    return str(page.view_bar.shown.full_text())


# Brightness


def test_brightness_both_ways(qtbot: QtBot, filled: DatasetPage) -> None:
    choose(filled, Order.BRIGHTNESS)
    qtbot.waitUntil(lambda: line(filled) == "300 images · least ink first")
    assert inks(filled) == sorted(inks(filled))
    assert shown(filled)[:4] == [0, 200, 1, 201], "equal ones stand as in the file"
    qtbot.mouseClick(filled.view_bar.picker.direction, Button.LeftButton)
    assert line(filled) == "300 images · most ink first"
    assert inks(filled) == sorted(inks(filled), reverse=True)
    assert shown(filled)[:2] == [199, 198]
    qtbot.keyClick(filled.grid, Key.Key_3)
    assert line(filled) == "30 of 300 images · class 3 · most ink first"
    assert shown(filled)[0] == 193


def test_brightness_is_measured_once_for_each_dataset(qtbot: QtBot, filled: DatasetPage) -> None:
    choose(filled, Order.BRIGHTNESS)
    qtbot.waitUntil(lambda: filled.grid.shown.indices is not None)
    kept = filled.browser.measures.brightness.value
    choose(filled, Order.FILE)
    choose(filled, Order.BRIGHTNESS)
    assert filled.browser.measures.brightness.value is kept
    assert filled.grid.shown.indices is not None
    filled.set_dataset(make_dataset(20))
    assert filled.browser.measures.brightness.value is None
    assert line(filled) == "20 images", "another dataset is shown as it stands"


# What is missing is told


def test_what_needs_labels_says_so(page: DatasetPage) -> None:
    page.set_classifier(cast(Classifier, Reader()))
    page.set_dataset(make_dataset(labelled=False))
    enabled, text, tip = entry(page, Order.FIRST_OF_EACH)
    assert (enabled, text) == (False, "First of each class (needs labels)")
    assert "no labels" in tip
    assert entry(page, Order.LOSS)[:2] == (False, "By loss (needs labels)")
    assert not page.view_bar.misread.isEnabled()
    assert "no labels" in page.view_bar.misread.toolTip()
    assert entry(page, Order.CONFIDENCE)[:2] == (True, "By confidence")


def test_what_needs_a_model_says_so(filled: DatasetPage) -> None:
    for order, text in ((Order.LOSS, "By loss"), (Order.CONFIDENCE, "By confidence")):
        assert entry(filled, order)[:2] == (False, f"{text} (needs a model)")
    assert not filled.view_bar.misread.isEnabled()
    assert entry(filled, Order.FIRST_OF_EACH)[:2] == (True, "First of each class")
    filled.set_classifier(cast(Classifier, Reader()))
    assert entry(filled, Order.LOSS)[:2] == (True, "By loss")
    assert filled.view_bar.misread.isEnabled()


def test_a_model_of_other_classes_is_told(filled: DatasetPage) -> None:
    filled.set_classifier(cast(Classifier, Reader(("A", "B", "C"))))
    enabled, text, tip = entry(filled, Order.LOSS)
    assert (enabled, text) == (False, "By loss (needs a model of these classes)")
    assert "A, B, C" in tip
    assert entry(filled, Order.CONFIDENCE)[0]


# What the model reads


def test_loss_and_confidence_both_ways(qtbot: QtBot, filled: DatasetPage, reader: Reader) -> None:
    choose(filled, Order.LOSS)
    qtbot.waitUntil(lambda: line(filled) == "300 images · largest loss first")
    assert set(inks(filled)[:10]) == set(range(190, 200)), "the misread have the largest loss"
    choose(filled, Order.CONFIDENCE)
    assert line(filled) == "300 images · least sure first"
    assert inks(filled) == sorted(inks(filled))
    qtbot.mouseClick(filled.view_bar.picker.direction, Button.LeftButton)
    assert line(filled) == "300 images · surest first"
    assert inks(filled) == sorted(inks(filled), reverse=True)


def test_only_misread_ones_with_what_they_were_taken_for(
    qtbot: QtBot, filled: DatasetPage, reader: Reader
) -> None:
    qtbot.mouseClick(filled.view_bar.misread, Button.LeftButton)
    qtbot.waitUntil(lambda: line(filled) == "10 of 300 images · misread")
    assert shown(filled) == list(range(190, 200))
    assert filled.grid.describe(3) == "index 193, label 3, read as 2 (90.5 %)"
    answers = filled.grid.shown.answers_at(range(10))
    assert answers is not None
    assert answers.tolist() == [9, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    qtbot.keyClick(filled.grid, Key.Key_3)
    assert shown(filled) == [193]
    assert filled.go_to(7), "a sample that was read right"
    assert not filled.view_bar.misread.isChecked()
    assert filled.grid.shown.count == COUNT


def test_the_grid_stays_usable_while_the_model_reads(
    qtbot: QtBot, filled: DatasetPage, reader: Reader
) -> None:
    reader.go.clear()
    filled.grid.go_to(42)
    choose(filled, Order.LOSS)
    qtbot.waitUntil(lambda: line(filled) == "Asking the model … 0 %")
    assert shown(filled) == list(range(COUNT))
    assert filled.grid.current_index() == 42
    qtbot.keyClick(filled.grid, Key.Key_Right)
    assert filled.grid.current_index() == 43
    qtbot.keyClick(filled.grid, Key.Key_3)
    assert shown(filled) == list(range(3, COUNT, 10))
    reader.go.set()
    qtbot.waitUntil(lambda: line(filled) == "30 of 300 images · class 3 · largest loss first")
    assert shown(filled)[0] == 193


def test_cancelling_goes_back_to_what_is_shown(
    qtbot: QtBot, filled: DatasetPage, reader: Reader
) -> None:
    choose(filled, Order.RANDOM)
    before = shown(filled)
    reader.go.clear()
    choose(filled, Order.CONFIDENCE)
    predictions = filled.browser.measures.predictions
    with qtbot.waitSignal(predictions.given_up):
        predictions.runner.cancel()
        reader.go.set()
    assert filled.view_bar.picker.order.currentData() is Order.RANDOM
    assert shown(filled) == before
    assert line(filled) == "100 of 300 images · random sample"
    choose(filled, Order.CONFIDENCE)
    qtbot.waitUntil(lambda: line(filled) == "300 images · least sure first")


def test_what_is_asked_for_no_longer_is_not_worked_out(
    qtbot: QtBot, filled: DatasetPage, reader: Reader
) -> None:
    reader.go.clear()
    choose(filled, Order.LOSS)
    runner = filled.browser.measures.predictions.runner
    assert runner.is_running
    choose(filled, Order.SHUFFLED)
    reader.go.set()
    qtbot.waitUntil(lambda: not runner.is_running)
    assert line(filled) == "300 images · shuffled"
    assert filled.view_bar.picker.order.currentData() is Order.SHUFFLED


def test_a_model_that_fails_is_told_in_the_page(
    qtbot: QtBot, filled: DatasetPage, reader: Reader
) -> None:
    reader.fails = True
    qtbot.mouseClick(filled.view_bar.misread, Button.LeftButton)
    qtbot.waitUntil(lambda: filled.error_strip.message() == "the model fell over")
    assert not filled.view_bar.misread.isChecked()
    assert filled.grid.shown.count == COUNT


def test_another_model_reads_anew(qtbot: QtBot, filled: DatasetPage, reader: Reader) -> None:
    choose(filled, Order.CONFIDENCE)
    qtbot.waitUntil(lambda: filled.grid.shown.predictions is not None)
    first = filled.browser.measures.predictions.value
    filled.set_classifier(cast(Classifier, Reader()))
    assert filled.grid.shown.predictions is None, "nothing shows any more what the other one read"
    qtbot.waitUntil(lambda: line(filled) == "300 images · least sure first")
    assert filled.browser.measures.predictions.value is not first
    filled.set_classifier(None)
    assert filled.view_bar.picker.order.currentData() is Order.FILE
    assert line(filled) == "300 images"


def test_predictions_made_elsewhere_are_used(filled: DatasetPage, reader: Reader) -> None:
    dataset = filled.dataset
    assert isinstance(dataset, Dataset)
    assert dataset.labels is not None
    truth = dataset.labels
    wrong = truth.copy()
    wrong[17] = 0
    losses = np.arange(COUNT, dtype=np.float32)
    predictions = Predictions(NAMES, wrong, losses / COUNT, truth, losses)
    filled.grid.go_to(250)
    filled.browser.measures.know(dataset, cast(Classifier, reader), predictions)
    assert filled.grid.current_index() == 250, "what nobody waited for changes nothing"
    choose(filled, Order.LOSS)
    assert shown(filled) == list(range(COUNT))[::-1], "at once, without a job"
    other = make_dataset(20)
    filled.set_dataset(other)
    assert filled.browser.measures.predictions.value is None
    filled.set_dataset(dataset)
    filled.view_bar.misread.click()
    assert shown(filled) == [17]


def test_predictions_made_elsewhere_end_the_waiting(
    qtbot: QtBot, filled: DatasetPage, reader: Reader
) -> None:
    dataset = filled.dataset
    assert isinstance(dataset, Dataset)
    assert dataset.labels is not None
    reader.go.clear()
    choose(filled, Order.CONFIDENCE)
    sure = np.linspace(1, 0, COUNT, dtype=np.float32)
    filled.browser.measures.know(
        dataset, cast(Classifier, reader), Predictions(NAMES, dataset.labels, sure, dataset.labels)
    )
    assert line(filled) == "300 images · least sure first"
    assert shown(filled) == list(range(COUNT))[::-1]
    reader.go.set()


# The amount of a random sample


def test_amount_of_a_random_sample(qtbot: QtBot, filled: DatasetPage) -> None:
    picker = filled.view_bar.picker
    assert not picker.amount.isVisible()
    choose(filled, Order.RANDOM)
    assert picker.amount.isVisible()
    assert len(shown(filled)) == 100
    picker.amount.setValue(7)
    assert line(filled) == "7 of 300 images · random sample"
    picker.amount.setValue(1_000_000)
    assert sorted(shown(filled)) == list(range(COUNT))
