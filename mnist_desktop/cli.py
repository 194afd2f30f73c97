"""Every command of the program; Qt is imported only when a window is asked for."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol, cast

from mnist_desktop import __version__
from mnist_desktop.commands.driving import StoppedError, UsageError
from mnist_desktop.commands.output import Output
from mnist_desktop.errors import UserError

COMMANDS = (
    "inspect",
    "train",
    "evaluate",
    "predict",
    "export",
    "import",
    "duplicates",
    "morph",
    "download",
)
PAGES = ("draw", "dataset", "train", "evaluate", "morph")

# What a shell sees of a program that a signal ended is 128 and the signal's number.
_INTERRUPTED = 130  # SIGINT
_BROKEN_PIPE = 141  # SIGPIPE: nobody listens to the output any more


class Command(Protocol):
    """What the module of a command has."""

    SUMMARY: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's own arguments."""

    def run(self, arguments: argparse.Namespace, output: Output) -> int:
        """Carry the command out and return the exit code."""


def run(argv: Sequence[str], *, program: str = "mnist-desktop") -> int:
    """Carry out what the arguments ask for and return the exit code.

    Parameters
    ----------
    argv
        The arguments without the program's name.
    program
        How the program was called, for the help texts.

    Returns
    -------
    int
        0 done, 1 an error that was told, 2 wrong usage, 130 stopped by Ctrl+C, 141 nobody listens.
        `inspect` has its own meaning of 1 and 2, and 1 from `--self-test` is a check that failed.
    """
    if argv and argv[0] in COMMANDS:
        return run_command(argv[0], argv[1:], program=f"{program} {argv[0]}")
    return _guarded(lambda output: _run_window(argv, output, program=program))


def run_command(name: str, argv: Sequence[str], *, program: str) -> int:
    """Carry out one command, called `program` in its help, and return the exit code."""
    return _guarded(lambda output: _run_command(name, argv, output, program=program))


def _run_command(name: str, argv: Sequence[str], output: Output, *, program: str) -> int:
    """Carry out one command."""
    command = _load(name)
    parser = argparse.ArgumentParser(prog=program, description=command.SUMMARY, allow_abbrev=False)
    command.add_arguments(parser)
    parser.add_argument(
        "--json", action="store_true", help="write one JSON object a line, for a program to read"
    )
    arguments = parser.parse_args(argv)
    output.as_json = arguments.json
    return command.run(arguments, output)


def _run_window(argv: Sequence[str], output: Output, *, program: str) -> int:
    """Open the window, or check the installation."""
    parser = _window_parser(program)
    arguments = parser.parse_args(argv)
    if arguments.self_test:
        from mnist_desktop import self_test

        output.as_json = arguments.json
        return self_test.run(output, screenshot=arguments.screenshot)
    if arguments.json:
        parser.error("--json goes with --self-test or a command")
    for path in arguments.files:
        if not path.exists():
            commands = ", ".join(COMMANDS)
            parser.error(f"“{path}” is neither a file nor a command ({commands})")

    from mnist_desktop.ui.application import run_window

    code: int = run_window(
        page=arguments.page, files=arguments.files, screenshot=arguments.screenshot
    )
    return code


def _window_parser(program: str) -> argparse.ArgumentParser:
    """Return the parser of everything that is no command."""
    commands = "\n".join(f"  {name:<12}{_load(name).SUMMARY}" for name in COMMANDS)
    parser = argparse.ArgumentParser(
        prog=program,
        usage=f"{program} [--page PAGE] [FILE ...]\n       {program} COMMAND ...",
        description="Open the window, with the files given.",
        epilog=f"commands (each has its own --help):\n{commands}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        type=Path,
        help="an IDX file to look at, a folder of pictures to make one of, an ONNX model to use, "
        "or a recipe (.toml) to train by",
    )
    parser.add_argument("--page", choices=PAGES, help="the page to begin with")
    parser.add_argument(
        "--screenshot",
        type=Path,
        metavar="PNG",
        help="save a picture of the window to this file and end",
    )
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="check without a screen that this installation is whole",
    )
    parser.add_argument("--json", action="store_true", help="with --self-test: JSON objects")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    return parser


def _guarded(work: Callable[[Output], int]) -> int:
    """Do the work and turn every way it may end into an exit code, with one plain line if bad."""
    output = Output(as_json=False)
    try:
        return work(output)
    except SystemExit as stop:  # argparse's: 0 after --help, 2 for wrong usage, which it has told
        return stop.code if isinstance(stop.code, int) else 2
    except UserError as error:
        output.error(error)
        return 2 if isinstance(error, UsageError) else 1
    except StoppedError as stop:
        output.event("stopped", code=stop.exit_code)
        return stop.exit_code
    except KeyboardInterrupt:
        output.event("stopped", code=_INTERRUPTED)
        output.notice("Stopped.")
        return _INTERRUPTED
    except BrokenPipeError:
        _forget_standard_output()
        return _BROKEN_PIPE
    except OSError as error:  # the output goes into a file on a full disk, say
        _forget_standard_output()
        output.notice(f"mnist-desktop: {error}")
        return 1


def _load(name: str) -> Command:
    """Import the module of a command."""
    module = {"import": "import_pictures"}.get(name, name)  # a word of Python names no module
    return cast(Command, importlib.import_module(f"mnist_desktop.commands.{module}"))


def _forget_standard_output() -> None:
    """Point standard output nowhere, so that the interpreter's last flush cannot fail as well."""
    with suppress(OSError, ValueError):  # a stream without a file behind it needs nothing
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
