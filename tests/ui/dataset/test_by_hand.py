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
