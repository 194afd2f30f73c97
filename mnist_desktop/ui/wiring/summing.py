"""Show in the status bar that a dataset is being summed up, and let it be cancelled there."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from mnist_desktop.ui.wiring.core import Core

if TYPE_CHECKING:
    from mnist_desktop.ui.dataset.page import DatasetPage


class SummingWiring(QObject):
    """Watch the job behind the dataset page's summary."""

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._core = core
        core.window.page_made.connect(self._on_page_made)

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Watch the runner of a new dataset page."""
        if name == "dataset":
            summary = cast("DatasetPage", page).browser.side.summary
            self._core.jobs.add(summary.work.runner, title="Summing up the dataset", page="dataset")
