"""Short tasks that must all be done, one after the other, beside the window."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from mnist_desktop.progress import Job
from mnist_desktop.ui.workers.jobs import JobRunner


class InTurn(QObject):
    """Do every task in the order it was given; none is left out, also when the window closes.

    `done` carries the task's name and its result, `failed` the name and the exception.
    """

    done = Signal(str, object)
    failed = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[tuple[str, Callable[[], Any]]] = deque()
        self._is_closing = False
        self.runner = JobRunner(self)
        self.runner.finished.connect(self._on_finished)
        self.runner.failed.connect(self._on_failed)

    @property
    def is_busy(self) -> bool:
        """Say whether a task is not done yet."""
        return bool(self._waiting)

    def do(self, name: str, task: Callable[[], Any]) -> None:
        """Do `task` when those before it are done."""
        self._waiting.append((name, task))
        self._go_on()

    def finish(self) -> None:
        """Do what is left now, and return when all is done: the window closes."""
        self._is_closing = True
        self.runner.wait_closed()
        while self._waiting:
            name, task = self._waiting.popleft()
            try:
                self.done.emit(name, task())
            except Exception as error:
                self.failed.emit(name, error)
        self._is_closing = False

    def _go_on(self) -> None:
        """Begin the next task, unless one is being done."""
        if self._waiting and not (self._is_closing or self.runner.is_running):
            _, task = self._waiting[0]
            self.runner.start(lambda: _as_job(task))

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        """Tell the result, and go on."""
        name, _ = self._waiting.popleft()
        self._go_on()
        self.done.emit(name, result)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        """Tell what went wrong, and go on."""
        name, _ = self._waiting.popleft()
        self._go_on()
        self.failed.emit(name, error)


def _as_job(task: Callable[[], Any]) -> Job[Any]:
    """Do a task as a job of one step, which nothing interrupts."""
    yield from ()
    return task()
