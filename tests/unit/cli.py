"""Drive the program as a terminal does, and make what its commands need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from mnist_desktop.__main__ import main
from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.datasets.sample_digits import sample_dataset
from tests.unit.inference.onnx_models import contract_for, linear_model

TOP = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def done(self) -> dict[str, object]:
        """Return the last object, which must be the result."""
        last = self.events[-1]
        assert last["event"] == "done"
        return last


def say(capsys: pytest.CaptureFixture[str], *argv: object) -> Said:
    """Run the program in this process."""
    capsys.readouterr()
    code = main([str(part) for part in argv])
    captured = capsys.readouterr()
    return Said(code, captured.out, captured.err)


def start(*argv: object, module: str = "mnist_desktop", **options: object) -> subprocess.Popen[str]:
    """Start the program in a process of its own, its output piped."""
    command: Sequence[str] = [sys.executable, "-m", module, *map(str, argv)]
    environment = os.environ | {"PYTHONPATH": str(TOP), "PYTHONUTF8": "1"}
    return subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        **({"stdout": subprocess.PIPE} | options),  # type: ignore[call-overload]
    )


def run_process(*argv: object, module: str = "mnist_desktop", folder: Path | None = None) -> Said:
    """Run the program in a process of its own, in `folder`, whose modules go before all others."""
    with start(*argv, module=module, cwd=folder) as process:
        out, err = process.communicate(timeout=100)
    return Said(process.returncode, out, err)


@cache
def small_model() -> bytes:
    """Return a linear classifier of digits, fitted to generated ones by least squares."""
    dataset = sample_dataset(1500, seed=3)
    assert dataset.labels is not None
    ink = dataset.images.reshape(len(dataset), -1) / 255.0
    wanted = np.eye(10)[dataset.labels]
    penalty = 10.0 * np.eye(ink.shape[1])
    weights = np.linalg.solve(ink.T @ ink + penalty, ink.T @ (wanted - 0.1))
    return linear_model(10 * weights, contract=contract_for(weights, accuracy=0.9))


def write_model(folder: Path) -> Path:
    """Write the small model into a file."""
    path = folder / "模型.onnx"
    path.write_bytes(small_model())
    return path


def write_digits(folder: Path, count: int = 200, *, seed: int = 0, prefix: str = "train") -> Path:
    """Write generated digits as two IDX files; return that of the images."""
    dataset = sample_dataset(count, seed=seed)
    assert dataset.labels is not None
    images = folder / f"{prefix}-images-idx3-ubyte"
    write_idx(images, dataset.images)
    write_idx(folder / f"{prefix}-labels-idx1-ubyte", dataset.labels.astype(np.uint8))
    return images
