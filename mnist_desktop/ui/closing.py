"""Close the window: ask while a network is being trained, end what runs, lose nothing."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from mnist_desktop.progress import Request
from mnist_desktop.ui.running_jobs import RunningJobs
from mnist_desktop.ui.workers import JobRunner

STOP = "Stop now and close"
FINISH = "Finish this epoch and close"
GO_ON = "Go on training"


class Closing(QObject):
    """Bring everything to its end, then say that the window may go.

    Parameters
    ----------
    window
        The window that is to be closed; the question belongs to it.
    training
        The runner whose work is worth a question.
    jobs
        All runners.
    """

    ready = Signal()

    def __init__(self, window: QWidget, *, training: JobRunner, jobs: RunningJobs) -> None:
        super().__init__(window)
        self._window, self._training, self._jobs = window, training, jobs
        self._closing = False
        self._question: QMessageBox | None = None
        for runner_end in (training.finished, training.failed):
            runner_end.connect(lambda _: self._withdraw_question())
        training.cancelled.connect(self._withdraw_question)
        jobs.quiet.connect(self._go_if_quiet)

    @property
    def is_closing(self) -> bool:
        """Say whether the window is on its way to being closed."""
        return self._closing

    @Slot()
    def request(self) -> None:
        """Close: ask first if a network is being trained."""
        if self._closing or self._question is not None:
            return
        if self._training.is_running:
            self._ask()
        else:
            self._end_all()

    def _ask(self) -> None:
        """Ask what shall become of the training; the training goes on meanwhile."""
        box = QMessageBox(self._window)
        box.setObjectName("closing_question")
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("MNIST Desktop")
        box.setText("A network is being trained.")
        box.setInformativeText(
            "Whatever you choose, the epochs that are finished are kept, "
            "and the run can be gone on with later."
        )
        stop = box.addButton(STOP, QMessageBox.ButtonRole.DestructiveRole)
        finish = box.addButton(FINISH, QMessageBox.ButtonRole.AcceptRole)
        go_on = box.addButton(GO_ON, QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(go_on)
        box.setEscapeButton(go_on)
        box.setWindowModality(Qt.WindowModality.WindowModal)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(
            lambda _: self._on_answer(
                stop=box.clickedButton() is stop, finish=box.clickedButton() is finish
            )
        )
        self._question = box
        box.open()

    def _on_answer(self, *, stop: bool, finish: bool) -> None:
        """Do what was chosen."""
        self._question = None
        if stop:
            self._end_all()
        elif finish:
            self._closing = True
            self._jobs.say_closing()
            self._training.send(Request.FINISH_EPOCH)
            self._training.resume()
            self._go_if_quiet()

    @Slot()
    def _withdraw_question(self) -> None:
        """Take the question back and close: the training has ended by itself."""
        if self._question is not None:
            box, self._question = self._question, None
            box.close()
            self._closing = True

    def _end_all(self) -> None:
        """Cancel everything, and go when all of it has ended."""
        self._closing = True
        self._jobs.say_closing()
        for runner in self._jobs.running():
            runner.cancel()
        self._go_if_quiet()

    @Slot()
    def _go_if_quiet(self) -> None:
        """Say that the window may go, when nothing runs any more."""
        if self._closing and not self._jobs.running():
            self._closing = False
            self.ready.emit()
