"""Tasks are shared out, each done once, and what goes wrong in one is told."""

from __future__ import annotations

import os
import threading

import pytest

from mnist_desktop.trainer.crew import Crew, available_cores


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_every_task_is_done_once(threads: int) -> None:
    done: list[int] = []
    with Crew(threads) as crew:
        for count in (0, 1, 3, 40):
            done.clear()
            crew.run([lambda n=number: done.append(n) for number in range(count)])
            assert sorted(done) == list(range(count))


def test_a_thread_that_is_held_up_leaves_its_tasks_to_others() -> None:
    """One task waits until all the others are done, which only another thread can do."""
    left, free = set(range(1, 9)), threading.Event()

    def wait() -> None:
        assert free.wait(20)

    def do(number: int) -> None:
        left.discard(number)
        if not left:
            free.set()

    with Crew(2) as crew:
        crew.run([wait, *(lambda n=number: do(n) for number in range(1, 9))])
    assert free.is_set()


def test_an_error_is_raised_when_the_others_have_ended() -> None:
    done: list[int] = []

    def fail() -> None:
        raise ValueError("a task")

    with Crew(2) as crew:
        with pytest.raises(ValueError, match="a task"):
            crew.run([fail, *(lambda n=number: done.append(n) for number in range(5))])
        assert sorted(done) == list(range(5))
        crew.run([lambda: done.append(9)])
    assert done[-1] == 9


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="cores cannot be chosen here")
def test_it_leaves_its_caller_on_the_cores_it_came_from() -> None:
    before, threads = os.sched_getaffinity(0), threading.active_count()
    seen: list[set[int]] = []
    with Crew(available_cores()) as crew:
        barrier = threading.Barrier(crew.threads)

        def look() -> None:
            barrier.wait(20)
            seen.append(os.sched_getaffinity(0))

        crew.run([look] * crew.threads)
    assert os.sched_getaffinity(0) == before
    assert threading.active_count() == threads
    assert set().union(*seen) == before
    assert all(len(cores) == 1 for cores in seen)
