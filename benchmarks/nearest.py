"""Measure how fast the nearest images are found, among 60,000 and among 814,000, exactly.

    python benchmarks/nearest.py [--rounds N]

The first search of a dataset also measures the length of each image, which is kept. The small
dataset is MNIST's training file where it is at hand and generated digits elsewhere; the large one
repeats it in a plain file of 640 MB in the temporary folder, mapped into memory.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

import numpy as np
from grid import LARGE, large_file, milliseconds, small_arrays
from measuring import arguments, run_script, status_megabytes, table
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.idx import read_idx
from mnist_desktop.datasets.nearest import NearestSearch


def measure(images: NDArray[np.uint8], *, rounds: int) -> list[str]:
    """Return a row of the table: images, first search, median and slowest of the others, memory."""
    search = NearestSearch(Dataset(name="measured", images=images, labels=None, class_names=()))
    probes = iter(np.array(images[: rounds + 1]))
    before = status_megabytes("VmRSS")
    first = milliseconds(lambda: search.find(next(probes)))[0]
    others = milliseconds(lambda: search.find(next(probes)), times=rounds)
    after = status_megabytes("VmRSS")
    grown = "" if before is None or after is None else f"{after - before:.0f}"
    median = f"{statistics.median(others):.0f}"
    return [f"{len(images):,}", f"{first:.0f}", median, f"{others[-1]:.0f}", grown]


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    images, _ = small_arrays()
    with tempfile.TemporaryDirectory() as folder:
        large = read_idx(large_file(Path(folder), images))
        assert len(large) == LARGE
        rows = [measure(found, rounds=options.rounds) for found in (images, large)]
        del large
    print("milliseconds for the 12 nearest of an image; memory grown in MB")
    print(table(["images", "first", "median", "slowest", "memory"], rows))


if __name__ == "__main__":
    run_script(main)
