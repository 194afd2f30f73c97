"""The way from the ink to the network, as a row of pictures."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_desktop.inference.ink import InkStep, InkSteps
from mnist_desktop.ui import theme
from mnist_desktop.ui.draw.step_frame import CAPTION, StepFrame

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
    """Show what each step of the ink recipe made, and large what the network really gets.

    `switched` tells the names of the steps that are left out from now on.
    """

    switched = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("film_strip")
        self.setAccessibleName("From the ink to the network")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._steps: InkSteps | None = None
        self._shape: tuple[int, ...] = (28, 28)
        self._off: list[InkStep] = []
        self._use = Frames(1, 1, 1)
        self._small: list[StepFrame] = []
        self._large = self._new_frame()
        self._place()

    def show_steps(self, steps: InkSteps | None) -> None:
        """Show another drawing's way; None or blank ink shows empty frames."""
        self._steps = None if steps is None or steps.empty else steps
        if steps is not None:
            self._shape = steps.picture.shape
        self.setAccessibleDescription(
            "" if self._steps is None else " → ".join(_spoken(step) for step in self._steps.steps)
        )
        if self.isVisible():
            self._place()

    @property
    def steps(self) -> InkSteps | None:
        """What is shown, None for a blank pad."""
        return self._steps

    @property
    def frames(self) -> list[StepFrame]:
        """The pictures that stand there now, in the order of the steps."""
        return [frame for frame in (*self._small, self._large) if frame.step is not None]

    @property
    def left_out(self) -> frozenset[str]:
        """The names of the steps that are left out."""
        return frozenset(step.name for step in self._off)

    @property
    def left_out_words(self) -> str:
        """Which steps are left out, in one line; empty where none is."""
        names = [_short(step) for step in self._off]
        if len(names) > 1:
            return f"{', '.join(names[:-1])} and {names[-1]} are off"
        effect = WITHOUT.get(self._off[0].name, "see what it changes") if names else ""
        return f"{names[0]} is off: {effect}" if names else ""

    def switch(self, step: InkStep) -> None:
        """Leave a step out, or take it again."""
        if not step.optional:
            return
        others = [other for other in self._off if other.name != step.name]
        self._off = [*others, step] if len(others) == len(self._off) else others
        self.switched.emit(self.left_out)

    def switch_all_on(self) -> None:
        """Take all steps again."""
        if self._off:
            self._off = []
            self.switched.emit(self.left_out)

    def _new_frame(self) -> StepFrame:
        """Return one more frame; a click on it switches its step."""
        made = StepFrame(self)
        made.clicked.connect(lambda: None if made.step is None else self.switch(made.step))
        return made

    def _captions(self, step: InkStep | None) -> list[str]:
        """Return the words under a step's picture, and shorter ones for little room."""
        if step is None:
            return []
        if not step.left_out:
            return [_short(step)]
        # Left out it makes nothing to be called by; what it was called before, it is still.
        before = next((other for other in self._off if other.name == step.name), step)
        return [f"{_short(before)}: off", "off"]

    def _place(self) -> None:
        """Place the steps before the last small at the left, the last one large at the right."""
        steps = list(self._steps.steps) if self._steps is not None else []
        others = 4 if self._steps is None else len(steps) - 1
        ratio = self.devicePixelRatioF()
        room = QSize(self.width() - 2, self.height() - 2)
        use = frames(
            room.width(), room.height(), cells=max(self._shape), others=others, ratio=ratio
        )
        self._use = use
        while len(self._small) < 2 * use.columns:
            self._small.append(self._new_frame())
            self._small[-1].show()
        for place, frame in enumerate(self._small):
            row, column = divmod(place, use.columns)
            step = steps[place] if place < len(steps) - 1 else None
            frame.side = use.small
            left, top = column * (use.small + GAP), row * use.second_row
            frame.setGeometry(
                QRectF(left, top, use.small + GAP, use.small + CAPTION + 2).toAlignedRect()
            )
            frame.show_step(step, words=self._captions(step), crossed=True)
            frame.setVisible(place < 2 * use.columns and (step is not None or not steps))
        last = steps[-1] if steps else None
        self._large.side = use.large
        width = max(use.large + 2, self.width() - use.left)
        self._large.setGeometry(QRectF(use.left, 0, width, use.large + CAPTION + 2).toAlignedRect())
        size, short = f"{self._shape[1]}×{self._shape[0]}", self._captions(last)
        words = [f"Network gets {size}"]
        if short:
            words = [f"{short[0]} · network gets {size}", f"{short[0]} · {size}", *short]
        self._large.show_step(last, words=words, crossed=False)
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what came while another view was open."""
        super().showEvent(event)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the pictures in the new room."""
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        """Place the pictures on another screen's pixels."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._place()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a small arrow from the steps to what the network gets."""
        x, y = self._use.left - ARROW / 2 + 1, self._use.large / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.current().secondary, 1.5))
            for begin, end in (((-6, 0), (6, 0)), ((2, -4), (6, 0)), ((2, 4), (6, 0))):
                painter.drawLine(
                    QPointF(x + begin[0], y + begin[1]), QPointF(x + end[0], y + end[1])
                )


def _short(step: InkStep) -> str:
    """Return what a step is called in few words; one that resizes by the size it makes."""
    if step.name == "small":
        height, width = step.picture.shape
        return f"{width}×{height}"
    return SHORT.get(step.name, step.title)


def _spoken(step: InkStep) -> str:
    """Return how a screen reader tells of a step."""
    return f"{step.title} (off)" if step.left_out else step.title


SHORT = {
    "ink": "Ink",
    "square": "Box",
    "doubled": "Doubled",
    "full": "Full ink",
    "centred": "Centred",
    "scan": "Scan",
    "blurred": "Blurred",
    "framed": "Framed",
    "fitted": "Resized",
}
"""The words under a picture; a step without one here says its title."""

WITHOUT = {
    "square": "size and place matter",
    "doubled": "a speck is stretched",
    "small": "it fills the frame",
    "full": "grey stays grey",
    "centred": "it may stand elsewhere",
    "scan": "edges stay sharp",
    "blurred": "edges stay sharp",
    "framed": "the blur leaves a border",
}
"""What comes of leaving a step out."""
