"""The inspector takes the files of a dataset apart, byte by byte."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.anatomy import read_anatomy
from mnist_desktop.datasets.dataset import open_dataset
from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.ui.dataset.byte_table import ByteTable
from mnist_desktop.ui.dataset.page import DatasetPage
from tests.ui.helpers import destroy

Key = Qt.Key


def write_files(folder: Path, ending: str = "") -> Path:
    """Write five labelled images of 6×4 and return the images file."""
    images = folder / f"train-images-idx3-ubyte{ending}"
    write_idx(images, np.full((5, 6, 4), 9, np.uint8))
    write_idx(folder / f"train-labels-idx1-ubyte{ending}", np.arange(5, dtype=np.uint8))
    return images


def test_header_of_both_files_is_explained_and_copied(
    qtbot: QtBot, page: DatasetPage, tmp_path: Path
) -> None:
    page.set_dataset(open_dataset(write_files(tmp_path)))
    table = page.inspector.file.bytes
    qtbot.keyClick(table, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().split("\n") == [
        "train-images-idx3-ubyte",
        "0–1\t00 00\talways zero",
        "2\t08\ttype: unsigned byte",
        "3\t03\trank: 3 sizes follow",
        "4–7\t00 00 00 05\tnumber of images: 5",
        "8–11\t00 00 00 06\trows of each image: 6",
        "12–15\t00 00 00 04\tcolumns of each image: 4",
        "16–23\t09 09 09 09 09 09 09 09\tthe first of 120 bytes of elements",
        "train-labels-idx1-ubyte",
        "0–1\t00 00\talways zero",
        "2\t08\ttype: unsigned byte",
        "3\t01\trank: 1 size follows",
        "4–7\t00 00 00 05\tnumber of labels: 5",
        "8–12\t00 01 02 03 04\tthe first of 5 bytes of elements",
    ]
    table.selectRow(4)
    table.copy()
    assert QGuiApplication.clipboard().text() == "4–7\t00 00 00 05\tnumber of images: 5"


def test_place_of_a_sample_in_its_files(page: DatasetPage, tmp_path: Path) -> None:
    page.set_dataset(open_dataset(write_files(tmp_path)))
    page.go_to(2)
    facts = page.inspector.file.facts.facts()
    assert facts["This image"] == "bytes 64 to 87"
    assert facts["This label"] == "byte 10"


def test_gzip_layer_is_explained_too(page: DatasetPage, tmp_path: Path) -> None:
    page.set_dataset(open_dataset(write_files(tmp_path, ".gz")))
    text = page.inspector.file.bytes.text()
    assert "train-images-idx3-ubyte.gz, gzip\n0–1\t1f 8b\tgzip's mark" in text
    assert "size unpacked: 136 bytes" in text
    assert "train-labels-idx1-ubyte.gz, unpacked\n0–1\t00 00" in text


def test_every_line_of_the_table_has_room(qtbot: QtBot, app: QApplication, tmp_path: Path) -> None:
    anatomy = read_anatomy(write_files(tmp_path, ".gz"))
    table = ByteTable()
    table.set_layers([("packing", anatomy.packing), ("content", anatomy.content)])
    table.show()
    for width in (300, 500, 310):
        table.resize(width, table.height())
        assert sum(table.columnWidth(column) for column in range(3)) <= table.viewport().width()
        rows = range(table.rowCount())
        assert all(table.rowHeight(row) >= table.sizeHintForRow(row) for row in rows)
        needed = sum(map(table.rowHeight, rows))
        qtbot.waitUntil(lambda needed=needed: needed <= table.viewport().height() <= needed + 8)
    destroy(table)


def test_without_a_file_there_are_no_bytes(filled: DatasetPage) -> None:
    assert filled.inspector.file.facts.facts() == {"Images": "made in memory, no file"}
    assert not filled.inspector.file.bytes.isVisible()


def test_a_file_that_went_away_leaves_what_is_known(page: DatasetPage, tmp_path: Path) -> None:
    images = write_files(tmp_path, ".gz")
    dataset = open_dataset(images)
    images.unlink()
    page.set_dataset(dataset)
    page.go_to(1)
    facts = page.inspector.file.facts.facts()
    assert facts["Images"] == images.name
    assert "This image" not in facts
    assert facts["This label"] == "byte 9 (unpacked)"


@pytest.mark.parametrize("kind", [np.int16, np.float64])
def test_samples_of_other_types_are_found(page: DatasetPage, tmp_path: Path, kind: type) -> None:
    path = tmp_path / "other-images-idx3"
    write_idx(path, np.ones((3, 5, 5), kind))
    page.set_dataset(open_dataset(path))
    page.go_to(2)
    size = 25 * np.dtype(kind).itemsize
    told = page.inspector.file.facts.facts()["This image"]
    assert told == f"bytes {16 + 2 * size} to {15 + 3 * size}"
