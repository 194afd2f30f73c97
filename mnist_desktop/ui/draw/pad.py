"""The drawing pad: a square of paper that takes ink from mouse, pen and finger."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.draw.cursor import ring_cursor
from mnist_desktop.ui.draw.history import Item
from mnist_desktop.ui.draw.sheet import Sheet
from mnist_desktop.ui.draw.surface import RASTER, draw_with_pen, open_end
from mnist_desktop.ui.settings import DEFAULT_BRUSH

GUIDE = 4 / 28
"""The guide frame's distance from the edge: the digit of an MNIST image fills 20 of 28 pixels."""


class DrawingPad(QWidget):
    """Take strokes, show them at once, and keep them as data.

    `ink_changed` tells that the raster is another one, also in the middle of a stroke;
    `history_changed` that a stroke has ended or a step was undone or redone. `put_away` carries the
    items of a drawing that is cleared or replaced, just before it is gone.
    """

    ink_changed = Signal()
    history_changed = Signal()
    put_away = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drawing_pad")
        self.setAccessibleName("Drawing pad")
        self.setAccessibleDescription("Draw here with mouse, pen or finger; Delete clears it")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setMinimumSize(200, 200)
        self._sheet = Sheet(theme.current().ink)
        self._focus_shown = False
        self._brush = DEFAULT_BRUSH
        self._eraser = False
        self._set_cursor()
        theme.notifier().changed.connect(self._redraw)

    @property
    def brush(self) -> int:
        """Width of the pen in pixels of the raster."""
        return self._brush

    @brush.setter
    def brush(self, width: int) -> None:
        self._brush = width
        self._set_cursor()

    @property
    def eraser(self) -> bool:
        """Whether the next stroke takes ink away."""
        return self._eraser

    @eraser.setter
    def eraser(self, erase: bool) -> None:
        self._eraser = erase
        self._set_cursor()

    @property
    def items(self) -> tuple[Item, ...]:
        """The finished strokes and pasted pictures, in order."""
        return self._sheet.history.items

    @property
    def can_undo(self) -> bool:
        """Say whether there is a step to take back."""
        return self._sheet.history.can_undo

    @property
    def can_redo(self) -> bool:
        """Say whether there is a step to do again."""
        return self._sheet.history.can_redo

    @property
    def is_drawing(self) -> bool:
        """Say whether a stroke is being drawn now."""
        return self._sheet.is_drawing

    def raster(self) -> np.ndarray:
        """Return the ink, (560, 560) uint8, 0 blank to 255 full ink; a copy."""
        return self._sheet.raster.coverage()

    def picture(self) -> QImage:
        """Return the drawing as dark ink on light paper, for other programs."""
        return self._sheet.picture()

    def clear(self) -> None:
        """Take all ink away; it can be undone."""
        self.replace(())

    def replace(self, items: tuple[Item, ...]) -> None:
        """Show another drawing in place of this one; it can be undone."""
        self._lift()
        before = self.items
        if self._sheet.history.replace(items):
            if before:
                self.put_away.emit(before)
            self._redraw_changed()

    def undo(self) -> None:
        """Take the last step back; a stroke that is being drawn is the last step."""
        self._lift()
        if self._sheet.history.undo():
            self._redraw_changed()

    def redo(self) -> None:
        """Do the step again that was taken back."""
        self._lift()
        if self._sheet.history.redo():
            self._redraw_changed()

    def add_item(self, item: Item) -> None:
        """Put a finished stroke or a picture on the pad; raises as `Sheet.add`."""
        self._lift()
        self._sheet.add(item)
        self._tell_of_step()

    # The pen, wherever it comes from

    def _put_down(self, place: QPointF, *, erase: bool) -> None:
        """Begin a stroke."""
        self._lift()
        self._show_change(
            self._sheet.begin(self._on_raster(place), width=float(self._brush), erase=erase)
        )

    def _move(self, place: QPointF) -> None:
        """Go on with the stroke that is being drawn."""
        area = self._sheet.go_on(self._on_raster(place))
        if area is not None:
            self._show_change(area)

    def _lift(self) -> None:
        """End the stroke that is being drawn."""
        area = self._sheet.end()
        if area is not None:
            self.history_changed.emit()
            self._show_change(area)

    def _on_raster(self, place: QPointF) -> tuple[float, float]:
        """Return where a place on the widget lies on the raster."""
        return (place.x() * RASTER / self.width(), place.y() * RASTER / self.height())

    def _show_change(self, area: QRectF) -> None:
        """Have a part of the raster painted again, and tell that it is another one."""
        k = self.width() / RASTER
        scaled = QRectF(area.x() * k, area.y() * k, area.width() * k, area.height() * k)
        self.update(scaled.toAlignedRect().adjusted(-2, -2, 2, 2))
        self.ink_changed.emit()

    def _redraw_changed(self) -> None:
        """Draw everything anew after a step in the history."""
        self._sheet.redraw()
        self._tell_of_step()

    def _tell_of_step(self) -> None:
        """Show and tell that a step has been taken."""
        self.update()
        self.history_changed.emit()
        self.ink_changed.emit()

    def _redraw(self) -> None:
        """Draw the ink in the present size and colours."""
        self._lift()
        side = max(1, round(self.width() * self.devicePixelRatioF()))
        self._sheet.fit_screen(side, theme.current().ink)
        self._set_cursor()
        self.update()

    def _set_cursor(self) -> None:
        """Show the pen's size as a ring around the pointer."""
        size = self._brush * max(1, self.width()) / RASTER
        self.setCursor(ring_cursor(size, strong=self._eraser, ratio=self.devicePixelRatioF()))

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show paper, guide and the part of the ink that changed."""
        colours = theme.current()
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        focused = self.hasFocus() and self._focus_shown
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.paper)
            painter.drawRoundedRect(frame, theme.CORNER, theme.CORNER)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inset = GUIDE * self.width()
            painter.setPen(QPen(colours.guide, 1, Qt.PenStyle.DashLine))
            painter.drawRect(frame.adjusted(inset, inset, -inset, -inset))
            self._paint_ink(painter, QRectF(event.rect()))
            painter.setPen(QPen(colours.accent if focused else colours.line, 2 if focused else 1))
            edge = 0.5 if focused else 0
            painter.drawRoundedRect(
                frame.adjusted(edge, edge, -edge, -edge), theme.CORNER, theme.CORNER
            )

    def _paint_ink(self, painter: QPainter, part: QRectF) -> None:
        """Copy a part of the screen's ink, and draw the end of a stroke under way."""
        screen = self._sheet.screen
        k = screen.image.width() / self.width()
        source = QRectF(part.x() * k, part.y() * k, part.width() * k, part.height() * k)
        painter.drawImage(part, screen.image, source)
        if len(self._sheet.points) > 1 and not self._sheet.erases:
            painter.save()
            painter.scale(self.width() / RASTER, self.height() / RASTER)
            path = open_end(self._sheet.points)
            draw_with_pen(painter, path, colour=screen.ink, width=self._sheet.width)
            painter.restore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the ink sharp in the new size."""
        super().resizeEvent(event)
        self._redraw()

    def hideEvent(self, event: QHideEvent) -> None:
        """End a stroke that another page interrupts: its end would never be heard of."""
        super().hideEvent(event)
        self._lift()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring when the keyboard brought the focus here."""
        self._focus_shown = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the focus ring away."""
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the pen down with the left button."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._put_down(event.position(), erase=self._eraser)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw while the left button is down."""
        self._move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lift the pen."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._move(event.position())
            self._lift()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with a pen; its other end is an eraser."""
        kind = event.type()
        if kind == QEvent.Type.TabletPress and event.button() == Qt.MouseButton.LeftButton:
            turned = event.pointerType() == QPointingDevice.PointerType.Eraser
            self._put_down(event.position(), erase=self._eraser or turned)
        elif kind == QEvent.Type.TabletMove:
            self._move(event.position())
        elif kind == QEvent.Type.TabletRelease:
            self._move(event.position())
            self._lift()
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Draw with one finger; a second one ends the stroke."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._redraw()
        if not isinstance(event, QTouchEvent):
            return super().event(event)
        kind, fingers = event.type(), event.points()
        if kind == QEvent.Type.TouchCancel or len(fingers) > 1:
            self._lift()
        elif kind == QEvent.Type.TouchBegin:
            self._put_down(fingers[0].position(), erase=self._eraser)
        else:
            self._move(fingers[0].position())
            if kind == QEvent.Type.TouchEnd:
                self._lift()
        event.accept()
        return True
