"""Over the pad while a replay is shown: the drawing as far as it had come, and the rest faint."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.draw.history import Item
from mnist_desktop.ui.draw.pad import GUIDE
from mnist_desktop.ui.draw.surface import Surface

FAINT = 0.16
"""How much is seen of what is still to come."""

FRAME = 2
"""Pixels of the pad's frame that stay free."""


class PartOverlay(QWidget):
    """Cover a pad with a part of its drawing; the pen goes through to the pad.

    Parameters
    ----------
    pad
        The widget to be covered.
    """

    def __init__(self, pad: QWidget) -> None:
        super().__init__(pad)
        self.setObjectName("part_overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._part: tuple[Item, ...] = ()
        self._whole: tuple[Item, ...] = ()
        self._words = ""
        self._rest: QImage | None = None
        self.hide()
        pad.installEventFilter(self)
        theme.notifier().changed.connect(self._forget_rest)

    @property
    def part(self) -> tuple[Item, ...]:
        """What is shown of the drawing."""
        return self._part

    def show_part(self, part: Sequence[Item], whole: Sequence[Item], words: str) -> None:
        """Cover the pad with a part of a drawing.

        Parameters
        ----------
        words
            What stands in the corner: that this is a replay, and how far it is.
        """
        whole = tuple(whole)
        if len(whole) != len(self._whole) or any(
            a is not b for a, b in zip(whole, self._whole, strict=True)
        ):
            self._whole = whole
            self._rest = None
        self._part, self._words = tuple(part), words
        self._cover()
        self.show()
        self.update()

    @Slot()
    def clear(self) -> None:
        """Show the pad again."""
        self.hide()
        self._part, self._whole, self._rest = (), (), None

    @Slot()
    def _forget_rest(self) -> None:
        """Draw what is still to come anew, in another size or colour."""
        self._rest = None
        self.update()

    def _cover(self) -> None:
        """Lie on the pad's paper, inside its frame."""
        pad = self.parentWidget()
        self.setGeometry(pad.rect().adjusted(FRAME, FRAME, -FRAME, -FRAME))

    def _drawn(self, items: Sequence[Item]) -> QImage:
        """Return a drawing as sharp as the screen, of the pad's size."""
        side = max(1, round(self.parentWidget().width() * self.devicePixelRatioF()))
        surface = Surface(side, theme.current().ink)
        surface.draw_items(items)
        surface.image.setDevicePixelRatio(self.devicePixelRatioF())
        return surface.image

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint paper and guide as the pad does, the whole drawing faint, and the part."""
        if self._rest is None:
            self._rest = self._drawn(self._whole)
        colours, corner = theme.current(), QPoint(-FRAME, -FRAME)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.paper)
            painter.drawRoundedRect(self.rect(), theme.CORNER - FRAME, theme.CORNER - FRAME)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.guide, 1, Qt.PenStyle.DashLine))
            inset = GUIDE * (self.width() + 2 * FRAME) - FRAME + 0.5
            painter.drawRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))
            painter.setOpacity(FAINT)
            painter.drawImage(corner, self._rest)
            painter.setOpacity(1.0)
            painter.drawImage(corner, self._drawn(self._part))
            painter.setFont(theme.font(theme.SECONDARY_PX))
            painter.setPen(colours.secondary)
            align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
            painter.drawText(self.rect().adjusted(10, 8, -10, -8), align, self._words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the pad's size."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.DevicePixelRatioChange):
            self._cover()
            self._forget_rest()
        return False
