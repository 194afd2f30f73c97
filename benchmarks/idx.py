"""Measure opening and reading: beside other readers, a file of 640 MB, and in the real window.

    python benchmarks/idx.py [--rounds N] [--readers-python PYTHON] [--images FILE]

First MNIST's training files (generated digits where they are not beside the checkout) are read by
this project, by idx2numpy, python-mnist and mlxtend, in turns; those live in a throw-away
environment in the temporary folder unless `--readers-python` names one that has them. To read
means that every pixel was summed up: a mapped file costs nothing until it is looked at. All of
them work on one core, so the processor's time is told, which a busy neighbour hardly changes.

Then a file of 814,255 images, 640 MB, and the same packed are made in the temporary folder by
repeating EMNIST byclass's test images (or the digits), and removed afterwards. Told are the time
to the first picture, as the reader gives it and as the real window paints it; how fast it is
unpacked beside zlib alone and Python's gzip module; and the memory it took: the reader's own, and
what looking at 100 screens of a mapped file brings into memory.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from measuring import (
    MNIST,
    TRAIN,
    Worker,
    arguments,
    environment,
    in_turns,
    medians,
    mnist_file,
    run_script,
    status_megabytes,
    table,
    training_dataset,
)
from numpy.typing import NDArray

from mnist_desktop.commands.opening import count
from mnist_desktop.datasets.dataset import open_dataset_job
from mnist_desktop.datasets.early import Early
from mnist_desktop.datasets.idx import read_idx, write_idx

READERS = ("idx2numpy==1.2.3", "python-mnist==0.7", "mlxtend==0.23.4")
WORKER = Path(__file__).parent / "readers" / "worker.py"
BYCLASS = MNIST.parent / "emnist" / "emnist-byclass-test-images-idx3-ubyte.gz"
LARGE = 814_255
SCREENS = 100
TURN = 3
"""Times that a reader reads in its turn, but for the one that takes seconds."""


def main() -> None:
    """Print all tables."""
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=count, default=7)
    parser.add_argument("--readers-python", type=Path)
    parser.add_argument("--images", type=Path, default=BYCLASS, help="what the large file repeats")
    parser.add_argument("--part", nargs=2, metavar=("PART", "FILE"), help="one measurement alone")
    options = parser.parse_args()
    if options.part:
        PARTS[options.part[0]](Path(options.part[1]))
        return
    with tempfile.TemporaryDirectory(prefix="mnist-desktop-idx-") as folder:
        python = options.readers_python or environment("readers", *READERS)
        compare_readers(Path(folder), python, rounds=options.rounds)
        plain, packed = large_files(Path(folder), options.images)
        compare_unpacking(packed, rounds=options.rounds)
        for path in (plain, packed):
            first_pictures(path, rounds=options.rounds)


# Beside other readers


def small_files(folder: Path) -> tuple[Path, str]:
    """Write the training files packed and plain into a folder; return it and what they are."""
    dataset = training_dataset()
    assert dataset.labels is not None
    for ending in ("", ".gz"):
        write_idx(folder / f"{TRAIN}{ending}", dataset.images)
        labels = folder / f"train-labels-idx1-ubyte{ending}"
        write_idx(labels, dataset.labels.astype(np.uint8))
    told = dataset.name if mnist_file(TRAIN) else f"{len(dataset):,} generated digits"
    return folder, told


def ours(folder: Path, ending: str, *, everything: bool) -> list[float]:
    """Read images and labels a few times; return the milliseconds of the processor for each."""
    return [1000 * _ours(folder, ending, everything=everything) for _ in range(TURN)]


def _ours(folder: Path, ending: str, *, everything: bool) -> float:
    """Read images and labels once; return the seconds of the processor."""
    began = time.process_time()
    images = read_idx(folder / f"{TRAIN}{ending}")
    labels = read_idx(folder / f"train-labels-idx1-ubyte{ending}")
    if everything:
        int(images.sum()), int(labels.sum())
    return time.process_time() - began


def compare_readers(folder: Path, python: Path, *, rounds: int) -> None:
    """Print how long each reader takes, plain and packed."""
    files, told = small_files(folder)
    worker = Worker(python, WORKER, files)
    rows = []
    for ending, kind in (("", "plain"), (".gz", "packed")):
        contestants: dict[str, Callable[[], list[float]]] = {
            "ours": partial(ours, files, ending, everything=True),
        }
        if not ending:  # what is packed is unpacked at once
            contestants["ours, not yet read"] = partial(ours, files, ending, everything=False)
        for name in ("idx2numpy", "python-mnist", "mlxtend"):
            if name != "mlxtend" or not ending:  # it does not unpack
                times = 1 if name == "python-mnist" else TURN
                request = {"reader": name, "ending": ending, "times": times}
                contestants[name] = partial(worker.ask, request)
        middle = medians(in_turns(contestants, rounds=rounds))
        best = middle["ours"]
        for name, taken in middle.items():
            rows.append((f"{kind}, {name}", f"{taken:.1f}", f"{taken / best:.1f} ×"))
    worker.close()
    print(f"milliseconds of the processor to read images and labels of {told}, median of {rounds}")
    print(table(("file, reader", "ms", "of ours"), rows), flush=True)


# A large file


def large_files(folder: Path, source: Path) -> tuple[Path, Path]:
    """Write 814,255 images, plain and packed; return both files.

    The packed one has a gzip member for each repetition, so that packing does not take minutes.
    """
    images = np.asarray(read_idx(source) if source.exists() else training_dataset().images)
    plain, packed = folder / "large-images-idx3-ubyte", folder / "packed-images-idx3-ubyte.gz"
    header = np.array([0x0803, LARGE, *images.shape[1:]], ">u4").tobytes()
    member = gzip.compress(images.tobytes(), 6, mtime=0)
    with plain.open("wb") as whole, packed.open("wb") as small:
        whole.write(header)
        small.write(gzip.compress(header, mtime=0))
        for start in range(0, LARGE, len(images)):
            part = images[: LARGE - start]
            whole.write(part.tobytes())
            full = len(part) == len(images)
            small.write(member if full else gzip.compress(part.tobytes(), 6, mtime=0))
    for path in (plain, packed):
        labels = path.with_name(path.name.replace("images-idx3", "labels-idx1"))
        write_idx(labels, (np.arange(LARGE) % 62).astype(np.uint8))
    return plain, packed


def by_zlib(path: Path) -> NDArray[np.uint8]:
    """Unpack a file into memory by zlib alone, checking nothing."""
    room, filled = np.empty(16 + LARGE * 784, np.uint8), 0
    with path.open("rb") as stream:
        inflater, data = zlib.decompressobj(31), b""
        while data := data or stream.read(1 << 17):
            piece = inflater.decompress(data)
            room[filled : filled + len(piece)] = np.frombuffer(piece, np.uint8)
            filled += len(piece)
            data = inflater.unused_data
            if inflater.eof:
                inflater = zlib.decompressobj(31)
    return room[:filled]


def by_gzip(path: Path) -> NDArray[np.uint8]:
    """Unpack a file by Python's gzip module."""
    with gzip.open(path) as stream:
        return np.frombuffer(stream.read(), np.uint8)


