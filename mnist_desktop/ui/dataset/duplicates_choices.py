"""What a person chooses before duplicates are looked for, and how it is remembered. No Qt."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from mnist_desktop.datasets.duplicates import DEFAULT, THRESHOLDS

LEVELS = {
    "exact": "Exact: every pixel",
    "nearly": "Nearly equal: up to 5 %",
    "similar": "Similar: up to 10 %",
    "alike": "Alike: up to 20 %",
}
"""What the levels of `THRESHOLDS` are called."""

LEVEL_TIPS = {
    "exact": "The images are equal in every pixel.",
    "nearly": "As much as rounding, noise or saving as JPEG changes.",
    "similar": "As much as a pixel or two of full ink in a digit.",
    "alike": "The same strokes, drawn twice. Many 1s are alike.",
}


@dataclass(frozen=True)
class DuplicatesChoices:
    """How to look for duplicates.

    Parameters
    ----------
    both
        Whether to compare with the other split, where there is one.
    level
        One of `THRESHOLDS`.
    moved
        Whether to find images too that were moved by a pixel.
    """

    both: bool = True
    level: str = DEFAULT
    moved: bool = False

    @property
    def threshold(self) -> float:
        """Return the largest difference that is looked for."""
        return THRESHOLDS[self.level]

    def to_text(self) -> str:
        """Return the choices for the settings."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> DuplicatesChoices:
        """Return what `to_text` wrote; the usual choices where the text is something else."""
        try:
            values = json.loads(text)
            both, level, moved = values["both"], values["level"], values["moved"]
        except (ValueError, TypeError, KeyError):
            return cls()
        sound = isinstance(both, bool) and isinstance(moved, bool) and level in list(THRESHOLDS)
        return cls(both=both, level=level, moved=moved) if sound else cls()
