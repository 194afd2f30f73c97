"""Connect the page that trains with the training that runs, and its result with the pad."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from mnist_desktop.progress import Job, Request
from mnist_desktop.ui.wiring.core import Core

if TYPE_CHECKING:
    from mnist_desktop.datasets.dataset import Dataset
    from mnist_desktop.trainer.progress import TrainingResult, TrainingSettings
    from mnist_desktop.trainer.run_settings import RunSettings
    from mnist_desktop.ui.train.page import TrainPage


class TrainingWiring(QObject):
    """Start, pause, finish and stop the one training, as the page asks."""

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._core = core
        core.window.page_made.connect(self._on_page_made)
        core.training.finished.connect(self._use_result)

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Connect the page when it is first shown, and give it what is in use."""
        if name == "train":
            self._connect(cast("TrainPage", page))

    def _connect(self, page: TrainPage) -> None:
        """Connect the page's requests, and what the training tells."""
        core, runner = self._core, self._core.training
        page.start_requested.connect(self._start)
        page.resume_requested.connect(self._resume)
        page.pause_requested.connect(self._pause)
        page.finish_epoch_requested.connect(self._finish_epoch)
        page.stop_requested.connect(runner.cancel)
        page.use_model_requested.connect(core.open_model)
        page.dataset_wanted.connect(lambda: core.window.show_page("dataset"))
        runner.started.connect(page.on_started)
        runner.progressed.connect(page.on_progress)
        runner.paused.connect(page.on_paused)
        runner.finished.connect(page.on_finished)
        runner.failed.connect(page.on_failed)
        runner.cancelled.connect(page.on_cancelled)
        core.dataset_changed.connect(page.set_dataset)
        core.test_dataset_changed.connect(page.set_test_dataset)
        page.choices_changed.connect(self._keep_choices)
        page.set_choices(core.settings.training)
        page.set_dataset(core.dataset)
        page.set_test_dataset(core.test_dataset)

    @Slot(object)
    def _start(self, settings: TrainingSettings) -> None:
        """Begin a training."""
        if not self._core.training.is_running:
            self._core.training.start(lambda: training_job(settings))

    @Slot(object)
    def _resume(self, run: Path) -> None:
        """Go on with an earlier run."""
        dataset, test = self._core.dataset, self._core.test_dataset
        if not self._core.training.is_running:
            self._core.training.start(lambda: resumed_job(run, dataset, test))

    @Slot(bool)
    def _pause(self, pause: bool) -> None:
        """Hold the training between two steps, or let it go on."""
        if pause:
            self._core.training.pause()
        else:
            self._core.training.resume()

    @Slot()
    def _finish_epoch(self) -> None:
        """Have the training end with this epoch, and keep its result."""
        self._core.training.send(Request.FINISH_EPOCH)
        self._core.training.resume()

    @Slot(object)
    def _use_result(self, result: TrainingResult) -> None:
        """Put the trained network into the pad; an autoencoder is for the page that morphs."""
        if result.decoder is None:
            self._core.open_model(result.model)
        else:
            self._core.autoencoder_chosen.emit(result.model)

    @Slot(str)
    def _keep_choices(self, text: str) -> None:
        """Remember what was chosen in the form for the next start."""
        self._core.settings.training = text


def training_job(settings: TrainingSettings) -> Job[TrainingResult]:
    """Train; the trainer is imported here, in the job's thread."""
    from mnist_desktop.trainer.job import train

    return (yield from train(settings))


def resumed_job(run: Path, dataset: Dataset | None, test: Dataset | None) -> Job[TrainingResult]:
    """Go on with an earlier run, on the dataset and test split that are open where they are its.

    Otherwise its files are opened again. A test split that is no file is measured on where the one
    that is open fits the dataset.
    """
    from mnist_desktop.trainer.job import resume_settings, train
    from mnist_desktop.trainer.runs import read_settings

    stored = read_settings(run)
    same = dataset is not None and (dataset.name, _path(dataset)) == (
        stored.dataset,
        stored.images_path,
    )
    if not same or stored.mapping_path:
        dataset = None
    if test is not None and not _measures(test, dataset, stored):
        test = None
    return (yield from train(resume_settings(run, dataset, test=test)))


def _measures(test: Dataset, dataset: Dataset | None, stored: RunSettings) -> bool:
    """Return whether the test split that is open is the one to measure a run on."""
    if stored.test_share or dataset is None:
        return False
    if stored.test_images_path is not None:
        return _path(test) == stored.test_images_path
    return test.class_names == dataset.class_names


def _path(dataset: Dataset) -> str | None:
    """Return the file of a dataset's images, as a run's settings name it."""
    return str(dataset.images_path.absolute()) if dataset.images_path else None
