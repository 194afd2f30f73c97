"""A result is worked out once, when it is wanted, and never that of something else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.progress import Job, Progress
from mnist_desktop.ui.dataset.on_demand import OnDemand


class Slow:
    """Makes jobs that end with a value once they are let go, and counts how many began."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.begun: list[str] = []

    def __call__(self, value: str) -> Callable[[], Job[str]]:
        """Return what makes a job with this result."""

        def job() -> Job[str]:
            self.begun.append(value)
            while not self.go.wait(0.005):
                yield Progress(0, 2, value)
            if value == "broken":
                raise ValueError(value)
            yield Progress(1, 2, value)
            return value

        return job


@pytest.fixture
def slow() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.go.set()


@pytest.fixture
def wanted(app: QApplication) -> Iterator[OnDemand]:
    made = OnDemand()
    yield made
    made.close_down()


def test_a_result_is_worked_out_once(qtbot: QtBot, wanted: OnDemand, slow: Slow) -> None:
    slow.go.set()
    wanted.want()
    assert not wanted.is_wanted, "there is nothing to work out yet"
    wanted.reset(slow("first"))
    assert slow.begun == []
    with qtbot.waitSignal(wanted.arrived):
        wanted.want()
        wanted.want()
    assert (wanted.value, slow.begun, wanted.is_wanted) == ("first", ["first"], False)
    wanted.want()
    assert not wanted.runner.is_running


def test_only_the_newest_is_kept(qtbot: QtBot, wanted: OnDemand, slow: Slow) -> None:
    wanted.reset(slow("old"))
    wanted.want()
    qtbot.waitUntil(lambda: slow.begun == ["old"])
    wanted.reset(slow("new"))
    assert (wanted.value, wanted.is_wanted) == (None, False)
    wanted.want()
    slow.go.set()
    with qtbot.waitSignal(wanted.arrived):
        pass
    assert wanted.value == "new"


def test_what_nobody_wants_any_more_is_not_told(qtbot: QtBot, wanted: OnDemand, slow: Slow) -> None:
    ends: list[str] = []
    wanted.arrived.connect(lambda: ends.append("arrived"))
    wanted.given_up.connect(lambda: ends.append("given up"))
    wanted.reset(slow("old"))
    wanted.want()
    wanted.reset(None, value="known")
    qtbot.waitUntil(lambda: not wanted.runner.is_running)
    assert (wanted.value, ends) == ("known", [])


def test_a_cancelled_one_can_be_wanted_again(qtbot: QtBot, wanted: OnDemand, slow: Slow) -> None:
    wanted.reset(slow("it"))
    wanted.want()
    with qtbot.waitSignal(wanted.given_up):
        wanted.runner.cancel()
    assert (wanted.value, wanted.is_wanted) == (None, False)
    slow.go.set()
    with qtbot.waitSignal(wanted.arrived):
        wanted.want()


def test_a_dropped_one_is_not_told_and_can_be_wanted_again(
    qtbot: QtBot, wanted: OnDemand, slow: Slow
) -> None:
    ends: list[str] = []
    wanted.given_up.connect(lambda: ends.append("given up"))
    wanted.reset(slow("it"))
    wanted.want()
    wanted.drop()
    assert not wanted.is_wanted
    qtbot.waitUntil(lambda: not wanted.runner.is_running)
    assert ends == []
    slow.go.set()
    with qtbot.waitSignal(wanted.arrived):
        wanted.want()
    wanted.drop()
    assert wanted.value == "it"


def test_a_failure_is_told(qtbot: QtBot, wanted: OnDemand, slow: Slow) -> None:
    slow.go.set()
    wanted.reset(slow("broken"))
    with qtbot.waitSignal(wanted.failed) as told:
        wanted.want()
    assert str(told.args[0]) == "broken"
    assert not wanted.is_wanted
