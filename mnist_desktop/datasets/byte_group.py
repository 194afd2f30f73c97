"""A few neighbouring bytes of a file and what they mean."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN_BYTES = 16
"""Longer groups are written as so many bytes and an ellipsis."""


@dataclass(frozen=True)
class ByteGroup:
    """Neighbouring bytes that mean one thing.

    Parameters
    ----------
    offset
        Where the first of them stands, from 0.
    data
        The bytes.
    meaning
        What they say, in a few words.
    """

    offset: int
    data: bytes
    meaning: str

    @property
    def place(self) -> str:
        """Return the offsets of the first and the last byte: 4–7, or 3 for a single one."""
        last = self.offset + len(self.data) - 1
        return f"{self.offset:,}–{last:,}" if last > self.offset else f"{self.offset:,}"

    @property
    def hexadecimal(self) -> str:
        """Return the bytes as people write them: 00 00 ea 60."""
        rest = " …" if len(self.data) > SHOWN_BYTES else ""
        return self.data[:SHOWN_BYTES].hex(" ") + rest


def group_of(data: bytes, offset: int, size: int, meaning: str, *, base: int = 0) -> ByteGroup:
    """Return the group of those of `size` bytes that are there.

    Parameters
    ----------
    data
        A part of the file.
    offset
        Where in `data` the group begins.
    size
        How long it is meant to be.
    meaning
        What it says.
    base
        Where in the file `data` begins.
    """
    return ByteGroup(base + offset, data[offset : offset + size], meaning)
