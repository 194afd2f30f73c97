"""The doctor's view, in the real window: a file that cannot be opened is examined and saved."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.idx import read_idx, write_idx
from mnist_desktop.progress import Progress
from mnist_desktop.ui.dataset.doctor_view import DoctorView
from mnist_desktop.ui.dataset.page import DatasetPage
from mnist_desktop.ui.program import Program
from mnist_desktop.ui.wiring.doctor import EXAMINE
from tests.ui.dataset.dataset_helpers import make_dataset

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with 300 images, cut off, their labels, a sound file and a web page."""
    images = make_dataset().images
    write_idx(tmp_path / "a-images", images)
    whole = (tmp_path / "a-images").read_bytes()
    (tmp_path / "a-images").write_bytes(whole[: 16 + 784 * 120 + 3])
    write_idx(tmp_path / "a-labels", np.arange(300, dtype=np.uint8) % 10)
    write_idx(tmp_path / "sound-images.gz", images[:20])
    (tmp_path / "page-images.gz").write_bytes(b"<!DOCTYPE html>")
    return tmp_path


@pytest.fixture
def window(start: Callable[..., Program]) -> Program:
    """Return the window on its dataset page, empty."""
    return start(page="dataset")


def page_of(program: Program) -> DatasetPage:
    page = program.window.page("dataset")
    assert isinstance(page, DatasetPage)
    return page


def examined(program: Program, qtbot: QtBot, path: Path) -> DoctorView:
    """Examine a file and return the view that tells what was found."""
    program.doctor.examine(path)
    view = program.doctor.view()
    qtbot.waitUntil(
        lambda: view.diagnosis is not None and view.diagnosis.path == path, timeout=20_000
    )
    return view


def dialog_of(program: Program) -> QFileDialog:
    return program.window.findChildren(QFileDialog, "file_dialog")[-1]


def test_a_file_that_cannot_be_opened_is_examined_saved_and_opened(
    window: Program, qtbot: QtBot, folder: Path
) -> None:
    page = page_of(window)
    window.core.open_dataset(folder / "a-images")
    qtbot.waitUntil(lambda: "cut off" in page.error_strip.message(), timeout=20_000)
    action = next(b for b in page.error_strip.findChildren(QPushButton) if b.text() == EXAMINE)

    qtbot.mouseClick(action, LEFT)

    view = window.doctor.view()
    qtbot.waitUntil(lambda: view.diagnosis is not None, timeout=20_000)
    assert view.isVisible()
    assert not page.bar.isVisible()
    assert page.error_strip.message() == ""
    assert view.card.verdict.text() == "This file is damaged"
    assert view.card.prospect.text() == "120 of 300 images are whole and can be saved."
    assert view.card.facts.text() == "300 × 28 × 28 · uint8"
    assert view.card.save_button.text() == "Save the 120 whole images…"
    assert view.card.with_partner.text() == "and the first 120 of “a-labels”"
    assert view.findings.count() == 1
    assert view.pictures.shown_count() > 1

    qtbot.mouseClick(view.card.save_button, LEFT)
    dialog = dialog_of(window)
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    dialog.fileSelected.emit(str(folder / "saved-a-images"))
    dialog.close()
    qtbot.waitUntil(lambda: "were saved" in view.strip.message(), timeout=20_000)

    assert view.strip.message() == "120 images were saved in “saved-a-images”"
    assert len(read_idx(folder / "saved-a-labels")) == 120
    open_it = next(b for b in view.strip.findChildren(QPushButton) if b.text() == "Open it")
    qtbot.mouseClick(open_it, LEFT)
    qtbot.waitUntil(lambda: page.dataset is not None, timeout=20_000)
    assert page.dataset is not None
    assert page.dataset.images_path == folder / "saved-a-images"
    assert page.dataset.labels is not None
    assert not view.isVisible()
    assert page.bar.isVisible()


def test_only_the_images_are_saved_when_asked_so(
    window: Program, qtbot: QtBot, folder: Path
) -> None:
    view = examined(window, qtbot, folder / "a-images")
    view.card.with_partner.setChecked(False)
    view.card.save_button.click()
    dialog_of(window).fileSelected.emit(str(folder / "new.idx"))
    dialog_of(window).close()
    qtbot.waitUntil(lambda: "were saved" in view.strip.message(), timeout=20_000)
    assert not list(folder.glob("saved*"))
    assert len(read_idx(folder / "new.idx")) == 120


def test_what_cannot_be_written_is_told_and_can_be_tried_again(
    window: Program, qtbot: QtBot, folder: Path
) -> None:
    view = examined(window, qtbot, folder / "a-images")
    assert view.diagnosis is not None
    window.doctor.save(view.diagnosis, folder / "a-images", with_partner=False)
    qtbot.waitUntil(lambda: "would be lost" in view.strip.message(), timeout=20_000)
    assert view.strip.kind == "bad"
    assert view.card.save_button.isVisible()


def test_who_has_left_the_doctor_is_told_what_was_saved(
    window: Program, qtbot: QtBot, folder: Path
) -> None:
    page = page_of(window)
    view = examined(window, qtbot, folder / "a-images")
    for target, strip, words in (
        ("saved", page.notice_strip, "120 whole items were saved in “saved”"),
        ("a-labels", page.error_strip, "would be lost"),
    ):
        assert view.diagnosis is not None
        window.doctor.save(view.diagnosis, folder / target, with_partner=False)
        window.doctor.saving.pause()
        qtbot.mouseClick(view.back_button, LEFT)
        window.doctor.saving.resume()
        qtbot.waitUntil(lambda strip=strip, words=words: words in strip.message(), timeout=20_000)


