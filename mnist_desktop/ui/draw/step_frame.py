"""One picture of the film strip, with the switch of its step."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from mnist_desktop.inference.ink import InkStep
from mnist_desktop.ui import theme
from mnist_desktop.ui.paper import on_paper

CAPTION = 20
"""Height of the words under a picture."""
BOX = 11
"""Side of the box that is ticked while the step is on."""


class StepFrame(QAbstractButton):
    """Show what a step of the ink recipe made; a click, Space or Enter leaves it out or not.

    It is checked while its step is on. The caption stands below the picture.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._step: InkStep | None = None
        self._words: Sequence[str] = ()
        self._crossed = False
        self.side = 0.0
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def step(self) -> InkStep | None:
        """What is shown, None for an empty frame."""
        return self._step

    @property
    def words(self) -> Sequence[str]:
        """What may stand below, the longest first."""
        return self._words

    def show_step(self, step: InkStep | None, *, words: Sequence[str], crossed: bool) -> None:
        """Show another step's picture.

        Parameters
        ----------
        step
            None for an empty frame.
        words
            What stands below: the first of them for which there is room.
        crossed
            Whether the picture of a step that is off is struck out.
        """
        self._step, self._words, self._crossed = step, words, crossed
        optional = step is not None and step.optional
        self.setEnabled(optional)
        self.setChecked(step is not None and not step.left_out)
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if optional else Qt.CursorShape.ArrowCursor
        )
        if step is not None:
            height, width = step.picture.shape
            state = ("off" if step.left_out else "on") if optional else ""
            self.setAccessibleName(f"{step.title}, {state}" if state else step.title)
            hint = {"on": "\nClick to leave this step out", "off": "\nClick to switch it on again"}
            self.setToolTip(f"{step.title}: {width}×{height}{hint.get(state, '')}")
        else:
            self.setAccessibleName("".join(words[:1]))
            self.setToolTip("")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter do what Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def nextCheckState(self) -> None:
        """Leave the state alone: the answer that comes back says what is on."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, its frame, and below its words."""
        colours, step = theme.current(), self._step
        area = QRectF(1, 1, self.side, self.side)
        off = step is not None and step.left_out and self._crossed
        with QPainter(self) as painter:
            painter.fillRect(area, colours.paper)
            if step is not None:
                # A picture that is enlarged shows its pixels, one that is reduced is smoothed.
                reduced = max(step.picture.shape) > area.width() * self.devicePixelRatioF()
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, reduced)
                painter.setOpacity(0.25 if off else 1.0)
                painter.drawImage(
                    _within(area, step.picture.shape), on_paper(step.picture, colours)
                )
                painter.setOpacity(1.0)
            ring = colours.accent if self.hasFocus() else colours.line
            painter.setPen(QPen(ring, 2 if self.hasFocus() else 1))
            painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))
            if off:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(colours.secondary, 1.5))
                painter.drawLine(area.bottomLeft(), area.topRight())
            self._paint_caption(painter, area)

    def _paint_caption(self, painter: QPainter, area: QRectF) -> None:
        """Paint the switch and the words; those only where there is room."""
        colours, step = theme.current(), self._step
        left = area.left()
        if step is not None and step.optional:
            box = QRectF(left + 0.5, area.bottom() + 6.5, BOX - 1, BOX - 1)
            _paint_tick(painter, box, ticked=not step.left_out, hover=self.underMouse())
            left += BOX + 4
        painter.setFont(theme.font(theme.SECONDARY_PX))
        painter.setPen(colours.secondary)
        room, metrics = self.width() - left, painter.fontMetrics()
        words = next((w for w in self._words if metrics.horizontalAdvance(w) <= room), "")
        below = QRectF(left, area.bottom() + 4, room, CAPTION - 4)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, words)


def _within(area: QRectF, shape: tuple[int, ...]) -> QRectF:
    """Return where in the square `area` a picture of this shape stands, in its proportions."""
    height, width = (area.width() * side / max(shape) for side in shape)
    left = area.left() + round((area.width() - width) / 2)
    return QRectF(left, area.top() + round((area.height() - height) / 2), width, height)


def _paint_tick(painter: QPainter, box: QRectF, *, ticked: bool, hover: bool) -> None:
    """Paint a small box, with a tick or empty."""
    colours = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colours.accent if hover else colours.secondary, 1))
    painter.drawRoundedRect(box, 2, 2)
    if ticked:
        painter.setPen(QPen(colours.accent if hover else colours.secondary, 1.5))
        corner = box.topLeft()
        places = [corner + QPointF(*at) for at in ((2.2, 5.2), (4.2, 7.4), (7.8, 2.8))]
        painter.drawPolyline(places)
    painter.restore()
