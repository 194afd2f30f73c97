"""Run a job in a thread of its own, so that what it does to its thread stays there."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from mnist_desktop.progress import Request

Told = TypeVar("Told")
Result = TypeVar("Result")


def apart(
    job: Generator[Told, Request | None, Result], *, name: str
) -> Generator[Told, Request | None, Result]:
    """Drive `job` in a thread of its own; its caller drives it as before, step by step.

    A session of onnxruntime that takes denormal numbers for zero sets that for the thread which
    makes it, for good. Whoever trains must not find its own arithmetic changed by it.

    Parameters
    ----------
    job
        Not begun yet. It runs only while its caller waits for the next item.
    name
        Of the thread, for debuggers.
    """
    with ThreadPoolExecutor(1, name) as thread:
        try:
            told = thread.submit(next, job).result()
            while True:
                request = yield told
                told = thread.submit(job.send, request).result()
        except StopIteration as end:
            result: Result = end.value
            return result
        finally:
            thread.submit(job.close).result()
