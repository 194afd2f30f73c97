"""The program with a window: from the first line to the exit code."""

from __future__ import annotations

import signal
from pathlib import Path

from mnist_desktop.ui.crash import CrashHook
from mnist_desktop.ui.program import Program, application


def run_window(*, page: str | None, files: list[Path], screenshot: Path | None = None) -> int:
    """Show the window until it is closed, and return the exit code.

    Parameters
    ----------
    page
        The page to show first; None for the one shown last.
    files
        Files to open in it.
    screenshot
        Save a picture of the window to this PNG file instead, as soon as there is nothing more to
        wait for, and end.

    Raises
    ------
    UserError
        When the picture cannot be written.
    """
    app = application()
    if screenshot is not None:
        # Only now: it knows every page, and a start must not.
        from mnist_desktop.ui.gallery import photograph

        photograph(screenshot, page=page, files=files)
        return 0
    # Ctrl+C in the terminal ends the program; whatever it writes is written whole or not at all.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    hook = CrashHook(app)
    hook.install()
    try:
        program = Program(page=page, files=files)
        program.show()
        return app.exec()
    finally:
        hook.uninstall()
