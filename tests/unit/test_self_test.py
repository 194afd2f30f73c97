"""The self-test passes where everything is there, and says what is not."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from mnist_desktop import self_test
from mnist_desktop.commands.output import Output
from tests.unit.cli import say

PARTS = (
    "check_versions",
    "check_user_folder",
    "check_model",
    "check_drawn_digits",
    "check_certificates",
)


def events(output: Output) -> list[dict[str, object]]:
    assert isinstance(output.out, io.StringIO)
    return [json.loads(line) for line in output.out.getvalue().splitlines()]


def test_everything_is_good_here_and_a_picture_is_left(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, home: Path
) -> None:
    picture = tmp_path / "窗.png"

    said = say(capsys, "--self-test", "--json", "--screenshot", picture)

    assert [event for event in said.events if event.get("verdict") != "good"] == []
    assert said.code == 0
    assert (said.done["checks"], said.done["failed"]) == (8, 0)
    with Image.open(picture) as window:
        assert min(window.size) > 500
    assert list(home.iterdir()) == []


def test_what_fails_is_told_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in (*PARTS, "check_training"):
        monkeypatch.setattr(self_test, name, lambda *folder: "fine")

    def broken(page: str, picture: Path, *, home: Path) -> str:
        raise OSError("libEGL.so.1 is not there")

    monkeypatch.setattr(self_test, "check_window", broken)
    output = Output(as_json=True, out=io.StringIO(), err=io.StringIO())

    assert self_test.run(output) == 1

    *checks, done = events(output)
    assert [check["verdict"] for check in checks] == ["good"] * 6 + ["bad"] * 2
    assert "libEGL.so.1 is not there" in str(checks[-1]["detail"])
    assert (done["event"], done["verdict"], done["failed"]) == ("done", "bad", 2)


def test_a_missing_model_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    missing = tmp_path / "missing.onnx"
    monkeypatch.setattr("mnist_desktop.inference.classifier.default_model_path", lambda: missing)

    for check in (self_test.check_model, self_test.check_drawn_digits):
        with pytest.raises(Exception, match="missing"):
            check()


def test_a_blank_window_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    Image.new("RGB", (800, 600), "white").save(picture)
    monkeypatch.setattr(self_test.subprocess, "run", lambda *a, **k: Finished(0, ""))

    with pytest.raises(self_test.CheckError, match="only 1 colours"):
        self_test.check_window("draw", picture, home=tmp_path)


def test_a_window_that_fails_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = "Traceback\nImportError: no Qt\n[PYI-7:ERROR] Failed to execute script"
    monkeypatch.setattr(self_test.subprocess, "run", lambda *a, **k: Finished(1, said))

    with pytest.raises(self_test.CheckError, match=r"ended with 1: ImportError: no Qt$"):
        self_test.check_window("draw", tmp_path / "window.png", home=tmp_path)


def test_a_folder_that_cannot_be_written_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("MNIST_DESKTOP_HOME", str(blocked / "home"))

    with pytest.raises(self_test.CheckError, match="cannot be made"):
        self_test.check_user_folder()


class Finished:
    """What a process that has ended leaves."""

    def __init__(self, returncode: int, stderr: str) -> None:
        self.returncode, self.stderr = returncode, stderr
