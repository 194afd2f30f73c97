"""Measure how fast the nearest images are found, among 60,000 and among 814,000, exactly.

    python benchmarks/nearest.py [--rounds N]

The first search of a dataset also measures the length of each image, which is kept. The small
dataset is MNIST's training file where it is at hand and generated digits elsewhere; the large one
is that of `grid.py`, a plain file of 640 MB in the temporary folder, mapped into memory.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

import numpy as np
from grid import large_dataset, measured
from measuring import arguments, run_script, status_megabytes, table, training_dataset

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.nearest import NearestSearch


def measure(dataset: Dataset, *, rounds: int) -> list[str]:
    """Return a row of the table: images, first search, median and slowest of the others, memory."""
    search = NearestSearch(dataset)
    probes = iter(np.array(dataset.images[: rounds + 1]))
    before = status_megabytes("VmRSS")
    first = measured(lambda: search.find(next(probes)), times=1)[0][0]
    others = measured(lambda: search.find(next(probes)), times=rounds)[0]
    after = status_megabytes("VmRSS")
    grown = "" if before is None or after is None else f"{after - before:.0f}"
    median = f"{statistics.median(others):.0f}"
    return [f"{len(dataset):,}", f"{first:.0f}", median, f"{others[-1]:.0f}", grown]


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    small = training_dataset()
    with tempfile.TemporaryDirectory() as folder:
        large = large_dataset(Path(folder), small)
        rows = [measure(found, rounds=options.rounds) for found in (small, large)]
        del large
    print("milliseconds for the 12 nearest of an image; memory grown in MB")
    print(table(["images", "first", "median", "slowest", "memory"], rows))


if __name__ == "__main__":
    run_script(main)
