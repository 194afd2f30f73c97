"""One long job in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from mnist_desktop.progress import Job, Progress, Request

REPORT_SECONDS = 1 / 30
"""The shortest time between two ordinary progress reports: a person sees no more."""


class JobRunner(QObject):
    """Drive one job at a time in a thread of its own.

    Every job that was started ends with exactly one of `finished` (its result), `failed` (the
    exception) or `cancelled`, in the thread of this object and only after the thread's work is
    over. Reports that come too fast are dropped, except those whose `kind` is not "step" and
    the last one.
    """

    started = Signal()
    progressed = Signal(object)
    paused = Signal(bool)
    finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: _JobThread | None = None
        self._number = 0

    @property
    def is_running(self) -> bool:
        """Say whether a job was started and has not yet told how it ended."""
        return self._thread is not None

    @property
    def is_paused(self) -> bool:
        """Say whether the running job waits between two steps."""
        return self._thread is not None and self._thread.is_paused()

    def start(self, factory: Callable[[], Job[Any]]) -> None:
        """Make the job by `factory`, in its thread, and drive it.

        Raises
        ------
        RuntimeError
            When a job is still running.
        """
        if self._thread is not None:
            raise RuntimeError("a job is already running")
        self._number += 1
        thread = _JobThread(factory, number=self._number)
        thread.report.connect(self._on_report, Qt.ConnectionType.QueuedConnection)
        thread.end.connect(self._on_end, Qt.ConnectionType.QueuedConnection)
        self._thread = thread
        self.started.emit()
        thread.start()

    def send(self, request: Request) -> None:
        """Ask the job for something between two steps; without a job it does nothing."""
        if self._thread is not None:
            self._thread.ask(request)

    def pause(self) -> None:
        """Stop asking the job for its next step."""
        self._set_paused(True)

    def resume(self) -> None:
        """Go on after `pause`."""
        self._set_paused(False)

    def cancel(self) -> None:
        """Close the job at its next step; `cancelled` follows, unless it had just ended."""
        if self._thread is not None:
            self._thread.stop()

    def wait_closed(self, timeout_ms: int = 30_000) -> bool:
        """Cancel, and block until the thread is over: for teardown, never while a person waits.

        The signal that ends the job is delivered before this returns.
        """
        thread = self._thread
        if thread is None:
            return True
        thread.stop()
        if not thread.wait(timeout_ms):
            return False
        if self._thread is thread:
            self._on_end(thread.number, *thread.outcome)
        return True

    def _set_paused(self, paused: bool) -> None:
        """Hold or release the running job, and tell when that changed anything."""
        if self._thread is not None and self._thread.is_paused() != paused:
            self._thread.set_paused(paused)
            self.paused.emit(paused)

    @Slot(int, object)
    def _on_report(self, number: int, progress: Progress) -> None:
        """Pass on a report, unless its job has ended already."""
        if self._thread is not None and number == self._number:
            self.progressed.emit(progress)

    @Slot(int, str, object)
    def _on_end(self, number: int, how: str, what: object) -> None:
        """Tell once how the job ended; `wait_closed` may have done so before."""
        thread = self._thread
        if thread is None or number != self._number:
            return
        thread.wait()
        self._thread = None
        thread.deleteLater()
        if how == "finished":
            self.finished.emit(what)
        elif how == "failed":
            self.failed.emit(what)
        else:
            self.cancelled.emit()


class _JobThread(QThread):
    """Ask a generator for its next report until it ends or is told to stop."""

    report = Signal(int, object)
    end = Signal(int, str, object)

    def __init__(self, factory: Callable[[], Job[Any]], *, number: int) -> None:
        super().__init__()
        self.number = number
        self._factory = factory
        self._changed = threading.Condition()
        self._paused = False
        self._stopped = False
        self._request: Request | None = None
        self.outcome: tuple[str, object] = ("cancelled", None)

    def is_paused(self) -> bool:
        """Say whether the job is held between two steps."""
        return self._paused

    def set_paused(self, paused: bool) -> None:
        """Hold the job between two steps, or let it go on."""
        with self._changed:
            self._paused = paused
            self._changed.notify_all()

    def stop(self) -> None:
        """Have the job closed at its next step."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def ask(self, request: Request) -> None:
        """Hand `request` to the job at its next step."""
        with self._changed:
            self._request = request
            self._changed.notify_all()

    def run(self) -> None:
        """Run the job to its end, whichever it is."""
        try:
            self.outcome = self._drive(self._factory())
        except BaseException as error:
            self.outcome = ("failed", error)
        self.end.emit(self.number, *self.outcome)

    def _drive(self, job: Job[Any]) -> tuple[str, object]:
        """Return how the job ended and with what."""
        last: Progress | None = None
        told = float("-inf")
        begun = False
        try:
            while self._may_go_on():
                # A generator that has not begun cannot be sent anything.
                progress = job.send(self._taken_request() if begun else None)
                begun, last = True, progress
                now = time.monotonic()
                if now - told >= REPORT_SECONDS or getattr(progress, "kind", "step") != "step":
                    self.report.emit(self.number, progress)
                    last, told = None, now
            job.close()
        except StopIteration as end:
            if last is not None:
                self.report.emit(self.number, last)
            return "finished", end.value
        return "cancelled", None

    def _may_go_on(self) -> bool:
        """Wait while paused; return whether the job may take another step."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or not self._paused)
            return not self._stopped

    def _taken_request(self) -> Request | None:
        """Return what was asked for since the last step, once."""
        with self._changed:
            request, self._request = self._request, None
            return request
