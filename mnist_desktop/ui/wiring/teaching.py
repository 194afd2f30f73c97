"""Teach the model in use from a person's drawings, and let the person decide what becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Slot

from mnist_desktop.progress import Job
from mnist_desktop.ui.wiring.core import Core
from mnist_desktop.ui.wiring.own import VIEW, OwnWiring
from mnist_desktop.ui.workers import InTurn, JobRunner

if TYPE_CHECKING:
    from mnist_desktop.inference.drawing import Drawing
    from mnist_desktop.trainer.teaching import Lesson, Taught
    from mnist_desktop.ui.draw.own_view import OwnView


class TeachingWiring(QObject):
    """Run the lesson that the drawings give, show before and after, and use what is accepted."""

    def __init__(self, core: Core, own: OwnWiring) -> None:
        super().__init__(core)
        self._core, self._own = core, own
        self.runner = JobRunner(self)
        self.runner.finished.connect(self._on_taught)
        self.runner.failed.connect(self._on_failed)
        self.runner.cancelled.connect(self._on_cancelled)
        core.jobs.add(self.runner, title="Teaching it your hand", page="draw")
        self.files = InTurn(self)
        self.files.done.connect(self._on_kept)
        self.files.failed.connect(self._on_not_kept)
        core.about_to_close.connect(self.files.finish)
        own.teach_requested.connect(self.teach)
        own.view_made.connect(self._connect)

    @property
    def _view(self) -> OwnView:
        """The view of the drawings; made with the Draw page, before anything here begins."""
        assert self._own.view is not None
        return self._own.view

    @Slot()
    def _connect(self) -> None:
        """Connect what the view asks for."""
        view = self._view
        view.cancel_requested.connect(self.runner.cancel)
        view.accepted.connect(self._accept)
        view.rejected.connect(lambda: view.show_taught(None))

    @Slot()
    def teach(self) -> None:
        """Begin to teach the model in use; what comes of it is shown in the view."""
        core, view, drawings = self._core, self._view, self._own.drawings
        if core.classifier is None or self.runner.is_running:
            return
        self._own.page.drawer.show_view(VIEW)
        start = core.classifier.path
        if start is None or not drawings:
            view.message.show_message(
                "There is no drawing to learn from yet", "Draw a digit first."
            )
            return
        known, test, recent = core.dataset, core.test_dataset, tuple(core.settings.recent)
        view.set_teaching(True)
        self.runner.start(lambda: teach_job(drawings, start, known, test, recent))

    @Slot(object)
    def _on_taught(self, taught: Taught) -> None:
        """Show before and after, to be decided on."""
        self._view.set_teaching(False)
        self._view.show_taught(taught)
        self._own.page.drawer.show_view(VIEW)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        """Say why the model could not be taught."""
        self._view.set_teaching(False)
        self._view.message.show_error(error)

    @Slot()
    def _on_cancelled(self) -> None:
        """Say that nothing has changed."""
        self._view.set_teaching(False)
        self._view.message.show_message("Teaching was stopped", "The model is as it was.")

    @Slot()
    def _accept(self) -> None:
        """Keep the model that was taught among the person's own, and use it."""
        taught = self._view.taught
        if taught is None:
            return
        data = taught.model

        def task() -> Path:
            from mnist_desktop.inference.own_models import keep_model

            return keep_model(data)

        self.files.do("keep", task)

    @Slot(str, object)
    def _on_kept(self, _name: str, path: object) -> None:
        """Use the model that was written."""
        self._view.show_taught(None)
        self._core.open_model(cast("Path", path))

    @Slot(str, object)
    def _on_not_kept(self, _name: str, error: Exception) -> None:
        """Say why it could not be written; it can be accepted again."""
        self._view.message.show_error(error)


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
