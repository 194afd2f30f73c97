"""Keep the drawings that a person names, show them, and teach the model from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from mnist_desktop.progress import Job
from mnist_desktop.ui.wiring.core import Core
from mnist_desktop.ui.workers import InTurn, JobRunner

if TYPE_CHECKING:
    from mnist_desktop.inference.drawing import Drawing
    from mnist_desktop.inference.own_drawings import Kept, OwnDrawings
    from mnist_desktop.trainer.teaching import Lesson, Taught
    from mnist_desktop.ui.dataset.page import DatasetPage
    from mnist_desktop.ui.draw.naming import NamingRow
    from mnist_desktop.ui.draw.own_view import OwnView
    from mnist_desktop.ui.draw.page import DrawPage

VIEW = "yours"
READ, KEEP, REMOVE, SHOW, MODEL = "read", "keep", "remove", "show", "model"
"""The tasks on the person's files."""


class OwnWiring(QObject):
    """Connect the Draw page with the person's drawings and with the lesson they give.

    `drawings_changed` tells that others are kept now.
    """

    drawings_changed = Signal()

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
        self.teaching = JobRunner(self)
        self.teaching.finished.connect(self._on_taught)
        self.teaching.failed.connect(self._on_teaching_failed)
        self.teaching.cancelled.connect(self._on_teaching_cancelled)
        core.jobs.add(self.teaching, title="Teaching it your hand", page="draw")
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
        row.teach_requested.connect(self.teach)
        row.show_requested.connect(self.show_drawings)
        view.teach_requested.connect(self.teach)
        view.cancel_requested.connect(self.teaching.cancel)
        view.show_requested.connect(self.show_drawings)
        view.remove_last_requested.connect(self._remove_last)
        view.accepted.connect(self._accept)
        view.rejected.connect(lambda: view.show_taught(None))
        page.panel.answered.connect(self._on_answered)
        page.pad.ink_changed.connect(self._on_ink_changed)
        self.drawings_changed.connect(self._show_count)
        self._core.classifier_changed.connect(self._set_classes)
        self._set_classes(self._core.classifier)
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
        """Show what is kept now, or the model that was written."""
        if name == MODEL:
            self._core.open_model(cast("Path", result))
            return
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

    # Teaching

    @Slot()
    def teach(self) -> None:
        """Begin to teach the model in use; what comes of it is shown in the view."""
        core, view = self._core, self.view
        if view is None or core.classifier is None or self.teaching.is_running:
            return
        self.page.drawer.show_view(VIEW)
        start = core.classifier.path
        if start is None or not self.drawings:
            view.message.show_message(
                "There is no drawing to learn from yet", "Draw a digit first."
            )
            return
        drawings, known, test = self.drawings, core.dataset, core.test_dataset
        recent = tuple(core.settings.recent)
        view.set_teaching(True)
        self.teaching.start(lambda: teach_job(drawings, start, known, test, recent))

    @Slot(object)
    def _on_taught(self, taught: Taught) -> None:
        """Show before and after, to be decided on."""
        if self.view is not None:
            self.view.set_teaching(False)
            self.view.show_taught(taught)
            self.page.drawer.show_view(VIEW)

    @Slot(object)
    def _on_teaching_failed(self, error: Exception) -> None:
        """Say why the model could not be taught."""
        if self.view is not None:
            self.view.set_teaching(False)
            self.view.message.show_error(error)

    @Slot()
    def _on_teaching_cancelled(self) -> None:
        """Say that nothing has changed."""
        if self.view is not None:
            self.view.set_teaching(False)
            self.view.message.show_message("Teaching was stopped", "The model is as it was.")

    @Slot()
    def _accept(self) -> None:
        """Keep the model that was taught among the person's own, and use it."""
        taught = None if self.view is None else self.view.taught
        if taught is None or self.view is None:
            return
        self.view.show_taught(None)

        def task() -> Path:
            from mnist_desktop.inference.own_models import keep_model

            return keep_model(taught.model)

        self.files.do(MODEL, task)


def teach_job(
    drawings: tuple[Drawing, ...],
    start: Path,
    dataset: object,
    test: object,
    recent: tuple[Path, ...],
) -> Job[Taught]:
    """Teach; the trainer is imported here, in the job's thread."""
    from mnist_desktop.trainer.teaching import teach

    return (yield from teach(lesson_of(drawings, start, dataset, test, recent)))


def lesson_of(
    drawings: tuple[Drawing, ...],
    start: Path,
    dataset: object,
    test: object,
    recent: tuple[Path, ...],
) -> Lesson:
    """Return the lesson: what is open is mixed in, but never what the model is judged by."""
    from mnist_desktop.datasets.dataset import Dataset
    from mnist_desktop.datasets.pairing import read_name
    from mnist_desktop.inference.own_drawings import default_drawings_folder
    from mnist_desktop.trainer.teaching import Lesson

    def is_other(path: Path | None) -> bool:
        return path is None or path.parent != default_drawings_folder()

    opened = [d for d in (dataset, test) if isinstance(d, Dataset) and is_other(d.images_path)]
    tests = [d for d in opened if d is test or d.split == "test"]
    files = [p for p in recent if read_name(p.name).split == "train" and is_other(p)]
    return Lesson(
        drawings,
        start,
        known=tuple(d for d in opened if d not in tests),
        files=tuple(files),
        test=tests[0] if tests else None,
    )
