"""The pairs side by side: which come first, what is painted, how one goes through them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.duplicates import Duplicates, find_duplicates_job
from mnist_desktop.progress import Progress, finish
from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset import pair_painter
from mnist_desktop.ui.dataset.duplicates_view import BEFORE, FILTERS, DuplicatesView
from mnist_desktop.ui.dataset.pair_painter import (
    SIDES,
    RowLayout,
    difference_colours,
    difference_image,
    words_of,
)
from tests.ui.helpers import on_screen
from tests.unit.datasets.twins import digits, planted

Key, Button = Qt.Key, Qt.MouseButton


@pytest.fixture
def found() -> Duplicates:
    """Return six pairs: two conflicts, one of them a leak, a leak, two more, a near one."""
    train, test = planted()
    return finish(find_duplicates_job(train, test, threshold=0.01))


@pytest.fixture
def view(app: QApplication) -> Iterator[DuplicatesView]:
    """Return the view on the screen, before anything was looked for."""
    yield from on_screen(DuplicatesView(), width=892, height=560)


@pytest.fixture
def filled(view: DuplicatesView, found: Duplicates) -> DuplicatesView:
    """Return the view with six pairs."""
    view.show_found(found)
    return view


def test_before_a_search_it_says_what_it_is_for(qtbot: QtBot, view: DuplicatesView) -> None:
    assert view.nothing.isVisible()
    assert view.nothing.sentence.text() == BEFORE
    assert not view.save_button.isVisible()
    with qtbot.waitSignal(view.start_requested):
        qtbot.mouseClick(view.form.start_button, Button.LeftButton)


def test_counts_on_top_and_a_filter_for_each_kind(filled: DuplicatesView) -> None:
    assert filled.headline.text() == (
        "5 exact duplicates, 1 near duplicate, 2 with conflicting labels, "
        "2 leaks train → test; 1 blank image"
    )
    assert [made.text() for made in filled.filters] == [
        f"{text} {count}" for text, count in zip(FILTERS, (6, 2, 2, 5, 1), strict=True)
    ]
    assert filled.note.text() == "Blank: train 60."


def test_a_filter_shows_its_pairs(qtbot: QtBot, filled: DuplicatesView) -> None:
    qtbot.mouseClick(filled.filters[2], Button.LeftButton)

    assert len(filled.list) == 2
    assert [filled.list.choose(place) or filled.list.pair() for place in (0, 1)] == [0, 2]


def test_a_filter_without_pairs_is_not_offered(view: DuplicatesView) -> None:
    train, _ = planted()
    view.show_found(finish(find_duplicates_job(train, threshold=0.0)))

    assert [made.isVisible() for made in view.filters] == [True, True, False, True, False]


def test_nothing_found_is_said_with_how_sure_that_is(view: DuplicatesView) -> None:
    view.show_found(finish(find_duplicates_job(digits(30), threshold=0.05)))

    assert view.nothing.isVisible()
    text = "No duplicates: every two images differ by more than 5 %."
    assert view.nothing.sentence.text() == text
    assert not view.save_button.isVisible()


def test_what_was_left_out_is_said(view: DuplicatesView, found: Duplicates) -> None:
    view.show_found(replace(found, complete_to=0.004))

    assert "All that differ by less than 0.4 % are here." in view.note.text()


def test_of_many_blank_images_some_are_named(view: DuplicatesView, found: Duplicates) -> None:
    view.show_found(replace(found, blank=(np.arange(7), np.arange(1000, 1007))))

    assert view.note.text() == (
        "Blank: train 0, train 1, train 2, train 3, train 4, train 5, train 6, "
        "test 1,000, test 1,001, test 1,002 …"
    )


def test_keys_go_through_pairs_and_samples(qtbot: QtBot, filled: DuplicatesView) -> None:
    pairs = filled.list
    keys = (Key.Key_Down, Key.Key_Right, Key.Key_End, Key.Key_Down, Key.Key_Up)
    told = []
    for key in keys:
        qtbot.keyClick(pairs, key)
        told.append((pairs.current, pairs.side))

    assert told == [(1, 0), (1, 1), (5, 1), (5, 1), (4, 1)]
    assert pairs.row(4).intersects(pairs.viewport().rect())
    qtbot.keyClick(pairs, Key.Key_Home)
    qtbot.keyClick(pairs, Key.Key_PageDown)
    assert pairs.current == pairs.viewport().height() // pairs.row_height()


def test_enter_asks_for_the_sample_in_its_split(qtbot: QtBot, filled: DuplicatesView) -> None:
    asked: list[tuple[Dataset, int]] = []
    filled.sample_requested.connect(lambda dataset, index: asked.append((dataset, index)))

    qtbot.keyClick(filled.list, Key.Key_Return)
    qtbot.keyClick(filled.list, Key.Key_Right)
    qtbot.keyClick(filled.list, Key.Key_Return)

    assert [(dataset.split, index) for dataset, index in asked] == [("train", 30), ("test", 11)]


def test_a_double_click_asks_for_the_sample_under_it(qtbot: QtBot, filled: DuplicatesView) -> None:
    row = filled.list.row(1)
    place = RowLayout.within(row.width()).picture(row, 1).center()

    with qtbot.waitSignal(filled.list.sample_activated) as asked:
        qtbot.mouseDClick(filled.list.viewport(), Button.LeftButton, pos=place)

    assert asked.args == [1, 1]


def test_a_click_below_the_last_pair_chooses_nothing(
    qtbot: QtBot, view: DuplicatesView, found: Duplicates
) -> None:
    view.show_found(found)
    qtbot.mouseClick(view.filters[4], Button.LeftButton)
    bottom = view.list.viewport().height() - 2

    qtbot.mouseClick(view.list.viewport(), Button.LeftButton, pos=QPoint(20, bottom))

    assert view.list.current == 0
    assert view.list.place_at(QPoint(20, bottom)) == -1


def test_escape_goes_back(qtbot: QtBot, filled: DuplicatesView) -> None:
    with qtbot.waitSignal(filled.closed):
        qtbot.keyClick(filled.list, Key.Key_Escape)


def test_only_pairs_in_sight_are_painted(
    view: DuplicatesView, found: Duplicates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many pairs there are; here are 300,000."""
    many = np.resize(np.arange(len(found)), 300_000)
    read: list[int] = []
    original = pair_painter.words_of
    monkeypatch.setattr(
        pair_painter, "words_of", lambda found, pair: read.append(pair) or original(found, pair)
    )
    view.show_found(found)
    view.list.set_pairs(found, many)
    read.clear()
    for place in (0, 123_456, 299_999):
        view.list.choose(place)
        view.list.viewport().grab()

    rows = view.list.viewport().height() // view.list.row_height() + 2
    assert 3 <= len(read) <= 3 * rows
    assert view.list.row(299_999).bottom() <= view.list.viewport().height()


