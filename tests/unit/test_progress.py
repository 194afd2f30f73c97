"""A job is a generator that returns its result."""

from __future__ import annotations

from mnist_desktop.progress import Job, Progress, finish


def count(total: int) -> Job[str]:
    for done in range(total):
        yield Progress(done + 1, total, "counting")
    return "counted"


def test_finish_reports_and_returns() -> None:
    seen: list[float] = []
    assert finish(count(4), lambda p: seen.append(p.fraction)) == "counted"
    assert seen == [0.25, 0.5, 0.75, 1.0]


def test_unknown_total_has_no_fraction() -> None:
    assert Progress(5, 0).fraction == 0.0