def processor_seconds(read: Callable[[Path], object], path: Path) -> list[float]:
    """Read a file and forget it; return the seconds of the processor.

    Without those of the system: who reads first after another one pays for the memory that the
    system took back from that.
    """
    began = os.times().user
    read(path)
    return [os.times().user - began]


def compare_unpacking(path: Path, *, rounds: int) -> None:
    """Print how long unpacking takes beside zlib alone."""
    readers = {"ours": read_idx, "zlib alone": by_zlib, "gzip module": by_gzip}
    contestants = {name: partial(processor_seconds, read, path) for name, read in readers.items()}
    middle = medians(in_turns(contestants, rounds=rounds))
    size = LARGE * 784 / 1e6
    rows = [(name, f"{taken:.2f}", f"{size / taken:.0f}") for name, taken in middle.items()]
    print(f"\nseconds of the processor to unpack {LARGE:,} images, median of {rounds}")
    print(table(("reader", "s", "MB/s"), rows), flush=True)


def first_pictures(path: Path, *, rounds: int) -> None:
    """Print the time to the first picture and the most memory, each run a process of its own."""
    reader, window = (
        [measured(part, path) for _ in range(rounds)] for part in ("reader", "window")
    )
    names = ("first picture", "processor for it", "whole", "memory", "mapped by looking")
    print(f"\n{path.name}: {path.stat().st_size / 1e6:.0f} MB; ms and MB, median (worst)")
    rows = []
    for title, found in (("reader", reader), ("window", window)):
        figures = [
            f"{median(values):.0f} ({max(values):.0f})" for values in zip(*found, strict=True)
        ]
        rows.append((title, *figures, *("" for _ in range(len(names) - len(figures)))))
    print(table(("", *names), rows), flush=True)


