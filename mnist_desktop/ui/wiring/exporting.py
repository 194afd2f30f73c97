"""Let a dataset, or a part of it, be exported from its page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from mnist_desktop.ui.desktop import show_in_folder
from mnist_desktop.ui.wiring.core import Core
from mnist_desktop.ui.wiring.form_job import SHOW_FOLDER, FormJob

if TYPE_CHECKING:
    from mnist_desktop.ui.dataset.export_choices import ExportRequest
    from mnist_desktop.ui.dataset.export_dialog import ExportDialog, ExportSource
    from mnist_desktop.ui.dataset.page import DatasetPage


class ExportingWiring(FormJob):
    """Show the form of an export, run it beside the window, and tell on the page how it ended."""

    def __init__(self, core: Core) -> None:
        super().__init__(core, word="export", title="Exporting")
        self._request: ExportRequest | None = None
        self._written: Path | None = None
        self.dialog: ExportDialog | None = None
        core.window.page_made.connect(self._on_page_made)

    @property
    def page(self) -> DatasetPage:
        """Return the page that shows the dataset."""
        return cast("DatasetPage", self._core.window.page("dataset"))

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Offer the export on the page of the dataset."""
        if name == "dataset":
            self._connect(cast("DatasetPage", page))

    def _connect(self, page: DatasetPage) -> None:
        """Add the action to the page's menu, with a key that works on the whole page."""
        self.action = QAction("Export…", page)
        self.action.setObjectName("export_dataset")
        self.action.setShortcut(QKeySequence("Ctrl+E"))
        self.action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.action.triggered.connect(self.open_dialog)
        page.addAction(self.action)
        page.bar.menu.addAction(self.action)
        self._add_strip(page)
        page.grid.selection_changed.connect(self._refresh)
        self._core.dataset_changed.connect(self._refresh)

    @Slot()
    def open_dialog(self) -> None:
        """Show the form for what is on the page now."""
        if self.page.dataset is None:
            return
        if self.dialog is None:
            self.dialog = self._made_dialog()
        if not self.dialog.isVisible():
            self.dialog.set_source(self._source(), choose=True)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def _made_dialog(self) -> ExportDialog:
        """Return the form with what was chosen last."""
        from mnist_desktop.ui.dataset.export_choices import ExportChoices
        from mnist_desktop.ui.dataset.export_dialog import ExportDialog

        settings = self._core.settings
        choices = ExportChoices.from_text(settings.export)
        dialog = ExportDialog(choices, settings.folder, self._core.window)
        dialog.export_requested.connect(self._start)
        dialog.activated.connect(self._refresh)
        return dialog

    def _source(self) -> ExportSource:
        """Return what the page shows and has selected."""
        from mnist_desktop.ui.dataset.export_dialog import ExportSource

        page = self.page
        assert page.dataset is not None
        return ExportSource(page.dataset, page.grid.shown.indices, page.grid.selected_indices())

    @Slot()
    def _refresh(self) -> None:
        """Count anew what could be exported."""
        if self.dialog is None or not self.dialog.isVisible():
            return
        if self.page.dataset is None:
            self.dialog.close()
        else:
            self.dialog.set_source(self._source())

    # The export

    @Slot(object)
    def _start(self, request: ExportRequest) -> None:
        """Begin to write, and put the form away."""
        if self.runner.is_running or self.dialog is None:
            return
        self._core.settings.export = self.dialog.choices().to_text()
        self._request = request
        self.strip.dismiss()
        self.dialog.close()
        self.dialog.set_busy(True)
        self.runner.start(request.job)

    @Slot(object)
    def _on_finished(self, files: tuple[Path, ...]) -> None:
        """Say what was written."""
        assert self._request is not None
        self._written = files[0]
        count = len(self._request.part)
        names = ", ".join(path.name for path in files[:4])
        more = f" and {len(files) - 4} more" if len(files) > 4 else ""
        images = "1 image" if count == 1 else f"{count:,} images"
        self._end(
            f"Exported {images}: {names}{more}",
            f"In “{files[0].parent}”.",
            kind="good",
            actions=[SHOW_FOLDER],
        )

    @Slot(str)
    def _on_chosen(self, action: str) -> None:
        """Do what the message offered."""
        if action == SHOW_FOLDER and self._written is not None:
            show_in_folder(self._written)
