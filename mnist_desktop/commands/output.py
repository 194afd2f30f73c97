"""Where the words of a command go: objects for a program, lines for a person."""

from __future__ import annotations

import json
import math
import os
import shutil
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from mnist_desktop.errors import UserError

_IMPORTED = time.perf_counter()
_LIVE_INTERVAL = 0.1  # seconds between two drawings of the live line: fluent, and no load
_EVENT_INTERVAL = 1.0  # seconds between two progress events of one name


def process_seconds() -> float:
    """Return how long this process has lived, in seconds, the interpreter's own start included.

    Linux tells when a process started (field 22 of /proc/self/stat, in ticks since boot, see
    proc(5)); elsewhere the clock starts when this module is imported, some 50 ms later.
    """
    try:
        # The second field is the program's name in parentheses and may hold spaces.
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
        return time.clock_gettime(time.CLOCK_BOOTTIME) - started
    except (OSError, ValueError, IndexError, AttributeError):
        return time.perf_counter() - _IMPORTED


class Output:
    """The two ways a command speaks, chosen once by `--json`.

    For a program every object is a line of ASCII on standard output, written out at once; the last
    one of a command that went well has the event "done". For a person results are lines on standard
    output, and a live line is redrawn on standard error while that is a terminal.

    Parameters
    ----------
    as_json
        Whether a program reads this.
    out, err
        Streams to use instead of the process's own.
    """

    def __init__(
        self, *, as_json: bool, out: TextIO | None = None, err: TextIO | None = None
    ) -> None:
        self.as_json = as_json
        self.out = out if out is not None else sys.stdout
        self.err = err if err is not None else sys.stderr
        self._live_width = 0
        self._live_time = -math.inf
        self._event_times: dict[str, float] = {}

    @property
    def is_live(self) -> bool:
        """Tell whether somebody watches a terminal, so that a line may be redrawn."""
        return not self.as_json and self.err.isatty()

    def event(self, name: str, /, **values: object) -> None:
        """Write one object for a program; a person sees nothing."""
        if self.as_json:
            self.out.write(json.dumps(plain({"event": name, **values}), allow_nan=False) + "\n")
            self.out.flush()

    def frequent_event(self, name: str, /, **values: object) -> None:
        """Write the object unless one of the same name was written less than a second ago."""
        now = time.perf_counter()
        if now - self._event_times.get(name, -math.inf) >= _EVENT_INTERVAL:
            self._event_times[name] = now
            self.event(name, **values)

    def done(self, **values: object) -> None:
        """Write the object that is a command's result and tells that it went well."""
        self.clear_live()
        self.event("done", **values, seconds=round(process_seconds(), 3))

    def line(self, text: str = "") -> None:
        """Write a line for a person; a program sees nothing."""
        if not self.as_json:
            self.clear_live()
            self.out.write(text + "\n")
            self.out.flush()

    def live(self, text: str, *, at_once: bool = False) -> None:
        """Redraw the live line, ten times a second at most; nothing without a terminal."""
        now = time.perf_counter()
        if not self.is_live or (not at_once and now - self._live_time < _LIVE_INTERVAL):
            return
        self._live_time = now
        text = text[: shutil.get_terminal_size().columns - 1]
        self.err.write("\r" + text.ljust(self._live_width))
        self.err.flush()
        self._live_width = len(text)

    def clear_live(self) -> None:
        """Take the live line away, so that something else can stand there."""
        if self._live_width:
            self.err.write("\r" + " " * self._live_width + "\r")
            self.err.flush()
            self._live_width = 0

    def notice(self, text: str) -> None:
        """Tell a person something that is no result, on standard error."""
        self.clear_live()
        self.err.write(text + "\n")
        self.err.flush()

    def error(self, error: UserError, **values: object) -> None:
        """Tell what went wrong: a plain line on standard error, and an object for a program."""
        self.event("error", message=error.message, advice=error.advice, **values)
        self.notice(f"mnist-desktop: {error}")


def plain(value: object) -> object:
    """Return `value` as JSON knows it: numpy and paths unwrapped, what is no number as None."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):  # numpy's arrays and scalars, without importing numpy
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def bar(fraction: float, width: int = 24) -> str:
    """Return a bar of `width` characters filled by `fraction` (0 to 1)."""
    filled = round(min(1.0, max(0.0, fraction)) * width)
    return "█" * filled + "░" * (width - filled)


def duration(seconds: float) -> str:
    """Return a length of time as a person says it: 0.4 s, 12 s, 3 min 20 s, 1 h 05 min."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
