"""Measure how smooth the window stays: idle, while a digit is drawn, and while a network trains.

    python benchmarks/window.py [--seconds N] [--recipe NAME]

A timer of one millisecond runs in the GUI thread; the gap between two of its ticks is the time in
which no event could be handled. Digits are drawn on the real pad by mouse events, one every ten
milliseconds, through the real `Program`; the answer time is from the mouse event to the repainted
panel of the newest request. With MNIST beside the checkout it trains on that, else on generated
digits. Run it on a quiet machine; a run of its own shows how quiet it is (phase "idle").
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime  # noqa: F401  (before PySide6, as everywhere)
from measuring import TRAIN, arguments, mnist_file, run_script
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from mnist_desktop.datasets.sample_digits import sample_strokes
from mnist_desktop.trainer.progress import TrainingSettings
from mnist_desktop.trainer.recipes import RECIPES
from mnist_desktop.ui.program import Program, application


class Meter:
    """Collect the gaps between ticks and the times of answers."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self.answers: list[float] = []
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._tick)

    def _tick(self) -> None:
        """Note the time since the tick before."""
        now = time.perf_counter()
        if self._last:
            self.gaps.append(1000 * (now - self._last))
        self._last = now

    def start(self) -> None:
        """Begin to measure from nothing."""
        self.gaps, self.answers, self._last = [], [], 0.0
        self._timer.start()

    def report(self, phase: str) -> None:
        """Print the figures of a phase, and stop."""
        self._timer.stop()
        gaps = sorted(self.gaps)
        line = (
            f"{phase:28} gap median {statistics.median(gaps):5.1f}  "
            f"p99 {gaps[int(0.99 * len(gaps))]:5.1f}  longest {gaps[-1]:6.1f} ms"
        )
        if self.answers:
            answers = sorted(self.answers)
            line += (
                f"   answer median {statistics.median(answers):5.1f}  "
                f"p99 {answers[int(0.99 * len(answers))]:5.1f} ms  ({len(answers)} answers)"
            )
        print(line, flush=True)


class Pen:
    """Draw digits on the pad by mouse events, one point at each tick of a timer."""

    def __init__(self, program: Program, meter: Meter) -> None:
        page = program.window.page("draw")
        assert page is not None
        self._page, self._pad, self._meter = page, page.pad, meter  # type: ignore[attr-defined]
        self._sent: dict[int, float] = {}
        self._points: list[tuple[QEvent.Type, QPointF]] = []
        self._seed, self._moved = 0, 0.0
        self._timer = QTimer()
        self._timer.setInterval(10)
        self._timer.timeout.connect(self._step)
        self._page.prediction_requested.connect(self._on_requested)
        program.core.predictions.answered.connect(self._on_answered)

    def start(self) -> None:
        """Begin to draw."""
        self._timer.start()

    def stop(self) -> None:
        """Lift the pen for good."""
        self._timer.stop()
        self._points.clear()

    def _step(self) -> None:
        """Send the next mouse event; after the last of a digit clear the pad for the next."""
        if not self._points:
            self._pad.clear()
            self._write_next()
        kind, at = self._points.pop(0)
        held = Qt.MouseButton.LeftButton
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else held
        after = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else held
        where = QPointF(self._pad.mapToGlobal(at))
        event = QMouseEvent(kind, at, where, button, after, Qt.KeyboardModifier.NoModifier)
        self._moved = time.perf_counter()
        QCoreApplication.sendEvent(self._pad, event)

    def _on_requested(self, _raster: object, number: int) -> None:
        """Note which mouse event a request goes back to."""
        self._sent[number] = self._moved

    def _write_next(self) -> None:
        """Put the mouse events of another digit into the queue."""
        self._seed += 1
        side = self._pad.width()
        for stroke in sample_strokes(self._seed % 10, seed=self._seed):
            points = [QPointF(side * (0.2 + 0.6 * x), side * (0.2 + 0.6 * y)) for x, y in stroke]
            self._points.append((QEvent.Type.MouseButtonPress, points[0]))
            self._points += [(QEvent.Type.MouseMove, point) for point in points[1:]]
            self._points.append((QEvent.Type.MouseButtonRelease, points[-1]))

    def _on_answered(self, answer: object) -> None:
        """Note how long the newest answer took, its repaint included."""
        sent = self._sent.pop(answer.request, None)  # type: ignore[attr-defined]
        if sent is not None:
            panel: QWidget = self._page.panel
            panel.repaint()
            self._meter.answers.append(1000 * (time.perf_counter() - sent))


def wait(app: QApplication, until: Callable[[], bool], *, seconds: float) -> bool:
    """Run the event loop until a condition holds or the time is over; return whether it held."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if until():
            return True
        app.processEvents()
        time.sleep(0.0005)
    return until()


def run_loop(seconds: float) -> None:
    """Run the real event loop for some time."""
    loop = QEventLoop()
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    loop.exec()


def opened_program() -> Program:
    """Return the program in its window, in a home of its own, with a model and a dataset."""
    os.environ.setdefault("MNIST_DESKTOP_HOME", tempfile.mkdtemp(prefix="mnist-desktop-"))
    app = application()
    program = Program(page="draw")
    program.show()
    core = program.core
    assert wait(app, lambda: core.classifier is not None, seconds=30), "no model was loaded"
    if path := mnist_file(TRAIN):
        core.open_dataset(path)
    else:
        core.open_samples()
    assert wait(app, lambda: core.dataset is not None, seconds=60), "no dataset was opened"
    return program


def main() -> None:
    """Measure the three phases and print a line for each."""
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of a phase")
    parser.add_argument("--recipe", choices=sorted(RECIPES), default="standard")
    options = parser.parse_args()
    program = opened_program()
    core = program.core
    dataset = core.dataset
    assert dataset is not None
    program.window.show_page("train")
    program.window.show_page("draw")
    run_loop(1.0)

    meter = Meter()
    pen = Pen(program, meter)
    meter.start()
    run_loop(options.seconds)
    meter.report("idle")

    meter.start()
    pen.start()
    run_loop(options.seconds)
    meter.report("drawing")

    train_page = program.window.page("train")
    assert train_page is not None
    output = Path(tempfile.mkdtemp()) / "m.onnx"
    settings = TrainingSettings(dataset, output, RECIPES[options.recipe], epochs=30)
    meter.start()
    train_page.start_requested.emit(settings)  # type: ignore[attr-defined]
    run_loop(options.seconds)
    meter.report("drawing, a training begins")

    meter.start()
    run_loop(options.seconds)
    meter.report("drawing while it trains")

    pen.stop()
    program.window.show_page("train")
    run_loop(1.0)
    meter.start()
    run_loop(options.seconds)
    meter.report("watching it train")
    for runner in core.jobs.running():
        runner.wait_closed()
    program.window.close()


if __name__ == "__main__":
    run_script(main)
