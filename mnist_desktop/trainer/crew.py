"""Threads that share a job's tasks: whoever is free takes the next one.

On a machine that does something else as well, one core is often away for some milliseconds. With
a fixed share for each thread every step waits for the slowest; here the others take its tasks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Thread
from typing import TypeAlias

Task: TypeAlias = Callable[[], object]


class _Job:
    """Tasks that several threads take up, until the last of them has ended."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        # Taking the next item of a list's iterator is one step under the interpreter lock.
        self._left = iter(list(tasks))
        self._count = len(tasks)
        self._ends: list[BaseException | None] = []
        self._over: SimpleQueue[None] = SimpleQueue()

    def help(self) -> None:
        """Run tasks while there are any left."""
        for task in self._left:
            error: BaseException | None = None
            try:
                task()
            except BaseException as problem:  # it is raised again where the job was given
                error = problem
            self._ends.append(error)
            if len(self._ends) == self._count:
                self._over.put(None)

    def wait(self) -> None:
        """Return when every task has ended; raise what the first failed one raised."""
        if self._count:
            self._over.get()
        for error in self._ends:
            if error is not None:
                raise error


class Crew:
    """The calling thread and `threads − 1` more; a context manager, since it owns them.

    With a thread for each core, each stays on its own while the crew is entered. Woken afresh for
    every step, two threads are else often put on one core while another program holds the other:
    the steps of `standard` took 27 ms beside a busy process, and take 22 so (13 without one).

    The threads begin with the floating point settings of the thread that enters.

    Parameters
    ----------
    threads
        How many tasks run at once, the caller's included; at least 1.
    """

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._others: list[Thread] = []
        self._allowed: set[int] = set()

    def __enter__(self) -> Crew:
        self._allowed = _cores_of_this_thread()
        spread = len(self._allowed) == self.threads > 1
        cores: list[int | None] = [None] * self.threads
        if spread:
            cores[:] = sorted(self._allowed)
        _stay_on(cores[0])
        for number, core in enumerate(cores[1:], 1):
            thread = Thread(target=self._work, args=(core,), name=f"training-{number}", daemon=True)
            thread.start()
            self._others.append(thread)
        return self

    def __exit__(self, *exception: object) -> None:
        for _ in self._others:
            self._jobs.put(None)
        for thread in self._others:
            thread.join()
        self._others.clear()
        _stay_on(*self._allowed)

    def run(self, tasks: Sequence[Task]) -> None:
        """Run every task once, taken up in their order; return when all have ended.

        It waits for tasks and not for threads: one that the system keeps from running delays
        nobody as long as it has not taken a task.

        Raises
        ------
        BaseException
            What a task raised, when all others have ended too.
        """
        job = _Job(tasks)
        for _ in range(min(len(self._others), len(tasks) - 1)):
            self._jobs.put(job)
        job.help()
        job.wait()

    def _work(self, core: int | None) -> None:
        """Help with one job after the other until there is none."""
        _stay_on(core)
        while (job := self._jobs.get()) is not None:
            job.help()


def available_cores() -> int:
    """Return how many cores this process may use."""
    return len(_cores_of_this_thread()) or os.cpu_count() or 1


def _cores_of_this_thread() -> set[int]:
    """Return the cores that this thread may run on; empty where the system does not tell."""
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


def _stay_on(*cores: int | None) -> None:
    """Keep this thread on `cores`; None, or none, leaves it where it is."""
    wanted = {core for core in cores if core is not None}
    if wanted and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, wanted)
