"""The program's own face: help, wrong usage, pipes, and what it does not import."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from mnist_desktop import __version__
from mnist_desktop.cli import COMMANDS
from tests.unit.cli import run_process, say, start, write_digits, write_model


def test_help_names_every_command_and_page(capsys: pytest.CaptureFixture[str]) -> None:
    said = say(capsys, "--help")

    assert said.code == 0
    for word in (*COMMANDS, "draw,dataset,train,evaluate,morph", "--self-test", "FILE"):
        assert word in said.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_json(capsys: pytest.CaptureFixture[str], command: str) -> None:
    said = say(capsys, command, "--help")

    assert said.code == 0
    assert said.out.startswith(f"usage: mnist-desktop {command}")
    assert "--json" in said.out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    said = say(capsys, "--version")

    assert (said.code, said.out) == (0, f"mnist-desktop {__version__}\n")


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["--page", "nowhere"], "invalid choice"),
        (["no-such-file"], "neither a file nor a command"),
        (["--json"], "--json goes with"),
        (["predict"], "PICTURE"),
        (["evaluate"], "--images"),
        (["evaluate", "--sample-digits", "0"], "at least 1"),
        (["evaluate", "--sample-digits", "5", "--labels", "x"], "come with their labels"),
        (["evaluate", "--sample-digits", "5", "--unknown"], "--unknown"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_why(
    capsys: pytest.CaptureFixture[str], argv: list[str], told: str
) -> None:
    said = say(capsys, *argv)

    assert said.code == 2
    assert said.out == ""
    assert told in said.err


def test_an_error_is_one_plain_line_and_an_object(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    missing = tmp_path / "missing.onnx"
    said = say(capsys, "evaluate", "--json", "--model", missing, "--sample-digits", 5)

    assert said.code == 1
    (error,) = said.events
    assert error["event"] == "error"
    assert "missing.onnx" in str(error["message"])
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err


def test_nobody_listening_is_no_error(tmp_path: Path) -> None:
    process = start("evaluate", "--json", "--model", write_model(tmp_path), "--sample-digits", 50)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()

    assert process.wait(timeout=60) == 141
    assert process.stderr.read() == ""
    process.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_under_the_output_is_told_in_one_line(tmp_path: Path) -> None:
    argv = ["evaluate", "--json", "--model", write_model(tmp_path), "--sample-digits", 50]
    with open("/dev/full", "w") as full, start(*argv, stdout=full) as process:
        _, err = process.communicate(timeout=60)

    assert process.returncode == 1
    assert err.count("\n") == 1
    assert "No space left" in err


def test_ctrl_c_ends_with_130(tmp_path: Path) -> None:
    process = start("train", "--json", "--sample-digits", 2000, "--output", tmp_path / "m.onnx")
    assert process.stdout is not None
    for line in process.stdout:
        if '"step"' in line:
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)

    assert process.returncode == 130
    assert '"event": "stopped"' in out.splitlines()[-1]
    assert "Traceback" not in err
    assert not [name for name in os.listdir(tmp_path) if name.endswith((".onnx", ".part"))]


def test_commands_do_not_import_qt(tmp_path: Path) -> None:
    """Qt's and matplotlib's names are blocked, so that importing them would fail."""
    (tmp_path / "PySide6.py").write_text("raise ImportError('Qt was asked for')")
    (tmp_path / "matplotlib.py").write_text("raise ImportError('matplotlib was asked for')")
    model, images = write_model(tmp_path), write_digits(tmp_path)

    for argv in (
        ["inspect", images],
        ["evaluate", "--model", model, "--images", images],
        ["train", "--sample-digits", 300, "--recipe", "quick", "--output", tmp_path / "m.onnx"],
    ):
        with start(*argv, "--json", cwd=tmp_path) as process:
            out, err = process.communicate(timeout=100)
        assert process.returncode == 0, err
        assert '"event": "done"' in out


def test_the_trainer_is_a_command_of_its_own() -> None:
    said = run_process("--help", module="mnist_desktop.trainer")

    assert said.code == 0
    assert said.out.startswith("usage: python -m mnist_desktop.trainer [")
