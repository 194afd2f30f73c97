"""Measure the two Keras articles' networks beside TensorFlow, in one run, in turns.

    python benchmarks/articles.py [--rounds N] [--tensorflow-python PYTHON]

TensorFlow is installed into a throw-away environment in the temporary folder unless
`--tensorflow-python` names one that has it. It is measured in four ways (Keras's `fit` as it comes
and without XLA, `train_on_batch`, and a step of one's own in a `tf.function`), and the fastest
stands against the steps of our own fit. All take turns, ten steps each; the figures are medians,
and an epoch is as many steps as 60,000 samples make, computed from them. Run it on a quiet machine.
"""

from __future__ import annotations

from pathlib import Path

from measuring import (
    FitSteps,
    Worker,
    arguments,
    described,
    environment,
    in_turns,
    medians,
    run_script,
    table,
    training_samples,
)

from mnist_desktop.commands.opening import count
from mnist_desktop.errors import UserError
from mnist_desktop.trainer.checkpoint import Samples
from mnist_desktop.trainer.crew import available_cores
from mnist_desktop.trainer.recipes import RECIPES, Recipe

NAMES = ("keras-rmsprop", "keras-sgd")
TENSORFLOW = "tensorflow-cpu==2.21.0"
WORKER = Path(__file__).parent / "tensorflow" / "worker.py"
WAYS = ("fit", "fit without XLA", "train_on_batch", "function")
TURN, EPOCH = 10, 60_000
HEADINGS = ("recipe, how", "ms a step", "s an epoch", "ours faster")


class Theirs(Worker):
    """An article's network in TensorFlow, in a process of its own."""

    def __init__(self, python: Path, recipe: Recipe) -> None:
        super().__init__(python, WORKER, available_cores())
        self._request = {
            "layers": [described(layer) for layer in recipe.network.layers(10)],
            "batch": recipe.batch_size,
            "optimizer": recipe.optimizer.name,
            "rate": recipe.learning_rate,
            "steps": TURN,
        }

    def steps(self, way: str) -> list[float]:
        """Run a turn in one of the ways; return the milliseconds of each step."""
        return self.ask(self._request | {"way": way})


def compare(recipe: Recipe, samples: Samples, python: Path | None, rounds: int) -> list[list[str]]:
    """Return the rows of a network: ours, then TensorFlow's ways from the fastest on."""
    ours = FitSteps(recipe, samples)
    contestants = {"ours": lambda: ours.turn(TURN)}
    theirs = Theirs(python, recipe) if python else None
    if theirs:
        for way in WAYS:
            contestants[f"TensorFlow, {way}"] = lambda way=way: theirs.steps(way)
    middle = medians(in_turns(contestants, rounds=rounds))
    ours.close()
    if theirs:
        theirs.close()
    mine = middle.pop("ours")
    best_first = sorted(middle.items(), key=lambda item: item[1])
    return [
        _row(f"{recipe.name}, ours", mine, recipe, ""),
        *(_row(name, taken, recipe, f"{taken / mine:.2f} ×") for name, taken in best_first),
    ]


def _row(name: str, milliseconds: float, recipe: Recipe, faster: str) -> list[str]:
    """Return a row: a step and an epoch."""
    epoch = milliseconds / 1000 * EPOCH / recipe.batch_size
    return [name, f"{milliseconds:.1f}", f"{epoch:.1f}", faster]


def main() -> None:
    """Print a table of both networks."""
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=count, default=6, help="turns of each that count (6)")
    parser.add_argument("--tensorflow-python", type=Path)
    options = parser.parse_args()
    python = options.tensorflow_python
    if python is None:
        try:
            python = environment("tensorflow", TENSORFLOW)
        except UserError as error:
            print(f"without TensorFlow, ours alone: {error}")
    samples, name = training_samples()
    print(f"a step and an epoch of {EPOCH:,}, median, {available_cores()} cores; ours on {name}")
    rows = [
        row for name in NAMES for row in compare(RECIPES[name], samples, python, options.rounds)
    ]
    print(table(HEADINGS, rows))


if __name__ == "__main__":
    run_script(main)
