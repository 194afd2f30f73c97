"""The whole dataset page, driven as a person would."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.errors import UserError
from mnist_desktop.ui.dataset.class_chips import GAP, HEIGHT, LINES, MOST, WIDEST, ClassChip
from mnist_desktop.ui.dataset.geometry import DEFAULT_CELL
from mnist_desktop.ui.dataset.page import CHOOSE_LABELS, SHOW_ALL, DatasetPage
from tests.ui.dataset.dataset_helpers import make_dataset, press

Key, Button = Qt.Key, Qt.MouseButton


def shown_indices(page: DatasetPage) -> list[int]:
    shown = page.grid.shown
    return shown.indices_at(range(shown.count)).tolist()


# Nothing yet


def test_empty_page_offers_a_file_and_sample_digits(qtbot: QtBot, page: DatasetPage) -> None:
    assert page.empty.isVisible()
    with qtbot.waitSignal(page.open_requested) as asked:
        press(qtbot, page, "Open a file")
    assert asked.args == [None]
    with qtbot.waitSignal(page.sample_requested):
        press(qtbot, page, "Show sample digits")


def test_recent_files_are_offered_on_both_pages(qtbot: QtBot, page: DatasetPage) -> None:
    paths = [Path("数字/train&one.gz"), Path("other.idx")]
    page.set_recent_files(paths)
    with qtbot.waitSignal(page.open_requested) as asked:
        press(qtbot, page, "other.idx")
    assert asked.args == [paths[1]]
    page.set_dataset(make_dataset())
    actions = page.bar.recent_menu.actions()
    with qtbot.waitSignal(page.open_requested) as asked:
        actions[0].trigger()
    assert asked.args == [paths[0]]


# A dataset


def test_dataset_is_shown_with_name_counts_and_first_sample(filled: DatasetPage) -> None:
    assert not filled.empty.isVisible()
    assert filled.bar.title.full_text() == "made"
    assert filled.bar.facts.text() == "300 images · 28 × 28 · 10 classes"
    assert filled.view_bar.shown.full_text() == "300 images"
    assert not filled.bar.recognised.isVisible()
    assert not filled.bar.turned.isVisible()
    assert filled.inspector.class_line.text() == "0"


def test_chips_filter_by_several_classes(qtbot: QtBot, filled: DatasetPage) -> None:
    chips = filled.bar.chips
    for name in ("3", "5"):
        chip = next(chip for chip in chips.findChildren(ClassChip) if chip.text() == name)
        qtbot.mouseClick(chip, Button.LeftButton)
    assert shown_indices(filled) == [i for i in range(300) if i % 10 in (3, 5)]
    assert filled.view_bar.shown.full_text() == "60 of 300 images · classes 3, 5"
    assert chips._all is not None
    assert not chips._all.isChecked()
    qtbot.mouseClick(chips._all, Button.LeftButton)
    assert filled.grid.shown.count == 300


def test_figure_keys_filter_and_unfilter(qtbot: QtBot, filled: DatasetPage) -> None:
    qtbot.keyClick(filled.grid, Key.Key_7)
    assert filled.view_bar.shown.full_text() == "30 of 300 images · class 7"
    filled.grid.go_to(257)
    qtbot.keyClick(filled.grid, Key.Key_7)
    assert filled.grid.shown.count == 300
    assert filled.grid.current_index() == 257, "what was looked at stays in view"


def test_keys_work_wherever_the_focus_is(qtbot: QtBot, filled: DatasetPage) -> None:
    zoom = filled.view_bar.zoom
    zoom.setFocus()
    qtbot.keyClick(zoom, Key.Key_4)
    assert filled.view_bar.shown.full_text() == "30 of 300 images · class 4"
    qtbot.keyClick(filled.inspector.send_button, Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert filled.grid.cell_size > DEFAULT_CELL
    qtbot.keyClick(filled.view_bar.index, Key.Key_4)
    assert filled.grid.shown.count == 30, "a figure typed into a field is only that"


def test_focus_is_where_keys_are_of_use(qtbot: QtBot, page: DatasetPage) -> None:
    with qtbot.waitActive(page):
        page.activateWindow()
    qtbot.waitUntil(page.empty.state.buttons[0].hasFocus)
    page.set_dataset(make_dataset(20))
    qtbot.waitUntil(page.grid.hasFocus)


def test_orders(qtbot: QtBot, filled: DatasetPage) -> None:
    order = filled.view_bar.picker.order
    order.setCurrentText("First of each class")
    assert shown_indices(filled) == list(range(10))
    assert not filled.view_bar.picker.seed.isVisible()
    order.setCurrentText("Random sample")
    first = shown_indices(filled)
    assert len(set(first)) == 100
    assert filled.view_bar.picker.seed.isVisible()
    qtbot.mouseClick(filled.view_bar.picker.again, Button.LeftButton)
    assert shown_indices(filled) != first
    filled.view_bar.picker.seed.setValue(0)
    assert shown_indices(filled) == first
    order.setCurrentText("Shuffled")
    assert sorted(shown_indices(filled)) == list(range(300))
    assert filled.view_bar.shown.full_text() == "300 images · shuffled"


def test_go_to_by_keyboard(qtbot: QtBot, filled: DatasetPage) -> None:
    qtbot.keyClick(filled.grid, Key.Key_G)
    field = filled.view_bar.index
    qtbot.keyClicks(field, "217")
    qtbot.keyClick(field, Key.Key_Return)
    assert filled.grid.current_index() == 217
    assert filled.inspector.index_line.text() == "Index 217 · label 7"
    qtbot.keyClick(filled.grid, Key.Key_G)
    field.selectAll()
    qtbot.keyClicks(field, "999")
    qtbot.keyClick(field, Key.Key_Return)
    assert filled.grid.current_index() == 217, "there is no sample 999"


def test_going_to_a_hidden_sample_offers_to_show_all(qtbot: QtBot, filled: DatasetPage) -> None:
    qtbot.keyClick(filled.grid, Key.Key_1)
    filled.view_bar.index.setText("44")
    qtbot.keyClick(filled.view_bar.index, Key.Key_Return)
    assert "44" in filled.error_strip.message()
    press(qtbot, filled, SHOW_ALL)
    assert filled.grid.current_index() == 44
    assert filled.grid.shown.count == 300
    assert not filled.error_strip.message()


def test_page_goes_to_a_sample_whatever_hides_it(qtbot: QtBot, filled: DatasetPage) -> None:
    qtbot.keyClick(filled.grid, Key.Key_1)
    assert filled.go_to(44)
    assert filled.grid.current_index() == 44
    assert not filled.go_to(300)


def test_zoom_slider_and_grid_agree(qtbot: QtBot, filled: DatasetPage) -> None:
    filled.view_bar.zoom.setValue(0)
    assert filled.grid.cell_size == 16
    qtbot.keyClick(filled.grid, Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert filled.view_bar.zoom.value() == 1


def test_selected_samples_are_counted(qtbot: QtBot, filled: DatasetPage) -> None:
    qtbot.keyClick(filled.grid, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert filled.view_bar.shown.full_text() == "300 images · 300 selected"


@pytest.mark.parametrize(
    "shape", [(0, 28, 28), (1, 1, 1), (2, 700, 3), (3, 2, 900), (1, 2000, 2000)]
)
def test_datasets_of_any_shape_are_shown(page: DatasetPage, shape: tuple[int, int, int]) -> None:
    labels = np.zeros(shape[0], np.int64)
    images = np.full(shape, 255, np.uint8)
    page.set_dataset(Dataset(name="odd", images=images, labels=labels, class_names=("x" * 300,)))
    assert page.grab().width() == page.width()
    assert page.grid.current_index() == (0 if shape[0] else None)
    assert page.inspector.send_button.isEnabled() == (shape[0] > 0)
    page.inspector.set_folded(())
    for chip in page.bar.chips.findChildren(ClassChip):
        assert chip.width() <= WIDEST
    page.set_dataset(None)
    assert page.empty.isVisible()
    assert page.grid.current_index() is None


def test_a_thousand_classes_do_not_choke_the_page(page: DatasetPage) -> None:
    page.set_dataset(make_dataset(2_000, classes=1_000))
    chips = page.bar.chips
    assert len(chips.findChildren(ClassChip)) == MOST + 1
    assert chips.height() <= LINES * HEIGHT + (LINES - 1) * GAP
    page.view_bar.picker.order.setCurrentText("First of each class")
    assert page.grid.shown.count == 1_000


# Messages


def test_error_stays_in_the_page_and_the_dataset_too(filled: DatasetPage) -> None:
    filled.show_message(UserError("“a.gz” is a web page", "Download the file itself."))
    assert filled.error_strip.message() == "“a.gz” is a web page"
    assert filled.grid.shown.count == 300
    filled.set_dataset(make_dataset(20))
    assert not filled.error_strip.message()


def test_missing_labels_offer_to_choose_them(
    qtbot: QtBot, page: DatasetPage, tmp_path: Path
) -> None:
    path = tmp_path / "lonely-images.idx"
    write_idx(path, make_dataset(12).images)
    page.set_dataset(open_dataset(path))
    assert page.notice_strip.message()
    assert not page.bar.chips.isVisible()
    assert page.inspector.class_line.text() == "No label"
    with qtbot.waitSignal(page.labels_requested) as asked:
        press(qtbot, page, CHOOSE_LABELS)
    assert asked.args == [path]


def test_emnist_stands_upright_with_62_chips(page: DatasetPage, shared_data: Path) -> None:
    page.set_dataset(
        open_dataset(shared_data / "emnist" / "emnist-byclass-test-images-idx3-ubyte.gz")
    )
    assert page.bar.turned.isVisible()
    assert page.bar.facts.text().endswith("62 classes")
    assert page.bar.chips.toggle_key(7)
    dataset = page.dataset
    assert isinstance(dataset, Dataset)
    assert page.grid.shown.count == dataset.class_counts()[7]
