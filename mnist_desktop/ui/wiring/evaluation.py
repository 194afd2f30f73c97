"""Connect the page that evaluates with the evaluation that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.ui.wiring.core import Core
from mnist_desktop.ui.workers import JobRunner

if TYPE_CHECKING:
    from mnist_desktop.inference.classifier import Classifier
    from mnist_desktop.inference.evaluation import Evaluation
    from mnist_desktop.ui.dataset.page import DatasetPage
    from mnist_desktop.ui.evaluate.page import EvaluatePage


class EvaluationWiring(QObject):
    """Measure the classifier in use: on the test split where one is known, else on the dataset.

    `evaluated` carries the dataset, the classifier and the `Evaluation` of the one by the other.
    """

    evaluated = Signal(object, object, object)

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._core = core
        self.runner = JobRunner(self)
        self._subject: tuple[Dataset, Classifier] | None = None
        self.runner.finished.connect(self._tell_evaluated)
        core.jobs.add(self.runner, title="Evaluating", page="evaluate")
        core.window.page_made.connect(self._on_page_made)

    def dataset(self) -> Dataset | None:
        """Return the dataset that an evaluation would read."""
        return self._core.test_dataset or self._core.dataset

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Connect the page when it is first shown, and give it what is in use."""
        if name == "evaluate":
            self._connect(cast("EvaluatePage", page))

    def _connect(self, page: EvaluatePage) -> None:
        """Connect the page's requests, and what the evaluation tells."""
        core, runner = self._core, self.runner
        page.evaluate_requested.connect(self._start)
        page.cancel_requested.connect(runner.cancel)
        page.show_sample_requested.connect(self._show_sample)
        page.dataset_wanted.connect(lambda: core.window.show_page("dataset"))
        runner.progressed.connect(page.on_progress)
        runner.finished.connect(page.on_finished)
        runner.failed.connect(page.on_failed)
        runner.cancelled.connect(page.on_cancelled)
        core.classifier_changed.connect(page.set_classifier)
        core.dataset_changed.connect(lambda _: page.set_dataset(self.dataset()))
        core.test_dataset_changed.connect(lambda _: page.set_dataset(self.dataset()))
        page.set_classifier(core.classifier)
        page.set_dataset(self.dataset())

    @Slot()
    def _start(self) -> None:
        """Begin an evaluation."""
        from mnist_desktop.inference.evaluation import evaluate

        classifier, dataset = self._core.classifier, self.dataset()
        if classifier is not None and dataset is not None and not self.runner.is_running:
            self._subject = dataset, classifier
            self.runner.start(lambda: evaluate(classifier, dataset))

    @Slot(object)
    def _tell_evaluated(self, evaluation: Evaluation) -> None:
        """Tell of what the evaluation is."""
        if self._subject is not None:
            self.evaluated.emit(*self._subject, evaluation)

    @Slot(int)
    def _show_sample(self, index: int) -> None:
        """Show a sample among its others, on the page that shows datasets."""
        dataset = self.dataset()
        page = cast("DatasetPage", self._core.window.show_page("dataset"))
        if dataset is not None and page.dataset is not dataset:
            page.set_dataset(dataset)
        page.go_to(index)
