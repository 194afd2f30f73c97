"""The inspector shows one sample in every detail."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import open_dataset
from mnist_desktop.ui.dataset.page import DatasetPage
from tests.ui.dataset.dataset_helpers import move_mouse, press

Key, Button = Qt.Key, Qt.MouseButton


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
    qtbot.mouseClick(filled.inspector.sections["numbers"].fold, Button.LeftButton)
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


def test_real_mnist_with_header_and_labels(page: DatasetPage, shared_data: Path) -> None:
    page.set_dataset(open_dataset(shared_data / "mnist" / "t10k-images-idx3-ubyte.gz"))
    assert page.bar.title.full_text() == "MNIST · test"
    assert page.bar.recognised.isVisible()
    assert page.go_to(2)
    told = page.inspector.file.facts.facts()
    assert told["Type"] == "0x08 unsigned byte"
    assert told["Shape"] == "10,000 × 28 × 28"
    assert told["This image"] == "bytes 1,584 to 2,367 (unpacked)"
    assert told["This label"] == "byte 10 (unpacked)"
    assert told["Labels"] == "t10k-labels-idx1-ubyte.gz"
    assert page.inspector.class_line.text() == "1"
