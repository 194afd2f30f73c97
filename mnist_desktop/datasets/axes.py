"""Which axes of an array are pictures: rows, columns, colour channels, and those in front."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MIXED, APART = -1, -2
"""Instead of a channel: all mixed into one grey picture, or each a picture of its own."""

_SMALLEST_SIDE = 4  # a row of fewer than 16 values is a table, not a picture
_MOST_CHANNELS = 4
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


@dataclass(frozen=True)
class Reading:
    """What a person wants to see of a file that has more axes than pictures.

    Parameters
    ----------
    channel
        The number of one channel, `MIXED` or `APART`.
    leading
        For each axis in front of the pictures the index to show, or None for all, one after the
        other; axes that are not named are shown whole.
    """

    channel: int = MIXED
    leading: tuple[int | None, ...] = ()


DEFAULT = Reading()
"""Channels mixed, everything shown."""


@dataclass(frozen=True)
class Axes:
    """How the axes of an array are understood, and what is shown of them.

    Parameters
    ----------
    shape
        The sizes in the file.
    channel_axis
        Which axis has the colour channels; None where there are none.
    is_rolled
        Whether each row of a table is rolled up into a square picture.
    reading
        What is shown.
    """

    shape: tuple[int, ...]
    channel_axis: int | None = None
    is_rolled: bool = False
    reading: Reading = DEFAULT

    @property
    def channels(self) -> int:
        """Return how many colour channels there are, 1 where no axis has any."""
        return 1 if self.channel_axis is None else self.shape[self.channel_axis]

    @property
    def leading(self) -> tuple[int, ...]:
        """Return the sizes of the axes in front of the pictures, the number of items first."""
        rank = len(self.shape) - (1 if self.is_rolled else 2)
        if self.channel_axis is None:
            return self.shape[:rank]
        sizes = list(self.shape)
        del sizes[self.channel_axis]
        return tuple(sizes[: rank - 1])

    @property
    def picture_shape(self) -> tuple[int, int]:
        """Return height and width of a picture."""
        if self.is_rolled:
            side = math.isqrt(self.shape[1])
            return side, side
        sizes = list(self.shape)
        if self.channel_axis is not None:
            del sizes[self.channel_axis]
        return sizes[-2], sizes[-1]

    @property
    def has_choice(self) -> bool:
        """Tell whether there is more to see than one reading shows."""
        return self.channels > 1 or len(self.leading) > 1

    @property
    def per_item(self) -> int:
        """Return how many pictures each item gives."""
        apart = self.channels if self.reading.channel == APART else 1
        pairs = zip(self.leading, self._chosen(), strict=True)
        return apart * math.prod([size for size, index in pairs if index is None][self._whole :])

    def arrange(self, array: NDArray[Any]) -> NDArray[Any]:
        """Return (n, height, width) or (n, height, width, channels) of a whole array.

        It is a view wherever the axes allow it. A fourth axis stands only where channels have to
        be mixed.
        """
        if self.is_rolled:
            return array.reshape(len(array), *self.picture_shape)
        front = len(self.leading)
        if self.channel_axis is not None:
            apart = self.reading.channel == APART
            array = np.moveaxis(array, self.channel_axis, front if apart else -1)
            front += apart
            if self.channels == 1 and not apart:
                array = array[..., 0]
            elif self.reading.channel >= 0:
                array = array[..., self.reading.channel]
        chosen = tuple(slice(None) if index is None else index for index in self._chosen())
        array = array[chosen]
        inside = array.shape[front - sum(index is not None for index in self._chosen()) :]
        count = math.prod(array.shape[: array.ndim - len(inside)])
        return array.reshape(count, *inside)

    def pictures_of(self, items: int) -> int:
        """Return how many pictures the first `items` items give, in the order of the file."""
        return items * self.per_item if self._whole else 0

    def item_of(self, picture: int) -> int:
        """Return the item of the file that a picture stands in."""
        chosen = self._chosen()[0]
        return picture // max(1, self.per_item) if chosen is None else chosen

    def labels_for(self, stored: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return a label for each picture from one for each item, or `stored` as it is."""
        first = self._chosen()[0]
        if len(stored) != self.leading[0] or (first is None and self.per_item == 1):
            return stored
        return np.repeat(stored if first is None else stored[first : first + 1], self.per_item)

    def notes(self) -> list[str]:
        """Return sentences on what is shown of all the axes."""
        height, width = self.picture_shape
        if self.is_rolled:
            rolled = f"Each row of {height * width:,} values is shown as a picture"
            return [f"{rolled} of {width} × {height}."]
        found = []
        if self.channels > 1:
            found.append(self._channel_note())
        for place, (size, index) in enumerate(zip(self.leading, self._chosen(), strict=True)):
            if index is not None:
                found.append(f"Of the {_ORDINALS[place]} axis ({size:,}) only {index:,} is shown.")
        if len(self.leading) > 1 and self.per_item > 1:
            sizes = " × ".join(f"{size:,}" for size in self.leading)
            found.append(f"The axes in front ({sizes}) are laid out one after the other.")
        return found

    @property
    def _whole(self) -> bool:
        """Tell whether all items are shown, and not one of them."""
        return self._chosen()[0] is None

    def _chosen(self) -> tuple[int | None, ...]:
        """Return the index for each axis in front, None for all of it."""
        named = self.reading.leading[: len(self.leading)]
        return named + (None,) * (len(self.leading) - len(named))

    def _channel_note(self) -> str:
        """Return what is shown of the channels."""
        channel = self.reading.channel
        if channel == APART:
            return f"The {self.channels} channels are shown as pictures of their own."
        if channel >= 0:
            return f"Channel {channel + 1} of {self.channels} is shown."
        if self.channels == 2:
            return "The first of 2 channels is shown; the second is taken for opacity."
        return f"The {self.channels} channels are shown as one grey one."


def understand(shape: tuple[int, ...], reading: Reading = DEFAULT) -> Axes | None:
    """Say which axes of an array of this shape are pictures; None where none can be.

    Rank 3 is images × rows × columns. With more axes, one of 1 to 4 at the end or in front of the
    rows is taken for colour channels; what stands before rows and columns is laid out one after
    the other. Rank 2 is a table, unless its rows can be rolled up into squares of at least 4 × 4.

    Raises
    ------
    ValueError
        If `reading` names what the array does not have.
    """
    rank = len(shape)
    if rank < 2:
        return None
    if rank == 2:
        side = math.isqrt(shape[1])
        if side < _SMALLEST_SIDE or side * side != shape[1]:
            return None
        axes = Axes(shape, is_rolled=True, reading=reading)
    elif rank > 3 and 1 <= shape[-1] <= _MOST_CHANNELS:
        axes = Axes(shape, rank - 1, reading=reading)
    elif rank > 3 and 1 <= shape[-3] <= _MOST_CHANNELS:
        axes = Axes(shape, rank - 3, reading=reading)
    else:
        axes = Axes(shape, reading=reading)
    if 0 in axes.picture_shape:
        return None
    _check(axes)
    return axes


def _check(axes: Axes) -> None:
    """Refuse a reading that names what is not there."""
    reading = axes.reading
    if not APART <= reading.channel < axes.channels:
        raise ValueError(f"channel {reading.channel} of {axes.channels}")
    for size, index in zip(axes.leading, reading.leading, strict=False):
        if index is not None and not 0 <= index < size:
            raise ValueError(f"index {index} of {size}")
