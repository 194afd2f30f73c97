"""Connect the view that goes through a drawing again with the pad and the model in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from mnist_desktop.inference.pen import Stroke
from mnist_desktop.inference.replay import Item
from mnist_desktop.ui.wiring.core import Core

if TYPE_CHECKING:
    from mnist_desktop.ui.draw.page import DrawPage


class ReplayWiring(QObject):
    """Have replays worked out beside the window, and show their moments on the pad."""

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._core = core
        core.window.page_made.connect(self._on_page_made)

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Add the view to the page to draw on when that is first shown."""
        if name != "draw":
            return
        from mnist_desktop.ui.draw.part_overlay import PartOverlay
        from mnist_desktop.ui.draw.replay_view import ReplayView

        self._page = cast("DrawPage", page)
        self.view, self.overlay = ReplayView(), PartOverlay(self._page.pad)
        self._page.drawer.add_view(
            "replay",
            "Replay",
            self.view,
            tip="Go through the drawing again: where did the answer change?",
        )
        self.view.wanted.connect(self._find)
        self.view.moment_chosen.connect(self._show_moment)
        self._page.pad.ink_changed.connect(self.view.leave)
        self._page.pad.history_changed.connect(self.view.forget)
        self._page.strip.switched.connect(self.view.forget)
        self._core.classifier_changed.connect(self.view.forget)
        self.view.failed.connect(self._page.show_error)

    @Slot()
    def _find(self) -> None:
        """Give the view what is on the pad, drawn in straight pieces as the pad shows it."""
        from mnist_desktop.ui.draw.surface import RASTER, flattened

        pad, classifier = self._page.pad, self._core.classifier
        if classifier is None or not pad.items:
            self.view.show_nothing(has_model=classifier is not None)
            return
        drawing: tuple[Item, ...] = tuple(
            flattened(item) if isinstance(item, Stroke) else item.ink for item in pad.items
        )
        self.view.find(
            drawing,
            classifier,
            raster=RASTER,
            whole=pad.raster(),
            without=self._page.strip.left_out,
        )

    @Slot(int)
    def _show_moment(self, index: int) -> None:
        """Show a moment on the pad and its answer beside; -1 for the drawing as it is."""
        from mnist_desktop.ui.draw.replay_words import place_text

        page, replay = self._page, self.view.replay
        if index < 0 or replay is None:
            self.overlay.clear()
            page.panel.show_meanwhile(None)
            return
        # The pad's own pictures, which the overlay knows again; only strokes come in parts.
        part = [
            item if isinstance(item, Stroke) else pasted
            for item, pasted in zip(replay.part(index), page.pad.items, strict=False)
        ]
        self.overlay.show_part(part, page.pad.items, f"Replay {place_text(replay.place(index))}")
        page.panel.show_meanwhile(replay.prediction(index))
