"""What there is to tell of a column of values as a whole: counts of each, or a curve."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mnist_desktop.datasets.values import Figures, Values, figures_job
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import button, secondary, subheading
from mnist_desktop.ui.dataset.class_bars import ClassBars
from mnist_desktop.ui.dataset.value_curve import ValueCurve
from mnist_desktop.ui.dataset.values_table import MOST_COLUMNS, written
from mnist_desktop.ui.opening import Opener

WORKING, STOPPED = "Counting the values …", "The values were not counted."
LEAST_WIDTH = 300
RIGHT = 12
"""Pixels between the words and the scroll bar."""


class ValueBars(ClassBars):
    """Counts per value."""

    def words(self, place: int) -> str:
        """Return what a bar says in words: `7: 6,265 times (10.4 %)`."""
        return super().words(place).replace(" samples", " times").replace(" sample", " time")


class ColumnPanel(QScrollArea):
    """Lets a person choose a column, and tells of it; it is counted beside the window.

    `row_chosen` carries a row to go to, `value_chosen` a value to look for.
    """

    row_chosen = Signal(int)
    value_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("column_panel")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(LEAST_WIDTH)
        self._values: Values | None = None
        self.figures: Figures | None = None
        self.work = Opener(self)
        self.work.opened.connect(self._show_figures)
        self.work.failed.connect(lambda error: self._say(f"{STOPPED} {error}", again=True))
        self.work.runner.cancelled.connect(self._on_cancelled)
        self.bars = ValueBars()
        self.bars.class_clicked.connect(self._choose_value)
        self.curve = ValueCurve()
        self.curve.row_clicked.connect(self.row_chosen)
        self._build()

    def _build(self) -> None:
        """Put the parts under one another."""
        self.column = QComboBox()
        self.column.setObjectName("values_column")
        self.column.setAccessibleName("Column")
        self.column.currentIndexChanged.connect(self._count)
        self.meaning = secondary(wrap=True)
        self._state = secondary(wrap=True)
        self._again = button("Count them")
        self._again.clicked.connect(self._count)
        self._heading = subheading("")
        self._numbers = QFormLayout()
        self._numbers.setContentsMargins(0, 0, 0, 0)
        self._numbers.setHorizontalSpacing(theme.BETWEEN)
        self._numbers.setVerticalSpacing(4)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, RIGHT, 0)
        column.setSpacing(theme.INSIDE)
        column.addWidget(self.column)
        column.addWidget(self.meaning)
        column.addWidget(self._state)
        column.addWidget(self._again, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._numbers)
        column.addWidget(self._heading)
        column.addWidget(self.bars)
        column.addWidget(self.curve)
        column.addStretch(1)
        self.setWidget(page)
        page.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def set_values(self, values: Values) -> None:
        """Tell of the first column of these values."""
        self._values = values
        columns = values.table.shape[1]
        with QSignalBlocker(self.column):
            self.column.clear()
            for place in range(min(columns, MOST_COLUMNS)):
                self.column.addItem(values.column(place).name)
        self.column.setVisible(columns > 1)
        self._count()

    @property
    def place(self) -> int:
        """Return the number of the column."""
        return max(0, self.column.currentIndex())

    def close_down(self) -> None:
        """End what runs beside the window."""
        self.work.forget()
        self.work.runner.wait_closed()

    @Slot(int)
    def _choose_value(self, place: int) -> None:
        """Ask for the value of a bar."""
        if self.figures is not None and self.figures.counts is not None:
            self.value_chosen.emit(list(self.figures.counts)[place])

    @Slot()
    def _count(self) -> None:
        """Have the values of the chosen column counted."""
        values, column = self._values, self.column.currentIndex()
        self.figures = None
        for part in (self._heading, self.bars, self.curve):
            part.hide()
        self._list_numbers([])
        self._say("")
        if values is None:
            return
        self.meaning.setText(values.column(column).meaning if column >= 0 else "")
        self.meaning.setVisible(bool(self.meaning.text()))
        if column >= 0 and len(values.table):
            self._say(WORKING)
            self.work.open(lambda: figures_job(values, column))

    @Slot()
    def _on_cancelled(self) -> None:
        """Say that there are no figures, unless others are on their way."""
        if self.figures is None and not self.work.runner.is_running:
            self._say(STOPPED, again=True)

    @Slot(object)
    def _show_figures(self, figures: Figures) -> None:
        """Show what was counted."""
        if (values := self._values) is None:
            return
        self.figures = figures
        self._say("")
        self._list_numbers(figure_facts(figures))
        rows = len(values.table)
        counts = figures.counts
        few = counts is not None and len(counts) < rows
        self._heading.setText("How often each value occurs" if few else "Along the rows")
        if few and counts is not None:
            names = [self._bar_name(value) for value in counts]
            self.bars.set_counts(names, list(counts.values()))
        elif rows > 1 and not math.isnan(figures.lowest):
            self.curve.set_figures(figures, rows=rows)
        self.bars.setVisible(few)
        self.curve.setVisible(not few and rows > 1 and not math.isnan(figures.lowest))
        self._heading.setVisible(not self.bars.isHidden() or not self.curve.isHidden())

    def _bar_name(self, value: float) -> str:
        """Return a value, with what it stands for where that is known."""
        text = written(np.asarray(value)[()])
        names = self._values.class_names if self._values is not None else {}
        if self.column.currentIndex() == 0 and value in names and names[int(value)] != text:
            return f"{text} {names[int(value)]}"
        return text

    def _list_numbers(self, facts: list[tuple[str, str]]) -> None:
        """List what is known of the column."""
        while self._numbers.rowCount():
            self._numbers.removeRow(0)
        for word, value in facts:
            shown = QLabel(value)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._numbers.addRow(secondary(word), shown)

    def _say(self, state: str, *, again: bool = False) -> None:
        """Say what the figures wait for; nothing when they are there."""
        self._state.setText(state)
        self._state.setVisible(bool(state))
        self._again.setVisible(again)


def figure_facts(figures: Figures) -> list[tuple[str, str]]:
    """Return what is known of a column, as pairs of a word and a value."""
    if math.isnan(figures.lowest):
        facts = []
    else:
        facts = [
            ("Lowest", f"{figures.lowest:.9g}"),
            ("Highest", f"{figures.highest:.9g}"),
            ("Mean", f"{figures.mean:.6g}"),
        ]
    if figures.counts is not None:
        facts.append(("Different values", f"{len(figures.counts):,}"))
    if figures.odd:
        facts.append(("Not finite", f"{figures.odd:,}"))
    return facts
