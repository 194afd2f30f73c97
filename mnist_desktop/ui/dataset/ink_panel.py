"""What can be measured of a sample's ink: histogram, box, centre of mass."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mnist_desktop.datasets.ink_measures import InkMeasures
from mnist_desktop.ui.controls import percent_text, secondary
from mnist_desktop.ui.dataset.facts import FactList
from mnist_desktop.ui.dataset.histogram import InkHistogram
from mnist_desktop.ui.dataset.summary import counted


class InkPanel(QWidget):
    """Shows the measures of a sample's ink."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measures: InkMeasures | None = None
        self.histogram = InkHistogram()
        self.histogram.bar_changed.connect(self._tell)
        self.reading = secondary()
        self.facts = FactList()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self.histogram, self.reading, self.facts):
            column.addWidget(widget)

    def set_measures(self, measures: InkMeasures | None) -> None:
        """Show the measures of a sample, or nothing."""
        self._measures = measures
        self.histogram.set_measures(measures)
        self.facts.set_facts([] if measures is None else measured_facts(measures))
        self._tell()

    @Slot()
    def _tell(self) -> None:
        """Tell of the bar pointed at, or else how much is paper and how much ink."""
        place, measures = self.histogram.current, self._measures
        if measures is None:
            self.reading.setText("")
        elif place is not None:
            self.reading.setText(self.histogram.describe(place))
        else:
            share = percent_text(measures.paper / max(1, measures.pixels))
            inked = counted(measures.pixels - measures.paper, "pixel")
            self.reading.setText(f"{inked} with ink, {share} is blank paper")


def measured_facts(measures: InkMeasures) -> list[tuple[str, str]]:
    """Return where the ink lies, as pairs of a word and a value."""
    box, centre = measures.box, measures.centre
    mean = ("Mean", f"{measures.mean:.1f} of 255")
    if box is None or centre is None:
        return [("Ink box", "no ink"), ("Centre of mass", "no ink"), mean]
    return [
        ("Ink box", f"{box.width} × {box.height} at column {box.left}, line {box.top}"),
        ("Centre of mass", f"column {centre[0]:.1f}, line {centre[1]:.1f}"),
        mean,
    ]
