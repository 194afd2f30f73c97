"""Train recipes on MNIST, several seeds each, and tell how well they read the test images.

    python benchmarks/accuracy.py [RECIPE ...] [--seeds N] [--threads N] [--data FOLDER]
                                  [--save FILE]

Each training is the program's own job in a process of its own, from the published files to the
written model, so that its peak of memory is that of a whole run. The test images decide nothing:
they are read once, by the weights that the run keeps. A line is printed for each run as it ends,
and a table in the end. With `--save` every run is added to a file of JSON lines, and runs found
there (same recipe, seed, threads and engine) are not made again: a long table can be made in parts.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from measuring import (
    MNIST,
    TEST,
    TRAIN,
    add_recipes,
    arguments,
    chosen_recipes,
    mnist_file,
    run_script,
    status_megabytes,
    table,
)
from outcomes import HEADINGS, Outcome, Task, engine_version, load, row, save, told

from mnist_desktop.commands.driving import StoppedError, drive, show_progress
from mnist_desktop.commands.opening import count
from mnist_desktop.commands.output import Output, process_seconds
from mnist_desktop.datasets.dataset import open_dataset
from mnist_desktop.errors import UserError
from mnist_desktop.trainer.crew import available_cores
from mnist_desktop.trainer.job import train
from mnist_desktop.trainer.progress import TrainingSettings
from mnist_desktop.trainer.recipes import RECIPES, Recipe

DEFAULT = ("quick", "standard", "keras-rmsprop", "keras-sgd")
"""The recipes of the table but for `thorough`, which takes as long as all the others."""

SEEDS = {"quick": 5, "standard": 5}
"""Seeds of a recipe, as many as its goal is about; of the others three."""


def tasks(recipes: Iterable[str], *, seeds: int | None, threads: int, engine: str) -> list[Task]:
    """Return the trainings of a table: every recipe with its number of seeds, or with `seeds`."""
    return [
        Task(recipe, seed, threads, engine)
        for recipe in recipes
        for seed in range(seeds or SEEDS.get(recipe, 3))
    ]


def peak_megabytes() -> float | None:
    """Return the most memory this process ever had; None where the system does not tell."""
    peak = status_megabytes("VmHWM")
    if peak is not None:
        return peak
    try:
        import resource
    except ImportError:  # Windows
        return None
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def train_here(task: Task, data: Path) -> Outcome:
    """Train in this process."""
    training, test = (open_dataset(path) for path in _files(data))
    with tempfile.TemporaryDirectory(prefix="mnist-desktop-") as folder:
        settings = TrainingSettings(
            training,
            Path(folder) / "model.onnx",
            RECIPES[task.recipe],
            seed=task.seed,
            threads=task.threads,
            test=test,
            runs=Path(folder) / "runs",
        )
        output = Output(as_json=False)
        result = drive(train(settings), output, show_progress(output))
    assert result.test_accuracy is not None
    return Outcome(
        task=task,
        test_accuracy=result.test_accuracy,
        validation_accuracy=result.validation_accuracy,
        errors=round((1 - result.test_accuracy) * len(test)),
        epochs=result.epochs,
        best_epoch=result.best_epoch,
        train_seconds=result.train_seconds,
        seconds=process_seconds(),
        peak_mb=peak_megabytes(),
    )


def train_apart(task: Task, data: Path) -> Outcome:
    """Train in a process of its own."""
    said = [task.recipe, "--seed", task.seed, "--threads", task.threads, "--data", data]
    command = [sys.executable, __file__, *map(str, said)]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if ran.returncode:
        raise UserError(
            f"The training of “{task.recipe}” with seed {task.seed} ended with {ran.returncode}",
            "What it said stands above.",
        )
    outcome = Outcome.of(ran.stdout)
    if outcome.task != task:
        raise UserError(
            f"The trainer was {task.engine} when the table was begun, and is {outcome.task.engine}",
            "Start again; runs of one table are made by one engine.",
        )
    return outcome


def _answers(recipe: Recipe) -> bool:
    """Refuse a recipe that learns no classes."""
    if recipe.network.is_autoencoder:
        raise UserError(f"The recipe “{recipe.name}” makes pictures; it reads no test images")
    return True


def _files(data: Path) -> list[Path]:
    """Return the files of the training and of the test images."""
    found = [mnist_file(name, data) for name in (TRAIN, TEST)]
    if None in found:
        raise UserError(
            f"The files of MNIST ({TRAIN}, {TEST} and their labels) are not in “{data}”",
            "Name the folder they are in with --data.",
        )
    return [path for path in found if path]


def main() -> None:
    """Make the runs that are missing, and print the table."""
    parser = arguments(__doc__)
    add_recipes(parser, DEFAULT)
    parser.add_argument(
        "--seeds", type=count, metavar="N", help="default: 5 of quick and standard, 3"
    )
    parser.add_argument(
        "--threads", type=count, default=available_cores(), help="default: all cores"
    )
    parser.add_argument("--data", type=Path, default=MNIST, help="folder with MNIST's files")
    parser.add_argument("--save", type=Path, metavar="FILE", help="JSON lines to add runs to")
    parser.add_argument("--seed", type=int, help="this seed alone, in this process, told as JSON")
    options = parser.parse_args()
    names = [recipe.name for recipe in chosen_recipes(options) if _answers(recipe)]
    engine = engine_version()
    _files(options.data)
    if options.seed is not None:
        for name in names:
            task = Task(name, options.seed, options.threads, engine)
            print(train_here(task, options.data).line())
        return
    wanted = tasks(names, seeds=options.seeds, threads=options.threads, engine=engine)
    done = load(options.save)
    print(f"engine {engine}, {options.threads} threads", flush=True)
    for task in wanted:
        known = task in done
        if not known:
            done[task] = train_apart(task, options.data)
            if options.save:
                save(options.save, done[task])
        print(told(done[task]) + (" (kept)" if known else ""), flush=True)
    print()
    print(table(HEADINGS, [row(n, [done[t] for t in wanted if t.recipe == n]) for n in names]))


if __name__ == "__main__":
    try:
        run_script(main)
    except StoppedError as stopped:
        sys.exit(stopped.exit_code)