def test_saving_can_be_cancelled(window: Program, qtbot: QtBot, tmp_path: Path) -> None:
    path, target = tmp_path / "big-images", tmp_path / "saved"
    write_idx(path, np.ones((9_000, 28, 28), np.uint8))
    path.write_bytes(path.read_bytes()[:-1])
    view = examined(window, qtbot, path)
    assert view.diagnosis is not None
    window.doctor.save(view.diagnosis, target, with_partner=False)
    window.doctor.saving.pause()
    assert view.card.working.isVisible()
    with qtbot.waitSignal(window.doctor.saving.cancelled, timeout=20_000):
        qtbot.mouseClick(view.card.cancel_button, LEFT)
    assert "nothing was written" in view.strip.message()
    assert view.card.save_button.isVisible()
    assert [made.name for made in tmp_path.iterdir()] == ["big-images"]


def test_sound_files_get_a_clear_word_and_can_be_opened(
    window: Program, qtbot: QtBot, folder: Path
) -> None:
    page = page_of(window)
    view = examined(window, qtbot, folder / "sound-images.gz")
    assert view.card.verdict.text() == "This file is sound"
    assert view.card.prospect.text() == "All 20 images are whole."
    assert not view.card.save_button.isVisible()
    assert view.findings.count() == 0
    view.card.open_button.click()
    qtbot.waitUntil(lambda: page.dataset is not None, timeout=20_000)

    page.bar.menu.aboutToShow.emit()
    assert window.doctor.this_action.isEnabled()
    window.doctor.this_action.trigger()
    qtbot.waitUntil(lambda: view.isVisible() and view.diagnosis is not None, timeout=20_000)
    first = page.dataset
    view.card.open_button.click()  # it is open: the view goes, and nothing is read again
    assert not view.isVisible()
    assert page.dataset is first


def test_what_is_no_idx_file(window: Program, qtbot: QtBot, folder: Path) -> None:
    view = examined(window, qtbot, folder / "page-images.gz")
    assert view.card.verdict.text() == "This is no IDX file"
    assert view.card.prospect.text() == "There is nothing in it that could be saved."
    assert not view.card.offers.isVisible()
    assert not view.pictures_part.isVisible()
    assert "web page" in view.findings.itemAt(0).widget().accessibleName()


def test_a_misnamed_file_keeps_its_remark_and_can_be_saved(
    window: Program, qtbot: QtBot, folder: Path
) -> None:
    path = folder / "plain-images.gz"
    path.write_bytes(gzip.decompress((folder / "sound-images.gz").read_bytes()))
    view = examined(window, qtbot, path)
    assert view.card.verdict.text() == "This file is sound"
    assert "Remark" in view.findings.itemAt(0).widget().accessibleName()
    assert view.card.save_button.isVisible()
    assert view.card.open_button.isVisible()


def test_escape_leads_back_to_where_one_was(window: Program, qtbot: QtBot, folder: Path) -> None:
    page = page_of(window)
    view = examined(window, qtbot, folder / "a-images")
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert page.empty.isVisible()
    window.core.open_dataset(folder / "sound-images.gz")
    qtbot.waitUntil(lambda: page.dataset is not None, timeout=20_000)
    examined(window, qtbot, folder / "a-images")
    assert not page.grid.isVisible()
    qtbot.mouseClick(view.back_button, LEFT)
    assert page.grid.isVisible()
    assert page.bar.isVisible()
    assert window.window.focusWidget() is page.grid


def test_the_partner_is_a_click_away(window: Program, qtbot: QtBot, folder: Path) -> None:
    view = examined(window, qtbot, folder / "a-images")
    assert view.partner.text() == "It belongs with “a-labels”."
    qtbot.mouseClick(view.partner_button, LEFT)
    qtbot.waitUntil(
        lambda: view.diagnosis is not None and view.diagnosis.path == folder / "a-labels"
    )
    assert view.name.full_text() == "a-labels"
    assert "300 items, but “a-images”" not in view.card.prospect.text()


def test_a_file_is_chosen_from_the_menu(window: Program, qtbot: QtBot, folder: Path) -> None:
    page = page_of(window)
    page.bar.menu.aboutToShow.emit()
    assert not window.doctor.this_action.isEnabled()
    (choose,) = (made for made in page.bar.menu.actions() if made.text() == "Examine file…")
    choose.trigger()
    dialog_of(window).fileSelected.emit(str(folder / "a-images"))
    dialog_of(window).close()
    qtbot.waitUntil(lambda: window.doctor.view().diagnosis is not None, timeout=20_000)


def test_a_file_that_is_gone_is_told_in_the_page(
    window: Program, qtbot: QtBot, folder: Path
) -> None:
    page = page_of(window)
    window.doctor.examine(folder / "gone")
    qtbot.waitUntil(lambda: "does not exist" in page.error_strip.message(), timeout=20_000)
    assert page.empty.isVisible()


def test_an_examination_can_be_cancelled(
    window: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_path: Path, *, preview: int) -> Iterator[Progress]:
        while True:
            time.sleep(0.01)
            yield Progress(1, 2, "Examining")

    monkeypatch.setattr("mnist_desktop.ui.wiring.doctor.diagnose_job", endless)
    page = page_of(window)
    write_idx(tmp_path / "big-images", np.ones((9, 28, 28), np.uint8))
    window.doctor.examine(tmp_path / "big-images")
    view = window.doctor.view()
    qtbot.waitUntil(view.card.working.isVisible, timeout=20_000)
    view.card.cancel_button.click()
    qtbot.waitUntil(page.empty.isVisible, timeout=20_000)
    assert view.diagnosis is None
    assert not window.doctor.examiner.runner.is_running
