"""The train page from start to end, driven as a person would."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.errors import UserError
from mnist_desktop.ui.train.controls import State
from mnist_desktop.ui.train.page import TrainPage
from tests.ui.train.page_helpers import click, result, start
from tests.ui.train.training_reports import reports


def test_states_from_start_to_end(qtbot: QtBot, page: TrainPage, digits: Dataset) -> None:
    page.set_dataset(digits)
    start(qtbot, page)
    buttons = page.controls
    assert not page.form.choose_button.isEnabled()
    assert not buttons.stop_button.isEnabled()
    page.on_started()
    assert page.state is State.RUNNING
    for report in reports(epochs=3):
        page.on_progress(report)
    assert page.figures.value("epoch") == "3 of 3"
    assert page.figures.value("images/s") == "21,400"
    assert page.figures.value("time left") == "1:42"
    assert page.figures.value("best") == "93.00 %"
    assert page.progress.value() == 1000

    with qtbot.waitSignal(page.pause_requested) as paused:
        click(qtbot, buttons.pause_button)
    assert paused.args == [True]
    assert page.state is State.PAUSED
    with qtbot.waitSignal(page.pause_requested) as paused:
        click(qtbot, buttons.pause_button)
    assert paused.args == [False]
    with qtbot.waitSignal(page.finish_epoch_requested):
        click(qtbot, buttons.finish_button)
    assert page.state is State.FINISHING
    assert not buttons.finish_button.isEnabled()
    page.on_finished(result(finished_early=True))
    assert page.state is State.IDLE
    assert page.message.kind == "good"
    assert "98.76 % of the test images" in page.message.message()
    assert "early" in page.message.message()
    assert page.figures.value("time left") == "0:12"
    assert buttons.start_button.isVisible()
    assert page.form.choose_button.isEnabled()


def test_finishing_from_a_pause_goes_on_first(
    qtbot: QtBot, page: TrainPage, digits: Dataset
) -> None:
    page.set_dataset(digits)
    start(qtbot, page)
    page.on_started()
    click(qtbot, page.controls.pause_button)
    with qtbot.waitSignals([page.pause_requested, page.finish_epoch_requested], order="strict"):
        click(qtbot, page.controls.finish_button)
    assert page.state is State.FINISHING


def test_stop_asks_and_tells_what_is_kept(qtbot: QtBot, page: TrainPage, digits: Dataset) -> None:
    page.set_dataset(digits)
    start(qtbot, page)
    page.on_started()
    with qtbot.waitSignal(page.stop_requested):
        click(qtbot, page.controls.stop_button)
    assert not page.controls.stop_button.isEnabled()
    page.on_cancelled()
    assert "no model was written" in page.message.message()
    assert page.state is State.IDLE


def test_a_failure_is_told_in_the_page_and_the_form_is_free_again(
    qtbot: QtBot, page: TrainPage, digits: Dataset
) -> None:
    page.set_dataset(digits)
    start(qtbot, page)
    page.on_failed(UserError("The disk is full", "Free some space."))
    assert page.message.kind == "bad"
    assert page.message.message() == "The disk is full"
    assert page.controls.start_button.isEnabled()


def test_space_starts_pauses_and_goes_on(qtbot: QtBot, page: TrainPage, digits: Dataset) -> None:
    page.set_dataset(digits)
    page.setFocus()
    with qtbot.waitSignal(page.start_requested):
        qtbot.keyClick(page, Qt.Key.Key_Space)
    page.on_started()
    for paused in (True, False):
        with qtbot.waitSignal(page.pause_requested) as asked:
            qtbot.keyClick(page, Qt.Key.Key_Space)
        assert asked.args == [paused]


def test_space_without_a_dataset_starts_nothing(qtbot: QtBot, page: TrainPage) -> None:
    with qtbot.assertNotEmitted(page.start_requested):
        qtbot.keyClick(page, Qt.Key.Key_Space)
    assert page.state is State.IDLE


def test_a_new_training_begins_with_empty_charts(
    qtbot: QtBot, page: TrainPage, digits: Dataset
) -> None:
    page.set_dataset(digits)
    page.on_started()
    for report in reports():
        page.on_progress(report)
    page.on_finished(result())
    start(qtbot, page)
    page.on_started()
    assert not page.training_chart.curves
    assert page.figures.value("best") == "–"
    assert page.progress.value() == 0
