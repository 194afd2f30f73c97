"""A job is a generator that returns its result."""

from __future__ import annotations

from mnist_desktop.progress import Job, Progress, Request, finish, translated


def count(total: int) -> Job[str]:
    for done in range(total):
        yield Progress(done + 1, total, "counting")
    return "counted"


def test_finish_reports_and_returns() -> None:
    seen: list[float] = []
    assert finish(count(4), lambda p: seen.append(p.fraction)) == "counted"
    assert seen == [0.25, 0.5, 0.75, 1.0]


def test_translated_reports_in_other_words_and_passes_on_what_is_asked() -> None:
    asked: list[Request | None] = []
    ends: list[str] = []

    def job() -> Job[str]:
        try:
            asked.append((yield Progress(1, 2)))
            asked.append((yield Progress(2, 2)))
        finally:
            ends.append("closed")
        return "done"

    def double(progress: Progress) -> Progress:
        return Progress(2 * progress.done, 2 * progress.total)

    assert finish(translated(job(), double)) == "done"
    made = translated(job(), double)
    assert next(made) == Progress(2, 4)
    assert made.send(Request.FINISH_EPOCH) == Progress(4, 4)
    assert asked == [None, None, Request.FINISH_EPOCH]
    assert ends == ["closed"]
    made.close()
    assert ends == ["closed", "closed"]


def test_unknown_total_has_no_fraction() -> None:
    assert Progress(5, 0).fraction == 0.0
