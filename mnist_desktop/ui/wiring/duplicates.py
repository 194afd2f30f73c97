"""Connect the view of duplicates with the search, with the grid, and with what it writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.pairing import find_other_split
from mnist_desktop.errors import UserError
from mnist_desktop.ui.wiring.core import Core, as_user_error
from mnist_desktop.ui.workers import JobRunner

if TYPE_CHECKING:
    from mnist_desktop.datasets.duplicates import Duplicates
    from mnist_desktop.ui.dataset.duplicates_view import DuplicatesView
    from mnist_desktop.ui.dataset.page import DatasetPage

TABLES = "Tables (*.csv);;All files (*)"
IDX_FILES = "IDX files (*ubyte* *.gz *.idx*);;All files (*)"


class DuplicatesWiring(QObject):
    """Look for duplicates in the dataset in use; the view is made when it is first asked for."""

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._core = core
        self.view: DuplicatesView | None = None
        self._page: DatasetPage | None = None
        self.runner, self.writer = JobRunner(self), JobRunner(self)
        core.jobs.add(self.runner, title="Looking for duplicates", page="dataset")
        core.jobs.add(self.writer, title="Writing", page="dataset")
        core.window.page_made.connect(self._on_page_made)
        core.dataset_changed.connect(self._on_dataset)
        core.test_dataset_changed.connect(self._show_splits)
        self.runner.finished.connect(self._on_found)
        self.runner.failed.connect(self._on_failed)
        self.writer.finished.connect(self._on_written)
        self.writer.failed.connect(self._on_failed)

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Offer the search in the menu of the dataset."""
        if name == "dataset":
            self._page = cast("DatasetPage", page)
            self._page.bar.menu.addAction("Find duplicates…", self.open)

    @Slot()
    def open(self) -> None:
        """Show the view; what it found in the dataset in use is still there."""
        if self._page is None or self._core.dataset is None:
            return
        if self._page.dataset is not self._core.dataset:
            self._page.set_dataset(self._core.dataset)
        view = self.view or self._make()
        self._page.show_view(view)
        view.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _make(self) -> DuplicatesView:
        """Make the view and connect it."""
        from mnist_desktop.ui.dataset.duplicates_choices import DuplicatesChoices
        from mnist_desktop.ui.dataset.duplicates_view import DuplicatesView

        assert self._page is not None
        self.view = view = DuplicatesView()
        view.form.set_choices(DuplicatesChoices.from_text(self._core.settings.duplicates))
        view.start_requested.connect(self._start)
        view.cancel_requested.connect(self.runner.cancel)
        view.closed.connect(self._page.show_browser)
        view.sample_requested.connect(self._show_sample)
        view.table_requested.connect(self._ask_for_table)
        view.export_requested.connect(self._ask_for_export)
        self.runner.started.connect(view.on_started)
        self.runner.progressed.connect(view.on_progress)
        for end in (self.runner.finished, self.runner.failed):
            end.connect(lambda _: view.on_ended())
        self.runner.cancelled.connect(view.on_ended)
        self._show_splits()
        return view

    # What is compared

    @Slot(object)
    def _on_dataset(self, _dataset: Dataset | None) -> None:
        """Forget what was found in the dataset before."""
        self.runner.cancel()
        if self.view is not None:
            self.view.show_found(None)
        self._show_splits()

    @Slot()
    def _show_splits(self) -> None:
        """Offer to compare with the other split, where there is one."""
        dataset, other = self._core.dataset, self._other()
        if self.view is None or dataset is None:
            return
        name = other.name if isinstance(other, Dataset | Path) else ""
        self.view.form.set_splits(dataset.name, name)

    def _other(self) -> Dataset | Path | None:
        """Return the other split of the dataset in use, or the file it would be read from."""
        dataset = self._core.dataset
        if self._core.test_dataset is not None or dataset is None or dataset.images_path is None:
            return self._core.test_dataset
        return find_other_split(dataset.images_path)

    @Slot()
    def _start(self) -> None:
        """Begin to look, with what is chosen, and remember it for the next start."""
        from mnist_desktop.datasets.duplicates import find_duplicates_job

        dataset, view = self._core.dataset, self.view
        if dataset is None or view is None or self.runner.is_running:
            return
        choices = view.form.choices()
        self._core.settings.duplicates = choices.to_text()
        other = self._other() if choices.both else None
        self.runner.start(
            lambda: find_duplicates_job(
                dataset, other, threshold=choices.threshold, moved=choices.moved
            )
        )

    @Slot(object)
    def _on_found(self, found: Duplicates) -> None:
        """Show what was found, unless the dataset is another one by now."""
        if self.view is not None and self._core.dataset in found.splits:
            self.view.show_found(found)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        """Say what went wrong."""
        if self._page is not None:
            self._page.show_message(as_user_error(error))

    @Slot(object, int)
    def _show_sample(self, dataset: Dataset, index: int) -> None:
        """Show a sample among the others of its split."""
        if self._page is None:
            return
        if self._page.dataset is not dataset:
            self._page.set_dataset(dataset)
        self._page.go_to(index)
        self._page.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    # What is written

    @Slot()
    def _ask_for_table(self) -> None:
        """Ask where all pairs are to be written."""
        self._ask("Save the pairs", f"{self._stem()}-duplicates.csv", TABLES, self.write_table)

    @Slot(int)
    def _ask_for_export(self, split: int) -> None:
        """Ask where a split is to be written without its copies."""
        found = self.view.found if self.view is not None else None
        if found is not None:
            name = f"unique-{found.splits[split].split or 'all'}-images-idx3-ubyte.gz"
            title = "Export without duplicates"
            self._ask(title, name, IDX_FILES, lambda path: self.write_split(split, path))

    def _stem(self) -> str:
        """Return the beginning of a name for what belongs to the dataset."""
        dataset = self._core.dataset
        name = "dataset" if dataset is None else dataset.name
        return "-".join("".join(c if c.isalnum() else " " for c in name).split()) or "dataset"

    def _ask(self, title: str, name: str, filters: str, use: object) -> None:
        """Show a file dialog that does not block, and use the chosen file."""
        path = str(self._core.settings.folder / name)
        dialog = QFileDialog(self._core.window, title, path, filters)
        dialog.setObjectName("file_dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: use(Path(chosen)))  # type: ignore[operator]
        dialog.open()

    def write_table(self, path: Path) -> None:
        """Write all pairs into a file."""
        from mnist_desktop.datasets.duplicates_report import write_pairs_job

        found = self.view.found if self.view is not None else None
        if found is not None and self._may_write():
            self.writer.start(lambda: write_pairs_job(found, path))

    def write_split(self, split: int, path: Path) -> None:
        """Write a split without the later one of each exact pair, as IDX files."""
        from mnist_desktop.datasets.export import ExportOptions, Part, export_job

        found = self.view.found if self.view is not None else None
        if found is not None and self._may_write():
            part = Part(found.splits[split], found.without_copies(split))
            self.writer.start(lambda: export_job(part, path, ExportOptions("idx")))

    def _may_write(self) -> bool:
        """Say whether nothing else is being written; if so, tell the person to wait."""
        if self.writer.is_running:
            self._on_failed(UserError("A file is still being written", "Try again in a moment."))
        return not self.writer.is_running

    @Slot(object)
    def _on_written(self, files: tuple[Path, ...]) -> None:
        """Tell what was written."""
        if self._page is not None:
            names = " and ".join(f"“{path.name}”" for path in files)
            message = f"{names} written"
            self._page.notice_strip.show_message(message, str(files[0].parent), kind="good")
