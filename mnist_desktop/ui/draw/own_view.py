"""The view of a person's own drawings: how many there are, and what a model learns from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import button, count_text, percent_text, primary_button, secondary
from mnist_desktop.ui.draw.naming import name_text
from mnist_desktop.ui.messages import MessageStrip

if TYPE_CHECKING:
    from mnist_desktop.inference.drawing import Drawing
    from mnist_desktop.trainer.teaching import Score, Taught

NONE_YET = (
    "Draw, then say below the answer what it was. Your drawings are kept, and the model can learn "
    "your hand from them."
)
TOO_FEW = "All your drawings were needed to teach; with ten or more, some are set apart to judge by"


class OwnView(QWidget):
    """Offer to teach, to show and to remove, and show what teaching gave until it is decided."""

    teach_requested = Signal()
    cancel_requested = Signal()
    show_requested = Signal()
    remove_last_requested = Signal()
    accepted = Signal()
    rejected = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("own_view")
        self._taught: Taught | None = None
        self.counted = QLabel()
        self.counted.setWordWrap(True)
        self.classes = secondary(wrap=True)
        self.teach = primary_button("Teach it my hand")
        self.teach.setObjectName("teach")
        self.teach.setToolTip("Train the model further on your drawings; you decide afterwards")
        self.teach.clicked.connect(self.teach_requested)
        self.stop = button("Stop teaching", "stop")
        self.stop.clicked.connect(self.cancel_requested)
        self.shows = button("Show them", "dataset")
        self.shows.setToolTip("Show your drawings on the dataset page")
        self.shows.clicked.connect(self.show_requested)
        self.remove = button("Remove the last")
        self.remove.clicked.connect(self.remove_last_requested)
        self.message = MessageStrip()
        self.result = _Result()
        self.result.use.clicked.connect(self.accepted)
        self.result.keep.clicked.connect(self.rejected)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addWidget(self.message)
        column.addWidget(self.counted)
        column.addWidget(self.classes)
        column.addLayout(_row_of(self.teach, self.stop))
        column.addLayout(_row_of(self.shows, self.remove))
        column.addWidget(self.result)
        column.addStretch(1)
        self.result.hide()
        self.show_drawings(())
        self.set_teaching(False)

    @property
    def taught(self) -> Taught | None:
        """What teaching gave and is not decided on yet."""
        return self._taught

    def show_drawings(self, drawings: Sequence[Drawing]) -> None:
        """Show how many drawings there are of each class."""
        counts = Counter(drawing.label for drawing in drawings)
        self._count = len(drawings)
        one = "One drawing of yours is kept."
        many = f"{count_text(self._count)} drawings of yours are kept."
        self.counted.setText({0: NONE_YET, 1: one}.get(self._count, many))
        parts = [f"{name_text(label)}: {count_text(counts[label])}" for label in sorted(counts)]
        self.classes.setText("   ".join(parts))
        self.classes.setVisible(bool(parts))
        for part in (self.teach, self.shows, self.remove):
            part.setEnabled(bool(drawings))

    def set_teaching(self, teaching: bool) -> None:
        """Show whether a model is being taught now."""
        self.message.dismiss()
        self.show_taught(None)
        self.teach.setVisible(not teaching)
        self.stop.setVisible(teaching)

    def show_taught(self, taught: Taught | None) -> None:
        """Show what teaching gave, to be decided on; None once it is."""
        self._taught = taught
        self.result.setVisible(taught is not None)
        self.counted.setVisible(taught is None)
        self.classes.setVisible(taught is None and bool(self.classes.text()))
        for part in (self.teach, self.shows, self.remove):
            part.setVisible(taught is None)
        if taught is not None:
            self.result.show_taught(taught)
            self.result.use.setFocus(Qt.FocusReason.OtherFocusReason)


class _Result(QWidget):
    """Before and after, and the decision."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("teaching_result")
        self.headline = QLabel()
        self.headline.setWordWrap(True)
        self.use = primary_button("Use the new one")
        self.use.setObjectName("use_taught")
        self.keep = button("Keep the old one")
        self.keep.setObjectName("keep_old")
        self._table = QGridLayout()
        self._table.setHorizontalSpacing(theme.BETWEEN)
        self._table.setVerticalSpacing(4)
        self._table.setColumnStretch(0, 1)
        self.remark = secondary(wrap=True)
        self._cells: list[QLabel] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addWidget(self.headline)
        column.addLayout(self._table)
        column.addWidget(self.remark)
        column.addLayout(_row_of(self.use, self.keep))

    def show_taught(self, taught: Taught) -> None:
        """Fill the table."""
        drawings = "one drawing" if taught.taught == 1 else f"{taught.taught:,} drawings"
        self.headline.setText(f"It has learned from {drawings}. Read right:")
        rows = [("", "before", "after")]
        if taught.own is not None:
            rows.append(_row(f"{taught.own.count:,} of yours, not taught", taught.own))
        rows.append(_row(taught.test_name, taught.test))
        for cell in self._cells:
            cell.deleteLater()
        self._cells = []
        for line, texts in enumerate(rows):
            for column, text in enumerate(texts):
                self._add_cell(text, line, column)
        mixed = f"Mixed in so that it forgets nothing: {taught.mixed}."
        self.remark.setText(mixed if taught.own is not None else f"{TOO_FEW}. {mixed}")
        words = [": ".join((name, f"{a} before, {b} after")) for name, a, b in rows[1:]]
        self.setAccessibleName("What teaching gave")
        self.setAccessibleDescription(". ".join([self.headline.text(), *words]))

    def _add_cell(self, text: str, line: int, column: int) -> None:
        """Put a text into the table; figures stand at the right of their columns."""
        made = secondary(text) if line == 0 or column == 0 else QLabel(text)
        side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
        self._table.addWidget(made, line, column, side | Qt.AlignmentFlag.AlignVCenter)
        self._cells.append(made)


def _row_of(*parts: QWidget) -> QHBoxLayout:
    """Return widgets in a row, no wider than they want to be."""
    row = QHBoxLayout()
    row.setSpacing(theme.INSIDE)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return row


def _row(name: str, score: Score) -> tuple[str, str, str]:
    """Return a row of the table; of few pictures the counts say more than percent."""
    if score.count < 100:
        before, after = (f"{right} of {score.count}" for right in (score.before, score.after))
        return name, before, after
    before, after = (percent_text(r / score.count, 2) for r in (score.before, score.after))
    return name, before, after
