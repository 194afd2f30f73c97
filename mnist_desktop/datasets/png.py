"""Write grey pictures as PNG, with nothing but zlib (PNG specification, third edition)."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _NO_FILTER = 0, 0


def png_bytes(picture: NDArray[np.uint8]) -> bytes:
    """Return a (height, width) uint8 picture as a PNG file, 8-bit grey, 0 black and 255 white."""
    height, width = picture.shape
    rows = np.full((height, 1 + width), _NO_FILTER, np.uint8)  # each row begins with its filter
    rows[:, 1:] = picture
    head = struct.pack(">IIBBBBB", width, height, 8, _GREY, 0, 0, 0)
    return (
        _SIGNATURE
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(rows.tobytes()))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk: its length, kind, data and checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
