"""What the benchmarks share: digits, steps of a real fit, turns, other environments, tables."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.errors import UserError
from mnist_desktop.files import write_bytes
from mnist_desktop.trainer.checkpoint import Samples
from mnist_desktop.trainer.delivery import samples_of
from mnist_desktop.trainer.fit import fit
from mnist_desktop.trainer.layers import BatchNorm, Convolution, Dense, Dropout, MaxPool, Relu
from mnist_desktop.trainer.recipes import RECIPES, Recipe

TOP = Path(__file__).resolve().parents[1]
"""The checkout."""

MNIST = TOP.parent / "shared" / "data" / "mnist"
"""Where the published files of MNIST may lie: beside the checkout."""

TRAIN, TEST = "train-images-idx3-ubyte", "t10k-images-idx3-ubyte"

GENERATED = 5_000
"""Digits to generate where the files of MNIST are not there."""

ENDLESS = 10_000
"""Epochs of a fit that is only measured; nobody waits for its end."""


def mnist_file(name: str, folder: Path = MNIST) -> Path | None:
    """Return the file of MNIST in `folder`, packed or not; None where it is not there."""
    found = (folder / f"{name}{ending}" for ending in (".gz", ""))
    return next((path for path in found if path.exists()), None)


def training_dataset() -> Dataset:
    """Return MNIST's training files where they are beside the checkout, else generated digits."""
    path = mnist_file(TRAIN)
    return open_dataset(path) if path else sample_dataset(GENERATED)


def training_samples() -> tuple[Samples, str]:
    """Return `training_dataset` as a fit takes it, and its name."""
    dataset = training_dataset()
    return samples_of(dataset, np.arange(len(dataset))), dataset.name


def add_recipes(parser: argparse.ArgumentParser, default: Sequence[str]) -> None:
    """Declare the argument that names recipes."""
    words = f"one or more of {', '.join(RECIPES)} (default: {', '.join(default)})"
    parser.add_argument("recipes", nargs="*", metavar="RECIPE", help=words)
    parser.set_defaults(default_recipes=default)


def chosen_recipes(options: argparse.Namespace) -> list[Recipe]:
    """Return the recipes that `add_recipes` named, or the default ones where none is named."""
    for name in options.recipes:
        if name not in RECIPES:
            raise UserError(f"There is no recipe “{name}”", f"Known are: {', '.join(RECIPES)}.")
    return [RECIPES[name] for name in options.recipes or options.default_recipes]


class FitSteps:
    """The steps of a recipe as a real fit makes them: batch filled, engine, update, progress.

    Parameters
    ----------
    threads
        As in a training; None for all cores.
    """

    def __init__(self, recipe: Recipe, samples: Samples, *, threads: int | None = None) -> None:
        endless = replace(recipe, epochs=ENDLESS)
        self._fit = fit(samples, None, endless, classes=10, threads=threads)
        self._done = next(self._fit).done

    def turn(self, steps: int) -> list[float]:
        """Return the milliseconds of each of `steps` steps; those told together have their mean.

        What a fit may prepare while nobody asks it for a step is used up before.
        """
        self._step()
        found: list[float] = []
        while len(found) < steps:
            found.extend(self._step())
        return found[:steps]

    def close(self) -> None:
        """Cancel the fit."""
        self._fit.close()

    def _step(self) -> list[float]:
        """Run on until steps are told; return the mean milliseconds of one, as often as it was."""
        while True:
            began = time.perf_counter()
            progress = next(self._fit)
            taken = 1000 * (time.perf_counter() - began)
            steps, self._done = progress.done - self._done, progress.done
            if steps:
                return [taken / steps] * steps


def fit_medians(fits: Mapping[str, FitSteps], *, turn: int, rounds: int) -> dict[str, float]:
    """Let fits take turns of so many steps; return the median milliseconds of each."""
    contestants = {name: partial(steps.turn, turn) for name, steps in fits.items()}
    middle = medians(in_turns(contestants, rounds=rounds))
    for steps in fits.values():
        steps.close()
    return middle


