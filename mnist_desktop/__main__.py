"""The program, as `python -m mnist_desktop`, as `mnist-desktop` and in the packaged folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program with `argv`, or the process's own arguments; return the exit code."""
    from mnist_desktop import cli

    return cli.run(list(sys.argv[1:] if argv is None else argv))


def console() -> NoReturn:
    """Run the program as the whole process."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # a window without a console has none (Windows)
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            # A name on the disk that the terminal cannot show must not end a command.
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main())


if __name__ == "__main__":
    console()
