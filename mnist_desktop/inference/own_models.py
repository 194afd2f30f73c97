"""The models that a person has made, in the user's folder."""

from __future__ import annotations

from pathlib import Path

from mnist_desktop.errors import UserError
from mnist_desktop.files import user_folder, write_bytes

STEM = "my hand"
"""How a model that was taught a person's hand is called; the second one gets a number."""


def own_models_folder() -> Path:
    """Return the folder of the user's own models; it may not exist yet."""
    return user_folder() / "models"


def own_models() -> dict[Path, str]:
    """Return the models in that folder, the newest first: where each lies, and its name."""
    try:
        found = [
            (path.stat().st_mtime_ns, path)
            for path in own_models_folder().iterdir()
            if path.suffix.lower() == ".onnx"
        ]
    except OSError:
        return {}
    return {path: path.stem for _, path in sorted(found, reverse=True)}


def keep_model(data: bytes) -> Path:
    """Write a model that was taught under a name that none has yet, and return where it lies.

    Raises
    ------
    UserError
        When the system refuses.
    """
    folder = own_models_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"The folder “{folder}” could not be made: {error.strerror or error}",
            "See to it that you may write there, then try again.",
        ) from error
    path, number = folder / f"{STEM}.onnx", 1
    while path.exists():
        number += 1
        path = folder / f"{STEM} {number}.onnx"
    write_bytes(path, data)
    return path
