"""Charts in a page: matplotlib is imported in a thread, once, when a chart is first shown.

Importing it takes a third of a second and a process that draws no chart never pays for it. The
classes that need it stand in modules of their own, which only `Chart.make_canvas` imports.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from mnist_desktop.files import user_folder
from mnist_desktop.progress import Job, Progress
from mnist_desktop.ui import theme
from mnist_desktop.ui.workers import JobRunner

if TYPE_CHECKING:
    from mnist_desktop.ui.chart_canvas import ChartCanvas

FASTEST_INTERVAL = 100
"""Milliseconds between two redraws of a chart at the least."""
SHARE_OF_TIME = 0.1
"""Share of the window's time that the redraws of one chart may take."""


class ChartToolkit(QObject):
    """Bring matplotlib in without holding up the window; a child of the application."""

    ready = Signal()
    failed = Signal(str)

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("chart_toolkit")
        self.loaded = False
        self._runner = JobRunner(self)
        self._runner.finished.connect(self._on_loaded)
        self._runner.failed.connect(self._on_failed)
        app.aboutToQuit.connect(self._runner.wait_closed)

    def load(self) -> None:
        """Start to import matplotlib, unless that is done or under way; `ready` follows."""
        if not self.loaded and not self._runner.is_running:
            self._runner.start(_import_matplotlib)

    @Slot(object)
    def _on_loaded(self, _result: object) -> None:
        self.loaded = True
        self.ready.emit()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(f"Charts cannot be shown: {error}")


def toolkit() -> ChartToolkit:
    """Return the application's chart toolkit."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("a chart needs a QApplication")
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    return app.findChild(ChartToolkit, "chart_toolkit", direct) or ChartToolkit(app)


def _import_matplotlib() -> Job[None]:
    """Import matplotlib, and draw a line by it once."""
    keep_font_cache()
    yield Progress(0, 1, "Preparing the charts")
    importlib.import_module("mnist_desktop.ui.chart_canvas").warm_up()


def keep_font_cache() -> None:
    """Let matplotlib keep its list of fonts in our folder; it takes seconds to make again.

    In a packaged program it would stand in a folder that is thrown away at every start.
    """
    if "MPLCONFIGDIR" not in os.environ and "matplotlib" not in sys.modules:
        os.environ["MPLCONFIGDIR"] = str(user_folder() / "matplotlib")


class Chart(QWidget):
    """A widget that becomes a chart when it is shown, and is redrawn no oftener than it can.

    A subclass makes the canvas and feeds it; until then a line of text stands in its place.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas: ChartCanvas | None = None
        self.notice = "Preparing the charts…"
        self.is_stale = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._refresh)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        toolkit().ready.connect(self._put_canvas)
        toolkit().failed.connect(self._show_failure)
        theme.notifier().changed.connect(self._recolour)

    def make_canvas(self) -> ChartCanvas:
        """Return the canvas; called when matplotlib is there."""
        raise TypeError(f"{type(self).__name__} does not say which canvas it shows")

    def fill_canvas(self, canvas: ChartCanvas) -> None:
        """Give the canvas what it shows now."""
        raise TypeError(f"{type(self).__name__} does not say what it shows")

    def schedule(self) -> None:
        """Ask for a redraw soon; many calls within the interval make one redraw."""
        self.is_stale = True
        if self.canvas is not None and self.isVisible() and not self._timer.isActive():
            self._timer.start(self._interval())

    def showEvent(self, event: QShowEvent) -> None:
        """Load matplotlib after the first paint, or show what came in while out of sight."""
        super().showEvent(event)
        if self.canvas is None:
            QTimer.singleShot(0, self, self._load)
        elif self.is_stale:
            self._timer.start(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say what is under way where the chart will stand."""
        if self.canvas is None:
            with QPainter(self) as painter:
                painter.setPen(theme.current().secondary)
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.notice)

    def _interval(self) -> int:
        """Return the milliseconds to wait: longer where redraws are costly."""
        cost = self.canvas.cost if self.canvas is not None else 0.0
        return max(FASTEST_INTERVAL, round(cost * 1000 / SHARE_OF_TIME))

    @Slot()
    def _load(self) -> None:
        if toolkit().loaded:
            self._put_canvas()
        else:
            toolkit().load()

    @Slot()
    def _put_canvas(self) -> None:
        """Put the canvas in its place, if the chart is seen."""
        if self.canvas is None and self.isVisible():
            self.canvas = self.make_canvas()
            self.canvas.recolour(theme.current())
            self.layout().addWidget(self.canvas)
            self._refresh()

    @Slot(str)
    def _show_failure(self, text: str) -> None:
        self.notice = text
        self.update()

    @Slot()
    def _recolour(self) -> None:
        if self.canvas is not None:
            self.canvas.recolour(theme.current())

    @Slot()
    def _refresh(self) -> None:
        """Hand over what is to be shown; the canvas draws it when the event loop is free."""
        if self.canvas is None or not self.isVisible():
            return
        self.is_stale = False
        self.fill_canvas(self.canvas)
