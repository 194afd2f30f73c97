"""The slider along a way, and under it the row of steps."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSlider, QToolTip, QWidget

from mnist_desktop.inference.way import FINENESS, Way
from mnist_desktop.ui import theme
from mnist_desktop.ui.morph.row_painter import STEPS, RowLayout, paint_row, row_layout
from mnist_desktop.ui.morph.words import answer_words, place_text

SLIDER = 26
"""Height of the slider."""
HANDLE = 16
"""Width of the slider's handle, as the style sheet has it."""


class WaySlider(QSlider):
    """A slider whose handle goes where it is clicked, and then follows the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, FINENESS)
        self.setPageStep(FINENESS // (STEPS - 1))
        self.setValue(FINENESS // 2)
        self.setAccessibleName("Place on the way from the first image to the second")
        self.setToolTip("Left and Right: a little · Page Up and Page Down: a step · Home, End")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the handle under the pointer before it is taken hold of."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setValue(self.value_at(event.position().x()))
        super().mousePressEvent(event)

    def value_at(self, x: float) -> int:
        """Return the value whose handle has its middle nearest to `x`."""
        span = max(1, self.width() - HANDLE)
        value = self.minimum() + (x - HANDLE / 2) / span * (self.maximum() - self.minimum())
        return min(max(round(value), self.minimum()), self.maximum())


class WayView(QWidget):
    """Go along a way: drag the slider, or click a step.

    `moved` tells the index of the picture that is chosen.
    """

    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("way_view")
        self.setMouseTracking(True)
        self.slider = WaySlider(self)
        self.slider.valueChanged.connect(self._on_moved)
        self._way: Way | None = None
        self._layout = RowLayout(0, 0)
        self._hovered = -1
        theme.notifier().changed.connect(self.update)

    # What is shown

    @property
    def way(self) -> Way | None:
        """Return the way that is shown."""
        return self._way

    @property
    def index(self) -> int:
        """Return the index of the picture that is chosen."""
        return self.slider.value()

    @property
    def row(self) -> RowLayout:
        """Return where the steps stand, below the slider."""
        return self._layout

    def set_way(self, way: Way) -> None:
        """Show another way; the place on it stays."""
        self._way = way
        index, last = self.slider.value(), len(way) - 1
        if last != self.slider.maximum():
            index = round(index / self.slider.maximum() * last)
            self.slider.setRange(0, last)
            self.slider.setPageStep(last // (STEPS - 1))
        self.slider.setValue(index)
        steps = (self._told(index) for index in way.steps(STEPS))
        self.setAccessibleName("Steps: " + "; ".join(steps))
        self.update()

    def go_to(self, index: int) -> None:
        """Choose a picture of the way."""
        self.slider.setValue(index)

    def fit(self, width: int, *, most: int, pixels: int) -> int:
        """Take a width, and return the height needed for it, `most` at the utmost.

        Parameters
        ----------
        pixels
            The longer side of a picture, in its own pixels.
        """
        self._layout = row_layout(width, most=most - SLIDER, pixels=pixels)
        self._place_slider()
        self.update()
        return SLIDER + round(self._layout.height)

    def step_at(self, point: QPointF) -> int:
        """Return the step whose picture or caption is at a point, -1 where none is."""
        if self._way is None:
            return -1
        below = point - QPointF(0, SLIDER)
        return next((k for k in range(STEPS) if self._layout.cell(k).contains(below)), -1)

    def current_step(self) -> int:
        """Return the step nearest to the slider."""
        return round(self.slider.value() / self.slider.maximum() * (STEPS - 1))

    # Events

    @Slot(int)
    def _on_moved(self, index: int) -> None:
        self.update()
        self.moved.emit(index)

    def _place_slider(self) -> None:
        """Let the slider's ends stand over the middles of the first and the last step."""
        left, right = round(self._layout.x(0.0)), round(self._layout.x(1.0))
        self.slider.setGeometry(QRect(left - HANDLE // 2, 0, right - left + HANDLE, SLIDER))

    def _told(self, index: int) -> str:
        """Say in words where a picture stands and how it is read."""
        if self._way is None:
            return ""
        answer = " ".join(answer_words(self._way.prediction(index)))
        return f"{place_text(self._way.place(index))} {answer}".strip()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the row, and the turns' lines up to the slider."""
        if self._way is None:
            return
        with QPainter(self) as painter:
            painter.translate(0, SLIDER)
            current = self.current_step()
            paint_row(
                painter,
                self._way,
                self._layout,
                current=current,
                hovered=self._hovered,
                rise=SLIDER / 2 - 4,
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the slider over the row."""
        super().resizeEvent(event)
        self._place_slider()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the step that is clicked."""
        step = self.step_at(event.position())
        if step >= 0 and self._way is not None and event.button() == Qt.MouseButton.LeftButton:
            self.go_to(self._way.steps(STEPS)[step])
            self.slider.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a step can be clicked."""
        self._hover(self.step_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Show no step as under the pointer."""
        self._hover(-1)

    def event(self, event: QEvent) -> bool:
        """Tell a step's place and answer where the pointer rests."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            step = self.step_at(QPointF(event.pos()))
            if step >= 0 and self._way is not None:
                words = self._told(self._way.steps(STEPS)[step])
                QToolTip.showText(event.globalPos(), words, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _hover(self, step: int) -> None:
        """Frame another step as under the pointer."""
        if step != self._hovered:
            self._hovered = step
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if step >= 0 else Qt.CursorShape.ArrowCursor
            )
            self.update()
