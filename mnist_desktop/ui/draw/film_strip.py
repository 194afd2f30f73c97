"""The way from the ink to the network, as a row of pictures."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mnist_desktop.inference.ink import InkStep, InkSteps
from mnist_desktop.ui import theme
from mnist_desktop.ui.paper import on_paper

CAPTION = 20
"""Height of the words under a picture."""
GAP = 8
ARROW = 24


class FilmStrip(QWidget):
    """Show what each step of the ink recipe made, and large what the network really gets."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("film_strip")
        self.setAccessibleName("From the ink to the network")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._steps: InkSteps | None = None
        self._places: list[tuple[QRectF, InkStep]] = []

    def show_steps(self, steps: InkSteps | None) -> None:
        """Show another drawing's way; None or blank ink shows empty frames."""
        self._steps = None if steps is None or steps.empty else steps
        self.setAccessibleDescription(
            "" if self._steps is None else " → ".join(step.title for step in self._steps.steps)
        )
        self.update()

    @property
    def steps(self) -> InkSteps | None:
        """What is shown, None for a blank pad."""
        return self._steps

    def minimumSizeHint(self) -> QSize:
        """Return the size in which the last picture has four pixels for each of its 28."""
        return QSize(240, 4 * 28 + CAPTION)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the steps before the last small at the left, the last large at the right."""
        steps = list(self._steps.steps) if self._steps is not None else []
        cells = len(self._steps.picture) if self._steps is not None else 28
        side = self._large_side(cells)
        small = (side + CAPTION - GAP) / 2 - CAPTION
        columns = max(2, -(-(len(steps) - 1) // 2))
        width = columns * small + (columns - 1) * GAP + ARROW + side
        if width > self.width():
            small = (self.width() - ARROW - side - (columns - 1) * GAP) / columns
            width = self.width()
        self._places = []
        with QPainter(self) as painter:
            for place in range(2 * columns):
                column, row = place % columns, place // columns
                area = QRectF(column * (small + GAP), row * (small + CAPTION + GAP), small, small)
                step = steps[place] if place < len(steps) - 1 else None
                if step is not None or not steps:
                    self._paint_picture(painter, area, step)
            left = width - side
            self._paint_arrow(painter, QPointF(left - ARROW / 2, side / 2))
            area = QRectF(left, 0, side, side)
            last = steps[-1] if steps else None
            title = f"The network gets {cells}×{cells}"
            self._paint_picture(painter, area, last, title=title, crisp=True)

    def _large_side(self, cells: int) -> float:
        """Return the side of the last picture: a whole number of screen pixels for each cell."""
        room = min(self.height() - CAPTION, (self.width() - ARROW) / 2 + CAPTION / 2)
        ratio = self.devicePixelRatioF()
        return max(1, int(room * ratio) // cells) * cells / ratio

    def _paint_picture(
        self,
        painter: QPainter,
        area: QRectF,
        step: InkStep | None,
        *,
        title: str = "",
        crisp: bool = False,
    ) -> None:
        """Paint one picture with its words, or an empty frame."""
        colours = theme.current()
        painter.fillRect(area, colours.paper)
        if step is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not crisp)
            painter.drawImage(area, on_paper(step.picture, colours))
            self._places.append((area, step))
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.setFont(theme.font(theme.SECONDARY_PX))
        painter.setPen(colours.secondary)
        words = title or ("" if step is None else SHORT.get(step.name, step.title))
        below = QRectF(area.left(), area.bottom() + 4, area.width(), CAPTION - 4)
        fitting = painter.fontMetrics().elidedText(
            words, Qt.TextElideMode.ElideRight, int(area.width()) + 2
        )
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, fitting)

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
