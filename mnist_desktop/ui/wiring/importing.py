"""Let a folder of pictures be imported: from the page's menu, the empty page, or by a drop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from mnist_desktop.errors import UserError
from mnist_desktop.ui.desktop import show_in_folder
from mnist_desktop.ui.opening import Opener
from mnist_desktop.ui.wiring.core import Core
from mnist_desktop.ui.wiring.form_job import SHOW_FOLDER, FormJob

if TYPE_CHECKING:
    from mnist_desktop.inference.picture_import import Imported
    from mnist_desktop.ui.dataset.import_choices import ImportRequest
    from mnist_desktop.ui.dataset.import_dialog import ImportDialog
    from mnist_desktop.ui.dataset.page import DatasetPage
    from mnist_desktop.ui.dataset.skipped_list import SkippedList

SHOW_SKIPPED = "Show the skipped"


class ImportingWiring(FormJob):
    """Show the form of an import, look through folders for it, and open what was made."""

    def __init__(self, core: Core) -> None:
        super().__init__(core, word="import", title="Importing")
        self._imported: Imported | None = None
        self.dialog: ImportDialog | None = None
        self.skipped_list: SkippedList | None = None
        self.scans, self.previews = Opener(self), Opener(self)
        for runner, title in (
            (self.scans.runner, "Looking for pictures"),
            (self.previews.runner, "Reading pictures"),
        ):
            core.jobs.add(runner, title=title, page="dataset")
        core.folder_dropped.connect(self.open_dialog)
        core.window.page_made.connect(self._on_page_made)

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Offer the import on the page of the dataset."""
        if name == "dataset":
            self._connect(cast("DatasetPage", page))

    def _connect(self, page: DatasetPage) -> None:
        """Add the action to the page's menu, and listen to the empty page."""
        self.action = QAction("Import a folder of pictures…", page)
        self.action.setObjectName("import_pictures")
        self.action.triggered.connect(lambda: self.open_dialog())
        page.bar.menu.addAction(self.action)
        page.empty.import_requested.connect(lambda: self.open_dialog())
        self._add_strip(page)

    @Slot(object)
    def open_dialog(self, folder: Path | None = None) -> None:
        """Show the form, for this folder if there is one."""
        self._core.window.show_page("dataset")
        if self.dialog is None:
            self.dialog = self._made_dialog()
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        if folder is not None:
            self.dialog.set_folder(folder)

    def _made_dialog(self) -> ImportDialog:
        """Return the form with what was chosen last."""
        from mnist_desktop.ui.dataset.import_choices import ImportChoices
        from mnist_desktop.ui.dataset.import_dialog import ImportDialog

        settings = self._core.settings
        choices = ImportChoices.from_text(settings.picture_import)
        dialog = ImportDialog(choices, settings.folder, self._core.window)
        dialog.folder_chosen.connect(self._scan)
        dialog.preview_wanted.connect(self._preview)
        dialog.import_requested.connect(self._start)
        dialog.rejected.connect(self._give_up)
        self.scans.opened.connect(dialog.set_found)
        self.scans.failed.connect(dialog.set_fault)
        self.scans.runner.cancelled.connect(self._on_scan_cancelled)
        self.previews.opened.connect(dialog.set_preview)
        self.previews.failed.connect(lambda _: dialog.set_preview(()))
        return dialog

    @Slot(object, object)
    def _scan(self, folder: Path, source: object) -> None:
        """Look through a folder; the newest one wins."""
        from mnist_desktop.datasets.picture_folder import scan_job

        self.previews.forget()
        self.scans.open(lambda: scan_job(folder, source))  # type: ignore[arg-type]

    @Slot(object)
    def _preview(self, request: ImportRequest) -> None:
        """Read the first pictures as they will be."""
        from mnist_desktop.inference.picture_import import preview_job

        recipe, size = request.choices.recipe, request.size
        self.previews.open(lambda: preview_job(request.folder, recipe=recipe, size=size))

    @Slot()
    def _on_scan_cancelled(self) -> None:
        """Say that a folder is not known, unless a newer one is being looked through."""
        if self.dialog is not None and not self.scans.runner.is_running:
            self.dialog.set_fault(UserError("The folder was not looked through to its end"))

    @Slot()
    def _give_up(self) -> None:
        """Stop looking through folders: the form was put away."""
        self.scans.forget()
        self.previews.forget()

    # The import

    @Slot(object)
    def _start(self, request: ImportRequest) -> None:
        """Begin to read and write, and put the form away."""
        if self.runner.is_running or self.dialog is None:
            return
        self._core.settings.picture_import = request.choices.to_text()
        self.strip.dismiss()
        self.dialog.close()
        self.dialog.set_busy(True)
        self.runner.start(request.job)

    @Slot(object)
    def _on_finished(self, imported: Imported) -> None:
        """Open what was made, and tell what was left out."""
        from mnist_desktop.ui.dataset.import_choices import imported_text

        self._imported = imported
        images = next(path for path in imported.files if "image" in path.name.lower())
        train = next((path for path in imported.files if "train-images" in path.name), images)
        skipped = len(imported.skipped)
        lost = f"; {skipped:,} skipped" if skipped else ""
        self._end(
            f"{imported_text(imported)}{lost}",
            " ".join((f"Written to “{images.parent}”.", *imported.notes)),
            kind="careful" if skipped else "good",
            actions=[SHOW_SKIPPED, SHOW_FOLDER] if skipped else [SHOW_FOLDER],
        )
        self._core.open_dataset(train)

    @Slot(str)
    def _on_chosen(self, action: str) -> None:
        """Do what the message offered."""
        if self._imported is None:
            return
        if action == SHOW_FOLDER:
            show_in_folder(self._imported.files[0])
        elif action == SHOW_SKIPPED:
            self._show_skipped(self._imported)

    def _show_skipped(self, imported: Imported) -> None:
        """List the files that were not taken."""
        from mnist_desktop.ui.dataset.import_choices import skipped_lines
        from mnist_desktop.ui.dataset.skipped_list import SkippedList

        if self.skipped_list is not None:
            self.skipped_list.close()
            self.skipped_list.deleteLater()
        self.skipped_list = SkippedList(skipped_lines(imported), self._core.window)
        self.skipped_list.show()
