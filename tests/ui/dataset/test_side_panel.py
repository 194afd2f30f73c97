"""Beside the grid stands the sample or the summary; the summary is computed when it is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.judgement import Certainty, Identity, Orientation
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.ui.dataset.page import DatasetPage
from mnist_desktop.ui.dataset.summary_view import STOPPED, SummaryView
from mnist_desktop.ui.program import Program
from tests.ui.dataset.dataset_helpers import make_dataset, press


@pytest.fixture
def summary(page: DatasetPage, qtbot: QtBot) -> SummaryView:
    """Return the summary of 300 labelled images, computed."""
    page.set_dataset(make_dataset())
    page.browser.side.show_tab("summary")
    view = page.browser.side.summary
    qtbot.waitUntil(lambda: view.statistics is not None)
    return view


def test_nothing_is_computed_before_the_tab_is_seen(filled: DatasetPage, qtbot: QtBot) -> None:
    side = filled.browser.side
    assert side.tab == "sample"
    assert not side.summary.work.runner.is_running
    assert side.summary.statistics is None
    side.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: side.summary.statistics is not None)
    assert side.summary.means.isVisible()


def test_summary_says_range_mean_and_deviation(summary: SummaryView) -> None:
    images = make_dataset().images
    values = [
        summary._ink.itemAt(row, summary._ink.ItemRole.FieldRole).widget().text()  # type: ignore[union-attr]
        for row in range(3)
    ]
    assert values[0] == f"0 to {images.max()}"
    assert values[1] == f"{images.mean():.2f} of 255 ({images.mean() / 255:.4f})"
    assert values[2] == f"{images.std():.2f} of 255 ({images.std() / 255:.4f})"


def test_clicking_a_bar_filters_by_its_class_and_again_by_none(
    summary: SummaryView, page: DatasetPage, qtbot: QtBot
) -> None:
    at = summary.bars.row_box(3).center().toPoint()
    qtbot.mouseClick(summary.bars, Qt.MouseButton.LeftButton, pos=at)
    assert page.bar.chips.chosen() == {3}
    assert page.grid.shown.count == 30
    qtbot.mouseClick(summary.bars, Qt.MouseButton.LeftButton, pos=at)
    assert page.bar.chips.chosen() == frozenset()
    assert page.grid.shown.count == 300


def test_keys_choose_a_bar(summary: SummaryView, page: DatasetPage, qtbot: QtBot) -> None:
    summary.bars.setFocus()
    for key in (Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Return):
        qtbot.keyClick(summary.bars, key)
    assert page.bar.chips.chosen() == {7}
    assert summary.bars.accessibleDescription() == "7: 30 samples (10.0 %)"
    qtbot.keyClick(summary.bars, Qt.Key.Key_Home)
    qtbot.keyClick(summary.bars, Qt.Key.Key_Space)
    assert page.bar.chips.chosen() == {0}


def test_clicking_a_mean_image_filters_too(
    summary: SummaryView, page: DatasetPage, qtbot: QtBot
) -> None:
    at = summary.means.picture_box(9).center().toPoint()
    qtbot.mouseClick(summary.means, Qt.MouseButton.LeftButton, pos=at)
    assert page.bar.chips.chosen() == {9}


def test_tips_tell_the_count(summary: SummaryView) -> None:
    for widget, box in (
        (summary.bars, summary.bars.row_box(4)),
        (summary.means, summary.means.picture_box(4)),
    ):
        at = box.center().toPoint()
        tip = QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at))
        QApplication.sendEvent(widget, tip)
        assert QToolTip.text() == "4: 30 samples (10.0 %)"


@pytest.mark.parametrize("classes", [1, 2, 10, 20, 21, 62, 600])
def test_every_class_has_a_row_and_a_picture_inside_the_panel(
    page: DatasetPage, qtbot: QtBot, classes: int
) -> None:
    page.set_dataset(make_dataset(1200, classes=classes))
    page.browser.side.show_tab("summary")
    view = page.browser.side.summary
    qtbot.waitUntil(lambda: view.statistics is not None)
    shown = min(classes, 512)
    for widget, box in ((view.bars, view.bars.row_box), (view.means, view.means.picture_box)):
        assert widget.width() <= view.viewport().width()
        for place in range(shown):
            assert widget.rect().contains(box(place).toRect().adjusted(1, 1, -1, -1))
            assert widget.place_at(box(place).center()) == place
    assert view._more.isVisible() == (classes > 512)


def test_without_labels_there_is_one_mean_image(page: DatasetPage, qtbot: QtBot) -> None:
    page.set_dataset(make_dataset(labelled=False))
    page.browser.side.show_tab("summary")
    view = page.browser.side.summary
    qtbot.waitUntil(lambda: view.statistics is not None)
    assert not view.bars.isVisible()
    assert view._no_classes.isVisible()
    assert view.means.place_at(view.means.picture_box(0).center()) == 0
    assert view.means.place_at(view.means.picture_box(1).center()) is None


def test_another_dataset_gives_up_the_figures_of_the_one_before(
    summary: SummaryView, page: DatasetPage, qtbot: QtBot
) -> None:
    big = np.broadcast_to(np.full((1, 28, 28), 9, np.uint8), (2_000_000, 28, 28))
    page.set_dataset(replace(make_dataset(1), images=big, labels=None))
    assert summary.work.runner.is_running
    page.set_dataset(make_dataset(20))
    qtbot.waitUntil(lambda: summary.statistics is not None)
    assert summary.statistics is not None
    assert summary.statistics.counts.tolist() == [2] * 10


def test_cancelled_summary_can_be_asked_for_again(
    summary: SummaryView, page: DatasetPage, qtbot: QtBot
) -> None:
    big = np.broadcast_to(np.full((1, 28, 28), 9, np.uint8), (2_000_000, 28, 28))
    page.set_dataset(replace(make_dataset(1), images=big, labels=None))
    with qtbot.waitSignal(summary.work.runner.cancelled):
        summary.work.runner.cancel()
    assert summary._state.text() == STOPPED
    summary._dataset = make_dataset(20)
    press(qtbot, page, "Sum up")
    qtbot.waitUntil(lambda: summary.statistics is not None)
    assert not summary._state.isVisible()


def test_summary_says_what_is_believed_and_how_firmly(page: DatasetPage) -> None:
    made = replace(
        make_dataset(),
        identity=Identity("KMNIST · train", Certainty.LIKELY, "Its figures are those"),
        orientation=Orientation(True, Certainty.GUESS, "It looks so"),
        transposed=True,
    )
    page.set_dataset(made)
    view = page.browser.side.summary
    assert view.identity.text() == "KMNIST · train · ≈ likely · Its figures are those."
    assert "lie on their side; they are shown turned upright" in view.orientation.text()
    assert "? only a guess" in view.orientation.text()
    page.set_dataset(make_dataset())
    assert view.identity.text().startswith("No published dataset known here · not known")
    assert view.orientation.text().startswith("Shown as stored · not known")


def test_opening_a_sample_shows_the_inspector(summary: SummaryView, page: DatasetPage) -> None:
    page.grid.sample_activated.emit(5)
    assert page.browser.side.tab == "sample"
    assert page.inspector.isVisible()


def test_tab_is_remembered(start: Callable[..., Program], qtbot: QtBot) -> None:
    first = start(page="dataset")
    page = first.window.page("dataset")
    assert isinstance(page, DatasetPage)
    page.set_dataset(sample_dataset(30))
    page.browser.side.tabs.setCurrentIndex(1)
    first.window.close()
    qtbot.waitUntil(lambda: not first.window.isVisible())
    again = start(page="dataset").window.page("dataset")
    assert isinstance(again, DatasetPage)
    assert again.browser.side.tab == "summary"


def test_summing_up_shows_in_the_status_bar(start: Callable[..., Program], qtbot: QtBot) -> None:
    program = start(page="dataset")
    page = program.window.page("dataset")
    assert isinstance(page, DatasetPage)
    big = np.broadcast_to(np.full((1, 28, 28), 9, np.uint8), (2_000_000, 28, 28))
    page.browser.side.show_tab("summary")
    page.set_dataset(replace(make_dataset(1), images=big, labels=None))
    runner = page.browser.side.summary.work.runner
    assert runner in program.core.jobs.running()
    page.set_dataset(None)
    qtbot.waitUntil(lambda: not runner.is_running)


def test_hiragana_are_shown_with_their_reading_where_there_is_a_font(
    page: DatasetPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kana = replace(
        make_dataset(), class_names=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
    )
    for has_font, shown in ((True, "お o"), (False, "o")):
        monkeypatch.setattr(QFontMetrics, "inFontUcs4", lambda self, sign, has=has_font: has)
        page.set_dataset(kana)
        assert page.browser.side.summary.bars.words(0).startswith(f"{shown}: ")
        assert page.bar.chips.names[0] == shown
    assert kana.class_name(0) == "o"
    page.set_dataset(make_dataset())
    assert page.bar.chips.names[0] == "0"
