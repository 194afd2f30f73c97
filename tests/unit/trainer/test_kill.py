"""A training killed at any moment goes on to the very model it would have made."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.trainer.runs import list_runs

TOP = Path(__file__).resolve().parents[3]
KILLS = int(os.environ.get("KILLS", "4"))
"""How often to kill; `KILLS=30 make test TESTS=tests/unit/trainer/test_kill.py` is long."""


@pytest.fixture
def images(tmp_path: Path) -> Path:
    digits = sample_dataset(2000, seed=1)
    assert digits.labels is not None
    path = tmp_path / "train-images-idx3-ubyte"
    write_idx(path, np.asarray(digits.images))
    write_idx(tmp_path / "train-labels-idx1-ubyte", digits.labels.astype(np.uint8))
    return path


def start(*arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "mnist_desktop", "train", *map(str, arguments)],
        cwd=TOP,
        env=os.environ | {"PYTHONPATH": str(TOP)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def finish(process: subprocess.Popen[bytes]) -> None:
    _, said = process.communicate(timeout=200)
    assert process.returncode == 0, said.decode()


@pytest.mark.timeout(120 + 20 * KILLS)
def test_a_killed_training_ends_with_the_same_model(
    images: Path, tmp_path: Path, home: Path
) -> None:
    settings = ["--images", images, "--recipe", "quick", "--epochs", 5, "--seed", 3, "--threads", 2]
    whole, output = tmp_path / "whole.onnx", tmp_path / "killed.onnx"
    began = time.monotonic()
    finish(start(*settings, "--output", whole))
    seconds = time.monotonic() - began

    random = np.random.default_rng(0)
    for _ in range(KILLS):
        unfinished = [run for run in list_runs(home / "runs") if run.resumable]
        more = ["--resume", unfinished[0].folder] if unfinished else []
        process = start(*settings, "--output", output, *more)
        time.sleep(random.uniform(0.0, seconds))  # the moment of the kill, not a wait
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        if output.exists():
            assert output.read_bytes() == whole.read_bytes()
            output.unlink()

    unfinished = [run for run in list_runs(home / "runs") if run.resumable]
    more = ["--resume", unfinished[0].folder] if unfinished else []
    finish(start(*settings, "--output", output, *more))
    assert output.read_bytes() == whole.read_bytes()
