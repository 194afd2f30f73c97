"""Long work is a plain generator of `Progress` that returns its result; nobody here knows threads.

The caller drives it: asking for the next item lets the work go on, not asking pauses it, closing
the generator cancels it, and sending a `Request` asks for something between two steps.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias, TypeVar

Result = TypeVar("Result")


class Request(Enum):
    """What the driver of a job may ask for between two steps."""

    FINISH_EPOCH = "finish this epoch and keep the result"


@dataclass(frozen=True)
class Progress:
    """How far a job has come.

    Parameters
    ----------
    done, total
        Units of work finished and expected; `total` is 0 while it is not known.
    what
        What is being done at the moment, in a few words for a status bar.
    """

    done: int
    total: int
    what: str = ""

    @property
    def fraction(self) -> float:
        """Return the share of the work that is done, 0 to 1; 0 while the total is not known."""
        return min(1.0, self.done / self.total) if self.total else 0.0


Job: TypeAlias = Generator[Progress, Request | None, Result]
"""A job: yields `Progress` (or a subclass), may be sent a `Request`, returns its result."""


def finish(job: Job[Result], report: Callable[[Progress], object] | None = None) -> Result:
    """Drive `job` to its end in this thread and return its result.

    Parameters
    ----------
    job
        The generator to run.
    report
        Called with every `Progress` it yields.
    """
    while True:
        try:
            progress = next(job)
        except StopIteration as end:
            result: Result = end.value
            return result
        if report is not None:
            report(progress)


def translated(job: Job[Result], translate: Callable[[Progress], Progress]) -> Job[Result]:
    """Return a job that does the same and reports in other words.

    Parameters
    ----------
    job
        The job; it is closed with this one, and what is sent to this one reaches it.
    translate
        Called with every `Progress` of the job; what it returns is yielded instead.
    """
    request: Request | None = None
    begun = False
    try:
        while True:
            try:
                progress = job.send(request) if begun else next(job)
            except StopIteration as end:
                result: Result = end.value
                return result
            begun = True
            request = yield translate(progress)
    finally:
        job.close()
