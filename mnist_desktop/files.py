"""Write files so that nothing half-written is ever seen, and know the folders that are ours."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from mnist_desktop.errors import UserError


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file beside `path` that takes its place when the block ends well.

    The data is flushed to the disk before the name changes, so that a crash or a full disk leaves
    either the old file or the new one, whole. On any failure the temporary file is removed.

    Raises
    ------
    UserError
        When the system refuses to write, with the reason and what to do.
    """
    path = Path(path)
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        # mkstemp makes private files; give the target the rights an ordinary new file would have.
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        raise UserError(
            f"“{path}” could not be written: {error.strerror or error}",
            "Free some space or choose another folder, then try again.",
        ) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()


def write_bytes(path: Path, data: bytes) -> None:
    """Replace the content of `path` by `data`, or leave it as it was."""
    with replacing(path) as stream:
        stream.write(data)


def user_folder() -> Path:
    """Return the folder that keeps a user's runs, models and logs; it may not exist yet.

    `MNIST_DESKTOP_HOME` overrides it, which is how tests stay out of a person's files.
    """
    chosen = os.environ.get("MNIST_DESKTOP_HOME")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "mnist-desktop"


def resource_folder() -> Path:
    """Return the folder that holds `assets` and `models`: the bundle's, or the checkout's."""
    bundle = getattr(sys, "_MEIPASS", None)
    return Path(bundle) if bundle else Path(__file__).resolve().parents[1]


def _umask() -> int:
    """Return the process's umask (which can only be read by setting it)."""
    current = os.umask(0)
    os.umask(current)
    return current
