"""The confusion matrix as a person sees and uses it."""

from __future__ import annotations

import string

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.ui import theme
from mnist_desktop.ui.colours import contrast, mix, readable_on
from mnist_desktop.ui.evaluate.confusion_chart import ConfusionChart
from mnist_desktop.ui.evaluate.confusion_painter import NAME_GAP, arrange_names
from tests.ui.dataset.dataset_helpers import move_mouse

LEFT, Key = Qt.MouseButton.LeftButton, Qt.Key


@pytest.fixture
def chart(qtbot: QtBot, app: QApplication) -> ConfusionChart:
    made = ConfusionChart()
    qtbot.addWidget(made)
    made.resize(420, 420)
    confusion = np.diag([90, 80, 70])
    confusion[0, 2] = 7
    made.set_confusion(confusion, ("a", "b", "c"))
    made.show()
    return made


def middle(chart: ConfusionChart, row: int, column: int) -> QPoint:
    x, y, width, height = chart.layout_now().rect(row, column)
    return QPoint(x + width // 2, y + height // 2)


def test_a_click_selects_a_cell_and_a_second_one_drops_it(
    qtbot: QtBot, chart: ConfusionChart
) -> None:
    with qtbot.waitSignal(chart.cell_selected) as told:
        qtbot.mouseClick(chart, LEFT, pos=middle(chart, 0, 2))
    assert told.args == [(0, 2)]
    assert chart.accessibleDescription() == "7 of 97 images of “a” read as “c” (7.2 %)"
    with qtbot.waitSignal(chart.cell_selected) as told:
        qtbot.mouseClick(chart, LEFT, pos=middle(chart, 0, 2))
    assert told.args == [None]


def test_arrows_move_the_selection_and_stay_inside(qtbot: QtBot, chart: ConfusionChart) -> None:
    chart.select((1, 1))
    for key, cell in (
        (Key.Key_Right, (1, 2)),
        (Key.Key_Right, (1, 2)),
        (Key.Key_Down, (2, 2)),
        (Key.Key_Down, (2, 2)),
        (Key.Key_Left, (2, 1)),
        (Key.Key_Up, (1, 1)),
    ):
        qtbot.keyClick(chart, key)
        assert chart.selected == cell
    qtbot.keyClick(chart, Key.Key_Escape)
    assert chart.selected is None


def test_the_cell_under_the_mouse_is_told(qtbot: QtBot, chart: ConfusionChart) -> None:
    with qtbot.waitSignal(chart.cell_hovered) as told:
        move_mouse(chart, middle(chart, 2, 2))
    assert told.args == [(2, 2)]
    assert chart.describe((2, 2)) == "70 of 70 images of “c” read right (100.0 %)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_cells_have_the_colours_of_the_scheme(
    app: QApplication, chart: ConfusionChart, scheme: str
) -> None:
    theme.apply_theme(app, scheme)
    colours = theme.current()
    picture = chart.grab().toImage()

    def colour(row: int, column: int) -> str:
        x, y, *_ = chart.layout_now().rect(row, column)
        return picture.pixelColor(QPoint(x + 4, y + 4) * picture.devicePixelRatio()).name()

    assert colour(1, 0) == colours.surface.name()
    assert colour(0, 2) == mix(colours.surface, colours.bad, 0.9).name()
    assert colour(1, 1) == mix(colours.surface, colours.accent, 0.42).name()


@pytest.mark.parametrize("shown", [theme.LIGHT, theme.DARK])
def test_counts_can_be_read_on_every_ground(shown: theme.Theme) -> None:
    for share in np.linspace(0, 1, 21):
        for ground in (
            mix(shown.surface, shown.accent, 0.42 * share),
            mix(shown.surface, shown.bad, 0.9 * share),
        ):
            ink = readable_on(ground, shown.text, shown.surface)
            assert contrast(ink, ground) >= 4.5


def test_mixing_ends_at_both_colours() -> None:
    ends = theme.LIGHT.surface, theme.LIGHT.bad
    assert mix(*ends, 0.0).name() == ends[0].name()
    assert mix(*ends, 1.0).name() == ends[1].name()


@pytest.mark.parametrize("classes", [1, 26, 47, 62])
def test_any_number_of_classes_is_painted_and_clicked(
    qtbot: QtBot, chart: ConfusionChart, classes: int
) -> None:
    random = np.random.default_rng(1)
    confusion = random.integers(0, 4, (classes, classes))
    chart.set_confusion(confusion, tuple(f"k{i}" for i in range(classes)))
    assert not chart.grab().isNull()
    last = classes - 1
    qtbot.mouseClick(chart, LEFT, pos=middle(chart, last, 0))
    assert chart.selected == (last, 0)


def test_empty_chart_takes_clicks_and_keys(qtbot: QtBot, chart: ConfusionChart) -> None:
    chart.set_confusion(np.zeros((0, 0), np.int64), ())
    qtbot.mouseClick(chart, LEFT, pos=QPoint(200, 200))
    qtbot.keyClick(chart, Key.Key_Down)
    assert chart.selected is None


@pytest.mark.parametrize(
    ("classes", "size", "lanes"), [(47, 420, 2), (62, 480, 2), (47, 700, 1), (10, 420, 1)]
)
def test_short_names_stand_in_two_lanes_where_one_has_no_room_for_all(
    chart: ConfusionChart, classes: int, size: int, lanes: int
) -> None:
    names = tuple((string.digits + string.ascii_letters)[:classes])
    chart.resize(size, 300)  # its height follows its width
    chart.set_confusion(np.eye(classes, dtype=np.int64), names)
    chart.resize(size, size)
    beside = arrange_names(names, chart.size())
    assert beside.lanes == lanes
    assert chart.layout_now().label_step(lanes) == 1, "every class is named"

    picture = chart.grab().toImage()
    ratio = picture.devicePixelRatio()
    first = chart.layout_now().left - NAME_GAP
    for lane in range(lanes):
        right = first - lane * beside.lane_width
        columns = range(round((right - beside.lane_width + 4) * ratio), round(right * ratio))
        inked = [
            y
            for y in range(round(chart.layout_now().top * ratio), picture.height())
            if any(picture.pixelColor(x, y) != theme.current().surface for x in columns)
        ]
        assert len(inked) > 80, "names stand in each lane"


def test_long_names_stay_in_one_lane(chart: ConfusionChart) -> None:
    names = tuple(f"ankle boot {number}" for number in range(47))
    assert arrange_names(names, chart.size()).lanes == 1
