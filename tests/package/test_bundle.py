"""The packaged folder, moved away from where it was built and started without Python.

`make package` builds it and runs these; BUNDLE names the folder.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

LARGEST = 240e6  # bytes; 218 MB when it was measured, nearly all of it Qt, onnxruntime and OpenBLAS


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the executable in a copy of the folder, under a name with spaces and no ASCII."""
    built = os.environ.get("BUNDLE")
    if not built:
        pytest.skip("BUNDLE does not name a packaged folder; make package sets it")
    moved = tmp_path_factory.mktemp("moved") / "my programs 数字"
    shutil.copytree(built, moved, symlinks=True)
    return moved / "mnist-desktop"


def run(program: Path, *argv: object, home: Path) -> subprocess.CompletedProcess[str]:
    """Start the program with nothing in its environment but a home."""
    return subprocess.run(
        [str(program), *map(str, argv)],
        env={"HOME": str(home)},
        cwd=home,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=110,
        check=False,
    )


def test_the_self_test_passes(program: Path, tmp_path: Path) -> None:
    done = run(program, "--self-test", "--json", home=tmp_path)

    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event for event in events if event.get("verdict") == "bad"] == []
    assert done.returncode == 0
    assert events[-1]["event"] == "done"
    assert events[-1]["checks"] == len(events) - 1
    assert done.stderr == ""


def test_it_trains_and_reads(program: Path, tmp_path: Path) -> None:
    model = tmp_path / "模型.onnx"
    digits = ["--sample-digits", 1000]
    # One epoch of so few digits is seven steps, too few for batch norm's running statistics.
    recipe = ["--recipe", "quick", "--epochs", 3]
    trained = run(program, "train", *digits, *recipe, "--output", model, "--json", home=tmp_path)
    assert trained.returncode == 0, trained.stderr
    assert model.exists()

    measured = run(program, "evaluate", *digits, "--model", model, "--json", home=tmp_path)
    assert measured.returncode == 0, measured.stderr
    assert json.loads(measured.stdout.splitlines()[-1])["accuracy"] > 0.8


def test_everything_is_kept_under_the_home(program: Path, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in program.parent.rglob("*")}
    done = run(
        program,
        "train",
        "--sample-digits",
        200,
        "--output",
        "m.onnx",
        "--recipe",
        "quick",
        home=tmp_path,
    )

    assert done.returncode == 0, done.stderr
    assert list(tmp_path.glob(".local/share/mnist-desktop/runs/*"))
    assert {path: path.stat().st_mtime_ns for path in program.parent.rglob("*")} == before


def test_it_is_slim(program: Path) -> None:
    files = [path for path in program.parent.rglob("*") if path.is_file() and not path.is_symlink()]

    assert sum(path.stat().st_size for path in files) < LARGEST