def arguments(doc: str) -> argparse.ArgumentParser:
    """Return a parser whose help is the docstring of a benchmark as it stands."""
    style = argparse.RawDescriptionHelpFormatter
    return argparse.ArgumentParser(description=doc, formatter_class=style)


def run_script(main: Callable[[], None]) -> None:
    """Run a benchmark; what a person can do something about is told in a line."""
    try:
        main()
    except UserError as error:
        raise SystemExit(f"{Path(sys.argv[0]).name}: {error}") from error
    except KeyboardInterrupt as interrupt:
        raise SystemExit(130) from interrupt


def timed(act: Callable[[], object]) -> float:
    """Return how many seconds `act` takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def in_turns(
    contestants: Mapping[str, Callable[[], list[float]]], *, rounds: int
) -> dict[str, list[float]]:
    """Let all take a turn in each round, so that a change of the machine's speed meets them all.

    Returns
    -------
    dict
        All that the turns of each returned, but for a first round that only warms up.
    """
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds + 1):
        for name, turn in contestants.items():
            taken = turn()
            if number:
                found[name].extend(taken)
    return found


def medians(found: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return the median of each."""
    return {name: statistics.median(values) for name, values in found.items()}


def status_megabytes(field: str) -> float | None:
    """Return what Linux tells of this process's memory (`VmHWM`, `RssAnon`); None elsewhere."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(lines[field].split()[0]) / 1024


@contextmanager
def one_core_busy() -> Iterator[None]:
    """Keep one core busy with another process."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def described(layer: object) -> list[Any]:
    """Return a layer as the workers of other frameworks read it."""
    match layer:
        case Convolution():
            values = [layer.filters, layer.size, layer.stride, layer.padding, layer.bias]
            return ["Convolution", *values]
        case MaxPool():
            return ["MaxPool", layer.size, layer.stride or layer.size]
        case Dropout():
            return ["Dropout", layer.rate]
        case Dense():
            return ["Dense", layer.units]
        case BatchNorm() | Relu():
            return [type(layer).__name__]
    raise TypeError(f"the workers do not know {layer}")


class Worker:
    """A measuring program in an environment of its own, asked by JSON, a line each way."""

    def __init__(self, python: Path, script: Path, *arguments: object) -> None:
        self._name = script.parent.name
        self._process = subprocess.Popen(
            [str(python), str(script), *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, request: Mapping[str, Any]) -> list[float]:
        """Return the answer to `request`: the milliseconds of each step."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            found: list[float] = json.loads(self._process.stdout.readline())
        except (BrokenPipeError, ValueError) as error:
            raise UserError(
                f"The worker for {self._name} ended with {self._process.wait()}",
                "What it said stands above.",
            ) from error
        return found

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.communicate()


def environment(name: str, *wanted: str) -> Path:
    """Return the Python of a throw-away environment, made now unless it is there already.

    Parameters
    ----------
    name
        Of its folder, within the temporary one.
    wanted
        What pip is to install in it.

    Raises
    ------
    UserError
        When pip fails, with its own last words.
    """
    folder = Path(tempfile.gettempdir()) / f"mnist-desktop-{name}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = folder / "installed.txt"  # written last: an installation cut off is made again
    if done.exists() and done.read_text() == "\n".join(wanted):
        return python
    print(f"installing {', '.join(wanted)} into {folder}", file=sys.stderr, flush=True)
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", *wanted],
    ):
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode:
            said = (ran.stderr.strip() or ran.stdout.strip()).splitlines()[-1:]
            raise UserError(f"{name} could not be installed: {''.join(said)}")
    write_bytes(done, "\n".join(wanted).encode())
    return python


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in plain text: the first column at the left, the others at the right."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    lines = []
    for first, *others in (headings, *rows):
        cells = [text.rjust(width) for text, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join([first.ljust(widths[0]), *cells]).rstrip())
    return "\n".join(lines)
