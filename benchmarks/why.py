"""Measure how soon “Why” and “Alike” follow the pen, and what they cost.

    python benchmarks/why.py [--seconds N] [--pictures N]

First the map alone, without a window: the processor time for the finest map of a digit, by each
model that comes with the program. Then digits are drawn on the real pad by mouse events, one every
ten milliseconds, with another view open in each phase: the time from the mouse event to the
repainted view, for the results that were shown, and beside it how long the answer itself took and
how long the window could not answer (see window.py). With MNIST beside the checkout the nearest
images are looked for among its 60,000, else among generated digits.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime  # noqa: F401  (before PySide6, as everywhere)
from measuring import arguments, run_script
from window import Meter, Pen, opened_program, run_loop, wait

from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.inference.classifier import Classifier, shipped_models
from mnist_desktop.inference.explanation import PASSES, explain
from mnist_desktop.ui.draw.alike_view import AlikeView
from mnist_desktop.ui.draw.page import DrawPage
from mnist_desktop.ui.draw.why_tasks import Explained
from mnist_desktop.ui.draw.why_view import WhyView
from mnist_desktop.ui.program import Program, application

View = WhyView | AlikeView


class Followed:
    """Note when each result of a view was asked for by the pen, and when it could be seen."""

    def __init__(self, view: View, pen: Pen, meter: Meter, page: DrawPage) -> None:
        self._view, self._pen, self._meter, self._page = view, pen, meter, page
        self._asked: dict[int, tuple[object, float]] = {}
        self.times: list[float] = []
        self.finest = 0
        self._begin = view._worker.begin
        view._worker.begin = self._on_begin  # type: ignore[method-assign]
        # After the view's own slot: what it shows is painted here.
        view._worker.made.connect(self._on_made)

    def _on_begin(self, task: Callable[[], Iterator[object]]) -> None:
        """Pass a task on, and note of its results which mouse event they go back to."""
        moved = self._pen.moved_for(self._page.panel.request)
        self._begin(lambda: self._tagged(task(), moved))

    def _tagged(self, results: Iterator[object], moved: float) -> Iterator[object]:
        """Yield the results as they come."""
        for result in results:
            if result is not None:
                # The result is kept, so that no other gets its number.
                self._asked[id(result)] = result, moved
            yield result

    def _on_made(self, result: object) -> None:
        """Paint, and note the time."""
        self._view.repaint()
        _, moved = self._asked.get(id(result), (None, 0.0))
        if moved:
            self.times.append(1000 * (time.perf_counter() - moved))
            self.finest += isinstance(result, Explained) and result.occlusion.passes == PASSES

    def start(self) -> None:
        """Begin to measure from nothing."""
        self._asked.clear()
        self.times, self.finest = [], 0

    def report(self, phase: str, seconds: float) -> None:
        """Print the figures of a phase."""
        times = sorted(self.times)
        line = (
            f"{phase:28} view median {statistics.median(times):6.1f}  "
            f"p99 {times[int(0.99 * len(times))]:6.1f} ms  {len(times) / seconds:5.1f} a second"
        )
        if self.finest:
            line += f", {100 * self.finest / len(times):.0f} % of them as fine as it gets"
        print(line, flush=True)


class NotingPen(Pen):
    """A pen that remembers which mouse event each request goes back to."""

    def __init__(self, program: Program, meter: Meter) -> None:
        super().__init__(program, meter)
        self._moves: dict[int, float] = {}
        self._page.prediction_requested.connect(self._on_noted)

    def _on_noted(self, _raster: object, number: int) -> None:
        """Note the newest mouse event."""
        self._moves[number] = self._moved

    def moved_for(self, number: int) -> float:
        """Return when the mouse event of a request came, 0 where it is not known."""
        return self._moves.get(number, 0.0)


def measure_maps(pictures: int) -> None:
    """Print the processor time of the finest map, by each model that comes with the program."""
    images = sample_dataset(pictures).images
    for path in shipped_models():
        classifier = Classifier.load(path)
        times = []
        for image in images:
            began = time.thread_time()
            explain(classifier, image)
            times.append(1000 * (time.thread_time() - began))
        times.sort()
        print(
            f"{path.name:28} map median {statistics.median(times):5.1f}  "
            f"p95 {times[int(0.95 * len(times))]:5.1f}  longest {times[-1]:5.1f} ms of processor",
            flush=True,
        )


def main() -> None:
    """Measure the maps, then each view while a pen moves."""
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of a phase")
    parser.add_argument("--pictures", type=int, default=200, help="digits to make maps of")
    options = parser.parse_args()
    measure_maps(options.pictures)
    program = opened_program()
    app, core = application(), program.core
    page = program.window.show_page("draw")
    assert isinstance(page, DrawPage)
    why, alike = page.findChild(WhyView), page.findChild(AlikeView)
    assert why is not None
    assert alike is not None
    page.drawer.show_view("why")
    assert wait(app, lambda: why.part.count() > 2, seconds=30), "no layers were found"
    page.drawer.show_view("steps")
    meter = Meter()
    pen = NotingPen(program, meter)
    pen.start()
    run_loop(1.0)
    meter.start()
    run_loop(options.seconds)
    meter.report("steps")
    for phase, name, part in (
        ("why: what decides", "why", 0),
        ("why: the first layer", "why", 1),
        (f"alike, of {len(core.dataset):,}", "alike", 0),
    ):
        why.part.setCurrentIndex(part)
        page.drawer.show_view(name)
        view: View = alike if name == "alike" else why
        followed = Followed(view, pen, meter, page)
        run_loop(1.0)
        meter.start()
        followed.start()
        run_loop(options.seconds)
        meter.report(phase)
        followed.report(phase, options.seconds)
        view._worker.made.disconnect(followed._on_made)
        view._worker.begin = followed._begin  # type: ignore[method-assign]
    pen.stop()
    core.end_all()
    program.window.close()


if __name__ == "__main__":
    run_script(main)
