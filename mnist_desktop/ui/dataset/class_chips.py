"""Chips that filter by class: each shows how many samples its class has."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QSizePolicy, QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import count_text
from mnist_desktop.ui.flow import FlowLayout

HEIGHT = 30
GAP = 4
WIDEST = 200
"""Pixels beyond which a chip shortens its name."""
LINES = 3
"""Lines of chips that show at once; more of them scroll."""
WITH_COUNTS = 16
"""Up to so many classes each chip has room for its count; with more, the tip tells it."""
MOST = 512
"""Classes that get a chip; a file with more of them holds no classes but values."""


class ClassChip(QAbstractButton):
    """A button for one class: name, count, and a bar as long as its share of the largest class.

    Parameters
    ----------
    name
        The class's name; `count` its number of samples, `share` that number as a part (0 to 1) of
        the largest class's, or None for no bar.
    with_count
        Show the count beside the name.
    """

    def __init__(self, name: str, *, count: int, share: float | None, with_count: bool) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setText(name)
        self._name = name
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._with_count = with_count
        self._width = 0
        self.set_count(count, share=share)
        theme.notifier().changed.connect(self.update)

    def set_count(self, count: int, *, share: float | None) -> None:
        """Show another count, and a bar for another share of the largest class."""
        self._count, self._share = count_text(count), share
        samples = "sample" if count == 1 else "samples"
        self.setAccessibleName(f"{self._name}, {self._count} {samples}")
        self.setToolTip(f"{self._name}: {self._count} {samples}")
        self.updateGeometry()
        self.update()

    def natural_width(self) -> int:
        """Return the width its words need."""
        width = QFontMetrics(theme.font(theme.TEXT_PX, bold=True)).horizontalAdvance(self._name)
        if self._with_count:
            small = QFontMetrics(theme.font(theme.SECONDARY_PX))
            width += theme.INSIDE + small.horizontalAdvance(self._count)
        return min(WIDEST, max(HEIGHT, width + 2 * theme.INSIDE))

    def set_width(self, width: int) -> None:
        """Take this width, so that all chips of a row are alike and their bars compare."""
        self._width = width
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the width agreed upon."""
        return QSize(self._width or self.natural_width(), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the same: a chip is never squeezed."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, words and bar in the colours of the theme."""
        colours, checked = theme.current(), self.isChecked()
        ground, text, quiet = colours.surface, colours.text, colours.secondary
        if checked:
            ground, text, quiet = colours.accent, colours.on_accent, colours.on_accent
        elif self.isDown():
            ground = colours.pressed
        elif self.underMouse() and self.isEnabled():
            ground = colours.hover
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter, ground=ground, focus=text if checked else colours.accent)
            area = QRectF(self.rect()).adjusted(theme.INSIDE, 0, -theme.INSIDE, -4)
            side = Qt.AlignmentFlag.AlignLeft if self._with_count else Qt.AlignmentFlag.AlignHCenter
            painter.setFont(theme.font(theme.TEXT_PX, bold=True))
            painter.setPen(text)
            painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), self._short_name())
            if self._with_count:
                painter.setFont(theme.font(theme.SECONDARY_PX))
                painter.setPen(quiet)
                right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(area, int(right), self._count)
            if self._share is not None:
                full = QRectF(area.left(), self.height() - 7, area.width(), 2)
                full.setWidth(max(1.0, full.width() * self._share) if self._share else 0.0)
                painter.fillRect(full, text if checked else colours.bar)

    def _short_name(self) -> str:
        """Return the name, shortened where it has no room; the tip has all of it."""
        room = self.width() - 2 * theme.INSIDE
        if self._with_count:
            small = QFontMetrics(theme.font(theme.SECONDARY_PX))
            room -= theme.INSIDE + small.horizontalAdvance(self._count)
        bold = QFontMetrics(theme.font(theme.TEXT_PX, bold=True))
        if bold.horizontalAdvance(self._name) <= room:
            return self._name
        return bold.elidedText(self._name, Qt.TextElideMode.ElideRight, room)

    def _paint_ground(self, painter: QPainter, *, ground: object, focus: object) -> None:
        """Paint the rounded rectangle, with a thicker edge when keys go here."""
        width = 2 if self.hasFocus() else 1
        edge = focus if self.hasFocus() else theme.current().line
        inset = width / 2
        painter.setPen(QPen(edge, width))
        painter.setBrush(ground)
        area = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(area, theme.CORNER, theme.CORNER)


