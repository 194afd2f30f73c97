"""A dataset is seen while the rest of its file is read, and nothing jumps when more of it comes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.early import Early
from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.datasets.judgement import Certainty, Identity
from mnist_desktop.datasets.picking import Order
from mnist_desktop.progress import Job
from mnist_desktop.ui.dataset.page import DatasetPage
from mnist_desktop.ui.opening import opening_job
from mnist_desktop.ui.program import Program
from mnist_desktop.ui.wiring import core
from tests.ui.dataset.dataset_helpers import make_dataset

COUNT = 20_000


def made(count: int = 3000) -> Dataset:
    """Return a labelled dataset that says it was read from a file."""
    return replace(make_dataset(count), images_path=Path("a-images"))


def early(whole: Dataset, ready: int) -> Early:
    """Return a report that so many images are there."""
    return Early(ready, len(whole), "Unpacking a-images", whole=whole, ready=ready)


def choose_random(page: DatasetPage) -> None:
    """Ask for a hundred samples by chance."""
    box = page.view_bar.picker.order
    box.setCurrentIndex(box.findData(Order.RANDOM))


def packed_file(folder: Path) -> Path:
    """Write a labelled file that takes some pieces to unpack."""
    images = np.random.default_rng(0).integers(0, 256, (COUNT, 28, 28), dtype=np.uint8)
    path = folder / "big-images.gz"
    write_idx(path, images)
    write_idx(folder / "big-labels", (np.arange(COUNT) % 10).astype(np.uint8))
    return path


def test_what_is_looked_at_stays_while_more_comes(page: DatasetPage) -> None:
    whole = made()
    page.show_early(early(whole, 1000))
    assert page.is_early
    assert page.grid.shown.count == 1000
    assert page.bar.facts.text() == "1,000 of 3,000 images · 28 × 28 · unpacking … 33 %"
    page.go_to(700)
    page.grid.change_selection(page.grid.selection.extended(705))
    page.grid.scroll_to(50)
    scroll = page.grid.scroll()
    assert scroll > 0
    chip = page.bar.chips.findChildren(type(page.bar.chips._chips[3]))[0]
    page.show_early(early(whole, 2000))
    page.set_dataset(whole)
    assert not page.is_early
    assert page.dataset is whole
    assert page.grid.shown.count == 3000
    assert page.grid.current_index() == 705
    assert page.grid.selected_indices().tolist() == [700, 701, 702, 703, 704, 705]
    assert page.grid.scroll() == scroll
    assert page.bar.facts.text() == "3,000 images · 28 × 28 · 10 classes"
    assert chip in page.bar.chips.findChildren(type(chip))
    assert "3,000 images · 6 selected" in page.view_bar.shown.full_text()


def test_filters_stay_and_find_what_has_come(page: DatasetPage) -> None:
    whole = made()
    page.show_early(early(whole, 1000))
    page.bar.chips.toggle_key(3)
    assert page.grid.shown.count == 100
    page.show_early(early(whole, 2000))
    assert page.bar.chips.chosen() == {3}
    assert page.grid.shown.count == 200
    page.set_dataset(whole)
    assert page.grid.shown.count == 300
    assert set(whole.class_name(int(i)) for i in page.grid.shown.indices) == {"3"}


def test_an_order_by_chance_is_drawn_again_only_at_the_end(page: DatasetPage) -> None:
    whole = made()
    page.show_early(early(whole, 1000))
    choose_random(page)
    before = page.grid.shown.indices
    page.show_early(early(whole, 2000))
    assert page.grid.shown.indices is before
    page.set_dataset(whole)
    drawn = page.grid.shown.indices
    assert drawn is not None
    assert drawn.max() >= 1000
    page.set_dataset(None)
    page.set_dataset(whole)
    choose_random(page)
    assert page.grid.shown.indices.tolist() == drawn.tolist()


def test_other_names_and_the_other_way_up_come_silently(page: DatasetPage) -> None:
    whole = made(300)
    page.show_early(early(whole, 300))
    page.go_to(12)
    named = replace(
        whole.turned(),
        name="Known",
        identity=Identity("Known", Certainty.CERTAIN, "It is"),
        class_names=tuple("abcdefghij"),
        notes=(),
    )
    page.set_dataset(named)
    assert page.grid.current_index() == 12
    assert page.inspector.class_line.text() == "c"
    assert np.array_equal(page.inspector._image, named.images[12])
    assert page.bar.title.full_text() == "Known"
    assert page.bar.recognised.isVisibleTo(page.bar)
    assert [chip.text() for chip in page.bar.chips._chips.values()] == list("abcdefghij")


def test_an_index_that_is_not_there_yet_is_told(page: DatasetPage, qtbot: QtBot) -> None:
    page.show_early(early(made(), 1000))
    page.view_bar.index.setText("2500")
    assert page.view_bar.index.hasAcceptableInput()
    page.view_bar.index.returnPressed.emit()
    assert page.error_strip.message() == "Image 2,500 is not there yet"


def test_another_dataset_takes_the_place_of_an_early_one(page: DatasetPage) -> None:
    page.show_early(early(made(), 1000))
    other = replace(make_dataset(40), images_path=Path("b-images"))
    page.go_to(30)
    page.show_early(early(other, 20))
    assert page.grid.shown.count == 20
    assert page.grid.current_index() == 0
    page.end_early(None)
    assert page.dataset is None
    assert not page.is_early


def test_the_page_is_made_while_a_file_is_looked_for(
    start: Callable[..., Program], qtbot: QtBot
) -> None:
    program = start(page="draw")
    assert program.window.page("dataset") is None
    program.window.open_requested.emit()
    qtbot.waitUntil(lambda: program.window.page("dataset") is not None, timeout=10_000)
    assert program.window.page_name == "draw"
    program.window.findChild(QFileDialog, "file_dialog").reject()


def test_the_window_shows_what_is_unpacked(
    start: Callable[..., Program], qtbot: QtBot, tmp_path: Path
) -> None:
    program = start(page="dataset")
    page = program.window.page("dataset")
    assert isinstance(page, DatasetPage)
    seen: list[tuple[int, bool]] = []
    program.core.datasets.runner.progressed.connect(
        lambda progress: seen.append((page.grid.shown.count, program.core.dataset is None))
    )
    program.core.open_dataset(packed_file(tmp_path))
    qtbot.waitUntil(lambda: program.core.dataset is not None, timeout=20_000)
    assert any(0 < count < COUNT and unused for count, unused in seen)
    assert page.dataset is program.core.dataset
    assert page.grid.shown.count == COUNT


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the job that opens a file rest at its first picture, until it is closed."""
    rest = threading.Event()

    def resting_job(path: Path, **named: object) -> Job[Dataset]:
        for progress in opening_job(path, **named):
            yield progress
            while isinstance(progress, Early):
                rest.wait(0.005)
                yield progress
        raise AssertionError("there never was anything to see")

    monkeypatch.setattr(core, "opening_job", resting_job)


