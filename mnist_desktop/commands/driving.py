"""Drive a job from a terminal: report its progress, and stop it between two steps on Ctrl+C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from mnist_desktop.commands.output import Output, bar
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Job, Progress

Result = TypeVar("Result")

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class UsageError(UserError):
    """The command was called in a way that cannot be meant; the process ends with 2."""


class StoppedError(Exception):
    """The person (or the system) asked the command to stop, and it did, between two steps.

    Parameters
    ----------
    number
        The signal's number; the process ends with 128 and that, as shells expect.
    """

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by signal {number}")
        self.exit_code = 128 + number


def drive(job: Job[Result], output: Output, report: Callable[[Progress], object]) -> Result:
    """Run `job` to its end and return its result.

    The first Ctrl+C closes the job at its next step, so that it can put away what it made; a second
    one stops at once.

    Raises
    ------
    StoppedError
        After the job was closed.
    """
    with _asked_to_stop(output) as asked:
        try:
            while True:
                if asked:
                    raise StoppedError(asked[0])
                try:
                    progress = next(job)
                except StopIteration as end:
                    result: Result = end.value
                    return result
                report(progress)
        finally:
            job.close()
            output.clear_live()


def show_progress(output: Output) -> Callable[[Progress], object]:
    """Return a reporter that draws the live line of an ordinary job, or writes its events."""

    def report(progress: Progress) -> None:
        output.frequent_event(
            "progress", done=progress.done, total=progress.total, what=progress.what
        )
        if progress.total:
            output.live(f"{bar(progress.fraction)} {progress.fraction:4.0%}  {progress.what}")
        else:
            output.live(progress.what)

    return report


@contextmanager
def _asked_to_stop(output: Output) -> Iterator[list[int]]:
    """Collect the signals that ask to stop instead of being thrown out of the middle of a step."""
    asked: list[int] = []

    def remember(number: int, frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        output.notice("Stopping after this step (Ctrl+C again: at once).")

    if threading.current_thread() is not threading.main_thread():
        yield asked  # only the main thread may set handlers; the caller then stops in its own way
        return
    before = [(number, signal.signal(number, remember)) for number in _SIGNALS]
    try:
        yield asked
    finally:
        for number, handler in before:
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
