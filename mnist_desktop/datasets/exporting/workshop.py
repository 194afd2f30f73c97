"""A folder to prepare files in, which then appear all together or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mnist_desktop.errors import UserError


@contextmanager
def workshop(target: Path) -> Iterator[Path]:
    """Give a temporary folder beside `target` to prepare files in; it is gone afterwards.

    Raises
    ------
    UserError
        When the system refuses to write, there or in the block.
    """
    folder: Path | None = None
    try:
        folder = Path(tempfile.mkdtemp(prefix=".", suffix=".part", dir=target.parent))
        yield folder
    except UserError as error:
        # What is being prepared bears a name that nobody knows.
        message = error.message.replace(f"{folder}{os.sep}", f"{target.parent}{os.sep}")
        raise UserError(message, error.advice) from error
    except OSError as error:
        raise UserError(
            f"“{target}” could not be written: {error.strerror or error}",
            "Free some space or choose another folder, then try again.",
        ) from error
    finally:
        if folder is not None:
            with suppress(OSError):
                shutil.rmtree(folder)


def deliver(folder: Path, target: Path) -> tuple[Path, ...]:
    """Move all that was prepared in a workshop beside `target`, and return where it is now.

    What bears one of the names already is replaced, but a folder only by a folder if it is empty.
    Should a move fail, those before it are taken back.

    Raises
    ------
    OSError
        When the system refuses.
    """
    names = sorted(os.listdir(folder))
    aside = Path(tempfile.mkdtemp(prefix="aside", dir=folder))
    moved: list[str] = []
    try:
        for name in names:
            goal = target.parent / name
            if goal.is_dir() and (folder / name).is_dir():
                goal.rmdir()
            elif goal.exists() and not goal.is_dir():
                os.replace(goal, aside / name)
            moved.append(name)
            os.replace(folder / name, goal)
    except OSError:
        for name in reversed(moved):
            _take_back(target.parent / name, prepared=folder / name, before=aside / name)
        raise
    return tuple(target.parent / name for name in names)


def _take_back(goal: Path, *, prepared: Path, before: Path) -> None:
    """Put what stood at `goal` before back into its place."""
    with suppress(OSError):
        if not prepared.exists():
            os.replace(goal, prepared)
        if before.exists():
            os.replace(before, goal)
