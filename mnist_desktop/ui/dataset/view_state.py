"""How a person likes to see datasets, kept from one start to the next."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from mnist_desktop.ui.dataset.colour_maps import ColourMap
from mnist_desktop.ui.dataset.geometry import DEFAULT_CELL, LARGEST_CELL, SMALLEST_CELL
from mnist_desktop.ui.remembered import sound_values

LEAST_SHARE, DEFAULT_SHARE, LARGEST_SHARE = 0.05, 0.3, 0.9
TABS = ("sample", "summary")
"""What can stand beside the grid."""


@dataclass(frozen=True)
class ViewState:
    """What the page looks like, whatever dataset it shows.

    Parameters
    ----------
    cell_size
        Of the grid, in logical pixels.
    captions
        Whether labels and indices stand under the pictures.
    inspector
        Whether the inspector is unfolded.
    share
        The inspector's share of the width beside the grid, 0 to 1.
    tab
        Which of `TABS` stands beside the grid.
    folded
        The sections of the inspector that are folded away.
    marks
        Whether ink box and centre of mass are drawn over the picture.
    colours
        The colours of the pictures: the value of a `ColourMap`.
    """

    cell_size: int = DEFAULT_CELL
    captions: bool = True
    inspector: bool = True
    share: float = DEFAULT_SHARE
    tab: str = TABS[0]
    folded: tuple[str, ...] = ("numbers",)
    marks: bool = False
    colours: str = ColourMap.PAPER.value

    def to_text(self) -> str:
        """Return everything as a line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> ViewState:
        """Return what a text made by `to_text` says; parts that are not sound are as at first."""
        known = sound_values(text, asdict(cls()))
        state = cls(**known)
        if not SMALLEST_CELL <= state.cell_size <= LARGEST_CELL:
            known.pop("cell_size")
        if not LEAST_SHARE <= state.share <= LARGEST_SHARE:
            known.pop("share")
        if state.tab not in TABS:
            known.pop("tab")
        if state.colours not in [colour_map.value for colour_map in ColourMap]:
            known.pop("colours")
        return cls(**known)
