"""Draw over a picture where its ink lies and where the middle of its mass is."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from mnist_desktop.datasets.ink_measures import InkMeasures
from mnist_desktop.ui.theme import Theme

ARM = 7
"""Half the size of the cross at the centre of mass, in logical pixels."""


def box_area(measures: InkMeasures, area: QRectF) -> QRectF:
    """Return where the ink box lies on a picture that fills `area`."""
    box = measures.box
    if box is None:
        return QRectF()
    height, width = measures.shape
    across, down = area.width() / width, area.height() / height
    corner = QPointF(area.left() + box.left * across, area.top() + box.top * down)
    return QRectF(corner.x(), corner.y(), box.width * across, box.height * down)


def centre_point(measures: InkMeasures, area: QRectF) -> QPointF | None:
    """Return where the centre of mass lies on a picture that fills `area`."""
    if measures.centre is None:
        return None
    height, width = measures.shape
    column, line = measures.centre
    # Whole numbers are the middles of pixels.
    return QPointF(
        area.left() + (column + 0.5) * area.width() / width,
        area.top() + (line + 0.5) * area.height() / height,
    )


def paint_marks(painter: QPainter, *, area: QRectF, measures: InkMeasures, colours: Theme) -> None:
    """Draw box and centre of mass over a picture that fills `area`.

    Each line has a rim of paper, so that it is seen on paper and on ink.
    """
    centre = centre_point(measures, area)
    if centre is None:
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (_pen(colours.paper, 4), _pen(colours.accent, 2)):
        painter.setPen(pen)
        painter.drawRect(box_area(measures, area))
        painter.drawLine(centre - QPointF(ARM, 0), centre + QPointF(ARM, 0))
        painter.drawLine(centre - QPointF(0, ARM), centre + QPointF(0, ARM))


def _pen(colour: QColor, width: float) -> QPen:
    """Return a pen whose corners are square."""
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
