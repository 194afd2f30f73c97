"""Sort and filter by what is worked out first: brightness, and what the model reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.picking import Order
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.predictions import Predictions
from mnist_desktop.ui.dataset.page import DatasetPage
from tests.ui.dataset.dataset_helpers import make_dataset
from tests.ui.dataset.finding_helpers import NAMES, Reader, choose, inks, line, shown

Key, Button = Qt.Key, Qt.MouseButton
COUNT = 300


@pytest.fixture
def reader(filled: DatasetPage) -> Iterator[Reader]:
    made = Reader()
    filled.set_classifier(cast(Classifier, made))
    yield made
    made.go.set()


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
