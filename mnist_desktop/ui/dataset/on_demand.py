"""A result that is worked out beside the window when it is first wanted, and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from mnist_desktop.progress import Job
from mnist_desktop.ui.workers import JobRunner


class OnDemand(QObject):
    """Run a job once its result is wanted; keep the result until it is of something else.

    `arrived` tells that the result is there, `failed` carries the exception that took its place,
    `given_up` tells that a person cancelled. Of a job that is no longer wanted nothing is told.
    """

    arrived = Signal()
    failed = Signal(object)
    given_up = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner = JobRunner(self)
        self.value: Any = None
        self._factory: Callable[[], Job[Any]] | None = None
        self._running: Callable[[], Job[Any]] | None = None
        self._is_wanted = False
        self.runner.finished.connect(self._on_finished)
        self.runner.failed.connect(self._on_failed)
        self.runner.cancelled.connect(self._on_cancelled)

    @property
    def is_wanted(self) -> bool:
        """Say whether the result is on its way."""
        return self._is_wanted

    def reset(self, factory: Callable[[], Job[Any]] | None, *, value: object = None) -> None:
        """Forget the result: it is to be that of another job from now on.

        Parameters
        ----------
        factory
            Makes the job; None where there is nothing to work out.
        value
            The result, where it is known already.
        """
        self._factory, self.value, self._is_wanted = factory, value, False
        self.runner.cancel()

    def want(self) -> None:
        """Begin to work the result out, unless it is there or on its way."""
        if self.value is None and self._factory is not None:
            self._is_wanted = True
            self._begin()

    def drop(self) -> None:
        """Stop working on the result, which nobody wants for now; one that is there stays."""
        if self._is_wanted:
            self._is_wanted = False
            self.runner.cancel()

    def close_down(self) -> None:
        """End the job that runs; no other follows."""
        self.reset(None)
        self.runner.wait_closed()

    def _begin(self) -> None:
        """Start the job that is wanted, unless one still runs: its end comes back here."""
        if self._is_wanted and self._factory is not None and not self.runner.is_running:
            self._running = self._factory
            self.runner.start(self._factory)

    def _was_the_one(self) -> bool:
        """Say whether the job that has ended is the one that is wanted; begin that one if not."""
        if self._running is self._factory and self._is_wanted:
            self._is_wanted = False
            return True
        self._begin()
        return False

    @Slot(object)
    def _on_finished(self, value: object) -> None:
        """Keep the result, also one that came just when it was dropped."""
        if self._running is self._factory:
            self.value = value
        if self._was_the_one():
            self.arrived.emit()

    @Slot(object)
    def _on_failed(self, error: object) -> None:
        """Tell why there is no result."""
        if self._was_the_one():
            self.failed.emit(error)

    @Slot()
    def _on_cancelled(self) -> None:
        """Tell that there will be no result."""
        if self._was_the_one():
            self.given_up.emit()
