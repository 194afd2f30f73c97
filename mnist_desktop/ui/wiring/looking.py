"""Connect the pages to draw on and to look at datasets with what is in use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from mnist_desktop.ui.wiring.core import Core

if TYPE_CHECKING:
    from mnist_desktop.ui.dataset.page import DatasetPage
    from mnist_desktop.ui.draw.page import DrawPage


class LookingWiring(QObject):
    """Let the Draw page ask the prediction worker, and give both pages what is in use."""

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._core = core
        core.window.page_made.connect(self._on_page_made)
        core.about_to_close.connect(self._keep_view)

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Connect a page when it is first shown."""
        if name == "draw":
            self._connect_draw(cast("DrawPage", page))
        elif name == "dataset":
            self._connect_dataset(cast("DatasetPage", page))

    def _connect_draw(self, page: DrawPage) -> None:
        """Connect the page to draw on with the prediction worker."""
        core = self._core
        page.set_brush(core.settings.brush)
        page.brush_changed.connect(self._keep_brush)
        page.drawer.prefer(core.settings.drawer_view)
        page.drawer.view_changed.connect(self._keep_drawer_view)
        page.prediction_requested.connect(core.predictions.request)
        core.predictions.answered.connect(page.show_answer)
        page.train_requested.connect(lambda: core.window.show_page("train"))
        core.classifier_changed.connect(page.set_classifier)
        if core.classifier is not None:
            page.set_classifier(core.classifier)
        elif core.has_no_model:
            page.show_no_model()

    def _connect_dataset(self, page: DatasetPage) -> None:
        """Connect the page that shows the dataset."""
        # Imported by the page already, never by a start that shows another one.
        from mnist_desktop.ui.dataset.view_state import ViewState

        core = self._core
        page.sample_requested.connect(core.open_samples)
        page.send_to_pad_requested.connect(self._put_on_pad)
        core.dataset_changed.connect(page.set_dataset)
        core.classifier_changed.connect(page.set_classifier)
        core.recent_changed.connect(lambda: page.set_recent_files(self._recent_datasets()))
        page.set_recent_files(self._recent_datasets())
        page.restore_view(ViewState.from_text(core.settings.dataset_view))
        page.set_classifier(core.classifier)
        if core.dataset is not None:
            page.set_dataset(core.dataset)

    def _recent_datasets(self) -> list[Path]:
        """Return the recent files that are no models."""
        return [path for path in self._core.settings.recent if path.suffix.lower() != ".onnx"]

    @Slot(object)
    def _put_on_pad(self, ink: np.ndarray) -> None:
        """Put a sample on a cleared pad, and show it there."""
        page = cast("DrawPage", self._core.window.show_page("draw"))
        page.pad.clear()
        page.add_picture(ink)

    @Slot()
    def _keep_view(self) -> None:
        """Remember how datasets are looked at for the next start."""
        page = self._core.window.page("dataset")
        if page is not None:
            self._core.settings.dataset_view = cast("DatasetPage", page).view_state().to_text()

    @Slot(int)
    def _keep_brush(self, width: int) -> None:
        """Remember the brush for the next start."""
        self._core.settings.brush = width

    @Slot(str)
    def _keep_drawer_view(self, name: str) -> None:
        """Remember the view of the drawing for the next start."""
        self._core.settings.drawer_view = name
