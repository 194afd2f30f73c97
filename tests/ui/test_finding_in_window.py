"""Sorting in the real window: told in the status bar, fed by an evaluation."""

from __future__ import annotations

from typing import cast

import numpy as np
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.picking import Order
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.ui.dataset.page import DatasetPage
from mnist_desktop.ui.evaluate.page import EvaluatePage
from mnist_desktop.ui.program import Program


def with_samples(program: Program, count: int) -> DatasetPage:
    """Show generated digits on the dataset page."""
    program.core.datasets.opened.emit(sample_dataset(count))
    return cast(DatasetPage, program.window.show_page("dataset"))


def choose(page: DatasetPage, order: Order) -> None:
    box = page.view_bar.picker.order
    box.setCurrentIndex(box.findData(order))


def test_asking_the_model_is_a_job_that_can_be_cancelled(program: Program, qtbot: QtBot) -> None:
    page = with_samples(program, 20_000)
    bar = program.window.status_bar
    choose(page, Order.LOSS)
    qtbot.waitUntil(lambda: bar.job_button.text() == "Asking the model")
    assert bar.cancel_button.isVisible()
    with qtbot.waitSignal(page.browser.measures.ended):
        bar.cancel_button.click()
    assert page.view_bar.picker.order.currentData() is Order.FILE
    qtbot.waitUntil(lambda: not bar.cancel_button.isVisible())


def test_an_evaluation_has_read_the_samples_already(program: Program, qtbot: QtBot) -> None:
    page = with_samples(program, 300)
    evaluate = cast(EvaluatePage, program.window.show_page("evaluate"))
    with qtbot.waitSignal(program.evaluation.evaluated, timeout=30_000) as told:
        evaluate.evaluate_requested.emit()
    evaluation = told.args[2]
    program.window.show_page("dataset")
    choose(page, Order.CONFIDENCE)
    measures = page.browser.measures
    assert not measures.predictions.runner.is_running
    shown = page.grid.shown.indices_at(range(300))
    assert np.array_equal(shown, np.argsort(evaluation.confidence, kind="stable"))


def test_the_menu_selects(program: Program, qtbot: QtBot) -> None:
    page = with_samples(program, 30)
    actions = {action.text().split("\t")[0]: action for action in page.bar.menu.actions()}
    actions["Select all"].trigger()
    assert page.grid.selection.size == 30
    actions["Invert selection"].trigger()
    assert page.grid.selection.size == 0
