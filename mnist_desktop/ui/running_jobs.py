"""Show in the status bar what runs, and let it be cancelled there."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot

from mnist_desktop.progress import Progress
from mnist_desktop.ui.status_bar import StatusBar
from mnist_desktop.ui.workers import JobRunner


@dataclass
class _Entry:
    """A runner, what to call its job, and the page that tells more."""

    runner: JobRunner
    title: str
    page: str
    last: Progress | None = None


class RunningJobs(QObject):
    """Watch runners, and show the first that runs, in the order they were added.

    `quiet` tells that the last of several jobs has ended.
    """

    page_requested = Signal(str)
    quiet = Signal()
    _ended = Signal()

    def __init__(self, bar: StatusBar) -> None:
        super().__init__(bar)
        self._bar = bar
        self._entries: list[_Entry] = []
        self._is_closing = False
        # Later, because the end of a job may begin the next one.
        self._ended.connect(self._tell_if_quiet, Qt.ConnectionType.QueuedConnection)
        bar.job_clicked.connect(self._on_clicked)
        bar.cancel_clicked.connect(self._on_cancel)

    def add(self, runner: JobRunner, *, title: str, page: str) -> None:
        """Watch `runner`.

        Parameters
        ----------
        runner
            What runs jobs.
        title
            What to call its job while it reports nothing.
        page
            The page that a click leads to.
        """
        entry = _Entry(runner, title, page)
        self._entries.append(entry)
        runner.started.connect(lambda: self._on_progress(entry, None))
        runner.progressed.connect(lambda progress: self._on_progress(entry, progress))
        runner.paused.connect(lambda _: self._show())
        for end in (runner.finished, runner.failed):
            end.connect(lambda _: self._on_end())
        runner.cancelled.connect(self._on_end)

    def say_closing(self) -> None:
        """Show from now on that what runs is being brought to its end."""
        self._is_closing = True
        self._show()

    def running(self) -> list[JobRunner]:
        """Return the runners that have a job now."""
        return [entry.runner for entry in self._entries if entry.runner.is_running]

    def _shown(self) -> _Entry | None:
        """Return what the bar shows now."""
        return next((entry for entry in self._entries if entry.runner.is_running), None)

    def _on_progress(self, entry: _Entry, progress: Progress | None) -> None:
        """Remember how far a job is."""
        entry.last = progress
        self._show()

    @Slot()
    def _on_end(self) -> None:
        """Show what still runs, and look soon whether anything does."""
        self._show()
        self._ended.emit()

    @Slot()
    def _tell_if_quiet(self) -> None:
        """Tell when nothing runs any more."""
        if not self.running():
            self.quiet.emit()

    @Slot()
    def _show(self) -> None:
        """Show the first job that runs, or that none does."""
        entry = self._shown()
        if entry is None:
            self._bar.clear_job()
            return
        last = entry.last
        what = (last.what if last is not None else "") or entry.title
        if self._is_closing:
            what = f"Closing: {what}"
        elif entry.runner.is_paused:
            what = f"Paused: {what}"
        self._bar.set_job(what, last.fraction if last is not None and last.total else None)

    @Slot()
    def _on_clicked(self) -> None:
        """Ask for the page of the job that is shown."""
        entry = self._shown()
        if entry is not None:
            self.page_requested.emit(entry.page)

    @Slot()
    def _on_cancel(self) -> None:
        """Cancel the job that is shown."""
        entry = self._shown()
        if entry is not None:
            entry.runner.cancel()
