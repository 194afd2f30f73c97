"""Connect the doctor's view with the files it examines and saves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QWidget

from mnist_desktop.datasets.doctor import Diagnosis, diagnose_job
from mnist_desktop.datasets.faults import IdxError
from mnist_desktop.datasets.rescue import Saved, partner_target, rescue_job, suggested_name
from mnist_desktop.ui.opening import Opener
from mnist_desktop.ui.wiring.core import Core, as_user_error
from mnist_desktop.ui.wiring.menus import DATASETS
from mnist_desktop.ui.workers import JobRunner

if TYPE_CHECKING:
    from mnist_desktop.ui.dataset.doctor_view import DoctorView
    from mnist_desktop.ui.dataset.page import DatasetPage

EXAMINE = "Examine"
PREVIEW = 24


class DoctorWiring(QObject):
    """Examine a file that could not be opened, or any other, and save what is whole in it."""

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._core = core
        self._page: DatasetPage | None = None
        self._view: DoctorView | None = None
        self._failed: Path | None = None
        self.examiner = Opener(self)
        self.saving = JobRunner(self)
        core.jobs.add(self.examiner.runner, title="Examining a file", page="dataset")
        core.jobs.add(self.saving, title="Saving whole images", page="dataset")
        core.window.page_made.connect(self._on_page_made)
        core.datasets.failed.connect(self._offer_examination)

    # The page

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Put the doctor into the menu of the dataset page."""
        if name != "dataset":
            return
        self._page = cast("DatasetPage", page)
        menu = self._page.bar.menu
        menu.addSeparator()
        self.this_action: QAction = menu.addAction("Examine this file", self._examine_this)
        menu.addAction("Examine file…", self.choose_file)
        menu.aboutToShow.connect(self._enable)
        self._page.error_strip.chosen.connect(self._on_action)

    @Slot()
    def _enable(self) -> None:
        """Offer to examine the open dataset if it comes from a file."""
        dataset = self._page.dataset if self._page is not None else None
        self.this_action.setEnabled(dataset is not None and dataset.images_path is not None)

    @Slot(object)
    def _offer_examination(self, error: Exception) -> None:
        """Add to the message about a file that it can be examined."""
        if isinstance(error, IdxError) and self._page is not None:
            self._failed = error.path
            self._page.error_strip.show_error(error, actions=[EXAMINE])

    @Slot(str)
    def _on_action(self, action: str) -> None:
        """Examine the file that could not be opened."""
        if action == EXAMINE and self._failed is not None:
            self.examine(self._failed)

    # Examining

    @Slot()
    def choose_file(self) -> None:
        """Let a person choose a file to examine."""
        core = self._core
        dialog = QFileDialog(core.window, "Examine a file", str(core.settings.folder), DATASETS)
        dialog.setObjectName("file_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.examine(Path(name)))
        dialog.open()

    @Slot()
    def _examine_this(self) -> None:
        """Examine the file of the dataset that is shown."""
        dataset = self._page.dataset if self._page is not None else None
        if dataset is not None and dataset.images_path is not None:
            self.examine(dataset.images_path)

    @Slot(object)
    def examine(self, path: Path) -> None:
        """Examine a file to its last byte and show what is found."""
        page = cast("DatasetPage", self._core.window.show_page("dataset"))
        if not self.saving.is_running:
            self.view().show_examining(path)
            self.examiner.open(lambda: diagnose_job(path, preview=PREVIEW))
        page.show_whole(self.view())
        self.view().setFocus(Qt.FocusReason.OtherFocusReason)

    def view(self) -> DoctorView:
        """Return the view, made when it is first asked for."""
        if self._view is not None:
            return self._view
        from mnist_desktop.ui.dataset.doctor_view import DoctorView

        view = self._view = DoctorView()
        view.closed.connect(self._close)
        view.examine_requested.connect(self.examine)
        view.save_requested.connect(self._ask_where)
        view.open_requested.connect(self._open)
        view.cancel_requested.connect(self._cancel)
        self.examiner.opened.connect(view.show_diagnosis)
        self.examiner.failed.connect(self._on_refused)
        self.examiner.runner.progressed.connect(view.show_progress)
        self.examiner.runner.cancelled.connect(self._on_left)
        self.saving.progressed.connect(view.show_progress)
        self.saving.finished.connect(self._on_saved)
        self.saving.failed.connect(self._on_not_saved)
        self.saving.cancelled.connect(view.show_cancelled)
        return view

    @Slot(object)
    def _open(self, path: Path) -> None:
        """Open a file, or go back to it if it is open."""
        dataset = self._page.dataset if self._page is not None else None
        if dataset is not None and path in (dataset.images_path, dataset.labels_path):
            self._show_dataset()
        else:
            self._core.open_dataset(path)

    @Slot()
    def _close(self) -> None:
        """Go back to the images; what is being saved goes on."""
        self.examiner.forget()
        self._show_dataset()

    @Slot()
    def _cancel(self) -> None:
        """End what runs."""
        self.examiner.forget()
        self.saving.cancel()

    @Slot()
    def _on_left(self) -> None:
        """Go back after an examination that was cancelled, unless another began."""
        if not self.examiner.runner.is_running and self.view().diagnosis is None:
            self._show_dataset()

    @Slot(object)
    def _on_refused(self, error: Exception) -> None:
        """Say why a file cannot be examined at all: it is gone, or may not be read."""
        self._show_dataset()
        if self._page is not None:
            self._page.show_message(as_user_error(error))

    def _show_dataset(self) -> None:
        """Leave the doctor's view, if it is shown."""
        if self._page is not None and self._is_shown():
            self._page.show_dataset()

    def _is_shown(self) -> bool:
        """Tell whether the page, shown or not, has the doctor's view in front."""
        return self._page is not None and self.view().isVisibleTo(self._page)

    # Saving

    @Slot(object, bool)
    def _ask_where(self, diagnosis: Diagnosis, with_partner: bool) -> None:
        """Let a person choose where to save what is whole."""
        window, path = self._core.window, diagnosis.path
        dialog = QFileDialog(window, "Save what is whole", str(path.parent), DATASETS)
        dialog.setObjectName("file_dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.selectFile(suggested_name(path))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(
            lambda name: self.save(diagnosis, Path(name), with_partner=with_partner)
        )
        dialog.open()

    def save(self, diagnosis: Diagnosis, target: Path, *, with_partner: bool) -> None:
        """Write what is whole to `target`, and as much of what belongs with it beside that."""
        partner = diagnosis.partner
        beside = partner_target(target, partner) if with_partner and partner else None
        if not self.saving.is_running:
            self.view().show_saving()
            self.saving.start(lambda: rescue_job(diagnosis.path, target, partner_target=beside))

    @Slot(object)
    def _on_saved(self, saved: Saved) -> None:
        """Say what was saved, on the page where the doctor was left meanwhile."""
        self.view().show_saved(saved)
        if self._page is not None and not self._is_shown():
            text = f"{saved.count:,} whole items were saved in “{saved.path.name}”"
            self._page.notice_strip.show_message(text, kind="good")

    @Slot(object)
    def _on_not_saved(self, error: Exception) -> None:
        """Say why nothing was saved, likewise."""
        self.view().show_error(as_user_error(error))
        if self._page is not None and not self._is_shown():
            self._page.show_message(as_user_error(error))
