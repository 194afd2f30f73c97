"""Measure how much faster a second thread makes the steps of a fit.

    python benchmarks/threads.py [RECIPE ...] [--rounds N]

Two fits of each recipe, one on 1 thread and one on 2, take turns, ten steps each: batch, warps and
masks filled, forward, backward, update, progress. The figures are medians. Run it on a quiet
machine with two cores or more.
"""

from __future__ import annotations

from measuring import (
    FitSteps,
    add_recipes,
    arguments,
    chosen_recipes,
    fit_medians,
    run_script,
    table,
    training_samples,
)

from mnist_desktop.commands.opening import count
from mnist_desktop.trainer.checkpoint import Samples
from mnist_desktop.trainer.crew import available_cores
from mnist_desktop.trainer.recipes import RECIPES, Recipe

TURN = 10
HEADINGS = ("recipe", "1 thread", "2 threads", "faster")


def compare(recipe: Recipe, samples: Samples, rounds: int) -> list[str]:
    """Return a recipe's row: steps a second on 1 and on 2 threads, and their quotient."""
    threads = {"one": 1, "two": 2}
    fits = {name: FitSteps(recipe, samples, threads=cores) for name, cores in threads.items()}
    middle = fit_medians(fits, turn=TURN, rounds=rounds)
    speeds = [f"{1000 / middle[name]:.1f}" for name in ("one", "two")]
    return [recipe.name, *speeds, f"{middle['one'] / middle['two']:.2f} ×"]


def main() -> None:
    """Print a table with a row for each recipe."""
    parser = arguments(__doc__)
    add_recipes(parser, tuple(RECIPES))
    parser.add_argument("--rounds", type=count, default=6, help="turns of each that count (6)")
    options = parser.parse_args()
    recipes = chosen_recipes(options)
    if available_cores() < 2:
        print("only one core may be used here: a second thread cannot make anything faster")
    samples, name = training_samples()
    print(f"steps a second of a fit on {name}, median")
    rows = [compare(recipe, samples, options.rounds) for recipe in recipes]
    print(table(HEADINGS, rows))


if __name__ == "__main__":
    run_script(main)
