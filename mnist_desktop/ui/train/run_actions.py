"""What can be done with an earlier run: list, look at, use, resume, open, delete."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mnist_desktop.errors import UserError
from mnist_desktop.trainer.runs import RunSummary, delete_run, list_runs, read_metrics
from mnist_desktop.ui.desktop import open_folder
from mnist_desktop.ui.messages import MessageStrip
from mnist_desktop.ui.train.curves import TrainingCurves, curves_of_run
from mnist_desktop.ui.train.runs_list import RunsList

DELETE, KEEP = "Delete", "Keep"


class RunActions(QObject):
    """Carry out what the list of runs is asked for; what fails is told in the page's message.

    Parameters
    ----------
    runs
        The list.
    message
        Where questions and errors are shown.
    """

    use_requested = Signal(Path)
    """The model of a run shall be used."""
    resume_requested = Signal(object)
    """A run shall go on."""

    def __init__(
        self, runs: RunsList, message: MessageStrip, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runs, self._message = runs, message
        self._asked_about: RunSummary | None = None
        runs.use_requested.connect(self._on_use)
        runs.resume_requested.connect(self.resume_requested)
        runs.folder_requested.connect(self._on_folder)
        runs.delete_requested.connect(self._on_delete)
        message.chosen.connect(self._on_chosen)

    @Slot()
    def refresh(self) -> None:
        """List the runs that are kept now."""
        try:
            self._runs.set_runs(list_runs())
        except OSError as error:
            self._message.show_message(
                f"The earlier runs cannot be listed: {error.strerror or error}", kind="bad"
            )

    def curves_of(self, run: RunSummary) -> TrainingCurves:
        """Return the curves of a run; empty ones where they cannot be read."""
        try:
            metrics = read_metrics(run.folder)
        except UserError as error:
            self._message.show_error(error)
            metrics = []
        answers = not run.is_autoencoder
        return curves_of_run(metrics, epochs=run.epochs, answers=answers)

    @Slot(object)
    def _on_use(self, run: RunSummary) -> None:
        if run.model is not None:
            self.use_requested.emit(run.model)

    @Slot(object)
    def _on_folder(self, run: RunSummary) -> None:
        open_folder(run.folder)

    @Slot(object)
    def _on_delete(self, run: RunSummary) -> None:
        """Ask in the page before a run is deleted."""
        self._asked_about = run
        self._message.show_message(
            f"Delete the run {run.name}?",
            "Its checkpoint, its curves and its own copy of the model are gone then; the model"
            f" at {run.settings.output} stays.",
            kind="careful",
            actions=[DELETE, KEEP],
        )

    @Slot(str)
    def _on_chosen(self, action: str) -> None:
        """Delete the run that was asked about, or let it be."""
        run, self._asked_about = self._asked_about, None
        if run is None or action not in (DELETE, KEEP):
            return
        self._message.dismiss()
        if action == DELETE:
            try:
                delete_run(run.folder)
            except UserError as error:
                self._message.show_error(error)
            self.refresh()
