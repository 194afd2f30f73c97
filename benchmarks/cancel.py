"""Measure how soon a training ends when it is told to, and how soon a paused one rests.

    python benchmarks/cancel.py [--moments N] [--interrupts N] [--pauses N] [--recipe NAME]

The window's own runner drives the real training of MNIST (generated digits where that is not
beside the checkout) and is told to cancel at random moments: a third while the training begins
(from the first call on), a third in the middle of steps, a third while an epoch's validation runs.
Told is the time from the request until the training's thread is over. For the third, 6,000 samples
are trained on, half of them kept apart: 3,000 pictures to validate, as in `standard` on all of
MNIST, without waiting for whole epochs. Then the command `train` gets Ctrl+C, and the time is that
until the process is gone. At last the training is paused and the processor time of the process is
watched: it rests after the last millisecond of which it used more than a fifth.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from random import Random

import onnxruntime  # noqa: F401  (before PySide6, as everywhere)
from measuring import GENERATED, TOP, TRAIN, arguments, mnist_file, run_script, training_dataset
from PySide6.QtCore import QCoreApplication

from mnist_desktop.errors import UserError
from mnist_desktop.progress import Request
from mnist_desktop.trainer.job import Training, train
from mnist_desktop.trainer.progress import TrainingProgress, TrainingResult, TrainingSettings
from mnist_desktop.trainer.recipes import RECIPES
from mnist_desktop.ui.workers import JobRunner

VALIDATED = 3_000
GOAL = 100
"""Milliseconds."""

BUSY = 0.2
"""Share of a stretch of time from which on the processor does not rest."""

WATCHED = 0.5
"""Seconds of a pause that are watched."""


@dataclass(frozen=True)
class Phase:
    """A part of a training to cancel it in.

    Parameters
    ----------
    name
        What the table calls it.
    settings
        The training.
    begins
        Whether it begins with this progress; None where it begins with the training itself.
    ends
        Whether it is over with this progress.
    """

    name: str
    settings: TrainingSettings
    begins: Callable[[TrainingProgress], bool] | None
    ends: Callable[[TrainingProgress], bool]

    def seconds(self) -> float:
        """Measure how long it lasts."""
        training, begun, begins = train(self.settings), time.perf_counter(), self.begins
        for progress in training:
            if begins is None and self.ends(progress):
                break
            if begins and begins(progress):
                begun, begins = time.perf_counter(), None
        lasted = time.perf_counter() - begun
        training.close()
        return lasted


def phases(recipe: str, folder: Path) -> list[Phase]:
    """Return the three parts of a training that are looked at."""
    dataset = training_dataset()
    whole = TrainingSettings(dataset, folder / "m.onnx", RECIPES[recipe], runs=folder / "runs")
    short = replace(whole, dataset=dataset.select(slice(2 * VALIDATED)), validation=0.5)
    return [
        Phase("beginning", whole, None, lambda told: told.kind == "start"),
        Phase("steps", whole, lambda told: told.step >= 3, lambda told: told.step >= 20),
        Phase(
            "validation",
            short,
            lambda told: told.kind == "step" and told.step == told.steps,
            lambda told: told.kind == "epoch",
        ),
    ]


def watched(training: Training, tell: Callable[[TrainingProgress], object]) -> Training:
    """Pass a training on, and tell each progress first, in the thread that it runs in."""
    try:
        request: Request | None = None
        while True:
            try:
                progress = training.send(request)
            except StopIteration as end:
                result: TrainingResult = end.value
                return result
            tell(progress)
            request = yield progress
    finally:
        training.close()


class Driven:
    """A training driven by the window's runner, as far as a certain progress.

    Parameters
    ----------
    until
        The progress to wait for; None to wait for nothing.
    """

    def __init__(
        self, settings: TrainingSettings, until: Callable[[TrainingProgress], bool] | None
    ) -> None:
        reached = threading.Event()

        def tell(progress: TrainingProgress) -> None:
            if until and until(progress):
                reached.set()

        self.ended: list[str] = []
        self.runner = JobRunner()
        self.runner.cancelled.connect(lambda: self.ended.append("cancelled"))
        self.runner.finished.connect(lambda _: self.ended.append("finished"))
        self.runner.failed.connect(lambda error: self.ended.append(f"failed: {error}"))
        self.runner.start(lambda: watched(train(settings), tell))
        if until and not reached.wait(300):
            raise UserError("The training did not come as far as it was to be cancelled")

    def cancel(self) -> float:
        """Cancel; return the milliseconds until its thread was over."""
        asked = time.perf_counter()
        self.runner.cancel()
        self.runner.wait_closed()
        taken = 1000 * (time.perf_counter() - asked)
        QCoreApplication.processEvents()
        if self.ended != ["cancelled"]:
            raise UserError(f"The training was cancelled and ended so: {self.ended}")
        return taken


def interrupted(recipe: str, delay: float) -> float:
    """Send Ctrl+C to the command that trains; return the milliseconds until its process is gone."""
    path = mnist_file(TRAIN)
    source = ["--images", str(path)] if path else ["--sample-digits", str(GENERATED)]
    with tempfile.TemporaryDirectory() as folder:
        said = [*source, "--output", f"{folder}/m.onnx", "--recipe", recipe, "--json"]
        process = subprocess.Popen(
            [sys.executable, "-m", "mnist_desktop.trainer", *said],
            cwd=TOP,
            env=os.environ | {"MNIST_DESKTOP_HOME": folder},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdout is not None
        while b'"event": "start"' not in (line := process.stdout.readline()):
            if not line:
                raise UserError(f"The command ended with {process.wait()} before it trained")
        time.sleep(delay)  # the moment of Ctrl+C, not a wait
        asked = time.perf_counter()
        process.send_signal(signal.SIGINT)
        code = process.wait()
        taken = 1000 * (time.perf_counter() - asked)
        process.stdout.close()
    if code != 128 + signal.SIGINT:
        raise UserError(f"The command was interrupted and ended with {code}")
    return taken


def watch_processor(seconds: float) -> list[tuple[float, float]]:
    """Return about each millisecond the time since now and the processor time, both in seconds."""
    began, used = time.perf_counter(), time.process_time()
    ticks = [(0.0, 0.0)]
    while ticks[-1][0] < seconds:
        time.sleep(0.001)
        ticks.append((time.perf_counter() - began, time.process_time() - used))
    return ticks


def rests_after(ticks: Sequence[tuple[float, float]]) -> float | None:
    """Return the seconds after which the processor was never busy again; None if it still is."""
    busy = [
        end
        for (begin, used), (end, later) in pairwise(ticks)
        if later - used > BUSY * (end - begin)
    ]
    if not busy:
        return 0.0
    return None if busy[-1] == ticks[-1][0] else busy[-1]


def pauses(settings: TrainingSettings, delays: Sequence[float]) -> list[float]:
    """Pause a training after each of these seconds; return the milliseconds until it rests."""
    driven = Driven(settings, lambda told: told.step == 3)
    found = []
    for delay in delays:
        time.sleep(delay)  # the moment of the pause, not a wait
        driven.runner.pause()
        rest = rests_after(watch_processor(WATCHED))
        if rest is None:
            raise UserError(f"The processor did not rest within {WATCHED} s of a pause")
        found.append(1000 * rest)
        driven.runner.resume()
    driven.cancel()
    return found


def tell(name: str, found: Sequence[float]) -> None:
    """Print a line of the table."""
    middle, longest = statistics.median(found), max(found)
    print(f"{name:26} {len(found):3} times  median {middle:6.1f}  longest {longest:6.1f} ms")
    sys.stdout.flush()


def cancellations(phase: Phase, moments: int, draw: Callable[[float], float]) -> list[float]:
    """Cancel a training at random moments of a phase; return the milliseconds each took."""
    lasts, found = phase.seconds(), []
    for _ in range(moments):
        driven = Driven(phase.settings, phase.begins)
        time.sleep(draw(lasts))  # the moment of the request, not a wait
        found.append(driven.cancel())
    return found


def main() -> None:
    """Print a line for each phase, for Ctrl+C and for pauses."""
    parser = arguments(__doc__)
    parser.add_argument("--moments", type=int, default=30, help="to cancel at (30)")
    parser.add_argument("--interrupts", type=int, default=6, help="by Ctrl+C (6)")
    parser.add_argument("--pauses", type=int, default=10, help="of one training (10)")
    parser.add_argument("--recipe", choices=sorted(RECIPES), default="standard")
    options = parser.parse_args()
    application = QCoreApplication([])  # signals from other threads need one
    random = Random(0)
    with tempfile.TemporaryDirectory() as folder:
        parts = phases(options.recipe, Path(folder))
        print(f"{options.recipe} on {parts[0].settings.dataset.name}: milliseconds to the end")
        cancelled: list[float] = []
        for number, phase in enumerate(parts):
            moments = len(range(number, options.moments, len(parts)))
            if moments:
                found = cancellations(phase, moments, lambda lasts: random.uniform(0.0, lasts))
                tell(f"cancelled in {phase.name}", found)
                cancelled += found
        if cancelled:
            tell("cancelled, all together", cancelled)
            late = sum(taken > GOAL for taken in cancelled)
            print(f"{late} of {len(cancelled)} later than {GOAL} ms")
        if options.interrupts and sys.platform != "win32":  # there is no Ctrl+C to send there
            delays = [random.uniform(0.0, 2.0) for _ in range(options.interrupts)]
            tell("Ctrl+C to the command", [interrupted(options.recipe, delay) for delay in delays])
        if options.pauses:
            delays = [random.uniform(0.0, 0.5) for _ in range(options.pauses)]
            tell("paused, processor rests", pauses(parts[0].settings, delays))
    application.quit()


if __name__ == "__main__":
    run_script(main)
