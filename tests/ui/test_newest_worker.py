"""The newest task wins, and whatever was forgotten stays silent."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from mnist_desktop.ui.workers import NewestWorker


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[NewestWorker]:
    """Return a worker, stopped afterwards."""
    made = NewestWorker()
    yield made
    made.stop()


def held(name: str, began: threading.Event, go: threading.Event) -> Iterator[str]:
    """Yield one result, wait, and yield another."""
    yield f"{name} coarse"
    began.set()
    assert go.wait(10)
    yield f"{name} fine"


def test_of_those_that_wait_only_the_newest_is_carried_out(
    worker: NewestWorker, qtbot: QtBot
) -> None:
    results: list[object] = []
    worker.made.connect(results.append)
    began, go = threading.Event(), threading.Event()
    worker.begin(lambda: held("first", began, go))
    assert began.wait(10)
    worker.begin(lambda: iter(["second"]))
    worker.begin(lambda: iter(["third"]))
    go.set()
    qtbot.waitUntil(lambda: "third" in results, timeout=10_000)

    assert results == ["first fine", "third"]


def test_the_best_result_is_shown_at_the_end(worker: NewestWorker, qtbot: QtBot) -> None:
    with qtbot.waitSignal(worker.made, timeout=10_000) as made:
        worker.begin(lambda: iter([None, "coarse", None, "fine", None]))
    assert made.args == ["fine"]


def test_what_was_forgotten_never_arrives(worker: NewestWorker, qtbot: QtBot) -> None:
    results: list[object] = []
    worker.made.connect(results.append)
    began, go = threading.Event(), threading.Event()
    worker.begin(lambda: held("first", began, go))
    assert began.wait(10)
    worker.forget()
    go.set()
    worker.begin(lambda: iter(["second"]))
    qtbot.waitUntil(lambda: bool(results), timeout=10_000)

    assert results == ["second"]


def test_a_task_that_fails_says_so_and_the_next_one_works(
    worker: NewestWorker, qtbot: QtBot
) -> None:
    def fail() -> Iterator[object]:
        yield None
        raise ValueError("no")

    with qtbot.waitSignal(worker.failed, timeout=10_000) as failed:
        worker.begin(fail)
    assert str(failed.args[0]) == "no"
    with qtbot.waitSignal(worker.made, timeout=10_000):
        worker.begin(lambda: iter(["next"]))


def test_stopping_waits_for_one_result_only(worker: NewestWorker) -> None:
    began, ended = threading.Event(), threading.Event()

    def endless() -> Iterator[object]:
        try:
            while True:
                began.set()
                yield None
        finally:
            ended.set()

    worker.begin(endless)
    assert began.wait(10)
    worker.stop()
    assert ended.wait(10)
