"""Fuzz every target, each in a process of its own, and tell the totals.

    python -m fuzz                    a million inputs over all targets
    python -m fuzz --runs 20000
    python -m fuzz --seconds 60
    python -m fuzz --target rescue    one target only, with the fuzzer's own words

An input that breaks a promise is written to the folder of findings, and run again by
`python -m fuzz --target NAME --input FILE`.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fuzz.seeds import seeds

TARGETS = (
    "read",
    "unpack",
    "garbled",
    "diagnose",
    "labels",
    "rescue",
    "open",
    "mapping",
    "explain",
    "sniff",
)
"""As in `targets.py`, which must not be imported before it is instrumented."""

MEMORY_ALLOWED = 64 << 20
"""How much memory an input may take beside its own size, in bytes."""

TIME_ALLOWED = 5.0
"""How long an input may keep a processor busy, in seconds."""

_FOLDER = Path("build/fuzz")
_IN_MEMORY = Path("/dev/shm")
_LONGEST = 4096
_DONE = re.compile(r"#(\d+)\s+DONE\s+cov: (\d+) ft: (\d+) corp: (\d+)/")
_GROWTH = re.compile(r"memory grown by (\d+) MB")


def main() -> int:
    """Fuzz one target in this process, or all in processes of their own."""
    arguments = _arguments()
    if arguments.input is not None:
        return _run_again(arguments.target, arguments.input)
    if arguments.child is not None:
        _fuzz(arguments.target, arguments.child, runs=arguments.runs, seconds=arguments.seconds)
        return 0
    chosen = (arguments.target,) if arguments.target else TARGETS
    return _drive(chosen, runs=arguments.runs, seconds=arguments.seconds)


def _arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="fuzz", description="Fuzz what reads files.")
    parser.add_argument("--runs", type=int, default=1_000_000, help="inputs over all targets")
    parser.add_argument("--seconds", type=int, default=0, help="seconds over all targets, instead")
    parser.add_argument("--target", choices=TARGETS, help="only this one")
    parser.add_argument("--input", type=Path, help="run --target once, on this file")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.input is not None and not arguments.target:
        parser.error("--input needs --target")
    return arguments


def _run_again(target: str, path: Path) -> int:
    """Run a target on one file, without a fuzzer."""
    from fuzz.targets import TARGETS as FUNCTIONS
    from fuzz.targets import Workplace

    with workplace() as folder:
        FUNCTIONS[target](Workplace(folder), path.read_bytes())
    print(f"{target}: {path} breaks no promise")
    return 0


def _drive(chosen: tuple[str, ...], *, runs: int, seconds: int) -> int:
    """Run each target in its own process and print a table; return how many failed."""
    print(
        f"{'target':10} {'inputs':>9} {'inputs/s':>9} {'coverage':>9} {'corpus':>7} {'memory':>9}"
    )
    total, failed, began = 0, 0, time.perf_counter()
    for target in chosen:
        share = ["--runs", str(-(-runs // len(chosen)))]
        if seconds:
            share = ["--runs", "-1", "--seconds", str(max(1, seconds // len(chosen)))]
        start = time.perf_counter()
        with workplace() as folder:
            command = [sys.executable, "-m", "fuzz", "--target", target, "--child", str(folder)]
            done = subprocess.run(
                command + share, capture_output=True, text=True, errors="replace", check=False
            )
        spent = time.perf_counter() - start
        end = _DONE.search(done.stderr)
        if done.returncode or end is None:
            failed += 1
            print(f"{target:10} FAILED\n{done.stdout[-3000:]}{done.stderr[-3000:]}", flush=True)
            continue
        inputs = int(end[1])
        total += inputs
        grown = f"{max(map(int, _GROWTH.findall(done.stderr)), default=0):,} MB"
        print(
            f"{target:10} {inputs:9,} {inputs / spent:9,.0f} {end[2]:>9} {end[4]:>7} {grown:>9}",
            flush=True,
        )
    spent = time.perf_counter() - began
    print(f"{'all':10} {total:9,} {total / spent:9,.0f}   {spent:,.0f} s, {failed} failed")
    return failed


@contextmanager
def workplace() -> Iterator[Path]:
    """Give a folder for files that come and go, in memory where the system has that."""
    place = _IN_MEMORY if _IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=place) as folder:
        yield Path(folder)


def _fuzz(target: str, folder: Path, *, runs: int, seconds: int) -> None:
    """Fuzz one target in this process, which the fuzzer ends."""
    import atheris

    with atheris.instrument_imports(include=["mnist_desktop.datasets"]):
        from fuzz.targets import TARGETS as FUNCTIONS
        from fuzz.targets import Workplace

    corpus, findings = _FOLDER / "corpus" / target, _FOLDER / "findings"
    for needed in (corpus, findings):
        needed.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(target)):
        (corpus / f"seed-{number:03}").write_bytes(seed)
    check, work, memory = FUNCTIONS[target], Workplace(folder), Memory()

    def run(data: bytes) -> None:
        began = time.process_time()
        try:
            check(work, data)
        finally:
            work.clear()
        spent = time.process_time() - began
        assert spent <= TIME_ALLOWED, f"{spent:.1f} s for {len(data):,} bytes"
        memory.check(len(data))

    options = [
        f"-runs={runs}",
        f"-max_len={_LONGEST}",
        f"-rss_limit_mb={(memory.highest() + MEMORY_ALLOWED >> 20) + 256}",
        "-timeout=600",  # by the clock: a busy machine may let a process wait for minutes
        f"-artifact_prefix={findings}/{target}-",
        str(corpus),
    ]
    if seconds:
        options.insert(0, f"-max_total_time={seconds}")
    atheris.Setup(["fuzz", *options], run)
    atheris.Fuzz()


class Memory:
    """Watch how much memory this process has ever held, the fuzzer's own included."""

    def __init__(self) -> None:
        self._begun = 0
        self._told = 0

    @staticmethod
    def highest() -> int:
        """Return the most memory the process has held, in bytes."""
        import resource  # not on Windows, where no fuzzer runs but the tests read this module

        unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit

    def check(self, size: int) -> None:
        """Fail if an input of `size` bytes has taken more than is allowed."""
        highest = self.highest()
        self._begun = self._begun or highest
        grown = highest - self._begun
        assert grown <= MEMORY_ALLOWED + size, f"{grown:,} bytes of memory for {size:,}"
        if grown >> 20 > self._told:
            self._told = grown >> 20
            print(f"memory grown by {self._told} MB", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
