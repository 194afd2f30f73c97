"""Measure how long it takes to find duplicates, in MNIST's 70,000 images and in 814,255.

    python benchmarks/duplicates.py [--rounds N] [--large]

MNIST's training and test files are compared, as the command does it with each of its levels,
where they are at hand, and generated digits elsewhere. "each with each" is what the same answer
costs without the bounds: products of all pixels of all pairs, measured on some of the rows and
multiplied by how many more there are. With --large, a plain file of 640 MB in the temporary
folder, mapped into memory, has seven copies of EMNIST's 116,323 test images (or of MNIST's): for
the exact search as they are, for the others each moved to another place, so that all differ.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from measuring import (
    MNIST,
    TEST,
    arguments,
    mnist_file,
    run_script,
    status_megabytes,
    table,
    training_dataset,
)

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.duplicates import THRESHOLDS, Duplicates, find_duplicates_job
from mnist_desktop.datasets.idx import read_idx
from mnist_desktop.progress import finish

LARGE = 814_255
"""Images of EMNIST's byclass split, training and test."""

EMNIST = MNIST.parent / "emnist" / "emnist-byclass-test-images-idx3-ubyte.gz"

HEADINGS = ("level", "images", "seconds", "of processors", "pairs")

MOVES = ((0, 0), (0, 3), (3, 0), (0, -3), (-3, 0), (3, 3), (-3, -3))


def two_splits() -> tuple[Dataset, Dataset | None]:
    """Return MNIST's training and test split, or generated digits alone."""
    test = mnist_file(TEST)
    return training_dataset(), open_dataset(test) if test else None


@dataclass(frozen=True)
class Taken:
    """How long something took: by the clock, and of the processors."""

    seconds: float
    processor: float

    @classmethod
    def by(cls, act: Callable[[], object]) -> Taken:
        """Measure `act`."""
        clock, processor = time.perf_counter(), time.process_time()
        act()
        return cls(time.perf_counter() - clock, time.process_time() - processor)

    def cells(self, times: float = 1.0) -> list[str]:
        """Return both as text, for so many times as much."""
        return [f"{times * self.seconds:.1f}", f"{times * self.processor:.1f}"]


def search(
    dataset: Dataset, other: Dataset | None, *, threshold: float, moved: bool, rounds: int
) -> tuple[Taken, Duplicates]:
    """Return the fastest of some searches, and what it found."""
    found: list[Duplicates] = []

    def look() -> None:
        job = find_duplicates_job(dataset, other, threshold=threshold, moved=moved)
        found.append(finish(job))

    taken = min((Taken.by(look) for _ in range(rounds)), key=lambda taken: taken.seconds)
    return taken, found[-1]


def each_with_each(dataset: Dataset, *, count: int) -> list[str]:
    """Return a line: products of all pixels of all pairs of `count` images, and a comparison."""
    values = dataset.images.reshape(len(dataset), -1).astype(np.float32)
    rows = min(len(values), 1024)

    def multiply() -> None:
        for first in range(0, rows, 512):
            for column in range(0, len(values), 4096):
                (values[first : first + 512] @ values[column : column + 4096].T >= 1e9).any()

    times = count * (count - 1) / 2 / (rows * len(values))
    return ["each with each", f"{count:,}", *Taken.by(multiply).cells(times), ""]


@contextmanager
def large_dataset(*, moved: bool) -> Iterator[Dataset]:
    """Write and map the large file; see the module's words."""
    small = open_dataset(EMNIST) if EMNIST.exists() else training_dataset()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large-images-idx3-ubyte"
        height, width = small.images.shape[1:]
        left = LARGE
        with path.open("wb") as stream:
            stream.write(np.array([0x0803, LARGE, height, width], ">u4").tobytes())
            for copy in range(-(-LARGE // len(small))):
                images = np.ascontiguousarray(small.images[:left])
                if moved:
                    images = np.roll(images, MOVES[copy % len(MOVES)], axis=(1, 2))
                stream.write(images.tobytes())
                left -= len(images)
        yield replace(small, images=read_idx(path), labels=None, recognised=False)


def row(
    name: str,
    dataset: Dataset,
    other: Dataset | None,
    *,
    threshold: float,
    moved: bool,
    rounds: int,
) -> list[str]:
    """Return a line of the table."""
    taken, found = search(dataset, other, threshold=threshold, moved=moved, rounds=rounds)
    count = len(dataset) + (len(other) if other else 0)
    pairs = f"{len(found):,}{'' if found.is_complete else f' up to {found.complete_to:.1%}'}"
    return [name, f"{count:,}", *taken.cells(), pairs]


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", action="store_true", help="814,255 images too: some minutes")
    options = parser.parse_args()
    dataset, other = two_splits()
    before = status_megabytes("VmHWM")
    rows = []
    for moved in (False, True):
        for name, threshold in THRESHOLDS.items():
            words = f"{name}, {threshold:.0%}{', moved too' if moved else ''}"
            rounds = 1 if moved else options.rounds
            rows.append(row(words, dataset, other, threshold=threshold, moved=moved, rounds=rounds))
    after = status_megabytes("VmHWM")
    count = len(dataset) + (len(other) if other else 0)
    rows.append(each_with_each(dataset, count=count))
    print(table(HEADINGS, rows))
    if before is not None and after is not None:
        print(f"memory grown by {after - before:.0f} MB at most")
    if options.large:
        print(large_table())


def large_table() -> str:
    """Return the table of the large file."""
    rows = []
    for name, moved in (("exact", False), ("nearly", True), ("similar", True)):
        with large_dataset(moved=moved) as dataset:
            words = f"{name}, {THRESHOLDS[name]:.0%}"
            before = status_megabytes("RssAnon")
            line = row(words, dataset, None, threshold=THRESHOLDS[name], moved=False, rounds=1)
            after = status_megabytes("RssAnon")
            grown = "" if before is None or after is None else f"{after - before:.0f}"
            rows.append([*line, grown])
    return table([*HEADINGS, "MB kept"], rows)


if __name__ == "__main__":
    run_script(main)
