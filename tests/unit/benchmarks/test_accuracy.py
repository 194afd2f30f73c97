"""The table of accuracies: runs that are kept, made and refused, and its rows."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from mnist_desktop.errors import UserError
from tests.unit.benchmarks.modules import Load


@pytest.fixture
def told(load: Load) -> dict[str, object]:
    """Return what a run's line holds."""
    return {
        "recipe": "quick",
        "seed": 0,
        "threads": 1,
        "engine": load("outcomes").engine_version(),
        "test_accuracy": 0.99,
        "validation_accuracy": None,
        "errors": 100,
        "epochs": 1,
        "best_epoch": 1,
        "train_seconds": 4.0,
        "seconds": 6.0,
        "peak_mb": 240.5,
    }


@pytest.fixture
def mnist(tmp_path: Path) -> Path:
    """Make a folder that looks as if it had MNIST's files, where nobody reads them."""
    for name in ("train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte"):
        (tmp_path / name).touch()
    return tmp_path


def test_runs_that_are_kept_are_not_made_again(
    load: Load,
    told: dict[str, object],
    mnist: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    accuracy, outcomes = load("accuracy"), load("outcomes")
    kept, made = mnist / "new" / "runs.jsonl", []

    def train_apart(task: object, data: Path) -> object:
        made.append(task.seed)
        content = told | {"seed": task.seed, "test_accuracy": 0.992, "errors": 80}
        return outcomes.Outcome.of(json.dumps(content))

    monkeypatch.setattr(accuracy, "train_apart", train_apart)
    outcomes.save(kept, outcomes.Outcome.of(json.dumps(told)))
    other = told | {"seed": 1, "engine": "another"}
    outcomes.save(kept, outcomes.Outcome.of(json.dumps(other)))
    options = ["--seeds", "3", "--threads", "1", "--data", str(mnist), "--save", str(kept)]
    monkeypatch.setattr(sys, "argv", ["accuracy.py", "quick", *options])

    accuracy.main()
    accuracy.main()

    assert made == [1, 2]
    lines = kept.read_text().splitlines()
    assert [json.loads(line)["seed"] for line in lines] == [0, 1, 1, 2]
    row = capsys.readouterr().out.splitlines()[-1]
    assert re.split(r"  +", row) == ["quick", "3", "99.133 ± 0.115 %", "100, 80, 80", "4.0", "240"]


def test_a_table_has_as_many_seeds_as_the_goals_are_about(load: Load) -> None:
    names = ["standard", "thorough"]
    tasks = load("accuracy").tasks(names, seeds=None, threads=2, engine="e")

    found = [(task.recipe, task.seed) for task in tasks]
    assert found == [*((names[0], n) for n in range(5)), *((names[1], n) for n in range(3))]


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"recipe": "quick"}'])
def test_a_damaged_line_is_named(
    load: Load, told: dict[str, object], line: str, mnist: Path
) -> None:
    path = mnist / "runs.jsonl"
    path.write_text(f"{json.dumps(told)}\n{line}\n")

    with pytest.raises(UserError, match=r"runs\.jsonl”, line 2: no run of this benchmark"):
        load("outcomes").load(path)


def test_missing_files_are_told_before_the_work(
    load: Load, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    accuracy = load("accuracy")
    monkeypatch.setattr(sys, "argv", ["accuracy.py", "quick", "--data", str(tmp_path)])

    with pytest.raises(SystemExit, match=r"are not in “.*Name the folder they are in with --data"):
        load("measuring").run_script(accuracy.main)


def test_an_autoencoder_and_an_unknown_recipe_are_refused(
    load: Load, monkeypatch: pytest.MonkeyPatch, mnist: Path
) -> None:
    accuracy = load("accuracy")
    for name, message in (("autoencoder", "reads no test images"), ("quik", "There is no recipe")):
        monkeypatch.setattr(sys, "argv", ["accuracy.py", name, "--data", str(mnist)])
        with pytest.raises(UserError, match=message):
            accuracy.main()
