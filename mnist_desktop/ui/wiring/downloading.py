"""Connect the view that fetches datasets with the download that runs, and open what was fetched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from mnist_desktop.progress import Job
from mnist_desktop.ui.desktop import open_folder
from mnist_desktop.ui.opening import Opener
from mnist_desktop.ui.wiring.core import Core, as_user_error
from mnist_desktop.ui.workers import JobRunner

if TYPE_CHECKING:
    from mnist_desktop.datasets.published import Published
    from mnist_desktop.datasets.shelf import Holding
    from mnist_desktop.ui.dataset.download_view import DownloadView
    from mnist_desktop.ui.dataset.page import DatasetPage


class DownloadWiring(QObject):
    """Fetch one dataset at a time, when a person asks for it; what is there is found again."""

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._core = core
        self.view: DownloadView | None = None
        self.runner = JobRunner(self)
        self.survey = Opener(self)
        self._offered: Holding | None = None
        self._opens_mnist = False
        core.jobs.add(self.runner, title="Fetching a dataset", page="dataset")
        core.jobs.add(self.survey.runner, title="Looking for datasets", page="dataset")
        self.runner.finished.connect(self._on_finished)
        self.runner.failed.connect(self._on_failed)
        self.runner.cancelled.connect(self._on_cancelled)
        self.survey.opened.connect(self._on_surveyed)
        core.window.page_made.connect(self._on_page_made)

    @property
    def page(self) -> DatasetPage:
        """Return the page that shows datasets; the view is never asked for before it is there."""
        return cast("DatasetPage", self._core.window.page("dataset"))

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Offer to get a dataset, on the empty page and in the page's menu."""
        if name == "dataset":
            made = cast("DatasetPage", page)
            made.get_requested.connect(self.get_mnist)
            made.bar.menu.addAction("Get a dataset…").triggered.connect(lambda: self.show())
            made.notice_strip.chosen.connect(self._on_chosen)

    # The view

    @Slot()
    def get_mnist(self) -> None:
        """Open MNIST if it is there; else show what fetching it means, and let it be asked for."""
        self._opens_mnist = True
        self.show()

    def show(self) -> None:
        """Show the view, and look what is there."""
        if self.view is None:
            self.view = self._made_view()
        self.page.show_view(self.view)
        self.look()

    def _made_view(self) -> DownloadView:
        """Return the view, made when it is first asked for."""
        from mnist_desktop.datasets import mirrors
        from mnist_desktop.datasets.shelf import datasets_folder
        from mnist_desktop.ui.dataset.download_view import DownloadView

        view = DownloadView(mirrors.DATASETS, datasets_folder())
        view.get_requested.connect(self.get)
        view.cancel_requested.connect(self.runner.cancel)
        view.open_requested.connect(self._core.open_dataset)
        view.folder_requested.connect(show_folder)
        view.look_requested.connect(self.look)
        view.closed.connect(self.page.show_browser)
        self.runner.progressed.connect(view.on_progress)
        return view

    @Slot()
    def look(self) -> None:
        """Look what of each dataset is there, for the view, unless one is just being fetched."""
        if not self.runner.is_running and self.view is not None and self.view.isVisible():
            self.survey.open(survey)

    @Slot(object)
    def _on_surveyed(self, holdings: tuple[Holding, ...]) -> None:
        """Show what is there; MNIST opens if that was what was asked for."""
        if self.view is None:
            return
        self.view.set_holdings(holdings)
        first = holdings[0] if holdings else None
        if self._opens_mnist and first is not None and first.complete:
            self._open(first)
        self._opens_mnist = False

    # The download

    @Slot(object)
    def get(self, dataset: Published) -> None:
        """Fetch a dataset."""
        if self.runner.is_running or self.view is None:
            return
        self.view.begin(dataset)
        self.runner.start(lambda: download(dataset))

    @Slot(object)
    def _on_finished(self, holding: Holding) -> None:
        """Open what was fetched, or offer to if the person has gone elsewhere meanwhile."""
        view = self.view
        if view is None:
            return
        view.end()
        view.rows[holding.dataset.key].set_holding(holding)
        if view.isVisible():
            self._open(holding)
            return
        self._offered = holding
        self.page.notice_strip.show_message(
            f"{holding.dataset.title} has been fetched", kind="good", actions=[_offer(holding)]
        )

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        """Say what went wrong in the view, and on the page if that shows something else."""
        if self.view is None:
            return
        self.view.end()
        self.view.show_failure(as_user_error(error))
        if not self.view.isVisible():
            self.page.show_message(as_user_error(error))
        self._look_soon()

    @Slot()
    def _on_cancelled(self) -> None:
        """Show what is there of what was given up."""
        if self.view is not None:
            self.view.end()
            self._look_soon()

    def _look_soon(self) -> None:
        """Look once this is over: what ends because the window closes must begin nothing."""
        QTimer.singleShot(0, self, self.look)

    @Slot(str)
    def _on_chosen(self, action: str) -> None:
        """Open what was offered."""
        if self._offered is not None and action == _offer(self._offered):
            self._open(self._offered)

    def _open(self, holding: Holding) -> None:
        """Open the first split of a dataset that is there."""
        self._offered = None
        self._core.open_dataset(holding.paths[holding.dataset.splits[0].file])


def _offer(holding: Holding) -> str:
    """Return the text of the button that opens a dataset."""
    return f"Open {holding.dataset.title}"


def show_folder(folder: Path) -> None:
    """Show a folder in the file manager, made now if there is none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    open_folder(folder)


def survey() -> Job[tuple[Holding, ...]]:
    """Look what of each dataset is there."""
    from mnist_desktop.datasets.shelf import datasets_folder, survey_job

    return (yield from survey_job(datasets_folder()))


def download(dataset: Published) -> Job[Holding]:
    """Fetch a dataset; what knows the network is imported here, in the job's thread."""
    from mnist_desktop.datasets.download import download_job
    from mnist_desktop.datasets.shelf import datasets_folder

    return (yield from download_job(dataset, datasets_folder()))
