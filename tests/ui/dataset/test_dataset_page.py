"""The whole dataset page, driven as a person would."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.errors import UserError
from mnist_desktop.ui.dataset.geometry import DEFAULT_CELL
from mnist_desktop.ui.dataset.page import CHOOSE_LABELS, SHOW_ALL, DatasetPage
from tests.ui.dataset.dataset_helpers import make_dataset, move_mouse

Key, Button = Qt.Key, Qt.MouseButton


def press(qtbot: QtBot, page: DatasetPage, text: str) -> None:
    """Click the visible button with this text."""
    buttons = [
        made for made in page.findChildren(QPushButton) if made.text() == text and made.isVisible()
    ]
    assert len(buttons) == 1, f"{len(buttons)} buttons say {text}"
    qtbot.mouseClick(buttons[0], Button.LeftButton)


def shown_indices(page: DatasetPage) -> list[int]:
    shown = page.grid.shown
    return shown.indices_at(range(shown.count)).tolist()


@pytest.fixture
def filled(page: DatasetPage) -> DatasetPage:
    page.set_dataset(make_dataset())
    return page


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
        chip = next(chip for chip in chips.findChildren(type(chips._all)) if chip.text() == name)
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
    order = filled.view_bar.order
    order.setCurrentText("First of each class")
    assert shown_indices(filled) == list(range(10))
    assert not filled.view_bar.seed.isVisible()
    order.setCurrentText("Random 100")
    first = shown_indices(filled)
    assert len(set(first)) == 100
    assert filled.view_bar.seed.isVisible()
    qtbot.mouseClick(filled.view_bar.again, Button.LeftButton)
    assert shown_indices(filled) != first
    filled.view_bar.seed.setValue(0)
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


# Inspector


def test_inspector_reads_pixels_under_the_pointer(qtbot: QtBot, filled: DatasetPage) -> None:
    filled.grid.go_to(3)
    view = filled.inspector.view
    area = view.image_area()
    inside = area.topLeft() + QPointF(area.width() * 4.5 / 28, area.height() * 10.5 / 28)
    move_mouse(view, inside.toPoint())
    assert filled.inspector.pixel_line.text() == "column 4, line 10: ink 53"
    qtbot.keyClick(view, Key.Key_Left)
    assert filled.inspector.pixel_line.text() == "column 3, line 10: ink 0"


def test_numbers_are_shown_and_copied(qtbot: QtBot, filled: DatasetPage) -> None:
    filled.grid.go_to(9)
    qtbot.mouseClick(filled.inspector.numbers_button, Button.LeftButton)
    table = filled.inspector.table
    assert table.isVisible()
    model = table.model()
    assert (model.rowCount(), model.columnCount()) == (28, 28)
    assert model.index(10, 10).data() == "59"
    qtbot.keyClick(table, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    copied = np.array([[int(value) for value in line.split("\t")] for line in lines])
    assert filled.dataset is not None
    assert np.array_equal(copied, filled.dataset.images[9])
    filled.grid.go_to(10)
    assert model.index(10, 10).data() == "60"


def test_picture_is_copied_dark_on_white(qtbot: QtBot, filled: DatasetPage) -> None:
    qtbot.keyClick(filled.grid, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (28, 28)
    assert image.pixelColor(0, 0).red() == 255
    assert image.pixelColor(10, 10).red() == 255 - 50


def test_sample_is_sent_to_the_pad(qtbot: QtBot, filled: DatasetPage) -> None:
    filled.grid.go_to(5)
    with qtbot.waitSignal(filled.send_to_pad_requested) as sent:
        press(qtbot, filled, "Send to pad")
    assert filled.dataset is not None
    assert np.array_equal(sent.args[0], filled.dataset.images[5])


def test_enter_opens_the_inspector(qtbot: QtBot, filled: DatasetPage) -> None:
    qtbot.mouseClick(filled.view_bar.inspector, Button.LeftButton)
    assert not filled.inspector.isVisible()
    with qtbot.waitSignal(filled.image_activated) as opened:
        qtbot.keyClick(filled.grid, Key.Key_Return)
    assert opened.args == [0]
    assert filled.inspector.isVisible()


def facts(page: DatasetPage) -> dict[str, str]:
    form = page.inspector._facts
    return {
        form.itemAt(row, form.ItemRole.LabelRole).widget().text(): form.itemAt(
            row, form.ItemRole.FieldRole
        )
        .widget()
        .full_text()
        for row in range(form.rowCount())
    }


def test_real_mnist_with_header_and_labels(page: DatasetPage, shared_data: Path) -> None:
    page.set_dataset(open_dataset(shared_data / "mnist" / "t10k-images-idx3-ubyte.gz"))
    assert page.bar.title.full_text() == "MNIST · test"
    assert page.bar.recognised.isVisible()
    assert page.go_to(2)
    told = facts(page)
    assert told["Type"] == "0x08 unsigned byte"
    assert told["Shape"] == "10,000 × 28 × 28"
    assert told["This image"] == "byte 1,584"
    assert told["Labels"] == "t10k-labels-idx1-ubyte.gz"
    assert page.inspector.class_line.text() == "1"


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
