"""What a person chose in the form, to be there again at the next start."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

LARGEST = 2**31 - 1


@dataclass(frozen=True)
class TrainingChoices:
    """The fields of the form that outlast a start; dataset and output belong to each training.

    Parameters
    ----------
    recipe
        The name of a recipe that came along; empty for the usual one, or the file's.
    recipe_file
        The recipe's file that was opened last; empty for none. It is the chosen one where `recipe`
        is empty.
    epochs, threads
        0 leaves them to the recipe and the machine.
    validation
        Percent; below 0 leaves it to the recipe.
    seed
        From 0.
    """

    recipe: str = ""
    recipe_file: str = ""
    epochs: int = 0
    threads: int = 0
    validation: int = -1
    seed: int = 0

    def to_text(self) -> str:
        """Return the choices as a line of JSON."""
        return json.dumps(asdict(self))


def choices_from_text(text: str) -> TrainingChoices:
    """Return the choices in a line of JSON; what is missing or of the wrong kind is as usual."""
    try:
        stored = json.loads(text)
    except (ValueError, RecursionError):
        stored = {}
    usual = TrainingChoices()
    if not isinstance(stored, dict):
        return usual
    kept = {
        name: stored[name]
        for name, value in asdict(usual).items()
        if type(stored.get(name)) is type(value) and _is_small(stored[name])
    }
    return TrainingChoices(**kept)


def _is_small(value: object) -> bool:
    """Tell whether a value is no number, or one that a field of Qt can take."""
    return not isinstance(value, int) or -LARGEST <= value <= LARGEST
