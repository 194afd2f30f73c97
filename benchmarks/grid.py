"""Measure how fast the sample grid paints, with 60,000 and with 814,000 images.

    python benchmarks/grid.py [--frames N] [--cell PX]

A frame is one scroll step and the repaint of the whole view, 1280×800 pixels, offscreen. The
small dataset is MNIST's training file where it is at hand and generated digits elsewhere; the
large one repeats it in a plain file of 640 MB in the temporary folder, mapped into memory.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime  # noqa: F401  (before PySide6, as everywhere)
from measuring import arguments, run_script, status_megabytes, training_dataset
from PySide6.QtWidgets import QApplication

from mnist_desktop.datasets.idx import read_idx
from mnist_desktop.datasets.picking import Picking, pick
from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.grid import SampleGrid
from mnist_desktop.ui.dataset.shown import Shown

SMALL, LARGE = 60_000, 814_000
NAMES = tuple("0123456789")


def small_arrays() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return (60000, 28, 28) uint8 images and their labels."""
    dataset = training_dataset()
    assert dataset.labels is not None
    return np.resize(dataset.images, (SMALL, 28, 28)), np.resize(dataset.labels, SMALL)


def large_file(folder: Path, images: NDArray[np.uint8]) -> Path:
    """Write an IDX file of 814,000 images, piece by piece."""
    path = folder / "large-images-idx3-ubyte"
    with path.open("wb") as stream:
        stream.write(np.array([0x0803, LARGE, 28, 28], ">u4").tobytes())
        for start in range(0, LARGE, len(images)):
            stream.write(images[: LARGE - start].tobytes())
    return path


def milliseconds(work: Callable[[], object], *, times: int = 1) -> list[float]:
    """Return how long each call of `work` took, sorted."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begun))
    return sorted(taken)


def measure(
    app: QApplication, grid: SampleGrid, shown: Shown, *, frames: int, captions: bool
) -> str:
    """Return a line of the table: median and 95th percentile of frames, resize, new dataset."""
    grid.resize(1280, 800)
    grid.set_captions(captions)
    grid.set_shown(shown)
    app.processEvents()
    bar = grid.verticalScrollBar()
    places = iter(np.linspace(0, bar.maximum(), frames).astype(int).tolist())

    def jump() -> None:
        bar.setValue(next(places))
        app.processEvents()

    def step() -> None:
        bar.setValue(bar.value() - 37)
        app.processEvents()

    jumps, steps = milliseconds(jump, times=frames), milliseconds(step, times=frames)
    resize = milliseconds(lambda: (grid.resize(1270, 790), app.processEvents()))[0]
    anew = milliseconds(lambda: (grid.set_shown(shown), app.processEvents()))[0]
    columns = [
        f"{shown.count:>8,}",
        "labels" if captions else "plain ",
        *(f"{statistics.median(t):6.1f} {t[int(0.95 * frames)]:6.1f}" for t in (steps, jumps)),
        f"{resize:7.1f}",
        f"{anew:7.1f}",
    ]
    return " │ ".join(columns)


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--cell", type=int, default=40, help="cell size in pixels")
    options = parser.parse_args()
    app = QApplication([])
    theme.apply_theme(app, "light")
    images, labels = small_arrays()
    print(f"milliseconds, {options.cell} px cells, 1280×800; median and 95th percentile")
    print("  images │        │     scrolling │       jumping │  resize │ dataset")
    with tempfile.TemporaryDirectory() as folder:
        large = read_idx(large_file(Path(folder), images))
        large_labels = np.resize(labels, LARGE)
        grid = SampleGrid()
        grid.set_cell_size(options.cell)
        grid.show()
        before = status_megabytes("RssAnon")  # without pages of mapped files
        for pictures, classes in ((images, labels), (large, large_labels)):
            for captions in (True, False):
                shown = Shown(pictures, classes, NAMES)
                print(measure(app, grid, shown, frames=options.frames, captions=captions))
        after = status_megabytes("RssAnon")
        if before is not None and after is not None:
            print(f"memory grown by {after - before:.0f} MB")
        chosen = Picking(classes=frozenset({3, 7}))
        taken = milliseconds(lambda: pick(chosen, count=LARGE, labels=large_labels), times=5)
        print(f"filter of {LARGE:,} by class: {statistics.median(taken):.0f} ms")
        del large


if __name__ == "__main__":
    run_script(main)
