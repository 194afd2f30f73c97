"""How commands speak to a person and to a program, and how Ctrl+C stops a job."""

from __future__ import annotations

import io
import json
import math
import os
import signal
from pathlib import Path

import numpy as np
import pytest

from mnist_desktop.commands.driving import StoppedError, drive, show_progress
from mnist_desktop.commands.output import Output, bar, duration, plain, process_seconds
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Job, Progress


class Terminal(io.StringIO):
    """A stream that says somebody watches it."""

    def isatty(self) -> bool:
        return True


def make_output(*, as_json: bool, err: io.StringIO | None = None) -> Output:
    return Output(as_json=as_json, out=io.StringIO(), err=err or io.StringIO())


def written(output: Output) -> list[dict[str, object]]:
    assert isinstance(output.out, io.StringIO)
    return [json.loads(line) for line in output.out.getvalue().splitlines()]


def counting(total: int, closed: list[int]) -> Job[str]:
    """Count to `total` and remember in `closed` where it was closed."""
    done = 0
    try:
        while done < total:
            done += 1
            yield Progress(done, total, "counting")
    except GeneratorExit:
        closed.append(done)
        raise
    return "counted"


def test_for_a_program_each_object_is_one_ascii_line() -> None:
    output = make_output(as_json=True)

    output.line("for a person")
    output.event("start", folder=Path("数字"), shape=(2, 3), loss=math.nan)
    output.done(accuracy=np.float32(0.5), confusion=np.eye(2, dtype=np.int64), best=None)

    start, done = written(output)
    assert start == {"event": "start", "folder": "数字", "shape": [2, 3], "loss": None}
    assert isinstance(done.pop("seconds"), float)
    assert done == {
        "event": "done",
        "accuracy": 0.5,
        "confusion": [[1, 0], [0, 1]],
        "best": None,
    }
    assert output.out.getvalue().isascii()  # type: ignore[attr-defined]


def test_for_a_person_there_are_lines_and_no_objects() -> None:
    output = make_output(as_json=False)

    output.event("start")
    output.line("99.4 %")
    output.done(accuracy=0.994)

    assert output.out.getvalue() == "99.4 %\n"  # type: ignore[attr-defined]


def test_an_error_is_a_line_on_standard_error_and_an_object() -> None:
    output = make_output(as_json=True)

    output.error(UserError("“a” is no IDX file", "Choose another file."), path=Path("a"))

    assert written(output) == [
        {
            "event": "error",
            "message": "“a” is no IDX file",
            "advice": "Choose another file.",
            "path": "a",
        }
    ]
    expected = "mnist-desktop: “a” is no IDX file. Choose another file.\n"
    assert output.err.getvalue() == expected  # type: ignore[attr-defined]


def test_frequent_events_are_thinned_out() -> None:
    output = make_output(as_json=True)

    for step in range(1000):
        output.frequent_event("step", step=step)
    output.frequent_event("other")

    assert written(output) == [{"event": "step", "step": 0}, {"event": "other"}]


def test_the_live_line_is_only_for_a_terminal_and_leaves_nothing_behind() -> None:
    terminal = Terminal()
    output = make_output(as_json=False, err=terminal)
    output.live("half")
    output.line("done")
    assert terminal.getvalue() == "\rhalf\r    \r"

    for silent in (make_output(as_json=False), make_output(as_json=True, err=Terminal())):
        silent.live("half")
        assert silent.err.getvalue() == ""  # type: ignore[attr-defined]


def test_drive_returns_the_result_and_reports() -> None:
    output = make_output(as_json=True)
    seen: list[int] = []
    before = signal.getsignal(signal.SIGINT)

    assert drive(counting(3, []), output, lambda progress: seen.append(progress.done)) == "counted"
    assert seen == [1, 2, 3]
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_closes_the_job_at_its_next_step(number: int, code: int) -> None:
    output = make_output(as_json=False)
    closed: list[int] = []
    before = signal.getsignal(signal.SIGINT)

    def ask_at_two(progress: Progress) -> None:
        if progress.done == 2:
            os.kill(os.getpid(), number)

    with pytest.raises(StoppedError) as stopped:
        drive(counting(9, closed), output, ask_at_two)

    assert stopped.value.exit_code == code
    assert closed == [2]
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_signal_does_not_wait_for_the_step() -> None:
    closed: list[int] = []

    def ask_twice(progress: Progress) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("the second one did not interrupt")

    with pytest.raises(KeyboardInterrupt):
        drive(counting(9, closed), make_output(as_json=False), ask_twice)
    assert closed == [1]


def test_a_failing_job_is_not_swallowed() -> None:
    def failing() -> Job[None]:
        yield Progress(0, 0, "reading")
        raise UserError("the disk is full")

    with pytest.raises(UserError, match="the disk is full"):
        drive(failing(), make_output(as_json=False), lambda progress: None)


def test_progress_is_shown_as_a_bar_or_as_events() -> None:
    terminal = Terminal()
    person, program = make_output(as_json=False, err=terminal), make_output(as_json=True)

    for output in (person, program):
        drive(counting(4, []), output, show_progress(output))

    assert terminal.getvalue().startswith("\r██████░░░░░░░░░░░░░░░░░░  25%  counting")
    assert written(program) == [{"event": "progress", "done": 1, "total": 4, "what": "counting"}]


def test_small_forms() -> None:
    assert bar(0.5, 4) == "██░░"
    assert bar(7, 2) == "██"
    assert [duration(s) for s in (0.42, 9.97, 59.4, 60, 199.6, 3900)] == [
        "0.4 s",
        "10 s",
        "59 s",
        "1 min 00 s",
        "3 min 20 s",
        "1 h 05 min",
    ]
    assert plain({1: [np.int8(3), True, None, math.inf]}) == {"1": [3, True, None, None]}


def test_the_process_is_older_than_this_test_and_ages() -> None:
    before = process_seconds()

    assert before > 0
    assert before <= process_seconds() < before + 60
