"""The chart of a training, as it is drawn."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from mnist_desktop.ui import charts, theme
from mnist_desktop.ui.chart_canvas import Caption
from mnist_desktop.ui.train.curves import TrainingCurves
from mnist_desktop.ui.train.training_canvas import LABEL_HEIGHT
from mnist_desktop.ui.train.training_chart import TrainingChart
from tests.ui.train.training_reports import reports


@pytest.fixture
def chart(qtbot: QtBot, app: QApplication) -> TrainingChart:
    """Return a chart on screen, its canvas made."""
    made = TrainingChart()
    qtbot.addWidget(made)
    made.resize(640, 300)
    made.show()
    qtbot.waitUntil(lambda: made.canvas is not None and made.canvas.drawn > 0, timeout=30_000)
    return made


def settle(qtbot: QtBot, chart: TrainingChart) -> None:
    """Wait until what came in is handed over and drawn."""
    qtbot.waitUntil(lambda: not chart.is_stale, timeout=10_000)
    drawn = chart.canvas.drawn
    chart.canvas.draw_idle()
    qtbot.waitUntil(lambda: chart.canvas.drawn > drawn)


def words(chart: TrainingChart) -> dict[str, Caption]:
    """Return what is written in the chart, by its text."""
    return {caption.text: caption for caption in chart.canvas.captions()}


def test_matplotlib_is_imported_only_when_a_chart_is_shown() -> None:
    code = (
        "import sys\n"
        "from PySide6.QtWidgets import QApplication\n"
        "app = QApplication([])\n"
        "from mnist_desktop.ui.train.page import TrainPage\n"
        "page = TrainPage()\n"
        "app.processEvents()\n"
        "assert 'matplotlib' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_failed_import_is_told_in_the_charts_place(
    qtbot: QtBot, app: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(name: str) -> None:
        raise ImportError(f"no {name} here")

    monkeypatch.setattr(charts.toolkit(), "loaded", False)
    monkeypatch.setattr(charts.importlib, "import_module", broken)
    made = TrainingChart()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: "cannot be shown" in made.notice, timeout=10_000)
    assert made.canvas is None


def test_lines_hold_what_was_reported(qtbot: QtBot, chart: TrainingChart) -> None:
    chart.set_curves(TrainingCurves())
    for report in reports(epochs=3, validation=lambda e: 0.9 + e / 100):
        chart.add(report)
    settle(qtbot, chart)
    panel = chart.canvas.accuracy
    assert list(panel.validation.get_xdata()) == [1, 2, 3]
    assert list(panel.validation.get_ydata()) == pytest.approx([0.91, 0.92, 0.93])
    assert list(panel.best.get_xdata()) == [3]
    assert {"validation\n93.00 %", "best", "Accuracy", "epoch", "100 %"} <= set(words(chart))
    assert panel.axes.get_xlim() == (0, 3)
    assert "93.00%" in chart.accessibleDescription()


def test_many_reports_within_the_interval_make_one_redraw(
    qtbot: QtBot, chart: TrainingChart, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(qtbot, chart)
    fills: list[int] = []
    monkeypatch.setattr(chart, "fill_canvas", lambda canvas: fills.append(1))
    for report in reports(epochs=4, steps=100):
        chart.add(report)
    settle(qtbot, chart)
    assert len(fills) == 1
    assert chart._interval() >= charts.FASTEST_INTERVAL


def test_a_costly_redraw_is_repeated_less_often(chart: TrainingChart) -> None:
    chart.canvas.cost = 0.08
    assert chart._interval() == pytest.approx(80 / charts.SHARE_OF_TIME)


def test_a_chart_out_of_sight_is_not_redrawn_and_catches_up(
    qtbot: QtBot, chart: TrainingChart
) -> None:
    chart.hide()
    for report in reports(epochs=2):
        chart.add(report)
    assert chart.is_stale
    assert len(chart.canvas.loss.training.get_xdata()) == 0
    chart.show()
    settle(qtbot, chart)
    assert len(chart.canvas.loss.training.get_xdata()) > 0


def test_colours_follow_the_scheme(qtbot: QtBot, app: QApplication, chart: TrainingChart) -> None:
    assert chart.canvas.loss.validation.get_color() == theme.LIGHT.accent.name()
    theme.apply_theme(app, "dark")
    settle(qtbot, chart)
    assert chart.canvas.loss.validation.get_color() == theme.DARK.accent.name()
    corner = chart.grab().toImage().pixelColor(2, 2)
    assert corner.name() == theme.DARK.surface.name()


@pytest.mark.parametrize(("width", "height"), [(900, 260), (420, 520), (330, 190)])
def test_panels_stay_inside_and_apart(
    qtbot: QtBot, chart: TrainingChart, width: int, height: int
) -> None:
    for report in reports():
        chart.add(report)
    chart.resize(width, height)
    settle(qtbot, chart)
    loss, accuracy = (p.axes.get_position() for p in (chart.canvas.loss, chart.canvas.accuracy))
    for place in (loss, accuracy):
        assert 0 <= place.x0 < place.x1 <= 1
        assert 0 <= place.y0 < place.y1 <= 1
    assert loss.x1 < accuracy.x0 or accuracy.y1 < loss.y0


@pytest.mark.parametrize("value", [0.0, 0.5, 0.93, 1.0])
def test_labels_of_close_lines_do_not_lie_over_one_another(
    qtbot: QtBot, chart: TrainingChart, value: float
) -> None:
    for report in reports(accuracy=lambda e, s: value, validation=lambda e: value):
        chart.add(report)
    settle(qtbot, chart)
    shown = words(chart)
    training, validation = (shown[f"{n}\n{value * 100:.2f} %"] for n in ("training", "validation"))
    assert abs(training.y - validation.y) >= LABEL_HEIGHT
    assert max(training.y, validation.y) + LABEL_HEIGHT / 2 <= chart.canvas.accuracy.place.bottom()


def test_points_and_marks_lie_where_matplotlib_draws_them(
    qtbot: QtBot, chart: TrainingChart
) -> None:
    for report in reports(epochs=4):
        chart.add(report)
    settle(qtbot, chart)
    canvas = chart.canvas
    for panel in canvas.panels:
        x, y = 3.0, (panel.axis.low + panel.axis.high) / 3
        ours = panel.point(x, y)
        theirs = panel.axes.transData.transform((x, y)) / canvas.device_pixel_ratio
        assert ours.x() == pytest.approx(theirs[0], abs=0.6)
        assert canvas.height() - ours.y() == pytest.approx(theirs[1], abs=0.6)


def test_an_autoencoder_has_no_accuracy(qtbot: QtBot, chart: TrainingChart) -> None:
    chart.set_curves(TrainingCurves(answers=False))
    for report in reports(validation=lambda e: None):
        chart.add(report)
    settle(qtbot, chart)
    assert chart.canvas.panels == (chart.canvas.loss,)
    assert not chart.canvas.accuracy.axes.get_visible()
    assert "Accuracy" not in words(chart)
    assert chart.canvas.loss.place.right() > chart.width() / 2


def test_the_values_under_the_mouse_are_told(qtbot: QtBot, chart: TrainingChart) -> None:
    for report in reports(epochs=3, accuracy=lambda e, s: 0.5, validation=lambda e: 0.9 + e / 100):
        chart.add(report)
    settle(qtbot, chart)
    panel = chart.canvas.accuracy
    near_second = panel.point(2.2, 0.5)
    assert panel.readout(near_second) == "Accuracy, epoch 2\nvalidation 92.00 %\ntraining 50.00 %"
    assert chart.canvas.loss.readout(near_second) == ""
    place = near_second.toPoint()
    tip = QHelpEvent(QEvent.Type.ToolTip, place, chart.canvas.mapToGlobal(place))
    QApplication.sendEvent(chart.canvas, tip)
    qtbot.waitUntil(lambda: "92.00 %" in QToolTip.text())
    QToolTip.hideText()


def test_an_empty_chart_says_what_will_be_there(chart: TrainingChart) -> None:
    assert [text for text in words(chart) if "while a training runs" in text]
