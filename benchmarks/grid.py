"""Measure how fast the sample grid paints, and how fast samples are filtered and sorted.

    python benchmarks/grid.py [--frames N] [--cells PX ...]

A frame is one scroll step, or one jump, and the repaint of the whole view, 1280×800 pixels,
offscreen. Beside the time on the clock stands that of the processor: on a machine that does other
things too only the second tells what the grid costs. The small dataset is MNIST's training split
where it is at hand and generated digits elsewhere; the large one repeats EMNIST's byclass test
images (or the small one) to 814,255 in a plain file of 640 MB in the temporary folder, which is
mapped into memory. In a shuffled order neighbours in the view lie anywhere in that file.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime  # noqa: F401  (before PySide6, as everywhere)
from measuring import MNIST, arguments, run_script, status_megabytes, training_dataset
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from mnist_desktop.datasets.brightness import mean_brightness
from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.datasets.picking import Order, Picking, pick
from mnist_desktop.inference.classifier import Classifier, default_model_path
from mnist_desktop.inference.predictions import predict_samples
from mnist_desktop.progress import finish
from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.colour_maps import ColourMap
from mnist_desktop.ui.dataset.geometry import LARGEST_CELL
from mnist_desktop.ui.dataset.grid import SampleGrid
from mnist_desktop.ui.dataset.page import DatasetPage
from mnist_desktop.ui.dataset.shown import Shown

LARGE = 814_255
"""As many as EMNIST's byclass has."""
EMNIST = MNIST.parent / "emnist" / "emnist-byclass-test-images-idx3-ubyte.gz"
CELLS = (16, 24, 40, 64, 128, 384, LARGEST_CELL)
READ = 10_000
"""How many samples the model reads."""


def large_dataset(folder: Path, small: Dataset) -> Dataset:
    """Write a plain file of many images, piece by piece, and open it."""
    source = open_dataset(EMNIST) if EMNIST.exists() else small
    stored = source.images.swapaxes(1, 2) if source.transposed else source.images
    name = "emnist-byclass-train" if source.transposed else "large"
    path = folder / f"{name}-images-idx3-ubyte"
    with path.open("wb") as stream:
        stream.write(np.array([0x0803, LARGE, 28, 28], ">u4").tobytes())
        for start in range(0, LARGE, len(stored)):
            stream.write(np.ascontiguousarray(stored[: LARGE - start]).tobytes())
    assert source.labels is not None
    labels = np.array(source.label_values)[source.labels].astype(np.uint8)
    write_idx(folder / f"{name}-labels-idx1-ubyte", np.resize(labels, LARGE))
    return open_dataset(path)


def measured(work: Callable[[], object], *, times: int) -> tuple[list[float], list[float]]:
    """Return how long each call took, by the clock and by the processor, sorted milliseconds."""
    clock, processor = [], []
    for _ in range(times):
        begun, used = time.perf_counter(), time.thread_time()
        work()
        clock.append(1000 * (time.perf_counter() - begun))
        processor.append(1000 * (time.thread_time() - used))
    return sorted(clock), sorted(processor)


def frames(app: QApplication, grid: SampleGrid, *, count: int) -> str:
    """Return median and 95th percentile of steps and of jumps, by the clock and the processor."""
    bar = grid.verticalScrollBar()
    # In a random order, or each jump would find what the one before has brought into the cache.
    places = np.random.default_rng(0).permutation(np.linspace(0, bar.maximum(), count).astype(int))
    ahead = iter(places.tolist())

    def jump() -> None:
        bar.setValue(next(ahead))
        app.processEvents()

    def step() -> None:
        bar.setValue(bar.value() + (-1 if grid.shows_single else -37))
        app.processEvents()

    columns = []
    for work in (jump, step):
        for taken in measured(work, times=count):
            columns.append(f"{statistics.median(taken):5.1f} {taken[int(0.95 * count)]:5.1f}")
    return " │ ".join(columns)


def paint(app: QApplication, dataset: Dataset, *, cells: list[int], count: int) -> None:
    """Print a line for each way to look at a dataset."""
    grid = SampleGrid()
    grid.resize(1280, 800)
    grid.show()
    shuffled = pick(Picking(order=Order.SHUFFLED), count=len(dataset), labels=dataset.labels)
    for cell in cells:
        for order, indices, captions, colours in (
            ("file", None, True, ColourMap.PAPER),
            ("file", None, False, ColourMap.PAPER),
            ("shuffled", shuffled, True, ColourMap.PAPER),
            ("shuffled", shuffled, False, ColourMap.VIRIDIS),
        ):
            grid.set_cell_size(cell)
            grid.set_captions(captions)
            grid.set_colour_map(colours)
            grid.set_shown(Shown(dataset.images, dataset.labels, dataset.class_names, indices))
            app.processEvents()
            look = f"{'labels' if captions else 'plain':6} {colours.value:7}"
            size = "single" if cell == LARGEST_CELL else f"{cell:4} px"
            print(
                f"{len(dataset):>8,} {order:8} {size} {look} │ {frames(app, grid, count=count)}",
                flush=True,
            )
    grid.close()


