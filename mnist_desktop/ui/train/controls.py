"""The buttons of a training: one to start it, three while it runs."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from mnist_desktop.ui import icons, theme
from mnist_desktop.ui.controls import button, primary_button, secondary


class State(Enum):
    """Where a training stands, as the page sees it."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHING = "finishing"
    STOPPING = "stopping"


WORDS = {
    State.STARTING: "Reading the dataset and preparing the network…",
    State.PAUSED: "Paused. The training waits between two steps.",
    State.FINISHING: "This is the last epoch; its best model is kept.",
    State.STOPPING: "Stopping…",
}


class TrainingControls(QWidget):
    """Start; or Pause, Finish this epoch and keep, Stop."""

    start = Signal()
    pause = Signal()
    finish_epoch = Signal()
    stop = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.start_button = primary_button("Start", "play")
        self.start_button.setObjectName("start_training")
        self.start_button.setToolTip("Start the training (Space)")
        self.finish_button = button("Finish this epoch and keep", "finish")
        self.finish_button.setObjectName("finish_epoch")
        self.finish_button.setToolTip("Train to the end of this epoch, then write the model")
        self.pause_button = button("Pause", "pause")
        self.pause_button.setObjectName("pause_training")
        self.stop_button = button("Stop", "stop")
        self.stop_button.setObjectName("stop_training")
        self.stop_button.setToolTip("Stop now without a model; whole epochs can be resumed")
        self.words: QLabel = secondary(wrap=True)
        self.missing: QLabel = secondary(wrap=True)
        self.missing.setObjectName("missing_for_start")
        self._build()
        self.start_button.clicked.connect(self.start)
        self.finish_button.clicked.connect(self.finish_epoch)
        self.pause_button.clicked.connect(self.pause)
        self.stop_button.clicked.connect(self.stop)

    def _build(self) -> None:
        """Put both sets of buttons in the same place."""
        idle = QWidget()
        column = QVBoxLayout(idle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addStretch()
        column.addWidget(self.missing)
        column.addWidget(self.start_button)
        busy = QWidget()
        column = QVBoxLayout(busy)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        row.addWidget(self.pause_button)
        row.addWidget(self.stop_button)
        column.addWidget(self.words)
        column.addWidget(self.finish_button)
        column.addLayout(row)
        self._stack = QStackedWidget()
        self._stack.addWidget(idle)
        self._stack.addWidget(busy)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def show_state(self, state: State, *, missing: str) -> None:
        """Offer what fits.

        Parameters
        ----------
        state
            Where the training stands.
        missing
            What keeps the training from being started, in a sentence; empty if nothing does.
        """
        idle = state is State.IDLE
        had_focus = self.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        self._stack.setCurrentIndex(0 if idle else 1)
        self.start_button.setEnabled(not missing)
        self.missing.setText(missing)
        self.missing.setVisible(bool(missing))
        going = state in (State.RUNNING, State.PAUSED)
        self.finish_button.setEnabled(going)
        self.pause_button.setEnabled(going)
        self.stop_button.setEnabled(going or state is State.FINISHING)
        paused = state is State.PAUSED
        self.pause_button.setText("Go on" if paused else "Pause")
        self.pause_button.setToolTip(
            "Go on with the training (Space)" if paused else "Hold the training (Space)"
        )
        icons.dress(self.pause_button, "play" if paused else "pause")
        self.words.setText(WORDS.get(state, ""))
        self.words.setVisible(state in WORDS)
        if had_focus:
            (self.start_button if idle else self.pause_button).setFocus()
