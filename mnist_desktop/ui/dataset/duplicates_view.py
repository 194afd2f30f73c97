"""Duplicates and leaks: what to compare, and the pairs that were found, side by side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStackedLayout, QVBoxLayout, QWidget

from mnist_desktop.datasets.duplicates import Duplicates
from mnist_desktop.datasets.duplicates_report import headline, notes
from mnist_desktop.progress import Progress
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import button, chip, heading, icon_button, secondary
from mnist_desktop.ui.dataset.difference_key import DifferenceKey
from mnist_desktop.ui.dataset.duplicates_form import DuplicatesForm
from mnist_desktop.ui.dataset.pair_list import PairList
from mnist_desktop.ui.messages import EmptyState

BEFORE = (
    "Find images that stand twice: within a split, and in both, where a test would ask what the "
    "training has shown. Pairs whose labels conflict come first."
)
FILTERS = ("All", "Conflicting labels", "Leaks", "Exact", "Near")


class DuplicatesView(QWidget):
    """Look for duplicates, go through the pairs, take them away.

    Signals ask: `start_requested` to begin and `cancel_requested` to stop, `closed` to go back to
    the grid, `sample_requested` to see a sample (a dataset and an index), `table_requested` to
    write all pairs, `export_requested` to write a split (its index) without its copies.
    """

    start_requested = Signal()
    cancel_requested = Signal()
    closed = Signal()
    sample_requested = Signal(object, int)
    table_requested = Signal()
    export_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("duplicates_view")
        self.found: Duplicates | None = None
        self.form = DuplicatesForm()
        self.headline = QLabel()
        self.headline.setWordWrap(True)
        self.headline.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.headline.setObjectName("duplicates_headline")
        self.headline.setProperty("role", "subheading")
        self.note = secondary(wrap=True)
        self.filters = [chip(text) for text in FILTERS]
        self.list = PairList()
        self.nothing = EmptyState(BEFORE, icon="copy")
        self.back = icon_button("left", "Back to the samples", shortcut_text="Esc")
        self.save_button = button("Save as CSV…", "save")
        self.export_button = button("Export without duplicates")
        self.export_menu = QMenu(self.export_button)
        self.export_button.setMenu(self.export_menu)
        self._build()
        self._connect()
        self.show_found(None)

    def _build(self) -> None:
        """Put the parts into their places."""
        head = QHBoxLayout()
        head.setSpacing(theme.INSIDE)
        head.addWidget(self.back)
        head.addWidget(heading("Duplicates and leaks"))
        head.addStretch(1)
        head.addWidget(self.export_button)
        head.addWidget(self.save_button)
        self._filter_row = QWidget()
        chips = QHBoxLayout(self._filter_row)
        chips.setContentsMargins(0, 0, 0, 0)
        chips.setSpacing(theme.INSIDE)
        for made in self.filters:
            made.setAutoExclusive(True)
            chips.addWidget(made)
        chips.addStretch(1)
        chips.addWidget(DifferenceKey())
        self._body = QStackedLayout()
        self._body.addWidget(self.nothing)
        self._body.addWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.form)
        column.addWidget(self.headline)
        column.addWidget(self.note)
        column.addWidget(self._filter_row)
        column.addLayout(self._body, 1)

    def _connect(self) -> None:
        """Wire the parts to one another."""
        self.form.started.connect(self.start_requested)
        self.form.cancelled.connect(self.cancel_requested)
        self.back.clicked.connect(self.closed)
        self.save_button.clicked.connect(self.table_requested)
        for made in self.filters:
            made.clicked.connect(self._show_filtered)
        self.list.sample_activated.connect(self._on_activated)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the grid on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def first_focus(self) -> QWidget:
        """Return what keys should go to first."""
        return self.list if len(self.list) else self.form.start_button

    # What runs

    @Slot()
    def on_started(self) -> None:
        """Show that it runs; what was found before goes away."""
        self.show_found(None)
        self.form.set_running(True)
        self.nothing.hide()
        self.form.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def on_progress(self, progress: Progress) -> None:
        """Show how far it is."""
        self.form.show_progress(progress)

    @Slot()
    def on_ended(self) -> None:
        """Show that nothing runs any more."""
        focused = self.form.cancel_button.hasFocus()
        self.form.set_running(False)
        self.nothing.setVisible(not len(self.list))
        if focused:
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    # What was found

    def show_found(self, found: Duplicates | None) -> None:
        """Show a result, or that there is none yet."""
        self.found = found
        has_pairs = found is not None and len(found) > 0
        self.headline.setVisible(has_pairs)
        self.headline.setText("" if found is None else headline(found))
        told = () if found is None else notes(found)
        self.note.setText(" ".join(told))
        self.note.setVisible(bool(told))
        self._filter_row.setVisible(has_pairs)
        self.save_button.setVisible(has_pairs)
        self._offer_export()
        self.nothing.sentence.setText(BEFORE if found is None else f"{headline(found)}.")
        self._body.setCurrentIndex(1 if has_pairs else 0)
        for made, text, mask in zip(self.filters, FILTERS, self._masks(), strict=True):
            count = int(mask.sum())
            made.setText(f"{text} {count:,}")
            made.setVisible(count > 0)
        self.filters[0].setChecked(True)
        self._show_filtered()

    def _masks(self) -> list[NDArray[np.bool_]]:
        """Return which pairs each filter shows."""
        found = self.found
        if found is None:
            return [np.empty(0, bool)] * len(FILTERS)
        every = np.ones(len(found), bool)
        return [every, found.conflict, found.leak, found.exact, ~found.exact]

    @Slot()
    def _show_filtered(self) -> None:
        """Show the pairs of the filter that is chosen."""
        chosen = next(place for place, made in enumerate(self.filters) if made.isChecked())
        self.list.set_pairs(self.found, np.flatnonzero(self._masks()[chosen]))

    def _offer_export(self) -> None:
        """Offer to write each split that has exact duplicates without them."""
        self.export_menu.clear()
        found = self.found
        for split in range(0 if found is None else len(found.splits)):
            copies = len(found.splits[split]) - len(found.without_copies(split))
            if copies:
                images = "image" if copies == 1 else "images"
                text = f"{found.split_name(split)}, without {copies:,} {images}…"
                action = self.export_menu.addAction(text)
                action.triggered.connect(lambda _=False, s=split: self.export_requested.emit(s))
        self.export_button.setVisible(not self.export_menu.isEmpty())

    @Slot(int, int)
    def _on_activated(self, pair: int, side: int) -> None:
        if self.found is not None:
            split = self.found.splits[int(self.found.which[pair, side])]
            self.sample_requested.emit(split, int(self.found.index[pair, side]))
