"""The runs of `accuracy.py`: what each was, how it went, and the file that keeps them."""

from __future__ import annotations

import hashlib
import json
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from measuring import TOP

from mnist_desktop.errors import UserError
from mnist_desktop.files import write_bytes

ENGINE = "mnist_desktop/trainer"
"""What decides the result of a training."""

HEADINGS = ("recipe", "seeds", "test accuracy", "errors", "fit, s (median)", "peak, MB")
"""Of the table that `row` makes rows of."""


@dataclass(frozen=True)
class Task:
    """One training to make, by one engine."""

    recipe: str
    seed: int
    threads: int
    engine: str


@dataclass(frozen=True)
class Outcome:
    """How one training went.

    Parameters
    ----------
    task
        What was trained.
    test_accuracy, validation_accuracy
        0 to 1, of the weights that the run keeps; None without a validation part.
    errors
        Test images misread.
    epochs, best_epoch
        Trained, and kept.
    train_seconds, seconds
        Of the fit alone, and of the whole process.
    peak_mb
        Most memory the process ever had; None where the system does not tell.
    """

    task: Task
    test_accuracy: float
    validation_accuracy: float | None
    errors: int
    epochs: int
    best_epoch: int
    train_seconds: float
    seconds: float
    peak_mb: float | None

    def line(self) -> str:
        """Return it as a line of the file."""
        return json.dumps(asdict(self.task) | {k: v for k, v in vars(self).items() if k != "task"})

    @classmethod
    def of(cls, line: str) -> Outcome:
        """Return what a line of the file says.

        Raises
        ------
        ValueError, TypeError, KeyError
            When it is no such line.
        """
        content = json.loads(line)
        if not isinstance(content, dict):
            raise TypeError("no JSON object")
        task = Task(**{field.name: content.pop(field.name) for field in fields(Task)})
        return cls(task, **content)


def engine_version() -> str:
    """Return the commit that changed the trainer last, and a hash of it where it differs now."""
    sources = sorted((TOP / ENGINE).rglob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:8]
    try:
        changed = _git("status", "--porcelain", "--", ENGINE)
        commit = _git("log", "-1", "--format=%h", "--abbrev=10", "--", ENGINE)
    except (OSError, subprocess.CalledProcessError):
        return digest
    return f"{commit}+{digest}" if changed else commit


def _git(*arguments: str) -> str:
    """Return what git says of the checkout."""
    command = ["git", "-C", str(TOP), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def load(path: Path | None) -> dict[Task, Outcome]:
    """Return the runs in a file of JSON lines; none where there is no file."""
    found: dict[Task, Outcome] = {}
    if path is None or not path.exists():
        return found
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            outcome = Outcome.of(line)
        except (ValueError, TypeError, KeyError) as error:
            raise UserError(
                f"“{path}”, line {number}: no run of this benchmark ({error})",
                "Repair or remove the line, or save into another file.",
            ) from error
        found[outcome.task] = outcome
    return found


def save(path: Path, outcome: Outcome) -> None:
    """Add a run to the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_bytes() if path.exists() else b""
    write_bytes(path, before + outcome.line().encode() + b"\n")


def row(recipe: str, outcomes: Sequence[Outcome]) -> list[str]:
    """Return a recipe's row of the table; the spread is the sample's standard deviation."""
    shares = [100 * outcome.test_accuracy for outcome in outcomes]
    spread = f" ± {statistics.stdev(shares):.3f}" if len(shares) > 1 else ""
    peaks = [outcome.peak_mb for outcome in outcomes if outcome.peak_mb is not None]
    return [
        recipe,
        str(len(outcomes)),
        f"{statistics.mean(shares):.3f}{spread} %",
        ", ".join(str(outcome.errors) for outcome in outcomes),
        f"{statistics.median(outcome.train_seconds for outcome in outcomes):.1f}",
        f"{max(peaks):.0f}" if peaks else "unknown",
    ]


def told(outcome: Outcome) -> str:
    """Return a run's line for a person."""
    peak = "" if outcome.peak_mb is None else f", peak {outcome.peak_mb:.0f} MB"
    return (
        f"{outcome.task.recipe} seed {outcome.task.seed}: {outcome.test_accuracy:.2%} "
        f"({outcome.errors} errors), epoch {outcome.best_epoch} of {outcome.epochs}, "
        f"fit {outcome.train_seconds:.1f} s, process {outcome.seconds:.1f} s{peak}"
    )
