"""The page that trains: it asks for a training and shows how it goes; the window runs it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSplitter, QVBoxLayout, QWidget

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.trainer.progress import TrainingProgress, TrainingResult
from mnist_desktop.trainer.runs import RunSummary
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import card, heading
from mnist_desktop.ui.desktop import open_folder
from mnist_desktop.ui.messages import MessageStrip
from mnist_desktop.ui.train.checks import learns_pictures
from mnist_desktop.ui.train.choices import choices_from_text
from mnist_desktop.ui.train.controls import State, TrainingControls
from mnist_desktop.ui.train.curves import TrainingCurves
from mnist_desktop.ui.train.figures import FiguresRow, delivery_text, result_text
from mnist_desktop.ui.train.form import TrainingForm
from mnist_desktop.ui.train.run_actions import RunActions
from mnist_desktop.ui.train.runs_list import RunsList
from mnist_desktop.ui.train.training_chart import TrainingChart

FORM_WIDTH = 300
OPEN_FOLDER = "Open folder"


class TrainPage(QWidget):
    """Form on the left; charts, figures and earlier runs on the right."""

    start_requested = Signal(object)
    finish_epoch_requested = Signal()
    stop_requested = Signal()
    pause_requested = Signal(bool)
    dataset_wanted = Signal()
    use_model_requested = Signal(Path)
    resume_requested = Signal(Path)
    choices_changed = Signal(str)
    """The form's choices as a text, to be given to `set_choices` at the next start."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = State.IDLE
        self.form = TrainingForm()
        self.controls = TrainingControls()
        self.training_chart = TrainingChart()
        self.figures = FiguresRow()
        self.runs = RunsList()
        self.message = MessageStrip()
        self.run_actions = RunActions(self.runs, self.message, parent=self)
        self._resuming: RunSummary | None = None
        self._answers = True
        self._last_model: Path | None = None
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._build()
        self._connect()
        self._set_state(State.IDLE)

    def _build(self) -> None:
        """Lay out the page."""
        left = QVBoxLayout()
        left.setSpacing(theme.INSIDE)
        left.addWidget(heading("Train"))
        left.addWidget(self.form, 1)
        left.addWidget(self.controls)
        side = QWidget()
        side.setFixedWidth(FORM_WIDTH)
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)

        chart = card()
        inside = QVBoxLayout(chart)
        inside.setContentsMargins(theme.INSIDE, theme.INSIDE, theme.INSIDE, 4)
        inside.addWidget(self.training_chart)
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress of the training")
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, theme.INSIDE)
        column.setSpacing(theme.INSIDE)
        column.addWidget(self.message)
        column.addWidget(chart, 1)
        column.addWidget(self.figures)
        column.addWidget(self.progress)
        right = QSplitter(Qt.Orientation.Vertical)
        right.setChildrenCollapsible(False)
        right.setHandleWidth(theme.INSIDE)
        right.addWidget(upper)
        right.addWidget(self.runs)
        right.setStretchFactor(0, 4)
        right.setStretchFactor(1, 1)
        right.setSizes([430, 150])

        row = QHBoxLayout(self)
        row.setContentsMargins(theme.EDGE, theme.BETWEEN, theme.EDGE, theme.BETWEEN)
        row.setSpacing(theme.EDGE)
        row.addWidget(side)
        row.addWidget(right, 1)

    def _connect(self) -> None:
        """Connect signals."""
        self.form.changed.connect(self._refresh)
        self.form.dataset_wanted.connect(self.dataset_wanted)
        self.form.recipes.failed.connect(self.message.show_error)
        self.form.recipes.opened.connect(self._on_recipe_opened)
        self.controls.start.connect(self._on_start)
        self.controls.pause.connect(self._on_pause)
        self.controls.finish_epoch.connect(self._on_finish_epoch)
        self.controls.stop.connect(self._on_stop)
        self.runs.selected.connect(self._on_run_selected)
        self.run_actions.use_requested.connect(self.use_model_requested)
        self.run_actions.resume_requested.connect(self._on_resume)
        self.message.chosen.connect(self._on_chosen)

    # What the window tells

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Train on another dataset (from the next training on)."""
        self.form.set_dataset(dataset)

    def set_test_dataset(self, test: Dataset | None) -> None:
        """Measure on another test split at the end of the next training."""
        self.form.set_test(test)

    def set_choices(self, text: str) -> None:
        """Fill the form with choices that were told by `choices_changed` some time."""
        self.form.set_choices(choices_from_text(text))

    @Slot()
    def on_started(self) -> None:
        """Clear the charts for a training that has begun, also one that was resumed."""
        self.message.dismiss()
        self.figures.clear()
        self.progress.setValue(0)
        curves = TrainingCurves(answers=self._answers)
        if self._resuming is not None:
            curves = self.run_actions.curves_of(self._resuming)
            self._tell_lost_test(self._resuming)
        self.training_chart.set_curves(curves)
        self.figures.show_curves(curves)
        self._resuming = None
        self._set_state(State.RUNNING)

    def _tell_lost_test(self, run: RunSummary) -> None:
        """Say that a run that goes on cannot be measured as it should have been."""
        if run.lost_test is not None:
            self.message.show_message(
                f"The test split “{run.lost_test}” is gone",
                "The run goes on, and its model is not measured on it.",
                kind="careful",
            )

    @Slot(object)
    def on_progress(self, progress: TrainingProgress) -> None:
        """Show how the training goes."""
        self.training_chart.add(progress)
        self.figures.show_progress(progress)
        self.progress.setValue(round(progress.fraction * 1000))

    @Slot(bool)
    def on_paused(self, paused: bool) -> None:
        """Show that the training waits, or goes on."""
        if self.state in (State.RUNNING, State.PAUSED):
            self._set_state(State.PAUSED if paused else State.RUNNING)

    @Slot(object)
    def on_finished(self, result: TrainingResult) -> None:
        """Say what came out."""
        self._last_model = result.model
        self.figures.show_result(result)
        self.progress.setValue(1000)
        self.message.show_message(
            result_text(result),
            delivery_text(result),
            kind="good" if result.stopped is None else "careful",
            actions=[OPEN_FOLDER],
        )
        self._end()
        self.runs.select_folder(result.run)

    @Slot(object)
    def on_failed(self, error: Exception) -> None:
        """Say what went wrong."""
        self.message.show_error(error)
        self._end()

    @Slot()
    def on_cancelled(self) -> None:
        """Say that the training was stopped."""
        self.message.show_message(
            "The training was stopped and no model was written",
            "Whole epochs are kept: select the run below to resume it.",
        )
        self._end()

    # What the person does

    @Slot()
    def _on_start(self) -> None:
        if self.state is not State.IDLE or not self.form.recipes.read_again():
            return
        settings = self.form.settings()
        if settings is None:
            return
        self.message.dismiss()
        self._resuming = None
        self._answers = not learns_pictures(settings.recipe)
        self._set_state(State.STARTING)
        self.choices_changed.emit(self.form.choices().to_text())
        self.start_requested.emit(settings)

    @Slot()
    def _on_recipe_opened(self) -> None:
        """Forget what was wrong with a file before, and remember this one for the next start."""
        self.message.dismiss()
        self.choices_changed.emit(self.form.choices().to_text())

    @Slot()
    def _on_pause(self) -> None:
        if self.state in (State.RUNNING, State.PAUSED):
            pause = self.state is State.RUNNING
            self._set_state(State.PAUSED if pause else State.RUNNING)
            self.pause_requested.emit(pause)

    @Slot()
    def _on_finish_epoch(self) -> None:
        if self.state is State.PAUSED:
            self._on_pause()
        self._set_state(State.FINISHING)
        self.finish_epoch_requested.emit()

    @Slot()
    def _on_stop(self) -> None:
        self._set_state(State.STOPPING)
        self.stop_requested.emit()

    @Slot(object)
    def _on_resume(self, run: RunSummary) -> None:
        self.message.dismiss()
        self._resuming = run
        self._set_state(State.STARTING)
        self.resume_requested.emit(run.folder)

    @Slot(object)
    def _on_run_selected(self, run: RunSummary | None) -> None:
        """Show the curves of an earlier run while no training goes on."""
        if run is None or self.state is not State.IDLE:
            return
        curves = self.run_actions.curves_of(run)
        self.training_chart.set_curves(curves)
        self.figures.show_run(curves, epochs=run.epochs_done, seconds=curves.seconds)
        self.progress.setValue(round(1000 * run.epochs_done / max(1, run.epochs)))

    @Slot(str)
    def _on_chosen(self, action: str) -> None:
        """Do what the message after a training offers."""
        if action == OPEN_FOLDER and self._last_model is not None:
            open_folder(self._last_model.parent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space starts, pauses and goes on, where no field or button wants it for itself."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            if self.state is State.IDLE:
                self._on_start()
            else:
                self._on_pause()
        else:
            super().keyPressEvent(event)

    # State

    def showEvent(self, event: QShowEvent) -> None:
        """List the runs as they are now: a command may have added some."""
        super().showEvent(event)
        if self.state is State.IDLE:
            self.run_actions.refresh()

    def _end(self) -> None:
        """Go back to the form."""
        self._resuming = None
        self.run_actions.refresh()
        self._set_state(State.IDLE)
        self.form.renew_output()

    def _set_state(self, state: State) -> None:
        self.state = state
        self.form.set_locked(state is not State.IDLE)
        self.runs.set_locked(state is not State.IDLE)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        """Offer the buttons that fit the state."""
        self.controls.show_state(self.state, missing=self.form.fault())
