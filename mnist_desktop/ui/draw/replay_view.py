"""The view “Replay”: go through the drawing again, and see how it was read on the way."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSlider,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.replay import Item, Replay, replay_job
from mnist_desktop.ui import icons
from mnist_desktop.ui.controls import icon_button, secondary
from mnist_desktop.ui.draw.replay_chart import ReplayChart
from mnist_desktop.ui.draw.replay_painter import LEFT, RIGHT
from mnist_desktop.ui.draw.replay_words import moment_words, sentence
from mnist_desktop.ui.opening import Opener

HANDLE = 16
"""Width of a slider's handle, in pixels."""

SECONDS = 3.0
"""How long playing takes from the first to the last moment."""

NOTHING = "Draw something: here you can go through it again, and see where the answer changes."
NO_MODEL = "There is no model that could say how the drawing was read on the way."


class ReplayView(QWidget):
    """Show the replay of a drawing as a chart, with a slider through its moments.

    `wanted` asks for what is on the pad, while the view is shown and has no replay of it; `find` or
    `show_nothing` is the answer. `moment_chosen` carries the index of the moment to be shown on
    the pad, -1 for the drawing as it is; `failed` the exception of a model.
    """

    wanted = Signal()
    moment_chosen = Signal(int)
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("replay_view")
        self.setAccessibleName("Replay of the drawing")
        self._replay: Replay | None = None
        self._drawing: tuple[Item, ...] | None = None
        self._is_shown_on_pad = False
        self._opener = Opener(self)
        self.sentence = secondary(wrap=True)
        self.sentence.setObjectName("replay_sentence")
        self.chart = ReplayChart()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("replay_moment")
        self.slider.setAccessibleName("Moment of the drawing")
        self.slider.setToolTip("The pen's way (arrow keys; Space plays, Escape goes to the end)")
        self.play_button = icon_button("play", "Play the drawing", shortcut_text="Space")
        self.play_button.setObjectName("replay_play")
        self.play_button.setFixedSize(32, 32)
        self._empty = secondary(NOTHING, wrap=True)
        self._empty.setObjectName("replay_empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._timer = QTimer(self)
        self._lay_out()
        self.setFocusProxy(self.slider)
        self.slider.valueChanged.connect(self._on_moved)
        self.chart.chosen.connect(self._on_clicked)
        self.play_button.clicked.connect(self.toggle_playing)
        self._timer.timeout.connect(self._go_on)
        self._opener.opened.connect(self._on_found)
        self._opener.failed.connect(self.failed)

    def _lay_out(self) -> None:
        """Put the slider under the chart, its ends under the chart's."""
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, RIGHT - HANDLE // 2, 0)
        row.setSpacing(0)
        row.addWidget(self.play_button)
        row.addSpacing(max(0, LEFT - HANDLE // 2 - self.play_button.width()))
        row.addWidget(self.slider, 1)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.sentence)
        column.addWidget(self.chart, 1)
        column.addLayout(row)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(whole)

    # What is shown

    @property
    def replay(self) -> Replay | None:
        """The replay that is shown, None while there is none."""
        return self._replay

    @property
    def index(self) -> int:
        """The moment the slider is at."""
        return self.slider.value()

    @property
    def is_playing(self) -> bool:
        """Say whether the moments go by on their own."""
        return self._timer.isActive()

    def forget(self) -> None:
        """Take what is shown for out of date, and ask for what replaces it."""
        self.leave()
        self._drawing = None
        self._opener.forget()
        if self.isVisible():
            self.wanted.emit()

    def find(
        self,
        drawing: tuple[Item, ...],
        classifier: Classifier,
        *,
        raster: int,
        whole: NDArray[np.uint8],
        without: Collection[str] = (),
    ) -> None:
        """Have the replay of a drawing worked out beside the window, and show it.

        The parameters are those of `replay_job`.
        """
        self._drawing = drawing
        self._opener.open(
            lambda: replay_job(drawing, classifier, raster=raster, whole=whole, without=without)
        )

    def show_nothing(self, *, has_model: bool = True) -> None:
        """Say that there is nothing to go through, and why."""
        self._replay, self._drawing = None, ()
        self._empty.setText(NOTHING if has_model else NO_MODEL)
        self._stack.setCurrentIndex(0)

    @Slot()
    def close_down(self) -> None:
        """End what runs beside the window."""
        self._stop()
        self._opener.forget()
        self._opener.runner.wait_closed()

    @Slot(object)
    def _on_found(self, replay: Replay) -> None:
        """Show a replay, unless its drawing is no longer the one on the pad."""
        if replay.drawing is self._drawing:
            self.show_replay(replay)

    def show_replay(self, replay: Replay) -> None:
        """Show a replay, at its last moment."""
        self._replay = None
        self.slider.setRange(0, len(replay) - 1)
        self.slider.setValue(len(replay) - 1)
        self.slider.setPageStep(max(1, len(replay) // 8))
        for control in (self.slider, self.play_button):
            control.setEnabled(len(replay) > 1)
        self._replay = replay
        self.chart.show_replay(replay, self.index)
        words = sentence(replay)
        self.sentence.setText(words)
        self.chart.setAccessibleDescription(words)
        self._tell_moment()
        self._stack.setCurrentIndex(1)

    @Slot()
    def leave(self) -> None:
        """Go back to the whole drawing, and stop playing."""
        self._stop()
        if self._replay is not None:
            self.slider.setValue(self.slider.maximum())

    @Slot()
    def toggle_playing(self) -> None:
        """Play from here, from the beginning when at the end; or stop where it is."""
        if self.is_playing:
            self._stop()
        elif self._replay is not None and len(self._replay) > 1:
            if self.index == self.slider.maximum():
                self.slider.setValue(0)
            self._timer.start(round(1000 * SECONDS / len(self._replay)))
            self._show_button()

    # Moving

    @Slot(int)
    def _on_moved(self, index: int) -> None:
        """Show a moment, here and on the pad."""
        if self._replay is None:
            return
        self.chart.show_replay(self._replay, index)
        self._tell_moment()
        is_part = index < self.slider.maximum()
        if is_part or self._is_shown_on_pad:
            self._is_shown_on_pad = is_part
            self.moment_chosen.emit(index if is_part else -1)

    @Slot(int)
    def _on_clicked(self, index: int) -> None:
        """Go to the moment that was clicked."""
        self._stop()
        self.slider.setValue(index)
        self.slider.setFocus(Qt.FocusReason.MouseFocusReason)

    @Slot()
    def _go_on(self) -> None:
        """Play the next moment."""
        self.slider.setValue(self.index + 1)
        if self.index == self.slider.maximum():
            self._stop()

    def _stop(self) -> None:
        """Stop playing."""
        if self.is_playing:
            self._timer.stop()
            self._show_button()

    def _show_button(self) -> None:
        """Show what the button does now."""
        icons.dress(self.play_button, "pause" if self.is_playing else "play")
        name = "Pause" if self.is_playing else "Play the drawing"
        self.play_button.setAccessibleName(name)
        self.play_button.setToolTip(f"{name} (Space)")

    def _tell_moment(self) -> None:
        """Tell screen readers where the slider is."""
        if self._replay is not None:
            self.slider.setAccessibleDescription(moment_words(self._replay, self.index))

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Play with Space, go to the end with Escape; the slider knows the other keys."""
        if event.key() == Qt.Key.Key_Space:
            self.toggle_playing()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the replay of what is on the pad."""
        super().showEvent(event)
        if self._drawing is None:
            self.wanted.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the pad as it is drawn."""
        super().hideEvent(event)
        self.leave()
