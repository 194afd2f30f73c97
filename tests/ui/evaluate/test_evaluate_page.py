"""The evaluate page, driven as a person would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier, default_model_path
from mnist_desktop.inference.evaluation import Evaluation, evaluate
from mnist_desktop.progress import Progress
from mnist_desktop.ui.evaluate.page import EvaluatePage
from mnist_desktop.ui.workers import JobRunner

LEFT, Key = Qt.MouseButton.LeftButton, Qt.Key


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load(default_model_path())


@pytest.fixture
def shown(
    page: EvaluatePage, classifier: Classifier, dataset: Dataset, evaluation: Evaluation
) -> EvaluatePage:
    """Return the page with an evaluation on it."""
    page.set_classifier(classifier)
    page.set_dataset(dataset)
    page.on_started()
    page.on_finished(evaluation)
    return page


def press(qtbot: QtBot, page: EvaluatePage, text: str) -> None:
    """Click the one visible button with this text."""
    found = [b for b in page.findChildren(QPushButton) if b.text() == text and b.isVisible()]
    assert len(found) == 1, [b.text() for b in page.findChildren(QPushButton)]
    qtbot.mouseClick(found[0], LEFT)


def gallery_indices(page: EvaluatePage) -> list[int]:
    assert page.result.gallery.misread is not None
    found: list[int] = page.result.gallery.misread.indices.tolist()
    return found


# Nothing yet


def test_empty_page_says_what_to_do_next(
    qtbot: QtBot, page: EvaluatePage, classifier: Classifier, dataset: Dataset
) -> None:
    with qtbot.waitSignal(page.model_wanted):
        press(qtbot, page, "Choose a model")
    page.set_classifier(classifier)
    with qtbot.waitSignal(page.dataset_wanted):
        press(qtbot, page, "Choose a dataset")
    page.set_dataset(replace(dataset, labels=None))
    with qtbot.waitSignal(page.dataset_wanted):
        press(qtbot, page, "Choose a dataset")
    page.set_dataset(dataset)
    with qtbot.waitSignal(page.evaluate_requested):
        press(qtbot, page, "Evaluate")
    assert page.is_running


def test_a_running_evaluation_shows_progress_and_can_be_cancelled(
    qtbot: QtBot, page: EvaluatePage, classifier: Classifier, dataset: Dataset
) -> None:
    page.set_classifier(classifier)
    page.set_dataset(dataset)
    press(qtbot, page, "Evaluate")
    page.on_progress(Progress(30, 60))
    assert page.progress.isVisible()
    assert page.progress.value() == 500
    with qtbot.waitSignal(page.cancel_requested):
        press(qtbot, page, "Cancel")
    page.on_cancelled()
    assert not page.progress.isVisible()
    with qtbot.waitSignal(page.evaluate_requested):
        press(qtbot, page, "Evaluate")


def test_a_failure_is_told_and_the_page_stays(qtbot: QtBot, shown: EvaluatePage) -> None:
    press(qtbot, shown, "Evaluate again")
    shown.on_failed(UserError("The classes do not fit", "Choose another model."))
    assert shown.message.message() == "The classes do not fit"
    assert shown.result.isVisible()
    assert shown.evaluate_button.isVisible()


# A result


def test_figures_of_a_result(shown: EvaluatePage) -> None:
    view = shown.result
    assert view.accuracy.text() == "93.33 %"
    # Wilson's interval for 56 of 60, worked out by hand: 84.07 to 97.38 %.
    assert view.interval.text() == "84.07 % to 97.38 %, 95 % sure"
    assert "4 of 60 misread" in view.summary.text()
    assert gallery_indices(shown) == [3, 2, 6, 0]


def test_a_click_on_a_cell_filters_the_gallery(qtbot: QtBot, shown: EvaluatePage) -> None:
    chart = shown.result.confusion_chart
    x, y, width, height = chart.layout_now().rect(0, 1)
    qtbot.mouseClick(chart, LEFT, pos=QPoint(x + width // 2, y + height // 2))
    assert gallery_indices(shown) == [3, 6, 0]
    assert "“zero” read as “one”" in shown.result.gallery_title.text()
    press(qtbot, shown, "Show all")
    assert chart.selected is None
    assert gallery_indices(shown) == [3, 2, 6, 0]


def test_a_cell_of_the_diagonal_shows_the_least_sure_right_answers(shown: EvaluatePage) -> None:
    shown.result.confusion_chart.select((1, 1))
    found = gallery_indices(shown)
    assert len(found) == 20
    assert {index % 3 for index in found} == {1}
    assert "least sure" in shown.result.gallery_title.text()


def test_a_row_of_the_table_filters_the_gallery_and_the_cell_lets_go(
    qtbot: QtBot, shown: EvaluatePage
) -> None:
    view = shown.result
    view.confusion_chart.select((0, 1))
    view.class_table.select_class(2)
    assert view.confusion_chart.selected is None
    assert gallery_indices(shown) == [2]
    view.confusion_chart.select((0, 1))
    assert view.class_table.selected_class() is None
    assert gallery_indices(shown) == [3, 6, 0]


def test_the_table_sorts_by_any_column(shown: EvaluatePage) -> None:
    table = shown.result.class_table
    model = table.model()

    def names() -> list[str]:
        return [model.index(row, 0).data() for row in range(model.rowCount())]

    assert names() == ["zero", "one", "two"]
    assert [model.index(0, column).data() for column in range(6)] == [
        "zero",
        "94.44 %",
        "85.00 %",
        "89.47 %",
        "3",
        "20",
    ]
    table.sortByColumn(4, Qt.SortOrder.DescendingOrder)
    assert names() == ["zero", "two", "one"]
    table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert names() == ["one", "zero", "two"]
    table.select_class(2)
    assert table.selected_class() == 2


def test_gallery_by_keyboard_and_double_click(qtbot: QtBot, shown: EvaluatePage) -> None:
    gallery = shown.result.gallery
    qtbot.keyClick(gallery, Key.Key_Right)
    qtbot.keyClick(gallery, Key.Key_Right)
    assert "Image 2: “two” read as “zero”" in gallery.accessibleDescription()
    with qtbot.waitSignal(shown.show_sample_requested) as asked:
        qtbot.keyClick(gallery, Key.Key_Return)
    assert asked.args == [2]
    qtbot.keyClick(gallery, Key.Key_End)
    assert gallery.current == 3
    with qtbot.waitSignal(shown.show_sample_requested) as asked:
        qtbot.mouseDClick(gallery.viewport(), LEFT, pos=gallery.cell(0).center())
    assert asked.args == [3]


def test_gallery_scrolls_to_what_is_selected(
    qtbot: QtBot, page: EvaluatePage, classifier: Classifier, dataset: Dataset
) -> None:
    assert dataset.labels is not None
    wrong = (dataset.labels + 1) % 3
    confidence = np.linspace(1, 0, len(dataset), dtype=np.float32)
    page.set_classifier(classifier)
    page.set_dataset(dataset)
    page.on_started()
    page.on_finished(Evaluation(dataset.class_names, dataset.labels, wrong, confidence, 3.0))
    gallery = page.result.gallery
    qtbot.keyClick(gallery, Key.Key_End)
    assert gallery.viewport().rect().contains(gallery.cell(59))
    qtbot.keyClick(gallery, Key.Key_Home)
    assert gallery.viewport().rect().contains(gallery.cell(0))
    qtbot.keyClick(gallery, Key.Key_PageDown)
    assert gallery.current >= gallery.columns()


def test_another_dataset_leaves_the_result_and_says_so(
    qtbot: QtBot, shown: EvaluatePage, dataset: Dataset
) -> None:
    other = replace(dataset, name="other")
    shown.set_dataset(other)
    assert "on three, 60 images" in shown.message.message()
    with qtbot.assertNotEmitted(shown.show_sample_requested):
        qtbot.keyClick(shown.result.gallery, Key.Key_Home)
        qtbot.keyClick(shown.result.gallery, Key.Key_Return)
    assert "no longer open" in shown.message.message()
    shown.set_dataset(dataset)
    with qtbot.waitSignal(shown.evaluate_requested):
        press(qtbot, shown, "Evaluate again")


def test_a_model_measured_on_what_it_learned_from_is_told(
    page: EvaluatePage, dataset: Dataset, evaluation: Evaluation
) -> None:
    model = SimpleNamespace(name="mine", contract=SimpleNamespace(trained_on=dataset.name))
    page.set_classifier(model)
    page.set_dataset(dataset)
    page.on_started()
    page.on_finished(evaluation)
    assert page.message.message() == "mine was trained on three"
    assert page.message.kind == "careful"
    model.contract.trained_on = "three, merged into 2 classes, without 15 % set apart by seed 0"
    page.on_started()
    page.on_finished(evaluation)
    assert model.contract.trained_on in page.message.message()
    assert any("or most of them" in label.text() for label in page.message.findChildren(QLabel))
    model.contract.trained_on = "other"
    page.on_started()
    page.on_finished(evaluation)
    assert page.message.message() == ""


# For real


@pytest.fixture
def runner(page: EvaluatePage, classifier: Classifier) -> Iterator[JobRunner]:
    """Return a runner wired to the page as the window does it, for generated digits."""
    digits = sample_dataset(200, seed=1)
    made = JobRunner()
    page.evaluate_requested.connect(lambda: made.start(lambda: evaluate(classifier, digits)))
    page.cancel_requested.connect(made.cancel)
    made.progressed.connect(page.on_progress)
    made.finished.connect(page.on_finished)
    made.failed.connect(page.on_failed)
    made.cancelled.connect(page.on_cancelled)
    page.set_classifier(classifier)
    page.set_dataset(digits)
    yield made
    assert made.wait_closed()


def test_the_models_own_digits_are_read(
    qtbot: QtBot, page: EvaluatePage, runner: JobRunner
) -> None:
    press(qtbot, page, "Evaluate")
    qtbot.waitUntil(lambda: not page.is_running, timeout=30_000)
    assert page.result.isVisible(), page.message.message()
    assert float(page.result.accuracy.text().split()[0]) >= 90
    assert int(page.result.confusion_chart.confusion.sum()) == 200
