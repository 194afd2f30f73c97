"""The inspector shows a sample's nearest images, and leads to them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.nearest import NearestSearch, Neighbours
from mnist_desktop.progress import Job, Progress
from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset import nearest_panel
from mnist_desktop.ui.dataset.colour_maps import ColourMap, colour_table
from mnist_desktop.ui.dataset.nearest_panel import NearestPanel, verdict
from mnist_desktop.ui.dataset.neighbour import EDGE, PICTURE
from mnist_desktop.ui.dataset.page import DatasetPage
from tests.ui.dataset.dataset_helpers import make_dataset
from tests.ui.helpers import destroy

Key, Button = Qt.Key, Qt.MouseButton


def shown(panel: NearestPanel) -> list[int]:
    """Return the indices of the neighbours that are shown."""
    return [made.neighbour.index for made in panel.row.shown() if made.neighbour is not None]


def look_at(qtbot: QtBot, page: DatasetPage, index: int) -> NearestPanel:
    """Go to a sample and wait for its neighbours."""
    panel = page.inspector.nearest
    with qtbot.waitSignal(panel.found):
        page.go_to(index)
    return panel


@pytest.fixture
def panel(app: QApplication) -> Iterator[NearestPanel]:
    made = NearestPanel()
    made.resize(300, 400)
    made.show()
    yield made
    made.close_down()
    destroy(made)


def test_nearest_images_are_shown_in_order(qtbot: QtBot, filled: DatasetPage) -> None:
    panel = look_at(qtbot, filled, 5)
    assert filled.dataset is not None
    search = NearestSearch(filled.dataset)
    expected = search.find(np.array(filled.dataset.images[5]), without=5)
    assert shown(panel) == expected.indices.tolist()
    assert len(shown(panel)) == 12
    first, second = panel.row.shown()[:2]
    # Every 200th image is the same, and labels follow the index.
    assert first.accessibleName() == "Image 205, label 5, the same picture"
    assert second.accessibleName() == "Image 4, label 4 (another label), distance 20"
    assert "have another label" in panel.words.text()
    assert panel.words.property("role") == "careful"


def test_a_click_goes_to_the_sample_and_drops_the_filter(qtbot: QtBot, filled: DatasetPage) -> None:
    filled.bar.chips.toggle_key(5)
    assert filled.grid.shown.count == 30
    panel = look_at(qtbot, filled, 15)
    hidden = next(made for made in panel.row.shown() if "another label" in made.accessibleName())
    index = hidden.neighbour.index
    with qtbot.waitSignal(panel.found):
        qtbot.mouseClick(hidden, Button.LeftButton)
    assert filled.grid.current_index() == index
    assert filled.grid.shown.count == 300


def test_keys_go_from_one_neighbour_to_another(qtbot: QtBot, filled: DatasetPage) -> None:
    panel = look_at(qtbot, filled, 5)
    buttons = panel.row.shown()
    tabbed = Qt.FocusPolicy.StrongFocus
    assert [made.focusPolicy() == tabbed for made in buttons].count(True) == 1
    buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    columns = panel.row.columns()
    for key, place in (
        (Key.Key_Right, 1),
        (Key.Key_Down, 1 + columns),
        (Key.Key_Left, columns),
        (Key.Key_Up, 0),
        (Key.Key_Left, 0),
        (Key.Key_End, 11),
        (Key.Key_Right, 11),
        (Key.Key_Home, 0),
    ):
        qtbot.keyClick(QApplication.focusWidget(), key)
        assert QApplication.focusWidget() is buttons[place]
        assert buttons[place].focusPolicy() == tabbed
    assert filled.grid.current_index() == 5
    with qtbot.waitSignal(panel.found):
        qtbot.keyClick(buttons[0], Key.Key_Return)
    assert filled.grid.current_index() == 205


def test_only_the_sample_a_person_stays_with_is_searched(
    qtbot: QtBot, filled: DatasetPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int | None] = []
    find = NearestSearch.find_job

    def counted(self: NearestSearch, picture: np.ndarray, **how: int) -> Job[Neighbours]:
        asked.append(how["without"])
        return find(self, picture, **how)

    monkeypatch.setattr(NearestSearch, "find_job", counted)
    panel = filled.inspector.nearest
    with qtbot.waitSignal(panel.found):
        for index in range(1, 40):
            filled.go_to(index)
    assert asked[-1] == 39
    assert len(asked) < 10
    assert shown(panel)[0] == 239


def test_nothing_is_searched_while_the_section_is_folded(qtbot: QtBot, filled: DatasetPage) -> None:
    section = filled.inspector.sections["nearest"]
    panel = look_at(qtbot, filled, 1)
    qtbot.mouseClick(section.fold, Button.LeftButton)
    filled.go_to(7)
    assert not panel._rest.isActive()
    with qtbot.waitSignal(panel.found):
        qtbot.mouseClick(section.fold, Button.LeftButton)
    assert shown(panel)[0] == 207


class HeldSearch:
    """Reports once, then waits to be let go."""

    go = threading.Event()

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset

    def find_job(self, picture: np.ndarray, *, count: int, without: int) -> Job[Neighbours]:
        yield Progress(30, 300, "looking")
        while not HeldSearch.go.wait(0.01):
            yield Progress(60, 300, "looking")
        if picture[10, 10] == 59:
            raise OSError("the disk is gone")
        return Neighbours(np.array([without + 1]), np.array([4]))


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[HeldSearch]]:
    HeldSearch.go = threading.Event()
    monkeypatch.setattr(nearest_panel, "NearestSearch", HeldSearch)
    yield HeldSearch
    HeldSearch.go.set()


def test_a_long_search_tells_how_far_it_is_and_can_be_stopped(
    qtbot: QtBot, panel: NearestPanel, held: type[HeldSearch]
) -> None:
    panel.set_dataset(make_dataset())
    panel.set_index(3)
    qtbot.waitUntil(lambda: panel.words.text() == "Looking through 300 images: 20%")
    assert panel._button.text() == "Stop"
    qtbot.mouseClick(panel._button, Button.LeftButton)
    qtbot.waitUntil(lambda: not panel._opener.runner.is_running)
    assert panel._button.text() == "Search again"
    assert panel.words.text() == "Stopped."
    held.go.set()
    with qtbot.waitSignal(panel.found):
        qtbot.mouseClick(panel._button, Button.LeftButton)
    assert shown(panel) == [4]
    assert not panel._button.isVisible()


def test_a_person_who_moves_on_sees_only_the_last_answer(
    qtbot: QtBot, panel: NearestPanel, held: type[HeldSearch]
) -> None:
    panel.set_dataset(make_dataset())
    panel.set_index(3)
    qtbot.waitUntil(lambda: panel._opener.runner.is_running)
    panel.set_index(8)
    held.go.set()
    with qtbot.waitSignal(panel.found):
        pass
    assert shown(panel) == [9]


def test_what_stands_below_does_not_move_while_a_search_goes_on(
    qtbot: QtBot, panel: NearestPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.set_dataset(make_dataset())
    with qtbot.waitSignal(panel.found):
        panel.set_index(3)
    height = panel.row.height()
    assert height > 0
    HeldSearch.go = threading.Event()
    monkeypatch.setattr(panel, "_search", HeldSearch(make_dataset()))
    panel.set_index(4)
    qtbot.waitUntil(lambda: "Looking through" in panel.words.text())
    assert shown(panel) == []
    assert panel.row.height() == height
    HeldSearch.go.set()
    with qtbot.waitSignal(panel.found):
        pass
    assert shown(panel) == [5]
    panel.set_dataset(None)
    assert panel.row.height() == 0


def test_a_failure_is_told(qtbot: QtBot, panel: NearestPanel, held: type[HeldSearch]) -> None:
    held.go.set()
    panel.set_dataset(make_dataset())
    panel.set_index(9)
    qtbot.waitUntil(lambda: "the disk is gone" in panel.words.text())
    assert panel.words.isVisible()


def test_a_huge_dataset_is_searched_only_when_asked(
    qtbot: QtBot, panel: NearestPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest_panel, "LARGEST_UNASKED", 1000)
    panel.set_dataset(make_dataset())
    panel.set_index(3)
    qtbot.waitUntil(lambda: panel._button.isVisible())
    assert panel._button.text() == "Search 300 images"
    with qtbot.waitSignal(panel.found):
        qtbot.mouseClick(panel._button, Button.LeftButton)
    assert shown(panel)[0] == 203
    panel.set_index(4)
    qtbot.waitUntil(lambda: panel._button.isVisible())
    assert shown(panel) == []


def test_without_labels_the_index_stands_there(qtbot: QtBot, panel: NearestPanel) -> None:
    panel.set_dataset(make_dataset(20, labelled=False))
    with qtbot.waitSignal(panel.found):
        panel.set_index(3)
    assert panel.row.shown()[0].accessibleName() == "Image 2, no label, distance 20"
    assert not panel.words.isVisible()


def test_a_single_image_has_no_neighbours(qtbot: QtBot, panel: NearestPanel) -> None:
    panel.set_dataset(make_dataset(1))
    with qtbot.waitSignal(panel.found):
        panel.set_index(0)
    assert panel.words.text() == "There is no other image."
    panel.set_index(None)
    assert not panel.words.isVisible()


def test_lines_are_full_at_any_width(qtbot: QtBot, panel: NearestPanel) -> None:
    panel.set_dataset(make_dataset())
    with qtbot.waitSignal(panel.found):
        panel.set_index(3)
    for width, columns in ((290, 4), (420, 6), (600, 6), (900, 12)):
        panel.resize(width, 400)
        assert panel.row.columns() == columns
        last = panel.row.shown()[-1].geometry()
        assert last.right() <= panel.row.width()
        assert last.bottom() <= panel.row.height()


def test_neighbours_follow_the_colours_of_the_grid(qtbot: QtBot, filled: DatasetPage) -> None:
    panel = look_at(qtbot, filled, 5)
    middle = QPoint(EDGE + PICTURE // 2, EDGE + PICTURE // 2)
    for colour_map in ColourMap:
        filled.view_bar.colours_chosen.emit(colour_map)
        image = panel.row.shown()[0].grab().toImage()
        table = colour_table(colour_map, theme.current())
        assert image.pixelColor(middle).rgb() == table[55]


@pytest.mark.parametrize(
    ("names", "own", "text", "role"),
    [
        (["7"] * 12, "7", "✓ All have the same label, 7", "good"),
        (["7"] * 11 + ["1"], "7", "≠ 1 of 12 has another label: 1", ""),
        (["1", "1", "7", "9"], "7", "≠ 3 of 4 have another label: 1 (2 ×), 9", "careful"),
        (["1", "2", "3", "4"], "7", "≠ All 4 have another label: 1, 2, 3 …", "careful"),
        (["4"] + ["9"] * 3, "4", "≠ 3 of 4 have another label: 9", "careful"),
        (["1", "2"], "", "", ""),
        ([], "7", "", ""),
    ],
)
def test_what_the_labels_of_neighbours_say(
    names: list[str], own: str, text: str, role: str
) -> None:
    assert verdict(names, own) == (text, role)
