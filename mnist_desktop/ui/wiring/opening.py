"""Show what a file holds as soon as there is some of it: an early dataset, or values."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from mnist_desktop.datasets.axes import Reading
from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.early import Early
from mnist_desktop.progress import Progress
from mnist_desktop.ui.opening import Opener, values_job
from mnist_desktop.ui.wiring.core import Core, as_user_error

if TYPE_CHECKING:
    from mnist_desktop.datasets.values import Values
    from mnist_desktop.ui.dataset.page import DatasetPage
    from mnist_desktop.ui.dataset.values_view import ValuesView

SECONDS = 0.15
"""The shortest time between two looks at a dataset that grows."""
PREPARE_MS = 200
"""When the page is made after a file dialog was asked for: it has appeared by then."""


class OpeningWiring(QObject):
    """Give the dataset page what there is of a file that is opened.

    An early dataset is shown there and used nowhere else: what trains or evaluates gets the whole
    one. A person who stops the reading keeps what is there; a fault in the file brings back what
    was there before. A file without pictures is shown as values, beside the dataset in use.
    """

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._core = core
        self._last: Early | None = None
        self._seen = 0.0
        runner = core.datasets.runner
        runner.started.connect(self._forget)
        runner.progressed.connect(self._on_progress)
        runner.finished.connect(self._forget)
        runner.failed.connect(self._forget)
        runner.cancelled.connect(self._keep)
        core.datasets.opened.connect(self._on_opened)
        core.datasets.failed.connect(self._on_failed)
        core.window.page_made.connect(self._on_page_made)
        core.window.open_requested.connect(self._prepare)
        core.about_to_close.connect(self._close_down)
        self._view: ValuesView | None = None
        self._tables = Opener(self)
        self._tables.opened.connect(self._show_values)
        self._tables.failed.connect(self._show_error)
        core.jobs.add(self._tables.runner, title="Reading the labels", page="dataset")

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Offer the values of the labels file in the menu of a new dataset page."""
        if name != "dataset":
            return
        made = cast("DatasetPage", page)
        action = made.bar.menu.addAction("Labels as a table")
        action.setObjectName("labels_as_table")
        action.triggered.connect(lambda: self._show_labels(made.dataset))
        made.bar.menu.aboutToShow.connect(
            lambda: action.setEnabled(
                made.dataset is not None and made.dataset.labels_path is not None
            )
        )
        made.bar.reading_requested.connect(lambda reading: self._read(made.dataset, reading))

    def _read(self, dataset: Dataset | None, reading: Reading) -> None:
        """Open a dataset again, for something else of all its axes."""
        if dataset is not None and dataset.images_path is not None:
            self._core.open_dataset(
                dataset.images_path,
                labels_path=dataset.labels_path,
                mapping_path=dataset.mapping_path,
                reading=reading,
            )

    def _show_labels(self, dataset: Dataset | None) -> None:
        """Show the labels file of a dataset as a table."""
        if dataset is not None and dataset.labels_path is not None:
            path: Path = dataset.labels_path
            self._tables.open(lambda: values_job(path))

    @Slot()
    def _prepare(self) -> None:
        """Make the page while a person looks for a file, so that the file is seen at once."""
        QTimer.singleShot(PREPARE_MS, self, lambda: self._core.window.prepare_page("dataset"))

    @Slot()
    def _forget(self) -> None:
        """Know nothing of the file before."""
        self._last = None

    @Slot(object)
    def _on_progress(self, progress: Progress) -> None:
        """Show the first picture at once, and more of them from time to time."""
        page = self._core.window.page("dataset")
        if not isinstance(progress, Early) or page is None:
            return
        progress = replace(progress, whole=self._core.turns.applied(progress.whole))
        first, self._last = self._last is None, progress
        now = time.monotonic()
        # A person may have turned to another dataset on the page; that one stays.
        looking = first or cast("DatasetPage", page).is_early
        if looking and (first or now - self._seen >= SECONDS or progress.kind == "early"):
            self._seen = now
            cast("DatasetPage", page).show_early(progress)

    @Slot()
    def _keep(self) -> None:
        """Use what is there of a file whose reading a person stopped."""
        last, self._last = self._last, None
        if last is not None:
            self._core.use_dataset(last.kept())

    @Slot(object)
    def _on_opened(self, opened: Dataset | Values) -> None:
        """Use a dataset, or show values."""
        if isinstance(opened, Dataset):
            self._core.use_dataset(opened)
            return
        self._core.end_opening(is_open=True)
        self._core.window.show_page("dataset")
        self._show_values(opened)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        """Say why a file cannot be used; the dataset before stays."""
        self._core.end_opening(is_open=False)
        self._core.window.show_page("dataset")
        page = cast("DatasetPage", self._core.window.page("dataset"))
        page.end_early(self._core.dataset)
        self._show_error(error)

    @Slot(object)
    def _show_error(self, error: Exception) -> None:
        """Say on the dataset page what went wrong."""
        page = self._core.window.page("dataset")
        if page is not None:
            cast("DatasetPage", page).show_message(as_user_error(error))

    # Values

    @Slot(object)
    def _show_values(self, values: Values) -> None:
        """Show values in place of pictures, until a person goes back or opens something else."""
        page = cast("DatasetPage", self._core.window.show_page("dataset"))
        if self._view is None:
            self._view = self._made_view(page)
        dataset = page.dataset
        self._view.set_values(values, back="" if dataset is None else dataset.name)
        page.show_whole(self._view)
        self._view.focus()
        if values.notes:
            first, *more = values.notes
            page.notice_strip.show_message(first, " ".join(more), kind="careful")

    def _made_view(self, page: DatasetPage) -> ValuesView:
        """Return a new view of values, connected."""
        # Most people never open such a file.
        from mnist_desktop.ui.dataset.values_view import ValuesView

        view = ValuesView()
        view.back_requested.connect(page.show_dataset)
        view.open_requested.connect(page.open_requested)
        self._core.jobs.add(view.panel.work.runner, title="Counting the values", page="dataset")
        return view

    @Slot()
    def _close_down(self) -> None:
        """End what counts values."""
        if self._view is not None:
            self._view.close_down()
