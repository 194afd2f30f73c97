"""Two ends with the picture between them, and the way below: who gets how much room."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from mnist_desktop.inference.way import Way
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import subheading
from mnist_desktop.ui.morph.answer import WayAnswer
from mnist_desktop.ui.morph.end_picker import TITLE, EndPicker
from mnist_desktop.ui.morph.picture import EDGE, Picture
from mnist_desktop.ui.morph.way_view import WayView
from mnist_desktop.ui.morph.words import place_text

SMALLEST = 116
"""The least side of the three large pictures."""

ROW_SHARE = 0.36
"""The part of the height that the way may take."""


class Stage(QWidget):
    """Place the parts so that the pictures are as large as the window allows, all three alike."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = EndPicker("From", "first image")
        self.second = EndPicker("To", "second image")
        self.between = Picture("What lies between")
        self.between.setObjectName("morphed_picture")
        self.place = subheading("")
        self.answer = WayAnswer()
        self.way_view = WayView()
        # In the order in which Tab goes through them.
        for part in (
            self.first,
            self.place,
            self.between,
            self.answer,
            self.second,
            self.way_view,
        ):
            part.setParent(self)
        self._pixels = 28
        self.way_view.moved.connect(self._on_moved)
        self.setMinimumSize(3 * SMALLEST + 2 * theme.EDGE, 320)

    def set_pixels(self, pixels: int) -> None:
        """Make room for pictures with this many pixels at their longer side."""
        self._pixels = pixels
        self.place_parts()

    def set_way(self, way: Way) -> None:
        """Show another way."""
        self.way_view.set_way(way)
        self.answer.set_way(way)
        self._on_moved(self.way_view.index)

    def _on_moved(self, index: int) -> None:
        """Show the picture at another place."""
        way = self.way_view.way
        if way is None:
            return
        self.between.set_image(way.pictures[index])
        self.place.setText(place_text(way.place(index)))
        self.answer.set_index(index)
        large, small = self.answer.words()
        self.between.setAccessibleDescription(f"{self.place.text()} {large} {small}".strip())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the parts anew."""
        super().resizeEvent(event)
        self.place_parts()

    def place_parts(self) -> None:
        """Give each part its place for the present size."""
        width, height = self.width(), self.height()
        most = round(ROW_SHARE * height)
        row = self.way_view.fit(width, most=most, pixels=self._pixels)
        upper = height - row - theme.INSIDE
        side = self._side(width, upper)
        lefts = (0, (width - side) // 2, width - side)
        for picker, left in ((self.first, lefts[0]), (self.second, lefts[2])):
            picker.setGeometry(left, 0, side, upper)
            picker.fit(side)
        self.place.setGeometry(lefts[1], 0, side, TITLE - 4)
        self.between.setGeometry(lefts[1], TITLE, side, side)
        below = TITLE + side + theme.INSIDE
        self.answer.setGeometry(lefts[1], below, side, self.answer.sizeHint().height())
        self.way_view.setGeometry(0, height - row, width, row)

    def _side(self, width: int, height: int) -> int:
        """Return the side of the large pictures, frames included: whole pixels where possible."""
        most = (width - 2 * theme.EDGE) // 3
        side = most
        for _ in range(3):  # the narrower, the more lines of chips
            controls = max(
                self.first.controls_height(side),
                self.second.controls_height(side),
                theme.INSIDE + self.answer.sizeHint().height(),
            )
            side = max(SMALLEST, min(most, height - TITLE - controls))
        ratio = self.devicePixelRatioF()
        room = (side - 2 * EDGE) * ratio
        if room >= self._pixels:
            return round((room // self._pixels) * self._pixels / ratio) + 2 * EDGE
        return side
