"""Files chosen by hand to go with images: labels and class names stay together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.ui.dataset.page import DatasetPage
from mnist_desktop.ui.program import Program
from tests.ui.dataset.dataset_helpers import make_dataset


def choose(program: Program, qtbot: QtBot, path: Path) -> None:
    """Choose a file in the dialog that is open."""
    dialog = program.window.findChildren(QFileDialog, "file_dialog")[-1]
    with qtbot.waitSignal(program.core.dataset_changed, timeout=20_000):
        dialog.fileSelected.emit(str(path))
    dialog.close()


def test_labels_and_class_names_chosen_by_hand_are_used_together(
    start: Callable[..., Program], qtbot: QtBot, tmp_path: Path
) -> None:
    images, labels, names = tmp_path / "these.idx", tmp_path / "those.idx", tmp_path / "names.txt"
    write_idx(images, make_dataset(12).images)
    write_idx(labels, np.arange(12, dtype=np.uint8) % 2 + 1)
    names.write_text("1 65\n2 66\n")
    program = start(page="dataset", files=[images])
    page = program.window.page("dataset")
    assert isinstance(page, DatasetPage)
    qtbot.waitUntil(lambda: page.dataset is not None, timeout=20_000)

    page.bar.labels_action.trigger()
    choose(program, qtbot, labels)
    assert page.dataset is not None
    assert page.dataset.class_names == ("0", "1", "2")

    page.bar.names_action.trigger()
    choose(program, qtbot, names)
    assert page.dataset.class_names == ("A", "B")
    assert page.dataset.labels_path == labels
    assert page.inspector.class_line.text() == "A"


def refuse(program: Program, qtbot: QtBot, page: DatasetPage, path: Path) -> str:
    """Choose a file that does not fit, and return what the page says of it."""
    dialog = program.window.findChildren(QFileDialog, "file_dialog")[-1]
    dialog.fileSelected.emit(str(path))
    dialog.close()
    qtbot.waitUntil(lambda: page.error_strip.message() != "", timeout=20_000)
    return page.error_strip.message()


def test_what_does_not_fit_is_explained_and_the_images_stay(
    start: Callable[..., Program], qtbot: QtBot, tmp_path: Path
) -> None:
    images, labels = tmp_path / "these-images.idx", tmp_path / "these-labels.idx"
    write_idx(images, make_dataset(12).images)
    write_idx(labels, np.arange(12, dtype=np.uint8) % 2)
    fewer, names = tmp_path / "fewer.idx", tmp_path / "names.txt"
    write_idx(fewer, np.zeros(7, np.uint8))
    names.write_text("0 65\r\none 66\r\n")
    program = start(page="dataset", files=[images])
    page = program.window.page("dataset")
    assert isinstance(page, DatasetPage)
    qtbot.waitUntil(lambda: page.dataset is not None, timeout=20_000)

    for action, path, words in (
        (page.bar.labels_action, fewer, "7 labels, but there are 12 images"),
        (page.bar.labels_action, images, "holds no labels"),
        (page.bar.names_action, names, "line 2: expected a new label"),
        (page.bar.names_action, tmp_path / "gone.txt", "could not be read"),
    ):
        page.error_strip.dismiss()
        action.trigger()
        assert words in refuse(program, qtbot, page, path)
        qtbot.waitUntil(lambda: not program.core.jobs.running(), timeout=20_000)
        assert page.dataset is program.core.dataset
        assert page.grid.shown.count == 12
        assert page.dataset is not None
        assert page.dataset.labels is not None, "the labels that were there stay too"
