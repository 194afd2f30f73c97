"""Make files, right or wrong, byte by byte."""

from __future__ import annotations

import struct
from pathlib import Path


def idx_bytes(code: int, *sizes: int, data: bytes = b"") -> bytes:
    """Write an IDX file by hand, right or wrong."""
    return bytes((0, 0, code, len(sizes))) + struct.pack(f">{len(sizes)}I", *sizes) + data


def put(folder: Path, name: str, content: bytes) -> Path:
    """Write `content` into a new file."""
    path = folder / name
    path.write_bytes(content)
    return path
