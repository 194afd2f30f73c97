"""Pictures that lie on their side can be turned, by hand or because the page offers it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.idx import read_idx, write_idx
from mnist_desktop.datasets.judgement import Certainty
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.ui.dataset.page import DatasetPage
from mnist_desktop.ui.program import Program
from tests.ui.dataset.dataset_helpers import press

Opener = Callable[..., tuple[Program, DatasetPage]]


@pytest.fixture(scope="module")
def digits() -> Dataset:
    """Return generated digits, upright."""
    return sample_dataset(200, seed=6)


@pytest.fixture
def open_file(start: Callable[..., Program], qtbot: QtBot) -> Opener:
    """Return a function that opens a file in the window and waits until it was judged."""

    def run(path: Path, program: Program | None = None) -> tuple[Program, DatasetPage]:
        made = program or start(page="dataset")
        with qtbot.waitSignal(made.core.dataset_changed, timeout=30_000):
            made.core.open_files([path])
        settle(qtbot, made)
        page = made.window.page("dataset")
        assert isinstance(page, DatasetPage)
        return made, page

    return run


def settle(qtbot: QtBot, program: Program) -> None:
    """Wait until nothing is read or judged any more."""
    qtbot.waitUntil(lambda: not program.core.jobs.running(), timeout=30_000)


def save(folder: Path, dataset: Dataset, *, lying: bool, split: str = "") -> Path:
    """Write a dataset under a neutral name, as it is or on its side; return the images' path."""
    assert dataset.labels is not None
    path = folder / f"some-{split}images.idx"
    write_idx(
        path, np.ascontiguousarray(dataset.images.swapaxes(1, 2) if lying else dataset.images)
    )
    write_idx(folder / f"some-{split}labels.idx", dataset.labels.astype(np.uint8))
    return path


def test_lying_pictures_are_offered_to_be_turned(
    open_file: Opener, qtbot: QtBot, tmp_path: Path, digits: Dataset
) -> None:
    program, page = open_file(save(tmp_path, digits, lying=True))
    assert page.turn_strip.message() == "These pictures seem to lie on their side"
    assert not page.bar.turned.isVisible()
    page.grid.go_to(7)
    page.bar.chips.choose_only(int(digits.labels[7]))  # type: ignore[index]

    press_in_strip(qtbot, page, "Turn upright")

    assert page.turn_strip.message() == ""
    assert page.bar.turned.isVisible()
    assert page.bar.turned.text() == "turned upright"
    assert program.core.dataset is page.dataset
    assert page.dataset is not None
    assert page.dataset.orientation.certainty is Certainty.LIKELY
    np.testing.assert_array_equal(page.dataset.images, digits.images)
    assert page.grid.current_index() == 7, "what is looked at stays"
    assert len(page.bar.chips.chosen()) == 1
    settle(qtbot, program)
    assert page.turn_strip.message() == ""


def press_in_strip(qtbot: QtBot, page: DatasetPage, text: str) -> None:
    """Click the button of the strip that offers to turn the pictures."""
    layout = page.turn_strip._actions
    buttons = [layout.itemAt(place).widget() for place in range(layout.count())]
    (button,) = [made for made in buttons if made.text() == text]  # type: ignore[attr-defined]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_upright_pictures_are_left_alone(
    open_file: Opener, tmp_path: Path, digits: Dataset
) -> None:
    program, page = open_file(save(tmp_path, digits, lying=False))
    assert page.turn_strip.message() == ""
    assert program.core.dataset is page.dataset
    assert "stand upright" in page.browser.side.summary.orientation.text()
    assert "likely" in page.browser.side.summary.orientation.text()


def test_choice_is_remembered_for_each_file(
    open_file: Opener, qtbot: QtBot, tmp_path: Path, digits: Dataset
) -> None:
    (tmp_path / "other").mkdir()
    path = save(tmp_path, digits, lying=True)
    other = save(tmp_path / "other", digits, lying=False)
    program, page = open_file(path)
    qtbot.keyClick(page.grid, Qt.Key.Key_T)
    assert page.dataset is not None
    assert page.dataset.transposed
    open_file(other, program)
    assert not page.dataset.transposed
    open_file(path, program)
    assert page.dataset.transposed
    assert page.turn_strip.message() == ""
    qtbot.keyClick(page.grid, Qt.Key.Key_T)
    settle(qtbot, program)
    assert not page.dataset.transposed
    assert page.turn_strip.message() == "", "a person decided it, nothing more is offered"


def test_switch_says_what_it_does(
    open_file: Opener, qtbot: QtBot, tmp_path: Path, digits: Dataset
) -> None:
    program, page = open_file(save(tmp_path, digits, lying=True))
    action = program.turning.action
    assert action in page.bar.menu.actions()
    assert (action.text(), action.isEnabled()) == ("Turn upright", True)
    action.trigger()
    assert action.text() == "Show as stored"
    page.browser.side.show_tab("summary")
    press(qtbot, page, "Show as stored")
    assert page.dataset is not None
    assert not page.dataset.transposed
    assert action.text() == "Turn upright"


def test_test_split_is_turned_along(
    open_file: Opener, qtbot: QtBot, tmp_path: Path, digits: Dataset
) -> None:
    save(tmp_path, digits.select(slice(0, 50)), lying=True, split="test-")
    program, page = open_file(save(tmp_path, digits, lying=True, split="train-"))
    assert program.core.test_dataset is not None
    page.turn_strip.chosen.emit("Turn upright")
    settle(qtbot, program)
    test = program.core.test_dataset
    assert test is not None
    assert test.transposed
    np.testing.assert_array_equal(test.images, digits.images[:50])


def test_generated_digits_can_be_turned_and_are_never_judged(
    start: Callable[..., Program], qtbot: QtBot
) -> None:
    program = start(page="dataset")
    with qtbot.waitSignal(program.core.dataset_changed, timeout=30_000):
        program.core.open_samples()
    assert not program.turning._looking.runner.is_running
    program.turning.action.trigger()
    page = program.window.page("dataset")
    assert isinstance(page, DatasetPage)
    assert page.dataset is not None
    assert page.dataset.transposed
    assert page.bar.turned.text() == "turned"


@pytest.mark.parametrize(
    ("folder", "prefix", "first", "offered", "turned"),
    [
        pytest.param("emnist", "emnist-byclass-test-", 1000, True, False, id="EMNIST, some"),
        pytest.param("emnist", "emnist-byclass-test-", 0, False, True, id="EMNIST, its first"),
        pytest.param("mnist", "t10k-", 1000, False, False, id="MNIST, some"),
        pytest.param("mnist", "t10k-", 0, False, False, id="MNIST, its first"),
    ],
)
def test_published_pictures_under_a_neutral_name(
    open_file: Opener,
    shared_data: Path,
    tmp_path: Path,
    *,
    folder: str,
    prefix: str,
    first: int,
    offered: bool,
    turned: bool,
) -> None:
    for kind in ("images-idx3", "labels-idx1"):
        array = read_idx(shared_data / folder / f"{prefix}{kind}-ubyte.gz")
        write_idx(tmp_path / f"some-{kind}-ubyte", array[first : first + 3000])
    _, page = open_file(tmp_path / "some-images-idx3-ubyte")
    assert page.dataset is not None
    assert bool(page.turn_strip.message()) == offered
    assert page.dataset.transposed == turned
    way = "lie on their side" if folder == "emnist" else "stand upright"
    assert way in page.browser.side.summary.orientation.text()