def test_what_those_who_cannot_see_it_are_told(filled: DuplicatesView) -> None:
    assert filled.list.accessibleDescription() == (
        "1 of 6: Conflicting labels, and a leak train → test: train 30, label 2 and "
        "test 11, label 7; equal in every pixel"
    )


def test_each_kind_has_a_sign_and_words(found: Duplicates) -> None:
    told = [(words.kind, words.title) for words in (words_of(found, p) for p in range(len(found)))]

    assert told == [
        ("bad", "Conflicting labels, and a leak train → test"),
        ("bad", "Conflicting labels"),
        ("careful", "Leak train → test"),
        ("", "Exact duplicate"),
        ("", "Exact duplicate"),
        ("", "Near duplicate"),
    ]
    near = words_of(found, 5).difference
    assert near.startswith("differ by 0.0")
    assert near.endswith(": 1 pixel, by 1 at most")


def test_a_moved_image_is_said_to_be_moved() -> None:
    train = digits(3)
    images = np.concatenate([train.images[:1], np.roll(train.images[:1], 1, axis=2)])
    moved = replace(train, images=images, labels=None)

    found = finish(find_duplicates_job(moved, threshold=0.0, moved=True))

    assert words_of(found, 0).difference == "equal, but moved by a pixel"
    assert words_of(found, 0).title == "Near duplicate"


@pytest.mark.parametrize("scheme", [theme.LIGHT, theme.DARK])
def test_the_difference_shows_which_has_more_ink(scheme: theme.Theme) -> None:
    first, second = np.zeros((2, 27, 30), np.uint8)
    first[3, 4], second[20, 29] = 40, 20

    picture = difference_image(first, second, scheme)

    left, right = difference_colours(scheme)
    assert picture.pixelColor(4, 3) == left
    assert picture.pixelColor(0, 0) == scheme.paper
    halfway = picture.pixelColor(29, 20).rgb()
    assert halfway not in (right.rgb(), scheme.paper.rgb())  # half of the largest difference
    assert picture.size().toTuple() == (30, 27)


def test_pictures_grow_with_the_window() -> None:
    assert [RowLayout.within(width).side for width in (0, 880, 1100, 1700)] == [112, 112, 168, 224]
    assert all(side % 28 == 0 for side in SIDES.values())


def test_exporting_is_offered_for_each_split_with_copies(
    qtbot: QtBot, filled: DuplicatesView
) -> None:
    actions = filled.export_menu.actions()

    assert [action.text() for action in actions] == [
        "train, without 2 images…",
        "test, without 3 images…",
    ]
    with qtbot.waitSignal(filled.export_requested) as asked:
        actions[1].trigger()
    assert asked.args == [1]


def test_running_shows_progress_and_cancel(qtbot: QtBot, filled: DuplicatesView) -> None:
    filled.on_started()
    filled.on_progress(Progress(1, 4, "Comparing images, about 3 min left"))

    assert filled.form.progress.value() == 250
    assert filled.form.doing.full_text() == "Comparing images, about 3 min left"
    assert not filled.form.start_button.isVisible()
    assert filled.found is None
    with qtbot.waitSignal(filled.cancel_requested):
        qtbot.mouseClick(filled.form.cancel_button, Button.LeftButton)
    filled.on_ended()
    assert filled.form.start_button.isVisible()
    assert not filled.form.progress.isVisible()


def test_both_schemes_paint_all(filled: DuplicatesView, app: QApplication) -> None:
    light = filled.list.viewport().grab().toImage().pixelColor(300, 4)
    theme.apply_theme(app, "dark")
    dark = filled.list.viewport().grab().toImage().pixelColor(300, 4)

    assert light.lightness() > 200
    assert dark.lightness() < 80
