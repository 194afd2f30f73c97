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
        self._finished: tuple[tuple[Item, ...], Surface] | None = None
        self.hide()
        pad.installEventFilter(self)
        theme.notifier().changed.connect(self._draw_anew)

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
        if not _same(whole, self._whole):
            self._whole, self._rest = tuple(whole), None
        self._part, self._words = tuple(part), words
        self._cover()
        self.show()
        self.update()

    @Slot()
    def clear(self) -> None:
        """Show the pad again."""
        self.hide()
        self._part, self._whole = (), ()
        self._rest = self._finished = None

    @Slot()
    def _draw_anew(self) -> None:
        """Draw everything in another size or colour."""
        self._rest = self._finished = None
        self.update()

    def _cover(self) -> None:
        """Lie on the pad's paper, inside its frame."""
        pad = self.parentWidget()
        self.setGeometry(pad.rect().adjusted(FRAME, FRAME, -FRAME, -FRAME))

    def _surface(self) -> Surface:
        """Return an empty surface as sharp as the screen, of the pad's size."""
        side = max(1, round(self.parentWidget().width() * self.devicePixelRatioF()))
        return Surface(side, theme.current().ink)

    def _drawn_part(self) -> QImage:
        """Return the part's ink: only the stroke under way is drawn for each moment anew."""
        known, items = self._finished, self._part[:-1]
        if known is None or not _same(known[0], items[: len(known[0])]):
            known = (), self._surface()
        before, surface = known
        for item in items[len(before) :]:
            surface.draw_item(item)
        self._finished = items, surface
        drawn = self._surface()
        drawn.image = surface.image.copy()
        for item in self._part[-1:]:
            drawn.draw_item(item)
        return self._scaled(drawn.image)

    def _scaled(self, image: QImage) -> QImage:
        """Return a picture that is painted as large as the pad."""
        image.setDevicePixelRatio(self.devicePixelRatioF())
        return image

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint paper and guide as the pad does, the whole drawing faint, and the part."""
        if self._rest is None:
            surface = self._surface()
            surface.draw_items(self._whole)
            self._rest = self._scaled(surface.image)
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
            painter.drawImage(corner, self._drawn_part())
            painter.setFont(theme.font(theme.SECONDARY_PX))
            painter.setPen(colours.secondary)
            align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
            painter.drawText(self.rect().adjusted(10, 8, -10, -8), align, self._words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the pad's size."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.DevicePixelRatioChange):
            self._cover()
            self._draw_anew()
        return False


def _same(first: Sequence[Item], second: Sequence[Item]) -> bool:
    """Say whether two drawings consist of the very same items."""
    return len(first) == len(second) and all(a is b for a, b in zip(first, second, strict=True))
