"""Every benchmark starts, and what they share and sum up is right."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.errors import UserError
from mnist_desktop.trainer.checkpoint import Samples
from mnist_desktop.trainer.progress import TrainingSettings
from mnist_desktop.trainer.recipes import RECIPES
from tests.unit.benchmarks.modules import FOLDER, NAMES, TOP, Load


@pytest.mark.parametrize("name", NAMES)
def test_each_starts_alone_and_explains_itself(
    name: str, load: Load, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = FOLDER / f"{name}.py"
    monkeypatch.setattr(sys, "argv", [str(path), "--help"])

    with pytest.raises(SystemExit) as end:
        runpy.run_path(str(path), run_name="__main__")

    assert end.value.code == 0
    assert f"python benchmarks/{name}.py" in capsys.readouterr().out


@pytest.mark.parametrize("framework", ["torch", "tensorflow"])
def test_the_workers_are_python(framework: str) -> None:
    path = FOLDER / framework / "worker.py"

    assert compile(path.read_text(encoding="utf-8"), str(path), "exec")


def test_make_runs_every_benchmark() -> None:
    text = (TOP / "Makefile").read_text(encoding="utf-8")
    found = re.search(r"^BENCHMARKS := (.*)$", text, re.MULTILINE)

    assert found is not None
    assert sorted(found[1].split()) == NAMES


def test_the_page_explains_every_benchmark() -> None:
    text = (TOP / "docs" / "benchmarks.md").read_text(encoding="utf-8")

    assert [name for name in NAMES if f"benchmarks/{name}.py" not in text] == []


def test_a_table_has_straight_columns(load: Load) -> None:
    rows = [["quick", "9.5"], ["keras-rmsprop", "102.25"]]

    assert load("measuring").table(["recipe", "ms"], rows).splitlines() == [
        "recipe             ms",
        "quick             9.5",
        "keras-rmsprop  102.25",
    ]


def test_turns_alternate_and_the_first_round_only_warms_up(load: Load) -> None:
    measuring, order = load("measuring"), []

    def turn(name: str) -> Callable[[], list[float]]:
        def run() -> list[float]:
            order.append(name)
            return [float(len(order))]

        return run

    found = measuring.in_turns({"a": turn("a"), "b": turn("b")}, rounds=2)

    assert order == ["a", "b"] * 3
    assert found == {"a": [3.0, 5.0], "b": [4.0, 6.0]}
    assert measuring.medians(found) == {"a": 4.0, "b": 5.0}


def test_steps_of_a_fit_go_on_over_the_ends_of_epochs(load: Load) -> None:
    digits = sample_dataset(64)
    steps = load("measuring").FitSteps(
        RECIPES["quick"], Samples(digits.images, digits.labels), threads=1
    )

    taken = steps.turn(4) + steps.turn(2)
    steps.close()

    assert len(taken) == 6
    assert min(taken) > 0


def test_layers_are_told_to_other_frameworks(load: Load) -> None:
    described = load("measuring").described
    layers = RECIPES["keras-sgd"].network.layers(10)

    assert [described(layer) for layer in layers] == [
        ["Convolution", 32, 3, 1, 0, True],
        ["Relu"],
        ["MaxPool", 2, 1],
        ["Dropout", 0.25],
        ["Dense", 128],
        ["Relu"],
        ["Dense", 10],
    ]
    with pytest.raises(TypeError, match="Unflatten"):
        [described(layer) for layer in RECIPES["autoencoder"].network.layers(10)]


def test_an_environment_is_made_once_and_a_failure_is_told(
    load: Load, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    measuring, commands, code = load("measuring"), [], 0

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        (tmp_path / "mnist-desktop-torch").mkdir(exist_ok=True)
        return subprocess.CompletedProcess(command, code, "", "warning\nNo matching distribution\n")

    monkeypatch.setattr(measuring.subprocess, "run", run)
    monkeypatch.setattr(measuring.tempfile, "gettempdir", lambda: str(tmp_path))

    python = measuring.environment("torch", "torch==1", "numpy==2")
    assert python.is_relative_to(tmp_path / "mnist-desktop-torch")
    assert [command[1:3] for command in commands] == [["-m", "venv"], ["-m", "pip"]]
    assert commands[1][-2:] == ["torch==1", "numpy==2"]
    assert measuring.environment("torch", "torch==1", "numpy==2") == python
    assert len(commands) == 2
    code = 1
    with pytest.raises(UserError, match="torch could not be installed: No matching distribution"):
        measuring.environment("torch", "torch==3")


def test_a_worker_that_dies_is_told(load: Load, tmp_path: Path) -> None:
    script = tmp_path / "torch" / "worker.py"
    script.parent.mkdir()
    script.write_text("raise SystemExit(3)")
    worker = load("measuring").Worker(Path(sys.executable), script)

    with pytest.raises(UserError, match="The worker for torch ended with 3"):
        worker.ask({"steps": 1})

    worker.close()


def test_a_profile_counts_what_onnxruntime_ran(
    load: Load, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["profile_step.py", "standard", "--steps", "1"])

    load("profile_step").main()

    said = capsys.readouterr().out
    assert re.search(r"^GridSample +\d+ ", said, re.MULTILINE)
    assert re.search(r"^step .* 100\.0 %$", said, re.MULTILINE)


def test_operators_of_a_profile_are_summed(load: Load) -> None:
    def ran(operator: str, microseconds: int) -> dict[str, object]:
        name, details = f"node_{operator}_kernel_time", {"op_name": operator}
        return {"cat": "Node", "name": name, "ts": 1, "dur": microseconds, "args": details}

    events = [ran("Mul", 10), ran("MatMul", 100), ran("Mul", 30)]
    events += [{"cat": "Session", "name": "model_run", "ts": 0, "dur": 100}] * 2

    assert load("profile_step").operator_rows(events, 2) == [
        ["MatMul", "0", "50", "50.0 %"],
        ["between operators", "1", "30", "30.0 %"],
        ["Mul", "1", "20", "20.0 %"],
        ["step", "1", "100", "100.0 %"],
    ]


def test_the_processor_rests_after_its_last_busy_stretch(load: Load) -> None:
    rests_after = load("cancel").rests_after

    assert rests_after([(0.0, 0.0), (0.001, 0.001), (0.002, 0.001), (0.003, 0.0011)]) == 0.001
    assert rests_after([(0.0, 0.0), (0.001, 0.0001)]) == 0.0
    assert rests_after([(0.0, 0.0), (0.001, 0.0), (0.002, 0.001)]) is None


def test_a_driven_training_is_cancelled(load: Load, qapp: QCoreApplication, tmp_path: Path) -> None:
    settings = TrainingSettings(
        sample_dataset(400), tmp_path / "m.onnx", RECIPES["quick"], epochs=500, threads=1
    )
    driven = load("cancel").Driven(settings, lambda told: told.step == 2)

    assert driven.cancel() > 0
    assert driven.ended == ["cancelled"]
    assert not settings.output.exists()
