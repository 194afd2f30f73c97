"""A job ends exactly once, and can be paused, asked and cancelled between two steps."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from pytestqt.qtbot import QtBot

from mnist_desktop.errors import UserError
from mnist_desktop.progress import Job, Progress, Request
from mnist_desktop.ui.workers import JobRunner


class Log:
    """Everything a runner said, in order."""

    def __init__(self, runner: JobRunner) -> None:
        self.lines: list[tuple[str, object]] = []
        for name in ("progressed", "finished", "failed", "paused"):
            getattr(runner, name).connect(lambda what, name=name: self.lines.append((name, what)))
        for name in ("started", "cancelled"):
            getattr(runner, name).connect(lambda name=name: self.lines.append((name, None)))

    def names(self) -> list[str]:
        return [name for name, _ in self.lines]

    def ends(self) -> list[str]:
        return [n for n in self.names() if n in ("finished", "failed", "cancelled")]


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[JobRunner]:
    made = JobRunner()
    yield made
    assert made.wait_closed(5000)


def counting(total: int) -> Callable[[], Job[str]]:
    def job() -> Job[str]:
        for done in range(total):
            yield Progress(done + 1, total)
        return "done"

    return job


class Endless:
    """A job that counts until it is closed, and remembers how it was treated."""

    def __init__(self) -> None:
        self.steps = 0
        self.closed = threading.Event()
        self.heard: list[Request] = []

    def job(self) -> Job[str]:
        try:
            while True:
                self.steps += 1
                request = yield Progress(self.steps, 0)
                if request is not None:
                    self.heard.append(request)
                    return "asked"
        finally:
            self.closed.set()


def test_a_job_reports_and_finishes(runner: JobRunner, qtbot: QtBot) -> None:
    log = Log(runner)
    with qtbot.waitSignal(runner.finished) as end:
        runner.start(counting(5))
    assert end.args == ["done"]
    assert log.names()[0] == "started"
    assert log.names()[-1] == "finished"
    last = [what for name, what in log.lines if name == "progressed"][-1]
    assert last == Progress(5, 5)
    assert not runner.is_running


def test_fast_reports_are_thinned_but_no_epoch_is_lost(runner: JobRunner, qtbot: QtBot) -> None:
    @dataclass(frozen=True)
    class Step(Progress):
        kind: str = "step"

    def job() -> Job[None]:
        for epoch in range(4):
            for step in range(200):
                yield Step(epoch * 200 + step, 800)
            yield Step(epoch, 4, kind="epoch")

    log = Log(runner)
    with qtbot.waitSignal(runner.finished):
        runner.start(job)
    reports = [what for name, what in log.lines if name == "progressed"]
    assert [r.done for r in reports if r.kind == "epoch"] == [0, 1, 2, 3]
    assert len(reports) < 400


def test_a_failure_is_told_with_its_error(runner: JobRunner, qtbot: QtBot) -> None:
    def job() -> Job[None]:
        yield Progress(1, 2)
        raise UserError("the disk is full", "Free some space.")

    log = Log(runner)
    with qtbot.waitSignal(runner.failed) as end:
        runner.start(job)
    assert isinstance(end.args[0], UserError)
    assert log.ends() == ["failed"]


def test_a_factory_that_fails_is_a_failed_job(runner: JobRunner, qtbot: QtBot) -> None:
    def factory() -> Job[None]:
        raise UserError("no such file")

    with qtbot.waitSignal(runner.failed):
        runner.start(factory)
    assert not runner.is_running


def test_cancel_closes_the_job(runner: JobRunner, qtbot: QtBot) -> None:
    work, log = Endless(), Log(runner)
    runner.start(work.job)
    qtbot.waitUntil(lambda: work.steps > 3)
    with qtbot.waitSignal(runner.cancelled):
        runner.cancel()
    assert work.closed.is_set()
    assert log.ends() == ["cancelled"]


def test_pause_holds_the_job_and_resume_lets_it_go(runner: JobRunner, qtbot: QtBot) -> None:
    work, log = Endless(), Log(runner)
    runner.start(work.job)
    qtbot.waitUntil(lambda: work.steps > 3)
    runner.pause()
    assert runner.is_paused

    def stands_still() -> bool:
        before = work.steps
        qtbot.wait(20)
        return work.steps == before

    qtbot.waitUntil(stands_still)
    runner.resume()
    before = work.steps
    qtbot.waitUntil(lambda: work.steps > before + 1)
    assert [what for name, what in log.lines if name == "paused"] == [True, False]


def test_a_paused_job_can_be_cancelled(runner: JobRunner, qtbot: QtBot) -> None:
    work = Endless()
    runner.start(work.job)
    runner.pause()
    with qtbot.waitSignal(runner.cancelled):
        runner.cancel()


def test_a_request_reaches_the_job(runner: JobRunner, qtbot: QtBot) -> None:
    work = Endless()
    runner.start(work.job)
    qtbot.waitUntil(lambda: work.steps > 0)
    with qtbot.waitSignal(runner.finished) as end:
        runner.send(Request.FINISH_EPOCH)
    assert end.args == ["asked"]
    assert work.heard == [Request.FINISH_EPOCH]


def test_one_job_at_a_time(runner: JobRunner, qtbot: QtBot) -> None:
    work = Endless()
    runner.start(work.job)
    with pytest.raises(RuntimeError, match="already"):
        runner.start(work.job)


def test_waiting_for_the_end_tells_it_exactly_once(runner: JobRunner, qtbot: QtBot) -> None:
    work, log = Endless(), Log(runner)
    runner.start(work.job)
    qtbot.waitUntil(lambda: work.steps > 0)
    assert runner.wait_closed(5000)
    assert log.ends() == ["cancelled"]
    with qtbot.waitSignal(runner.finished):
        runner.start(counting(3))
    assert log.ends() == ["cancelled", "finished"]
