"""What has been drawn, as data, with undo and redo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from mnist_desktop.inference.ink import Stroke


@dataclass(frozen=True, eq=False)
class PastedPicture:
    """A picture that was put on the pad as if it had been drawn.

    Parameters
    ----------
    ink
        (h, w) uint8, ink high, of the raster's size.
    """

    ink: np.ndarray


Item: TypeAlias = Stroke | PastedPicture


class History:
    """The states of a drawing, each a tuple of items in the order they were drawn.

    Clearing is a step like any other, so it can be undone too.
    """

    def __init__(self) -> None:
        self._states: list[tuple[Item, ...]] = [()]
        self._place = 0

    @property
    def items(self) -> tuple[Item, ...]:
        """What is on the pad now."""
        return self._states[self._place]

    @property
    def can_undo(self) -> bool:
        """Say whether there is an earlier state."""
        return self._place > 0

    @property
    def can_redo(self) -> bool:
        """Say whether there is a later state."""
        return self._place + 1 < len(self._states)

    def add(self, item: Item) -> None:
        """Put one more item on the pad; what had been undone is gone."""
        self._go_to((*self.items, item))

    def clear(self) -> bool:
        """Take everything off the pad; return whether there was anything."""
        return self.replace(())

    def replace(self, items: tuple[Item, ...]) -> bool:
        """Put others in place of all items; return whether there were any, before or now."""
        if not self.items and not items:
            return False
        self._go_to(items)
        return True

    def undo(self) -> bool:
        """Go back one state; return whether there was one."""
        if not self.can_undo:
            return False
        self._place -= 1
        return True

    def redo(self) -> bool:
        """Go forward one state; return whether there was one."""
        if not self.can_redo:
            return False
        self._place += 1
        return True

    def _go_to(self, state: tuple[Item, ...]) -> None:
        """Add a state after the present one and go there."""
        del self._states[self._place + 1 :]
        self._states.append(state)
        self._place += 1
