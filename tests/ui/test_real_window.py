"""The program as a person has it: a process with a window on an X server, a mouse and keys."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageGrab

from mnist_desktop.datasets.sample_digits import sample_strokes

TOP = Path(__file__).resolve().parents[2]
ACCENT = (0x2B, 0x62, 0xD9)  # of the light scheme; the leading bar is painted in it
PAUSE = "0.01"  # seconds between two places of the mouse: Xvfb drops them when they come faster

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs Xvfb and xdotool"
)


def wait_for(condition: Callable[[], object], *, what: str, seconds: float = 60) -> None:
    """Ask again and again until `condition` holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.05)


class Screen:
    """A virtual screen with the program on it."""

    def __init__(self, display: str) -> None:
        self.display = display

    def xdotool(self, *arguments: object) -> str:
        """Do something with mouse and keys, and return what it said."""
        done = subprocess.run(
            ["xdotool", *map(str, arguments)],
            env=os.environ | {"DISPLAY": self.display},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.stdout

    def pixels(self) -> np.ndarray:
        """Return the screen, (h, w, 3) uint8."""
        with ImageGrab.grab(xdisplay=self.display) as picture:
            return np.asarray(picture.convert("RGB"))

    def pad(self) -> tuple[int, int, int]:
        """Return left, top and side of the paper, the large white square."""
        white = (self.pixels() == 255).all(axis=2)
        columns = np.flatnonzero(white.sum(axis=0) > 500)
        rows = np.flatnonzero(white[:, columns].sum(axis=1) > 500)
        if not columns.size or not rows.size:
            return 0, 0, 0
        return int(columns[0]), int(rows[0]), len(rows)

    def leading_bar(self) -> int:
        """Return how many pixels beside the pad's upper half are in the accent colour.

        The bars of most classes stand there; below them a chip has that colour too.
        """
        left, top, side = self.pad()
        right = self.pixels()[top : top + side // 2, left + side :]
        return int((right == ACCENT).all(axis=2).sum())


@pytest.fixture
def screen() -> Iterator[Screen]:
    """Start an X server on a free number."""
    read, write = os.pipe()
    # Without -noreset the server starts anew when its last client leaves, which a screenshot is,
    # and refuses who comes meanwhile: the program, now and then.
    size = ["-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), *size],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as numbers:
        number = numbers.readline().strip()
    yield Screen(f":{number}")
    server.terminate()
    server.wait(timeout=30)


@pytest.fixture
def program(screen: Screen, home: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start the program on the screen and wait until its paper is there."""
    environment = os.environ | {
        "DISPLAY": screen.display,
        "QT_QPA_PLATFORM": "xcb",
        "QT_SCALE_FACTOR": "1",
        "PYTHONPATH": str(TOP),
    }
    environment.pop("WAYLAND_DISPLAY", None)
    with (tmp_path / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "mnist_desktop", "--page", "draw"],
            env=environment,
            stdout=said,
            stderr=said,
        )
    wait_for(lambda: screen.pad()[2] > 500 or process.poll() is not None, what="the window")
    assert process.poll() is None, (tmp_path / "said.txt").read_text()
    yield process
    process.kill()
    process.wait(timeout=30)


def draw(screen: Screen, digit: int) -> None:
    """Draw a digit with the mouse, a little smaller than the paper."""
    left, top, side = screen.pad()
    for stroke in sample_strokes(digit, seed=3):
        places = (stroke[::3] * 0.6 + 0.2) * side + (left, top)
        words: list[object] = []
        for index, (x, y) in enumerate(places.round().astype(int)):
            words += ["mousemove", x, y, "sleep", PAUSE]
            words += ["mousedown", 1] if index == 0 else []
        screen.xdotool(*words, "mouseup", 1)


def test_a_drawn_digit_is_answered_and_cleared(
    screen: Screen, program: subprocess.Popen[bytes]
) -> None:
    wait_for(lambda: screen.leading_bar() == 0, what="a window laid out in full")

    draw(screen, 7)
    wait_for(lambda: screen.leading_bar() > 1000, what="the leading bar")

    window = screen.xdotool("search", "--onlyvisible", "--pid", program.pid).split()[0]
    screen.xdotool("windowfocus", window, "key", "Delete")
    wait_for(lambda: screen.leading_bar() == 0, what="a blank pad")

    program.send_signal(signal.SIGINT)
    assert program.wait(timeout=30) in {0, 130, -signal.SIGINT}
