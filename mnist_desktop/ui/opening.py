"""Open models and datasets beside the window; what was asked for last wins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from mnist_desktop.datasets.axes import DEFAULT, Reading
from mnist_desktop.datasets.dataset import Dataset, open_dataset_job
from mnist_desktop.datasets.pairing import find_other_split
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.progress import Job, Progress
from mnist_desktop.ui.workers import JobRunner

if TYPE_CHECKING:
    from mnist_desktop.datasets.values import Values

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff")


class Opener(QObject):
    """Run one job of opening; a newer one takes the place of one that still runs.

    `opened` carries the result and `failed` the exception of the newest job only.
    """

    opened = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner = JobRunner(self)
        self._next: Callable[[], Job[Any]] | None = None
        self.runner.finished.connect(self._on_finished)
        self.runner.failed.connect(self._on_failed)
        self.runner.cancelled.connect(self._begin_next)

    def open(self, factory: Callable[[], Job[Any]]) -> None:
        """Run the job that `factory` makes, and forget one that still runs."""
        self._next = factory
        if self.runner.is_running:
            self.runner.cancel()
        else:
            self._begin_next()

    def forget(self) -> None:
        """Give up what is being opened."""
        self._next = None
        self.runner.cancel()

    @Slot()
    def _begin_next(self) -> None:
        """Start the job that waits, if one does."""
        if self._next is not None:
            factory, self._next = self._next, None
            self.runner.start(factory)

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        """Hand over the result unless something newer was asked for."""
        if self._next is None:
            self.opened.emit(result)
        self._begin_next()

    @Slot(object)
    def _on_failed(self, error: object) -> None:
        """Hand over the error unless something newer was asked for."""
        if self._next is None:
            self.failed.emit(error)
        self._begin_next()


def load_model_job(path: Path) -> Job[Classifier]:
    """Load the classifier in an ONNX file."""
    yield Progress(0, 0, f"Loading {path.name}")
    return Classifier.load(path)


def sample_job() -> Job[Dataset]:
    """Make the generated sample digits."""
    yield Progress(0, 0, "Writing sample digits")
    from mnist_desktop.datasets.sample_digits import sample_dataset

    return sample_dataset()


def opening_job(
    path: Path,
    *,
    labels_path: Path | None = None,
    mapping_path: Path | None = None,
    reading: Reading = DEFAULT,
) -> Job[Dataset | Values]:
    """Open whatever a file holds, saying at once which file is read."""
    yield Progress(0, 0, f"Reading {path.name}")
    from mnist_desktop.datasets.values import open_job

    return (
        yield from open_job(
            path, labels_path=labels_path, mapping_path=mapping_path, reading=reading
        )
    )


def values_job(path: Path) -> Job[Values]:
    """Open a file as a table of values, saying at once which file is read."""
    yield Progress(0, 0, f"Reading {path.name}")
    from mnist_desktop.datasets import values

    return (yield from values.values_job(path))


def other_split_job(path: Path) -> Job[Dataset | None]:
    """Open the test split beside a training split; None where there is none that can be used."""
    other = find_other_split(path)
    if other is None:
        yield Progress(0, 0, "Looking for a test split")
        return None
    try:
        yield Progress(0, 0, f"Reading {other.name}")
        return (yield from open_dataset_job(other))
    except UserError:
        # It was not asked for, and its own page tells what is wrong when it is opened.
        return None
