"""The way from the ink to the network, as a row of pictures."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mnist_desktop.inference.ink import InkStep, InkSteps
from mnist_desktop.ui import theme
from mnist_desktop.ui.paper import on_paper

CAPTION = 20
"""Height of the words under a picture."""
GAP = 8
ARROW = 20
SMALL_CELLS = 20
"""The steps before the last are shown in multiples of this: MNIST's digit has 20×20 pixels."""


@dataclass(frozen=True)
class Frames:
    """Where the pictures stand.

    Parameters
    ----------
    large
        Side of the last picture.
    small
        Side of each of the others.
    columns
        How many of those stand beside one another, in two rows.
    """

    large: float
    small: float
    columns: int

    @property
    def left(self) -> float:
        """Where the last picture begins."""
        return self.columns * (self.small + GAP) - GAP + ARROW

    @property
    def second_row(self) -> float:
        """Where the second row begins: the captions of both sides stand on one line."""
        return self.large - self.small


def frames(width: float, height: float, *, cells: int, others: int, ratio: float) -> Frames:
    """Return the largest frames that fit into `width` × `height`.

    Parameters
    ----------
    cells
        Pixels along a side of the last picture; each gets a whole number of the screen's.
    others
        How many pictures stand before it.
    ratio
        Pixels of the screen for each of the window's.
    """
    columns, step = max(2, -(-others // 2)), SMALL_CELLS / ratio
    found = Frames(cells / ratio, step, columns)
    for zoom in range(1, int(max(1.0, (height - CAPTION) * ratio)) // cells + 1):
        large = zoom * cells / ratio
        beside = (width - large - ARROW + GAP) / columns - GAP
        below = (large - CAPTION - GAP) / 2
        small = min(beside, below) // step * step
        if small >= max(step, 0.3 * large):
            found = Frames(large, small, columns)
    return found


class FilmStrip(QWidget):
    """Show what each step of the ink recipe made, and large what the network really gets."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("film_strip")
        self.setAccessibleName("From the ink to the network")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._steps: InkSteps | None = None
        self._cells = 28
        self._places: list[tuple[QRectF, InkStep]] = []

    def show_steps(self, steps: InkSteps | None) -> None:
        """Show another drawing's way; None or blank ink shows empty frames."""
        self._steps = None if steps is None or steps.empty else steps
        if steps is not None:
            self._cells = len(steps.picture)
        self.setAccessibleDescription(
            "" if self._steps is None else " → ".join(step.title for step in self._steps.steps)
        )
        self.update()

    @property
    def steps(self) -> InkSteps | None:
        """What is shown, None for a blank pad."""
        return self._steps

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the steps before the last small at the left, the last large at the right."""
        steps = list(self._steps.steps) if self._steps is not None else []
        use = self._frames(self.width(), self.height())
        self._places = []
        with QPainter(self) as painter:
            painter.translate(1, 1)
            for place in range(2 * use.columns):
                row, column = divmod(place, use.columns)
                left, top = column * (use.small + GAP), row * use.second_row
                step = steps[place] if place < len(steps) - 1 else None
                if step is not None or not steps:
                    self._paint_picture(painter, QRectF(left, top, use.small, use.small), step)
            self._paint_arrow(painter, QPointF(use.left - ARROW / 2, use.large / 2))
            last = steps[-1] if steps else None
            area = QRectF(use.left, 0, use.large, use.large)
            title = f"Network gets {self._cells}×{self._cells}"
            self._paint_picture(painter, area, last, title=title)

    def _frames(self, width: float, height: float) -> Frames:
        """Return the frames for what is shown."""
        others = 4 if self._steps is None else len(self._steps.steps) - 1
        ratio = self.devicePixelRatioF()
        return frames(width - 2, height - 2, cells=self._cells, others=others, ratio=ratio)

    def _paint_picture(
        self,
        painter: QPainter,
        area: QRectF,
        step: InkStep | None,
        *,
        title: str = "",
    ) -> None:
        """Paint one picture with its words, or an empty frame."""
        colours = theme.current()
        painter.fillRect(area, colours.paper)
        if step is not None:
            # A picture that is enlarged shows its pixels, one that is reduced is smoothed.
            reduced = len(step.picture) > area.width() * self.devicePixelRatioF()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, reduced)
            painter.drawImage(area, on_paper(step.picture, colours))
            self._places.append((area.translated(1, 1), step))
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.setFont(theme.font(theme.SECONDARY_PX))
        painter.setPen(colours.secondary)
        words = title or ("" if step is None else SHORT.get(step.name, step.title))
        # The words of the last picture may run on to the right; others are left out in no room.
        room = self.width() - area.left() if title else area.width() + 2
        if painter.fontMetrics().horizontalAdvance(words) <= room:
            below = QRectF(area.left(), area.bottom() + 4, room, CAPTION - 4)
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, words)

    def _paint_arrow(self, painter: QPainter, middle: QPointF) -> None:
        """Paint a small arrow to the right."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.current().secondary, 1.5))
        x, y = middle.x(), middle.y()
        for begin, end in (((-6, 0), (6, 0)), ((2, -4), (6, 0)), ((2, 4), (6, 0))):
            painter.drawLine(QPointF(x + begin[0], y + begin[1]), QPointF(x + end[0], y + end[1]))
        painter.restore()

    def event(self, event: QEvent) -> bool:
        """Tell a step's full name and size where the pointer rests."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            for area, step in self._places:
                if area.contains(QPointF(event.pos())):
                    height, width = step.picture.shape
                    QToolTip.showText(event.globalPos(), f"{step.title}: {width}×{height}", self)
                    return True
            QToolTip.hideText()
            return True
        return super().event(event)


SHORT = {
    "ink": "Ink",
    "square": "Box",
    "doubled": "Doubled",
    "small": "20×20",
    "full": "Full ink",
    "centred": "Centred",
    "scan": "Scan",
    "blurred": "Blurred",
    "framed": "Framed",
}
"""The words under a picture; a step without one here says its title."""
