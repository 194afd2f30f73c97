"""The chart of a training, as it is drawn."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.ui import charts, theme
from mnist_desktop.ui.train.curves import TrainingCurves
from mnist_desktop.ui.train.training_chart import TrainingChart
from tests.ui.train.training_reports import reports


@pytest.fixture
def chart(qtbot: QtBot, app: QApplication) -> TrainingChart:
    """Return a chart on screen, its canvas made."""
    made = TrainingChart()
    qtbot.addWidget(made)
    made.resize(640, 300)
    made.show()
    qtbot.waitUntil(lambda: made.canvas is not None and made.canvas.cost > 0, timeout=30_000)
    return made


def settle(qtbot: QtBot, chart: TrainingChart) -> None:
    """Wait until what came in is drawn."""
    qtbot.waitUntil(lambda: not chart.is_stale, timeout=10_000)


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
    assert panel.validation_label.get_text() == "validation\n93.00 %"
    assert panel.axes.get_xlim() == (0, 3)
    assert "93.00%" in chart.accessibleDescription()


def test_updates_move_lines_without_drawing_the_axes_again(
    qtbot: QtBot, chart: TrainingChart, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = list(reports(epochs=2, steps=40))
    for report in told[:30]:
        chart.add(report)
    settle(qtbot, chart)
    qtbot.waitUntil(lambda: not chart.canvas.still_is_old)
    drawn: list[int] = []
    monkeypatch.setattr(type(chart.canvas), "draw", lambda self: drawn.append(1))
    before = len(chart.canvas.loss.training.get_xdata())
    for report in told[30:34]:
        chart.add(report)
    settle(qtbot, chart)
    assert len(chart.canvas.loss.training.get_xdata()) > before
    assert drawn == []


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
    assert chart.canvas.loss.validation.get_color() == theme.DARK.accent.name()
    qtbot.waitUntil(lambda: not chart.canvas.still_is_old)
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
    qtbot.waitUntil(lambda: not chart.canvas.still_is_old)
    loss, accuracy = (p.axes.get_position() for p in (chart.canvas.loss, chart.canvas.accuracy))
    for place in (loss, accuracy):
        assert 0 <= place.x0 < place.x1 <= 1
        assert 0 <= place.y0 < place.y1 <= 1
    assert loss.x1 < accuracy.x0 or accuracy.y1 < loss.y0


def test_labels_of_close_lines_do_not_lie_over_one_another(
    qtbot: QtBot, chart: TrainingChart
) -> None:
    for report in reports(accuracy=lambda e, s: 0.93, validation=lambda e: 0.93):
        chart.add(report)
    settle(qtbot, chart)
    qtbot.waitUntil(lambda: not chart.canvas.still_is_old)
    panel = chart.canvas.accuracy
    heights = [panel.axes.transData.transform(label.xy)[1] for label in panel.labels]
    assert abs(heights[0] - heights[1]) >= 29 * chart.canvas.device_pixel_ratio
