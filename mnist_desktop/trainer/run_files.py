"""Read and write the small text files of a run's folder, without trusting what stands there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mnist_desktop.errors import UserError
from mnist_desktop.files import write_bytes

LARGEST_TEXT = 16 << 20
"""Bytes a settings or metrics file may have."""


class RunError(UserError):
    """A run's folder that cannot be used, and why."""


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Replace `path` by `content` as JSON that people can read."""
    write_bytes(path, (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode())


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file, or say what is wrong with the file."""
    try:
        content = json.loads(read_text(path))
    except FileNotFoundError as error:
        raise RunError(
            f"“{path.parent}” is not the folder of a run: there is no {path.name} in it",
            "Choose a folder that a training has made.",
        ) from error
    except (ValueError, RecursionError) as error:
        raise damaged(path, error) from error
    if not isinstance(content, dict):
        raise damaged(path, TypeError("no JSON object"))
    return content


def read_text(path: Path) -> str:
    """Return the text of a small file."""
    with path.open("rb") as stream:
        data = stream.read(LARGEST_TEXT + 1)
    if len(data) > LARGEST_TEXT:
        raise ValueError(f"it is larger than {LARGEST_TEXT:,} bytes")
    return data.decode()


def damaged(path: Path, error: Exception) -> RunError:
    """Say that a file of a run cannot be read."""
    return RunError(
        f"“{path}” is damaged: {error}", "The run cannot go on; start a new one instead."
    )
