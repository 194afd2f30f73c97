"""The pad takes ink from every device, and undo gives back the very same pixels."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.inference.ink import Stroke, draw
from mnist_desktop.ui import theme
from mnist_desktop.ui.draw.history import PastedPicture
from mnist_desktop.ui.draw.pad import DrawingPad
from mnist_desktop.ui.draw.surface import RASTER, stroke_path
from tests.ui.helpers import draw_by_mouse

LINE = np.array([[0.2, 0.5], [0.4, 0.5], [0.6, 0.5], [0.8, 0.5]], np.float32)
BEND = np.array([[0.2, 0.2], [0.5, 0.8], [0.8, 0.2]], np.float32)


@pytest.fixture
def pad(app: QApplication, qtbot: QtBot) -> DrawingPad:
    made = DrawingPad()
    qtbot.addWidget(made)
    made.resize(400, 400)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_a_mouse_stroke_is_ink_and_data(pad: DrawingPad, qtbot: QtBot) -> None:
    with qtbot.waitSignal(pad.history_changed):
        draw_by_mouse(pad, [LINE])
    (stroke,) = pad.items
    assert isinstance(stroke, Stroke)
    assert stroke.width == pad.brush
    raster = pad.raster()
    assert raster.shape == (RASTER, RASTER)
    assert raster[RASTER // 2, RASTER // 2] == 255
    assert raster[RASTER // 2 + pad.brush, RASTER // 2] == 0
    assert ((raster > 0) & (raster < 255)).any(), "edges are smooth"


def test_ink_is_there_while_the_stroke_is_drawn(pad: DrawingPad) -> None:
    amounts: list[int] = []
    pad.ink_changed.connect(lambda: amounts.append(int(pad.raster().sum())))
    draw_by_mouse(pad, [LINE])
    assert len(amounts) >= 3
    assert amounts == sorted(amounts)
    assert amounts[0] > 0


def test_a_click_is_a_dot(pad: DrawingPad) -> None:
    draw_by_mouse(pad, [np.array([[0.5, 0.5]], np.float32)])
    area = (pad.raster() / 255).sum()
    assert area == pytest.approx(np.pi * (pad.brush / 2) ** 2, rel=0.05)


def test_only_the_left_button_draws(pad: DrawingPad) -> None:
    QTest.mouseClick(pad, Qt.MouseButton.RightButton, pos=QPoint(100, 100))
    QTest.mouseMove(pad, QPoint(120, 120))
    assert pad.items == ()
    assert not pad.raster().any()


def test_undo_and_redo_give_the_same_pixels(pad: DrawingPad) -> None:
    states = [pad.raster()]
    for stroke in (LINE, BEND, LINE[::-1] * 0.7):
        draw_by_mouse(pad, [stroke])
        states.append(pad.raster())
    for state in reversed(states[:-1]):
        pad.undo()
        np.testing.assert_array_equal(pad.raster(), state)
    for state in states[1:]:
        pad.redo()
        np.testing.assert_array_equal(pad.raster(), state)
    pad.clear()
    assert not pad.raster().any()
    pad.undo()
    np.testing.assert_array_equal(pad.raster(), states[-1])


def test_undo_in_the_middle_of_a_stroke_takes_it_back(pad: DrawingPad) -> None:
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(pad, QPoint(200, 200))
    assert pad.is_drawing
    pad.undo()
    assert not pad.raster().any()
    QTest.mouseMove(pad, QPoint(300, 300))
    assert not pad.raster().any()
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    assert pad.items == ()


def test_a_page_change_in_the_middle_of_a_stroke_ends_it(pad: DrawingPad) -> None:
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(pad, QPoint(200, 200))
    pad.hide()
    assert not pad.is_drawing
    assert len(pad.items) == 1


def test_the_eraser_takes_ink_away(pad: DrawingPad) -> None:
    draw_by_mouse(pad, [LINE])
    before = pad.raster()
    pad.eraser = True
    draw_by_mouse(pad, [np.array([[0.5, 0.3], [0.5, 0.7]], np.float32)])
    after = pad.raster()
    assert before[RASTER // 2, RASTER // 2] == 255
    assert after[RASTER // 2, RASTER // 2] == 0
    assert after[RASTER // 2, RASTER // 4] == 255
    assert pad.items[-1].erase


def test_strokes_off_the_edge_stay_on_the_sheet(pad: DrawingPad) -> None:
    draw_by_mouse(pad, [np.array([[0.5, 0.5], [1.4, 0.5], [1.4, 1.6]], np.float32)])
    assert pad.raster()[RASTER // 2, -1] == 255
    assert len(pad.items) == 1


def test_places_far_apart_keep_their_corner(pad: DrawingPad) -> None:
    corner = np.array([[0.2, 0.2], [0.8, 0.2], [0.8, 0.8]], np.float32)
    draw_by_mouse(pad, [corner])
    raster = pad.raster()
    for x, y in ((0.3, 0.2), (0.5, 0.2), (0.7, 0.2), (0.79, 0.22), (0.8, 0.3), (0.8, 0.7)):
        assert raster[round(y * RASTER), round(x * RASTER)] == 255, (x, y)


def test_places_close_together_make_a_smooth_curve() -> None:
    angles = np.linspace(0, np.pi, 14)
    path = stroke_path(280 + 100 * np.stack([np.cos(angles), np.sin(angles)], axis=1))
    directions = np.array([path.angleAtPercent(share) for share in np.linspace(0, 1, 200)])
    turns = np.abs((np.diff(directions) + 180) % 360 - 180)
    assert turns.max() < 4, "straight lines would turn by 14 degrees at each place"


def test_the_raster_does_not_depend_on_the_size_of_the_pad(pad: DrawingPad) -> None:
    draw_by_mouse(pad, [BEND])
    small = pad.raster()
    pad.resize(800, 800)
    np.testing.assert_array_equal(pad.raster(), small)
    pad.clear()
    draw_by_mouse(pad, [BEND])
    assert np.abs(pad.raster().astype(int) - small).mean() < 2


def test_the_ink_on_screen_follows_the_scheme(pad: DrawingPad, app: QApplication) -> None:
    draw_by_mouse(pad, [LINE])

    def middle() -> QColor:
        return pad.grab().toImage().pixelColor(pad.width() // 2, pad.height() // 2)

    assert middle() == theme.LIGHT.ink
    theme.apply_theme(app, "dark")
    assert middle() == theme.DARK.ink


def test_the_numpy_pen_draws_nearly_the_same(pad: DrawingPad) -> None:
    xs = np.linspace(0.2, 0.8, 60, dtype=np.float32)
    draw_by_mouse(pad, [np.stack([xs, 0.5 + 0.25 * np.sin(6 * xs)], axis=1)])
    (stroke,) = pad.items
    by_numpy = draw([stroke], (RASTER, RASTER)).astype(int)
    assert np.abs(by_numpy - pad.raster()).mean() < 0.5


def test_a_finger_draws_and_a_second_one_ends_the_stroke(pad: DrawingPad) -> None:
    screen = QTest.createTouchDevice()
    QTest.touchEvent(pad, screen).press(0, QPoint(100, 100), pad).commit()
    QTest.touchEvent(pad, screen).move(0, QPoint(200, 200), pad).commit()
    assert pad.is_drawing
    QTest.touchEvent(pad, screen).stationary(0).press(1, QPoint(300, 100), pad).commit()
    assert not pad.is_drawing
    QTest.touchEvent(pad, screen).release(0, QPoint(200, 200), pad).commit()
    QTest.touchEvent(pad, screen).release(1, QPoint(300, 100), pad).commit()
    assert len(pad.items) == 1
    assert pad.raster().any()


def pen(*, eraser: bool) -> QPointingDevice:
    """Return one end of a pen; an event does not keep its device alive."""
    tip = QPointingDevice.PointerType.Eraser if eraser else QPointingDevice.PointerType.Pen
    kind, can = QInputDevice.DeviceType.Stylus, QInputDevice.Capability.Position
    return QPointingDevice("pen", 1, kind, tip, can, 1, 3)


@pytest.mark.parametrize("eraser", [False, True])
def test_a_pen_draws_and_its_other_end_erases(pad: DrawingPad, *, eraser: bool) -> None:
    if eraser:
        draw_by_mouse(pad, [LINE])
    device = pen(eraser=eraser)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for kind, place, buttons in (
        (QEvent.Type.TabletPress, QPointF(150, 200), left),
        (QEvent.Type.TabletMove, QPointF(250, 200), left),
        (QEvent.Type.TabletRelease, QPointF(250, 200), Qt.MouseButton.NoButton),
    ):
        where = QPointF(pad.mapToGlobal(place.toPoint()))
        event = QTabletEvent(kind, device, place, where, 0.5, 0, 0, 0, 0, 0, none, left, buttons)
        QApplication.sendEvent(pad, event)
    assert pad.items[-1].erase is eraser
    assert pad.raster()[RASTER // 2, RASTER // 2] == (0 if eraser else 255)


def test_a_pasted_picture_is_a_step_like_a_stroke(pad: DrawingPad) -> None:
    ink = np.zeros((RASTER, RASTER), np.uint8)
    ink[100:200, 100:300] = 200
    pad.add_item(PastedPicture(ink))
    np.testing.assert_array_equal(pad.raster(), ink)
    pad.undo()
    assert not pad.raster().any()


def test_items_that_fit_no_sheet_are_refused(pad: DrawingPad) -> None:
    with pytest.raises(ValueError, match="size"):
        pad.add_item(PastedPicture(np.zeros((28, 28), np.uint8)))
    with pytest.raises(ValueError, match="point"):
        pad.add_item(Stroke(np.zeros((0, 2), np.float32), width=10.0))
    assert pad.items == ()


def test_the_copied_picture_is_dark_on_light(pad: DrawingPad) -> None:
    draw_by_mouse(pad, [LINE])
    picture = pad.picture()
    assert picture.pixelColor(RASTER // 2, RASTER // 2).lightness() == 0
    assert picture.pixelColor(5, 5).lightness() == 255
