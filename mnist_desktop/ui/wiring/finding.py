"""Connect sorting and filtering on the dataset page with the jobs they need and what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.ui.wiring.core import Core
from mnist_desktop.ui.wiring.evaluation import EvaluationWiring

if TYPE_CHECKING:
    from mnist_desktop.inference.evaluation import Evaluation
    from mnist_desktop.ui.dataset.page import DatasetPage


class FindingWiring(QObject):
    """Show in the status bar what sorting waits for; use what an evaluation has read already."""

    def __init__(self, core: Core, evaluation: EvaluationWiring) -> None:
        super().__init__(core)
        self._core = core
        self._last: tuple[Dataset, Classifier, Evaluation] | None = None
        self._page: DatasetPage | None = None
        core.window.page_made.connect(self._on_page_made)
        evaluation.evaluated.connect(self._on_evaluated)

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Connect the page that shows datasets when it is first shown."""
        if name != "dataset":
            return
        self._page = cast("DatasetPage", page)
        browser = self._page.browser
        for part, title in (
            (browser.measures.brightness, "Measuring brightness"),
            (browser.measures.predictions, "Asking the model"),
        ):
            self._core.jobs.add(part.runner, title=title, page="dataset")
        menu = self._page.bar.menu
        menu.addSeparator()
        menu.addAction("Select all\tCtrl+A", browser.grid.select_all)
        menu.addAction("Invert selection\tCtrl+I", browser.grid.invert_selection)
        if self._last is not None:
            self._on_evaluated(*self._last)
            self._last = None

    @Slot(object, object, object)
    def _on_evaluated(
        self, dataset: Dataset, classifier: Classifier, evaluation: Evaluation
    ) -> None:
        """Give the page what an evaluation has read, or keep that until there is a page."""
        if self._page is None:
            self._last = dataset, classifier, evaluation
        else:
            self._page.browser.measures.know(dataset, classifier, evaluation.predictions)
