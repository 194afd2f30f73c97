"""`mnist-desktop --self-test`: is this installation whole? Needs no screen, network or file."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from mnist_desktop import __version__
from mnist_desktop.commands.output import Output
from mnist_desktop.errors import UserError
from mnist_desktop.files import user_folder, write_bytes

PACKAGES = (
    "numpy",
    "onnxruntime",
    "onnx",
    "PySide6-Essentials",
    "matplotlib",
    "pillow",
)

_WINDOW_SECONDS = 120  # a page on a slow, busy machine; usually it takes less than one


class CheckError(Exception):
    """A check found that something does not work."""


def run(output: Output, *, screenshot: Path | None = None) -> int:
    """Run every check, tell each with its verdict and time, and return 0 if all are good, else 1.

    Parameters
    ----------
    output
        Where the verdicts go.
    screenshot
        Where to leave the picture of the window; nowhere if None.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        picture = folder / "window.png" if screenshot is None else screenshot.resolve()
        checks: list[tuple[str, Callable[[], str]]] = [
            ("versions", check_versions),
            ("folder for runs and settings", check_user_folder),
            ("model", check_model),
            ("drawn digits", check_drawn_digits),
            ("certificates", check_certificates),
            ("training", lambda: check_training(folder)),
            ("window", lambda: check_window("draw", picture, home=folder)),
            ("charts", lambda: check_window("train", folder / "charts.png", home=folder)),
        ]
        good = [_run_check(title, check, output) for title, check in checks]
    failed = good.count(False)
    output.line(
        f"all {len(good)} checks are good" if not failed else f"{failed} of {len(good)} failed"
    )
    output.done(verdict="bad" if failed else "good", checks=len(good), failed=failed)
    return 1 if failed else 0


def _run_check(title: str, check: Callable[[], str], output: Output) -> bool:
    """Run one check, tell its verdict, and return whether it is good."""
    output.live(f"{title} …", at_once=True)
    began = time.perf_counter()
    try:
        detail, good = check(), True
    except Exception as error:  # whatever fails here is what the self-test is there to find
        known = isinstance(error, CheckError | UserError)
        detail, good = str(error) if known else f"{type(error).__name__}: {error}", False
    seconds = time.perf_counter() - began
    verdict = "good" if good else "bad"
    output.event("check", name=title, verdict=verdict, detail=detail, seconds=round(seconds, 3))
    output.line(f"{'✓' if good else '✗'} {title:<28} {seconds:6.2f} s  {detail}")
    return good


def check_versions() -> str:
    """Return what runs here; everything must be installed."""
    parts = [f"mnist-desktop {__version__}", f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            parts.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError as error:
            raise CheckError(f"{package} is not installed") from error
    return ", ".join(parts)


def check_user_folder() -> str:
    """Write into the folder that keeps runs and settings, and clean up."""
    folder = user_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CheckError(f"“{folder}” cannot be made: {error.strerror}") from error
    probe = folder / f".self-test-{os.getpid()}"
    write_bytes(probe, b"written by the self-test")
    probe.unlink()
    return str(folder)


def check_model() -> str:
    """Load the models that come with the program: the one that must be there, and the others."""
    from mnist_desktop.inference.classifier import Classifier, default_model_path, shipped_models

    told = []
    for path in {default_model_path(): "", **shipped_models()}:
        classifier = Classifier.load(path)
        contract = classifier.contract
        share = "" if contract.accuracy is None else f", {contract.accuracy:.2%} on its test split"
        told.append(f"{classifier.name}: {len(contract.class_names)} classes{share}")
    return "; ".join(told)


def check_certificates() -> str:
    """Tell what https is checked against; fetching datasets needs it, and nothing else does."""
    from mnist_desktop.datasets.connections import tls_context

    stats = tls_context().cert_store_stats()
    if not stats["x509"]:
        return "none found: no dataset can be fetched over https, all else works"
    return f"{stats['x509']} that the system trusts"


def check_drawn_digits() -> str:
    """Draw each digit, send the ink through the model's own recipe, and read it."""
    from mnist_desktop.datasets.sample_digits import sample_strokes
    from mnist_desktop.inference.classifier import Classifier, default_model_path
    from mnist_desktop.inference.ink import Stroke, draw, prepare

    side, pen = 280, 20.0
    classifier = Classifier.load(default_model_path())
    read = []
    for digit in range(10):
        strokes = [Stroke(points * side, pen) for points in sample_strokes(digit, seed=1)]
        steps = prepare(draw(strokes, (side, side)), classifier.contract.ink_recipe)
        read.append(classifier.answer(steps.picture).label)
    right = sum(label == str(digit) for digit, label in enumerate(read))
    if right < 9:
        raise CheckError(f"0 to 9 were read as {' '.join(read)}")
    return f"0 to 9 were read as {' '.join(read)}"


def check_training(folder: Path) -> str:
    """Train a few steps on generated digits; the loss must be a number, and fall."""
    from mnist_desktop.datasets.sample_digits import sample_dataset
    from mnist_desktop.trainer.job import train
    from mnist_desktop.trainer.progress import TrainingProgress, TrainingSettings
    from mnist_desktop.trainer.recipes import RECIPES

    job = train(
        TrainingSettings(
            dataset=sample_dataset(1000),
            output=folder / "model.onnx",
            recipe=RECIPES["quick"],
            epochs=1,
            runs=folder / "runs",
        )
    )
    losses = []
    try:
        for progress in job:
            if isinstance(progress, TrainingProgress) and progress.kind == "step":
                losses.append(progress.loss)
            if len(losses) == 5:
                break
    finally:
        job.close()
    if not losses or not losses[-1] < 10:
        raise CheckError(f"the loss is {losses}")
    return f"loss {losses[0]:.2f} → {losses[-1]:.2f} in {len(losses)} steps"


def check_window(page: str, picture: Path, *, home: Path) -> str:
    """Open the window at `page` without a screen, in a process of its own, and look at it.

    It takes `home` for its settings, so that the person's own are neither shown nor changed.
    """
    start = [sys.executable]
    if not getattr(sys, "frozen", False):
        start += ["-m", "mnist_desktop"]
    done = subprocess.run(
        [*start, "--page", page, "--screenshot", str(picture)],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "MNIST_DESKTOP_HOME": str(home)},
        cwd=Path(__file__).resolve().parents[1],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_WINDOW_SECONDS,
        check=False,
    )
    if done.returncode:
        # PyInstaller's own last line says only that something failed.
        lines = [line for line in done.stderr.splitlines() if line and "[PYI-" not in line]
        said = lines[-1] if lines else "it said nothing"
        raise CheckError(f"the window ended with {done.returncode}: {said}")
    width, height, colours = _look_at(picture)
    if colours < 20:
        raise CheckError(f"the picture of the window has only {colours} colours")
    return f"{width} × {height} pixels, {colours} colours"


def _look_at(picture: Path) -> tuple[int, int, int]:
    """Return width and height of a picture and how many colours it has."""
    import numpy as np
    from PIL import Image

    with Image.open(picture) as image:
        pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
        return image.width, image.height, len(np.unique(pixels, axis=0))
