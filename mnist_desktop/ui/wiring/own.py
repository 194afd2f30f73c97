"""Keep the drawings that a person names, and show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from mnist_desktop.ui.wiring.core import Core
from mnist_desktop.ui.workers import InTurn

if TYPE_CHECKING:
    from mnist_desktop.inference.drawing import Drawing
    from mnist_desktop.inference.own_drawings import Kept, OwnDrawings
    from mnist_desktop.ui.dataset.page import DatasetPage
    from mnist_desktop.ui.draw.naming import NamingRow
    from mnist_desktop.ui.draw.own_view import OwnView
    from mnist_desktop.ui.draw.page import DrawPage

VIEW = "yours"
READ, KEEP, REMOVE, SHOW = "read", "keep", "remove", "show"
"""The tasks on the person's files."""


class OwnWiring(QObject):
    """Connect the Draw page with the person's drawings.

    `drawings_changed` tells that others are kept now, `view_made` that their view is there, and
    `teach_requested` that the model shall learn from them.
    """

    drawings_changed = Signal()
    view_made = Signal()
    teach_requested = Signal()

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._core = core
        self._store: OwnDrawings | None = None
        self.drawings: tuple[Drawing, ...] = ()
        self.row: NamingRow | None = None
        self.view: OwnView | None = None
        self._notes: tuple[str, ...] = ()
        self._ink = 0
        self._kept_ink, self._shown_number = -1, ""
        self._last: tuple[int, str] = (-1, "")
        self.files = InTurn(self)
        self.files.done.connect(self._on_done)
        self.files.failed.connect(self._on_file_failed)
        core.window.page_made.connect(self._on_page_made)
        core.about_to_close.connect(self.files.finish)

    @property
    def page(self) -> DrawPage:
        """The Draw page."""
        return cast("DrawPage", self._core.window.page("draw"))

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Connect a page when it is first shown."""
        if name == "draw":
            self._connect_draw(cast("DrawPage", page))
        elif name == "dataset":
            self._connect_dataset(cast("DatasetPage", page))

    def _connect_draw(self, page: DrawPage) -> None:
        """Add the row under the answer and the view of the drawings."""
        from mnist_desktop.ui.draw.naming import NamingRow
        from mnist_desktop.ui.draw.own_view import OwnView

        self.row, self.view = row, view = NamingRow(page), OwnView()
        page.panel.add_below(row)
        page.drawer.add_view(VIEW, "Yours", view, tip="Your own drawings, and what it learns")
        row.named.connect(self.keep)
        row.taken_back.connect(self._take_back)
        row.teach_requested.connect(self.teach_requested)
        row.show_requested.connect(self.show_drawings)
        view.teach_requested.connect(self.teach_requested)
        view.show_requested.connect(self.show_drawings)
        view.remove_last_requested.connect(self._remove_last)
        page.panel.answered.connect(self._on_answered)
        page.pad.ink_changed.connect(self._on_ink_changed)
        self.drawings_changed.connect(self._show_count)
        self._core.classifier_changed.connect(self._set_classes)
        self._set_classes(self._core.classifier)
        self.view_made.emit()
        self.files.do(READ, lambda: self._own().read())

    def _connect_dataset(self, page: DatasetPage) -> None:
        """Offer the drawings in the page's menu."""
        action = QAction("My drawings", page)
        action.setObjectName("my_drawings")
        action.triggered.connect(lambda: self.show_drawings())
        page.bar.menu.addAction(action)

        def show_count() -> None:
            count = len(self.drawings)
            action.setText(f"My drawings ({count:,})" if count else "My drawings (none yet)")
            action.setEnabled(bool(count))

        self.drawings_changed.connect(show_count)
        show_count()
        self.files.do(READ, lambda: self._own().read())

    def _own(self) -> OwnDrawings:
        """Return the person's drawings; called by tasks only, beside the window."""
        from mnist_desktop.inference.own_drawings import OwnDrawings, default_drawings_folder

        if self._store is None:
            self._store = OwnDrawings(default_drawings_folder())
        return self._store

    # Saying what it was

    @Slot(str)
    def keep(self, label: str) -> None:
        """Keep the drawing on the pad under a label; another one than before replaces it."""
        page = self.page
        raster, items = page.pad.raster(), page.pad.items
        if not raster.any():
            return
        recipe = "mnist"
        if self._core.classifier is not None:
            recipe = self._core.classifier.contract.ink_recipe
        answer, ink = page.panel.property("label"), self._ink
        self._kept_ink = ink

        def task() -> Kept:
            from mnist_desktop.inference.drawing import SIDE
            from mnist_desktop.inference.ink import prepare
            from mnist_desktop.inference.own_drawings import new_drawing
            from mnist_desktop.inference.pen import Stroke

            picture = prepare(raster, recipe, size=SIDE).picture
            drawn = tuple(item for item in items if isinstance(item, Stroke))
            # A pasted picture cannot be drawn again: what is kept is the picture.
            strokes = drawn if len(drawn) == len(items) else ()
            made = new_drawing(label, picture, strokes, raster=len(raster), answer=answer)
            kept = self._own().add(made)
            last, self._last = self._last, (ink, made.number)
            return self._own().remove([last[1]]) if last[0] == ink else kept

        self.files.do(KEEP, task)

    @Slot()
    def _take_back(self) -> None:
        """Forget the drawing that was kept just now."""
        number = self._shown_number
        if number:
            self.files.do(REMOVE, lambda: self._own().remove([number]))

    @Slot()
    def _remove_last(self) -> None:
        """Remove the drawing that was added last."""
        if self.drawings:
            number = self.drawings[-1].number
            self.files.do(REMOVE, lambda: self._own().remove([number]))

    @Slot()
    def _on_answered(self) -> None:
        """Know what the row may offer."""
        panel = self.page.panel
        drawn = panel.prediction is None or not panel.prediction.is_empty
        if self.row is not None:
            self.row.set_answer(panel.property("label"), drawn=drawn)

    @Slot()
    def _on_ink_changed(self) -> None:
        """Ask anew what it is: the drawing is another one now."""
        self._ink += 1
        if self._shown_number:
            self._shown_number = ""
            self._show_count()

    @Slot(object)
    def _set_classes(self, classifier: object) -> None:
        """Offer the classes of the model in use."""
        if self.row is not None:
            known = self._core.classifier
            self.row.set_classes(known.contract.class_names if known else tuple("0123456789"))
            self._tell_notes()

    @Slot()
    def _show_count(self) -> None:
        """Show how many drawings are kept, and whether the one on the pad is among them."""
        if self.row is None or self.view is None:
            return
        self.view.show_drawings(self.drawings)
        shown = next((d for d in self.drawings if d.number == self._shown_number), None)
        if shown is None:
            self._shown_number = ""
            self.row.show_open(len(self.drawings))
        else:
            self.row.show_kept(shown.label, len(self.drawings))

    # What was done

    @Slot(str, object)
    def _on_done(self, name: str, result: object) -> None:
        """Show what is kept now."""
        kept = cast("Kept", result)
        self.drawings = kept.drawings
        if name == KEEP and self._kept_ink == self._ink:
            self._shown_number = kept.drawings[-1].number
        self.drawings_changed.emit()
        self._notes += kept.notes
        self._tell_notes()
        if name == SHOW:
            from mnist_desktop.inference.own_drawings import IMAGES, default_drawings_folder

            self._core.open_dataset(default_drawings_folder() / IMAGES)

    def _tell_notes(self) -> None:
        """Tell what was damaged; a model that is loaded later would take the message away."""
        if self._notes and self.row is not None and self._core.classifier is not None:
            words, self._notes = " ".join(self._notes), ()
            self.page.message.show_message(
                "Some files of your drawings were put in order", words, kind="careful"
            )

    @Slot(str, object)
    def _on_file_failed(self, _name: str, error: Exception) -> None:
        """Say why something could not be read or written."""
        page = cast("DrawPage", self._core.window.show_page("draw"))
        page.show_error(error)

    @Slot()
    def show_drawings(self) -> None:
        """Show the drawings on the dataset page."""
        self.files.do(SHOW, lambda: self._own().read())
