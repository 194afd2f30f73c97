"""Work on whatever was asked for last, beside the window."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeAlias

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

Task: TypeAlias = Callable[[], Iterator[object]]
"""Yields results, each better than the one before, and None where there is nothing to show yet."""

SHOW_SECONDS = 0.06
"""How often results of a task that goes on are shown."""

FRAME_SECONDS = 1 / 30
"""A task that has a result may go on for so long to make it better, and the next one begins no
sooner: more pictures a second nobody sees, and the answer to the pen needs the processor, too."""

PATIENCE = 0.15
"""How long a task may keep a newer one waiting before it has any result.

Less, and nothing would ever be shown while a pen moves; more, and the newest waits for long.
"""


class NewestWorker(QObject):
    """Carry out tasks in a thread of its own, the newest first.

    One task is on its way, and of those that wait only the newest is kept. A task that another
    one waits for soon ends with the best result it has. `made` carries a result, `failed` an
    exception; both arrive in the thread of this object, and neither does after `forget`.
    """

    made = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = _NewestThread()
        self._thread.made.connect(self._on_made, Qt.ConnectionType.QueuedConnection)
        self._thread.failed.connect(self._on_failed, Qt.ConnectionType.QueuedConnection)
        self._valid_from = 0
        self._number = 0
        self._finished = 0

    @property
    def is_busy(self) -> bool:
        """Say whether the end of the newest task is still to come."""
        return self._finished < self._number and self._number >= self._valid_from

    def begin(self, task: Task) -> None:
        """Have a task carried out, in place of one that still waits."""
        self._number += 1
        self._thread.put(task, self._number)
        if not self._thread.isRunning():
            self._thread.start()

    def forget(self) -> None:
        """Let no result arrive of what was asked for until now."""
        self._valid_from = self._number + 1
        self._thread.forget()

    def stop(self) -> None:
        """End the thread, and wait for it; a task gets no further than its next result."""
        self.forget()
        self._thread.stop()
        self._thread.wait()

    @Slot(int, object, bool)
    def _on_made(self, number: int, result: object, last: bool) -> None:
        """Pass on a result unless it was forgotten."""
        if last:
            self._finished = max(self._finished, number)
        if number >= self._valid_from and result is not None:
            self.made.emit(result)

    @Slot(int, object)
    def _on_failed(self, number: int, error: Exception) -> None:
        """Pass on an error unless its task was forgotten."""
        self._finished = max(self._finished, number)
        if number >= self._valid_from:
            self.failed.emit(error)


class _NewestThread(QThread):
    """Take the waiting task, carry it out, and look again."""

    made = Signal(int, object, bool)
    failed = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()
        self._waiting: tuple[Task, int] | None = None
        self._forgotten = False
        self._stopped = False

    def put(self, task: Task, number: int) -> None:
        """Leave a task, in place of the one that waits."""
        with self._changed:
            self._waiting = (task, number)
            self._changed.notify_all()

    def forget(self) -> None:
        """Drop the task that waits, and end the one on its way."""
        with self._changed:
            self._waiting = None
            self._forgotten = True

    def stop(self) -> None:
        """Have `run` return."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def run(self) -> None:
        """Carry out tasks until told to stop."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopped or self._waiting is not None)
                if self._stopped or self._waiting is None:
                    return
                (task, number), self._waiting = self._waiting, None
                self._forgotten = False
            began = time.monotonic()
            try:
                self._carry_out(task, number)
            except Exception as error:
                self.failed.emit(number, error)
            with self._changed:
                rest = began + FRAME_SECONDS - time.monotonic()
                self._changed.wait_for(lambda: self._stopped, timeout=max(0.0, rest))

    def _carry_out(self, task: Task, number: int) -> None:
        """Go through a task, and show what it makes now and then and at its end."""
        began = shown = time.monotonic()
        best: object = None
        is_new = False
        for result in task():
            if result is not None:
                best, is_new = result, True
            now = time.monotonic()
            if self._must_end(has_result=best is not None, seconds=now - began):
                break
            if is_new and now - shown >= SHOW_SECONDS:
                self.made.emit(number, best, False)
                shown, is_new = now, False
        self.made.emit(number, best if is_new else None, True)

    def _must_end(self, *, has_result: bool, seconds: float) -> bool:
        """Say whether to leave a task for what is asked for now."""
        with self._changed:
            if self._stopped or self._forgotten:
                return True
            enough = FRAME_SECONDS if has_result else PATIENCE
            return self._waiting is not None and seconds >= enough
