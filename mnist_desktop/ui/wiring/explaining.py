"""Connect what explains an answer with the drawing, the classifier and the dataset in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from mnist_desktop.ui.wiring.core import Core

if TYPE_CHECKING:
    from mnist_desktop.ui.dataset.page import DatasetPage
    from mnist_desktop.ui.draw.page import DrawPage


class ExplainingWiring(QObject):
    """Put “Why” and “Alike” into the drawer of the Draw page."""

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._core = core
        core.window.page_made.connect(self._on_page_made)

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Add the views to the page to draw on when it is first shown."""
        if name == "draw":
            self._connect_draw(cast("DrawPage", page))

    def _connect_draw(self, page: DrawPage) -> None:
        """Make the views and give them what is in use."""
        # The page is there, so what these bring in is.
        from mnist_desktop.ui.draw.alike_view import AlikeView
        from mnist_desktop.ui.draw.why_view import WhyView

        core, why, alike = self._core, WhyView(), AlikeView()
        why.set_classifier(core.classifier)
        alike.set_dataset(core.dataset)
        page.answer_shown.connect(why.show_answer)
        page.answer_shown.connect(alike.show_answer)
        page.panel.class_chosen.connect(why.explain_class)
        page.panel.class_chosen.connect(lambda: page.drawer.show_view("why"))
        core.classifier_changed.connect(why.set_classifier)
        core.dataset_changed.connect(alike.set_dataset)
        alike.sample_chosen.connect(self._show_sample)
        alike.dataset_requested.connect(lambda: core.window.show_page("dataset"))
        page.drawer.add_view("why", "Why", why, tip="Which ink decides, and what the layers see")
        page.drawer.add_view("alike", "Alike", alike, tip="The dataset's images nearest to yours")

    @Slot(int)
    def _show_sample(self, index: int) -> None:
        """Show an image of the dataset in use in the grid."""
        self._core.show_dataset()
        page = cast("DatasetPage", self._core.window.page("dataset"))
        page.go_to(index)
