"""Measure what moving and bending the pictures costs a step of a fit.

    python benchmarks/augmentation.py [RECIPE ...] [--rounds N] [--threads N]

Two fits of each recipe, one as it is and one that leaves pictures alone, take turns, ten steps
each. A step is all that a fit does in it: random numbers drawn, batch filled, forward, backward,
update, progress. The figures are medians. Run it on a quiet machine.
"""

from __future__ import annotations

from dataclasses import replace

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
from mnist_desktop.trainer.augment import PLAIN
from mnist_desktop.trainer.checkpoint import Samples
from mnist_desktop.trainer.crew import available_cores
from mnist_desktop.trainer.recipes import Recipe

DEFAULT = ("standard", "thorough")
TURN = 10
HEADINGS = ("recipe", "plain", "augmented", "slower")


def compare(recipe: Recipe, samples: Samples, *, rounds: int, threads: int) -> list[str]:
    """Return a recipe's row: milliseconds of a step without and with it, and what it adds."""
    fits = {
        "plain": FitSteps(replace(recipe, augmentation=PLAIN), samples, threads=threads),
        "augmented": FitSteps(recipe, samples, threads=threads),
    }
    middle = fit_medians(fits, turn=TURN, rounds=rounds)
    times = [f"{middle[name]:.2f} ms" for name in ("plain", "augmented")]
    return [recipe.name, *times, f"{100 * (middle['augmented'] / middle['plain'] - 1):+.1f} %"]


def main() -> None:
    """Print a table with a row for each recipe."""
    parser = arguments(__doc__)
    add_recipes(parser, DEFAULT)
    parser.add_argument("--rounds", type=count, default=15, help="turns of each that count (15)")
    parser.add_argument(
        "--threads", type=count, default=available_cores(), help="default: all cores"
    )
    options = parser.parse_args()
    recipes = chosen_recipes(options)
    samples, name = training_samples()
    print(f"milliseconds for a step of a fit on {name}, median, {options.threads} threads")
    rows = [
        compare(recipe, samples, rounds=options.rounds, threads=options.threads)
        for recipe in recipes
    ]
    print(table(HEADINGS, rows))


if __name__ == "__main__":
    run_script(main)