class ClassChips(QScrollArea):
    """A chip for each class and one for all of them.

    `changed` tells the chosen classes as a frozenset of int; empty means all.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("class_chips")
        self.setAccessibleName("Filter by class")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._all: ClassChip | None = None
        self._chips: dict[int, ClassChip] = {}
        self._names: tuple[str, ...] = ()

    def set_classes(self, names: Sequence[str], counts: Sequence[int]) -> None:
        """Offer these classes, with nothing filtered; hide when there is nothing to choose."""
        self._names = tuple(names)
        self._chips = {}
        holder = QWidget()
        row = FlowLayout(holder, spacing=GAP)
        with_count = len(names) <= WITH_COUNTS
        largest = max(counts, default=0)
        self._all = ClassChip("All", count=sum(counts), share=None, with_count=with_count)
        self._all.setChecked(True)
        self._all.clicked.connect(self.choose_all)
        row.addWidget(self._all)
        for place, (name, count) in enumerate(zip(names, counts, strict=True)):
            if place == MOST:
                break
            share = count / largest if largest else 0.0
            chip = ClassChip(name, count=count, share=share, with_count=with_count)
            chip.clicked.connect(self._tell)
            self._chips[place] = chip
            row.addWidget(chip)
        self._set_widths()
        self.setWidget(holder)
        holder.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.setVisible(len(self._chips) > 0)
        self._fit()

    @property
    def has_any(self) -> bool:
        """Say whether there are classes to choose."""
        return len(self._chips) > 0

    def set_counts(self, counts: Sequence[int]) -> None:
        """Show other counts of the same classes; those chosen stay chosen."""
        largest = max(counts, default=0)
        if self._all is not None:
            self._all.set_count(sum(counts), share=None)
        for place, chip in self._chips.items():
            chip.set_count(counts[place], share=counts[place] / largest if largest else 0.0)
        if len(self._chips) <= WITH_COUNTS:  # with more, no width depends on them
            self._set_widths()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the classes on offer."""
        return self._names

    def _set_widths(self) -> None:
        """Make all chips as wide as the widest needs to be."""
        width = max((chip.natural_width() for chip in self._chips.values()), default=0)
        for chip in self._chips.values():
            chip.set_width(width)

    def chosen(self) -> frozenset[int]:
        """Return the classes chosen; empty for all."""
        return frozenset(place for place, chip in self._chips.items() if chip.isChecked())

    def toggle_key(self, digit: int) -> bool:
        """Choose or drop the class that a figure key stands for.

        The class of that name, or the one in that place where none is called so.
        """
        name = str(digit)
        place = self._names.index(name) if name in self._names else digit
        if place not in self._chips:
            return False
        self._chips[place].click()
        return True

    @Slot(int)
    def choose_only(self, place: int) -> None:
        """Filter by this class alone; by none where it was the only one already."""
        alone = self.chosen() == {place}
        for other, chip in self._chips.items():
            chip.setChecked(other == place and not alone)
        self._tell()

    @Slot()
    def choose_all(self) -> None:
        """Filter nothing."""
        for chip in self._chips.values():
            chip.setChecked(False)
        self._tell()

    @Slot()
    def _tell(self) -> None:
        """Tell what is chosen now; choosing nothing means everything."""
        chosen = self.chosen()
        if self._all is not None:
            self._all.setChecked(not chosen)
        self.changed.emit(chosen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take as many lines as the chips need at the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        holder = self.widget()
        if holder is None or holder.layout() is None:
            return
        needed = holder.layout().heightForWidth(self.width())
        most = LINES * HEIGHT + (LINES - 1) * GAP
        bar = Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        self.setVerticalScrollBarPolicy(bar if needed > most else bar.ScrollBarAlwaysOff)
        self.setFixedHeight(min(needed, most))
