"""What is in use (classifier, dataset), carried between the window, its pages and the workers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal, Slot

from mnist_desktop.datasets.axes import DEFAULT, Reading
from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier, default_model_path, shipped_models
from mnist_desktop.inference.morphing import is_autoencoder_file
from mnist_desktop.ui.closing import Closing
from mnist_desktop.ui.main_window import MainWindow
from mnist_desktop.ui.opening import (
    PICTURES,
    Opener,
    load_model_job,
    opening_job,
    other_split_job,
    sample_job,
)
from mnist_desktop.ui.running_jobs import RunningJobs
from mnist_desktop.ui.settings import Settings
from mnist_desktop.ui.turns import Turns
from mnist_desktop.ui.workers import JobRunner, PredictionWorker

if TYPE_CHECKING:
    from mnist_desktop.ui.dataset.page import DatasetPage
    from mnist_desktop.ui.draw.page import DrawPage
    from mnist_desktop.ui.train.page import TrainPage

ORIGINS = {
    "metadata": "It says itself how it wants its input.",
    "trial": "How it wants its input was found out by trial.",
    "assumed": "How it wants its input is only a guess: no trial gave a clear answer.",
}
"""What to tell of a contract's origin."""


class Core(QObject):
    """Hold the classifier and the dataset in use, and open others.

    A file that cannot be used leaves everything as it was; the page it belongs to says why.
    """

    classifier_changed = Signal(object)
    dataset_changed = Signal(object)
    test_dataset_changed = Signal(object)
    autoencoder_chosen = Signal(object)
    folder_dropped = Signal(object)
    recent_changed = Signal()
    about_to_close = Signal()

    def __init__(self, window: MainWindow, settings: Settings) -> None:
        super().__init__(window)
        self.window, self.settings = window, settings
        self.classifier: Classifier | None = None
        self.dataset: Dataset | None = None
        self.test_dataset: Dataset | None = None
        self.has_no_model = False
        self.turns = Turns()
        self._opening_model: Path | None = None
        self._opening_dataset: Path | None = None
        self.predictions = PredictionWorker(self)
        self.training = JobRunner(self)
        self.models, self.datasets, self.other_splits = Opener(self), Opener(self), Opener(self)
        self.jobs = RunningJobs(window.status_bar)
        self.jobs.add(self.training, title="Training", page="train")
        self.jobs.add(self.datasets.runner, title="Reading the dataset", page="dataset")
        self.jobs.add(self.models.runner, title="Loading the model", page="draw")
        self.jobs.add(self.other_splits.runner, title="Reading the test split", page="dataset")
        self.closing = Closing(window, training=self.training, jobs=self.jobs)
        self._connect()

    def _connect(self) -> None:
        """Connect the window and the work beside it."""
        self.window.close_requested.connect(self.closing.request)
        self.window.files_dropped.connect(self.open_files)
        self.window.recent_requested.connect(lambda path: self.open_files([path]))
        self.closing.ready.connect(self._close)
        self.predictions.failed.connect(self._on_prediction_failed)
        self.models.opened.connect(self._use_classifier)
        self.models.failed.connect(self._on_model_failed)
        self.other_splits.opened.connect(self._use_test_dataset)
        self.jobs.page_requested.connect(self.window.show_page)

    # Opening

    @Slot(list)
    def open_files(self, paths: list[Path]) -> None:
        """Open each file as what its name says it is, or else as a dataset; import a folder."""
        for path in paths:
            kind = path.suffix.lower()
            if path.is_dir():
                self.folder_dropped.emit(path)
            elif kind == ".onnx":
                self.open_model(path)
            elif kind == ".toml":
                cast("TrainPage", self.window.show_page("train")).form.recipes.open_file(path)
            elif kind in PICTURES:
                self._open_picture(path)
            else:
                self.open_dataset(path)

    def open_model(self, path: Path) -> None:
        """Load a model and use it for every answer from then on; an autoencoder has its page."""
        if is_autoencoder_file(path):
            self.window.show_page("morph")
            self.autoencoder_chosen.emit(path)
            return
        self._opening_model = path
        self.window.status_bar.set_model("", None, looking=True)
        self.models.open(lambda: load_model_job(path))

    def open_dataset(
        self,
        path: Path,
        *,
        labels_path: Path | None = None,
        mapping_path: Path | None = None,
        reading: Reading = DEFAULT,
    ) -> None:
        """Open the dataset that a file belongs to, and show it; `OpeningWiring` takes what comes.

        What was chosen by hand for these images, labels or class names, stays with them.
        """
        known = self.dataset
        if known is not None and path == known.images_path and (labels_path or mapping_path):
            labels_path = labels_path or known.labels_path
            mapping_path = mapping_path or known.mapping_path
        self._opening_dataset = path
        self.window.show_page("dataset")
        self.datasets.open(
            lambda: opening_job(
                path, labels_path=labels_path, mapping_path=mapping_path, reading=reading
            )
        )

    @Slot()
    def show_dataset(self) -> None:
        """Show the dataset in use; its page may have been showing another one's samples."""
        page = cast("DatasetPage", self.window.show_page("dataset"))
        if page.dataset is not self.dataset:
            page.set_dataset(self.dataset)

    @Slot()
    def open_samples(self) -> None:
        """Use the generated sample digits as the dataset."""
        self._opening_dataset = None
        self.datasets.open(sample_job)

    def load_first_model(self) -> None:
        """Load the model that was used last, or else the one that comes with the program."""
        if self.classifier is not None or self.models.runner.is_running:
            return
        chosen = self.settings.model
        if chosen is not None and chosen.is_file():
            self.open_model(chosen)
        else:
            self.open_default_model()

    @Slot()
    def open_default_model(self) -> None:
        """Load the model that comes with the program, if it did."""
        if default_model_path().is_file():
            self.open_model(default_model_path())
        else:
            self._say_no_model()

    def _open_picture(self, path: Path) -> None:
        """Put a picture file on the pad."""
        # Pillow is imported for the first picture; most people never open one.
        from mnist_desktop.inference.picture import read_picture

        page = cast("DrawPage", self.window.show_page("draw"))
        try:
            page.add_picture(read_picture(path))
        except UserError as error:
            page.show_error(error)

    # What was opened

    @Slot(object)
    def _use_classifier(self, classifier: Classifier) -> None:
        """Answer by another classifier."""
        self.classifier = classifier
        path = classifier.path
        self.settings.model = None if path == default_model_path() else path
        if path is not None and path not in shipped_models():
            self._remember(path)
        self.predictions.set_classifier(classifier)
        self._show_model()
        self.classifier_changed.emit(classifier)
        page = self.window.page("draw")
        if page is not None and classifier.contract.origin == "assumed":
            cast("DrawPage", page).show_guessed(classifier.name)

    @Slot(object)
    def _on_model_failed(self, error: Exception) -> None:
        """Say why a model cannot be used; the one before stays, or the program's own steps in."""
        page = cast("DrawPage", self.window.show_page("draw"))
        page.show_error(error)
        failed, self._opening_model = self._opening_model, None
        if failed is not None:
            self._forget(failed)
        if self.classifier is not None:
            self._show_model()
        elif failed != default_model_path() and default_model_path().is_file():
            self.open_model(default_model_path())
        else:
            self._say_no_model()
            page.show_error(error)

    @Slot(object)
    def use_dataset(self, dataset: Dataset) -> None:
        """Show another dataset, the way its file is to be shown, and look for its test split."""
        dataset = self.turns.applied(dataset)
        self.dataset, self.test_dataset = dataset, None
        self.window.status_bar.set_dataset(dataset.name, len(dataset))
        self.end_opening(is_open=True)
        self.dataset_changed.emit(dataset)
        self.test_dataset_changed.emit(None)
        self.other_splits.forget()
        if dataset.split == "train" and dataset.images_path is not None:
            path = dataset.images_path
            self.other_splits.open(lambda: other_split_job(path))

    @Slot(object)
    def _use_test_dataset(self, dataset: Dataset | None) -> None:
        """Know the test split that lies beside the training split."""
        dataset = None if dataset is None else self.turns.applied(dataset)
        self.test_dataset = dataset
        self.test_dataset_changed.emit(dataset)

    @Slot(int, object)
    def _on_prediction_failed(self, _number: int, error: Exception) -> None:
        """Say that the model failed on a drawing."""
        page = self.window.page("draw")
        if page is not None:
            cast("DrawPage", page).show_error(error)

    def _say_no_model(self) -> None:
        """Say that there is nothing that could answer."""
        self.has_no_model = True
        self.window.status_bar.set_model("", None)
        page = self.window.page("draw")
        if page is not None:
            cast("DrawPage", page).show_no_model()

    def _show_model(self) -> None:
        """Show the classifier in use in the status bar."""
        if self.classifier is not None:
            contract = self.classifier.contract
            self.window.status_bar.set_model(
                self.classifier.name, contract.accuracy, detail=ORIGINS[contract.origin]
            )

    def end_opening(self, *, is_open: bool) -> None:
        """Put the file that was to be opened among the recent ones, or drop one that is gone."""
        if self._opening_dataset is not None:
            (self._remember if is_open else self._forget)(self._opening_dataset)

    def _remember(self, path: Path) -> None:
        """Put a file first among the recent ones."""
        self.settings.add_recent(path)
        self.recent_changed.emit()

    def _forget(self, path: Path) -> None:
        """Drop a recent file that is gone."""
        if not path.exists():
            self.settings.drop_recent(path)
            self.recent_changed.emit()

    # The end

    @Slot()
    def end_all(self) -> None:
        """End whatever still runs, and wait: for a program that ends without closing its window."""
        # Again and again: the end of one job may begin another, as a dataset that was just opened
        # has its test split looked for.
        while running := self.jobs.running():
            if not all([runner.wait_closed() for runner in running]):
                break
        self.predictions.stop()
        self.window.close_down_pages()

    @Slot()
    def _close(self) -> None:
        """End the workers, write the settings, and let the window go."""
        self.predictions.stop()
        self.window.close_down_pages()
        self.about_to_close.emit()
        self.settings.geometry = self.window.saveGeometry()
        self.settings.page = self.window.page_name
        self.settings.save()
        self.window.let_close()


def as_user_error(error: Exception) -> UserError:
    """Return `error` as something that can be shown in a page."""
    if isinstance(error, UserError):
        return error
    return UserError(f"Something unexpected went wrong: {error}")