def find(dataset: Dataset) -> None:
    """Print how long it takes to filter and sort, as far as no model is needed."""
    brightness, taken = None, []
    for _ in range(3):
        begun = time.perf_counter()
        brightness = finish(mean_brightness(dataset.images))
        taken.append(1000 * (time.perf_counter() - begun))
    print(f"brightness of all, measured once: {statistics.median(taken):.0f} ms")
    misread = np.random.default_rng(0).random(len(dataset)) < 0.1
    for what, picking in (
        ("two classes", Picking(classes=frozenset({3, 7}))),
        ("first of each class", Picking(order=Order.FIRST_OF_EACH)),
        ("100 at random", Picking(order=Order.RANDOM)),
        ("100,000 at random of two classes", Picking(frozenset({3, 7}), Order.RANDOM, 100_000)),
        ("shuffled", Picking(order=Order.SHUFFLED)),
        ("by a value of each", Picking(order=Order.BRIGHTNESS)),
        ("the same, largest first", Picking(order=Order.BRIGHTNESS, largest_first=True)),
        ("only the misread, by a value", Picking(order=Order.BRIGHTNESS, misread=True)),
    ):

        def work(picking: Picking = picking) -> None:
            pick(
                picking,
                count=len(dataset),
                labels=dataset.labels,
                values=brightness,
                misread=misread,
            )

        clock, _ = measured(work, times=5)
        print(f"only picked: {what:38} {statistics.median(clock):5.0f} ms")


def choose(app: QApplication, dataset: Dataset) -> None:
    """Print how long it takes on the page, from a choice to the samples on the screen."""
    page = DatasetPage()
    page.resize(1280, 800)
    page.show()
    page.set_dataset(dataset)
    app.processEvents()
    picker, chips, grid = page.view_bar.picker, page.bar.chips, page.grid

    def until_shown(act: Callable[[], object]) -> float:
        before, begun = grid.shown, time.perf_counter()
        act()
        app.processEvents()
        while grid.shown is before:
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        app.processEvents()
        return 1000 * (time.perf_counter() - begun)

    def order(wanted: Order) -> None:
        picker.order.setCurrentIndex(picker.order.findData(wanted))

    for what, act in (
        ("a class", lambda: chips.toggle_key(7)),
        ("all of them again", lambda: chips.toggle_key(7)),
        ("first of each class", lambda: order(Order.FIRST_OF_EACH)),
        ("100 at random", lambda: order(Order.RANDOM)),
        ("shuffled", lambda: order(Order.SHUFFLED)),
        ("by brightness, measured first", lambda: order(Order.BRIGHTNESS)),
        ("by brightness, the other end", picker.direction.click),
    ):
        print(f"on the page: {what:38} {until_shown(act):5.0f} ms")
    page.close_down()
    page.close()


def read(dataset: Dataset) -> None:
    """Print how long the program's own model takes for some samples, on one thread."""
    classifier = Classifier.load(default_model_path())
    some = dataset.select(slice(0, READ))
    begun = time.perf_counter()
    finish(predict_samples(classifier, some, truth=None))
    print(f"{len(some):,} samples read by the model: {time.perf_counter() - begun:.1f} s")


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--cells", type=int, nargs="+", default=list(CELLS), metavar="PX")
    options = parser.parse_args()
    app = QApplication([])
    theme.apply_theme(app, "light")
    small = training_dataset()
    with tempfile.TemporaryDirectory() as folder:
        large = large_dataset(Path(folder), small)
        print(f"{large.name}, {len(large):,} images")
        find(large)
        choose(app, large)
        read(small)
        print("milliseconds a frame, 1280×800; median and 95th percentile")
        print(f"{'':42}│   jump, clock │     processor │   step, clock │     processor")
        before = status_megabytes("RssAnon")  # without pages of mapped files
        paint(app, small, cells=[40], count=options.frames)
        paint(app, large, cells=options.cells, count=options.frames)
        after = status_megabytes("RssAnon")
        if before is not None and after is not None:
            print(f"memory grown by {after - before:.0f} MB")
        del large


if __name__ == "__main__":
    run_script(main)
