"""Keep what is cleared or replaced on the pad, with its answer, and bring it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from mnist_desktop.ui.wiring.core import Core
from mnist_desktop.ui.workers import Answer

if TYPE_CHECKING:
    from mnist_desktop.ui.draw.history import Item
    from mnist_desktop.ui.draw.page import DrawPage


class EarlierWiring(QObject):
    """Put “History” into the drawer of the Draw page."""

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._core = core
        self._answer: Answer | None = None
        core.window.page_made.connect(self._on_page_made)

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Add the view to the page to draw on when that is first shown."""
        if name != "draw":
            return
        from mnist_desktop.ui.draw.earlier_view import EarlierView

        self._page, self.view = cast("DrawPage", page), EarlierView()
        self._page.drawer.add_view(
            "history", "History", self.view, tip="What you drew before; a click brings it back"
        )
        self._page.pad.put_away.connect(self._keep)
        self.view.chosen.connect(self._page.pad.replace)
        self._core.predictions.answered.connect(self._on_answered)

    @Slot(object)
    def _keep(self, items: tuple[Item, ...]) -> None:
        """Keep a drawing that is about to go, with the answer that is there or on its way."""
        from mnist_desktop.ui.draw.earlier import EarlierDrawing

        request, known = self._page.newest_request, self._answer
        prediction = known.prediction if known is not None and known.request == request else None
        self.view.drawings.add(EarlierDrawing(items, request, prediction))

    @Slot(object)
    def _on_answered(self, answer: Answer) -> None:
        """Remember the newest answer, also for a drawing that is gone already."""
        self._answer = answer
        self.view.drawings.set_answer(answer.request, answer.prediction)