@pytest.mark.usefixtures("endless")
def test_who_stops_the_reading_keeps_what_is_there(
    start: Callable[..., Program], qtbot: QtBot, tmp_path: Path
) -> None:
    program = start(page="dataset")
    page = program.window.page("dataset")
    assert isinstance(page, DatasetPage)
    program.core.open_dataset(packed_file(tmp_path))
    qtbot.waitUntil(lambda: page.is_early, timeout=20_000)
    program.window.status_bar.cancel_button.click()
    qtbot.waitUntil(lambda: program.core.dataset is not None, timeout=20_000)
    kept = program.core.dataset
    assert kept is not None
    assert 0 < len(kept) < COUNT
    assert page.dataset is kept
    assert "Reading was stopped" in page.notice_strip.message()
    assert not page.is_early


@pytest.mark.parametrize("before", [True, False])
def test_a_fault_brings_back_what_was_there(
    start: Callable[..., Program], qtbot: QtBot, tmp_path: Path, before: bool
) -> None:
    program = start(page="dataset")
    page = program.window.page("dataset")
    assert isinstance(page, DatasetPage)
    if before:
        program.core.open_samples()
        qtbot.waitUntil(lambda: program.core.dataset is not None, timeout=20_000)
    path = packed_file(tmp_path)
    path.write_bytes(path.read_bytes()[:-5000])
    seen: list[bool] = []
    program.core.datasets.runner.progressed.connect(lambda _: seen.append(page.is_early))
    program.core.open_dataset(path)
    qtbot.waitUntil(lambda: "cut off" in page.error_strip.message(), timeout=20_000)
    assert any(seen)
    assert page.dataset is program.core.dataset
    assert (page.dataset is not None) == before
    assert not page.is_early


@pytest.mark.usefixtures("endless")
def test_a_newer_file_wins_over_one_that_is_still_read(
    start: Callable[..., Program], qtbot: QtBot, tmp_path: Path
) -> None:
    program = start(page="dataset")
    page = program.window.page("dataset")
    assert isinstance(page, DatasetPage)
    program.core.open_dataset(packed_file(tmp_path))
    qtbot.waitUntil(lambda: page.is_early, timeout=20_000)
    program.core.open_samples()
    qtbot.waitUntil(lambda: program.core.dataset is not None, timeout=20_000)
    assert program.core.dataset is not None
    assert program.core.dataset.images_path is None
    assert page.dataset is program.core.dataset
    assert not page.is_early


def test_the_chip_of_all_grows_with_its_count(page: DatasetPage, qtbot: QtBot) -> None:
    page.show_early(early(made(3000), 90))
    chip = page.bar.chips._all
    assert chip is not None
    narrow = chip.width()
    page.set_dataset(made(3000))
    qtbot.waitUntil(lambda: chip.width() == chip.natural_width())
    assert chip.width() > narrow
