"""What a form of the dataset page asks for: run beside the window, its end told on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Slot

from mnist_desktop.ui.wiring.core import Core, as_user_error
from mnist_desktop.ui.workers import JobRunner

if TYPE_CHECKING:
    from mnist_desktop.ui.dataset.page import DatasetPage

SHOW_FOLDER = "Show in folder"


class Form(Protocol):
    """A dialog that lets one job begin at a time."""

    def set_busy(self, busy: bool) -> None:
        """Say whether a job runs."""


class FormJob(QObject):
    """Run the job of a form, and tell in a strip of the page how it ended.

    Who derives from it tells what was made in `_on_finished`, and does in `_on_chosen` what the
    strip offered.

    Parameters
    ----------
    core
        What all wiring shares.
    word
        What the job is called where it was cancelled: "export".
    title
        What the status bar calls it.
    """

    dialog: Form | None = None

    def __init__(self, core: Core, *, word: str, title: str) -> None:
        super().__init__(core)
        self._core, self._word = core, word
        self.runner = JobRunner(self)
        self.runner.finished.connect(self._on_finished)
        self.runner.failed.connect(self._on_failed)
        self.runner.cancelled.connect(self._on_cancelled)
        core.jobs.add(self.runner, title=title, page="dataset")

    def _add_strip(self, page: DatasetPage) -> None:
        """Give the page a strip for how jobs end."""
        from mnist_desktop.ui.messages import MessageStrip

        self.strip = MessageStrip()
        self.strip.chosen.connect(self._on_chosen)
        page.add_strip(self.strip)

    def _on_finished(self, result: object) -> None:
        """Say what was made."""
        raise NotImplementedError

    def _on_chosen(self, action: str) -> None:
        """Do what the message offered."""
        raise NotImplementedError

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        """Say why nothing was written."""
        told = as_user_error(error)
        self._end(told.message, told.advice, kind="bad")

    @Slot()
    def _on_cancelled(self) -> None:
        """Say that nothing was written."""
        self._end(f"The {self._word} was cancelled", "Nothing was written.")

    def _end(
        self, message: str, advice: str, *, kind: str = "info", actions: Sequence[str] = ()
    ) -> None:
        """Say how a job ended, and let another one begin."""
        self.strip.show_message(message, advice, kind=kind, actions=actions)
        if self.dialog is not None:
            self.dialog.set_busy(False)
