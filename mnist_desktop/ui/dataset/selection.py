"""Which positions of the grid are selected, and how a click or key changes that: pure, no Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Selection:
    """A set of selected positions, the current one, and the anchor from which shift extends.

    Parameters
    ----------
    mask
        (count,) bool, read-only: True where a position is selected.
    current
        The position keys move from; None when nothing was ever chosen.
    anchor
        The other end of a range made with shift.
    """

    mask: NDArray[np.bool_] = field(default_factory=lambda: _frozen(np.zeros(0, dtype=bool)))
    current: int | None = None
    anchor: int | None = None

    @classmethod
    def empty(cls, count: int) -> Selection:
        """Return a selection of nothing among `count` positions."""
        return cls(mask=_frozen(np.zeros(count, dtype=bool)))

    @classmethod
    def of(cls, positions: NDArray[np.int64], *, count: int) -> Selection:
        """Return a selection of some of `count` positions."""
        mask = np.zeros(count, dtype=bool)
        mask[positions] = True
        return cls(mask=_frozen(mask))

    @property
    def size(self) -> int:
        """Return how many positions are selected."""
        return int(np.count_nonzero(self.mask))

    def positions(self) -> NDArray[np.int64]:
        """Return the selected positions, rising, as (k,) int64."""
        return np.flatnonzero(self.mask).astype(np.int64)

    def only(self, position: int) -> Selection:
        """Return a selection of this one position, which becomes current and anchor."""
        mask = np.zeros_like(self.mask)
        mask[position] = True
        return Selection(_frozen(mask), current=position, anchor=position)

    def toggled(self, position: int) -> Selection:
        """Return the selection with this position added or taken out."""
        mask = self.mask.copy()
        mask[position] = not mask[position]
        return Selection(_frozen(mask), current=position, anchor=position)

    def extended(self, position: int) -> Selection:
        """Return the range from the anchor to this position, which becomes current."""
        anchor = position if self.anchor is None else self.anchor
        mask = np.zeros_like(self.mask)
        mask[min(anchor, position) : max(anchor, position) + 1] = True
        return Selection(_frozen(mask), current=position, anchor=anchor)

    def with_current(self, position: int) -> Selection:
        """Return the same selection with another current position."""
        return replace(self, current=position)

    def covering(self, ranges: Iterable[range], *, current: int | None) -> Selection:
        """Return the selection with all of `ranges` added; `current` None keeps the current."""
        mask = self.mask.copy()
        for part in ranges:
            mask[part.start : part.stop] = True
        kept = self.current if current is None else current
        return Selection(_frozen(mask), current=kept, anchor=self.anchor)

    def everything(self) -> Selection:
        """Return a selection of all positions."""
        return replace(self, mask=_frozen(np.ones_like(self.mask)))

    def inverted(self) -> Selection:
        """Return a selection of all positions that are not selected now."""
        return replace(self, mask=_frozen(~self.mask))

    def nothing(self) -> Selection:
        """Return a selection of no position that keeps the current one."""
        return replace(self, mask=_frozen(np.zeros_like(self.mask)))


def _frozen(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    mask.setflags(write=False)
    return mask