def measured(part: str, path: Path) -> list[float]:
    """Measure in a fresh process; return its figures."""
    command = [sys.executable, __file__, "--part", part, str(path)]
    with tempfile.TemporaryDirectory() as home:
        variables = os.environ | {"MNIST_DESKTOP_HOME": home, "QT_QPA_PLATFORM": "offscreen"}
        ran = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
    return [float(figure) for figure in ran.stdout.split()]


def reader_part(path: Path) -> None:
    """Print the time to the first picture and to the whole, and memory grown by that, then."""
    before = status_megabytes("RssAnon") or 0.0
    began, spent = time.perf_counter(), time.process_time()
    first = cost = 0.0
    job = open_dataset_job(path)
    while True:
        try:
            progress = next(job)
        except StopIteration as end:
            dataset = end.value
            break
        if not first and isinstance(progress, Early):
            first, cost = time.perf_counter() - began, time.process_time() - spent
    whole = time.perf_counter() - began
    if not first:  # it came at once
        first, cost = whole, time.process_time() - spent
    grown = (status_megabytes("RssAnon") or 0.0) - before
    mapped = status_megabytes("RssFile") or 0.0
    for place in np.linspace(0, len(dataset) - 400, SCREENS).astype(int).tolist():
        np.array(dataset.images[place : place + 400])
    seen = (status_megabytes("RssFile") or 0.0) - mapped
    print(1000 * first, 1000 * cost, 1000 * whole, grown, seen)


def window_part(path: Path) -> None:
    """Print the time from choosing a file to its first pictures on the screen, and to the whole."""
    import onnxruntime  # noqa: F401  (before PySide6, as everywhere)
    from PySide6.QtCore import QEventLoop, QTimer

    from mnist_desktop.ui.dataset.grid_painter import GridPainter
    from mnist_desktop.ui.program import Program, application

    seen: list[tuple[float, float]] = []
    application()
    program = Program(page="dataset")
    program.show()
    paint = GridPainter.paint_cells

    def paint_and_tell(self: GridPainter, *places: object, **named: object) -> None:
        paint(self, *places, **named)  # type: ignore[arg-type]
        if program.window.page("dataset").dataset is not None:  # type: ignore[union-attr]
            seen.append((time.perf_counter(), time.process_time()))

    GridPainter.paint_cells = paint_and_tell  # type: ignore[method-assign]

    def wait(is_done: Callable[[], bool]) -> None:
        loop, timer = QEventLoop(), QTimer(interval=2)
        timer.timeout.connect(lambda: is_done() and loop.quit())
        timer.start()
        loop.exec()

    wait(lambda: program.core.classifier is not None)
    began = time.perf_counter()
    wait(lambda: time.perf_counter() - began > 0.5)
    began, spent = time.perf_counter(), time.process_time()
    program.core.open_dataset(path)
    wait(lambda: bool(seen) and program.core.dataset is not None)
    whole = time.perf_counter() - began
    print(1000 * (seen[0][0] - began), 1000 * (seen[0][1] - spent), 1000 * whole)
    for runner in program.core.jobs.running():
        runner.wait_closed()
    program.window.close()
    wait(lambda: not program.window.isVisible())


PARTS = {"reader": reader_part, "window": window_part}

if __name__ == "__main__":
    run_script(main)
