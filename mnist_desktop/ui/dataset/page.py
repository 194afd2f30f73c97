"""The dataset page: bar on top, grid, inspector, and what the file has to be told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.picking import pick
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.bar import DatasetBar
from mnist_desktop.ui.dataset.empty import EmptyDataset
from mnist_desktop.ui.dataset.grid import SampleGrid
from mnist_desktop.ui.dataset.grid_keys import handle_key
from mnist_desktop.ui.dataset.inspector import Inspector
from mnist_desktop.ui.dataset.shown import NOTHING, Shown
from mnist_desktop.ui.dataset.summary import shown_line
from mnist_desktop.ui.dataset.view_bar import ViewBar
from mnist_desktop.ui.dataset.view_state import DEFAULT_SHARE, ViewState
from mnist_desktop.ui.messages import MessageStrip

CHOOSE_LABELS = "Choose labels file…"
SHOW_ALL = "Show all"


class DatasetPage(QWidget):
    """See every sample of a dataset, pick some of them, look at one closely.

    Signals ask: `open_requested` for a file (a Path, or None to let the person choose one),
    `sample_requested` for the generated digits, `labels_requested` for a labels file to go with
    the images at the Path it carries, `send_to_pad_requested` to put an (h, w) uint8 image with
    ink high on the pad. `image_activated` tells the index of a sample a person opened.
    """

    open_requested = Signal(object)
    sample_requested = Signal()
    labels_requested = Signal(object)
    image_activated = Signal(int)
    send_to_pad_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dataset_page")
        self._dataset: Dataset | None = None
        self._hidden_index: int | None = None
        self._share = DEFAULT_SHARE
        self.error_strip = MessageStrip()
        self.notice_strip = MessageStrip()
        self.empty = EmptyDataset()
        self.bar = DatasetBar()
        self.view_bar = ViewBar()
        self.grid = SampleGrid()
        self.inspector = Inspector()
        self._build()
        self._connect()
        self.restore_view(ViewState())

    def _build(self) -> None:
        """Put the parts into their places."""
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setObjectName("dataset_splitter")
        self.splitter.setHandleWidth(theme.BETWEEN)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.grid)
        self.splitter.addWidget(self.inspector)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 1)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.bar)
        column.addWidget(self.view_bar)
        column.addWidget(self.splitter, 1)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(content)
        page = QVBoxLayout(self)
        page.setContentsMargins(theme.EDGE, theme.BETWEEN, theme.EDGE, theme.INSIDE)
        page.setSpacing(12)
        page.addWidget(self.error_strip)
        page.addWidget(self.notice_strip)
        page.addLayout(self._stack, 1)

    def _connect(self) -> None:
        """Wire the parts to one another."""
        for source in (self.empty, self.bar):
            source.open_requested.connect(self.open_requested)
            source.sample_requested.connect(self.sample_requested)
        self.bar.chips.changed.connect(self._on_classes)
        self.view_bar.picking_changed.connect(self._show_picked)
        self.view_bar.index_entered.connect(self._enter_index)
        self.view_bar.zoom_chosen.connect(self.grid.set_cell_size)
        self.view_bar.captions_toggled.connect(self.grid.set_captions)
        self.view_bar.inspector_toggled.connect(self._unfold_inspector)
        self.splitter.splitterMoved.connect(self._on_splitter_moved)
        self.grid.current_changed.connect(self._on_current)
        self.grid.selection_changed.connect(self._show_count)
        self.grid.zoom_changed.connect(self.view_bar.show_zoom)
        self.grid.class_key_pressed.connect(self.bar.chips.toggle_key)
        self.grid.go_to_requested.connect(self.view_bar.begin_go_to)
        self.grid.copy_requested.connect(self.inspector.copy_picture)
        self.grid.sample_activated.connect(self._on_activated)
        self.inspector.send_to_pad_requested.connect(self.send_to_pad_requested)
        self.notice_strip.chosen.connect(self._on_action)
        self.error_strip.chosen.connect(self._on_action)

    def showEvent(self, event: QShowEvent) -> None:
        """Let keys go to the grid, unless they already go to a part of the page."""
        super().showEvent(event)
        if not self._has_focus():
            self._focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the grid's keys work wherever on the page the focus is and they mean nothing."""
        if self._dataset is not None and handle_key(self.grid, event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def _has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and focus.isVisible() and self.isAncestorOf(focus)

    def _focus(self) -> None:
        """Give the focus to the grid, or to what an empty page offers first."""
        first = self.empty.state.buttons[0] if self._dataset is None else self.grid
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    # What is shown

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Show this dataset, or the empty page; messages about the one before go away."""
        self._dataset = dataset
        self.error_strip.dismiss()
        self.notice_strip.dismiss()
        # Where the focus is has to be asked first: hiding its widget moves it on.
        here = self._has_focus()
        self._stack.setCurrentIndex(0 if dataset is None else 1)
        if here:
            self._focus()
        self.inspector.set_dataset(dataset)
        if dataset is None:
            self.grid.set_shown(NOTHING)
            return
        self.bar.set_dataset(dataset)
        self.view_bar.set_count(len(dataset))
        self.view_bar.set_labelled(dataset.labels is not None)
        self.view_bar.reset()
        self._show_picked()
        self._show_notes(dataset)

    @property
    def dataset(self) -> Dataset | None:
        """Return the dataset shown."""
        return self._dataset

    def set_classifier(self, classifier: Classifier | None) -> None:
        """Let the inspector tell what this model says of each sample."""
        self.inspector.set_classifier(classifier)

    def set_recent_files(self, paths: Sequence[Path]) -> None:
        """Offer these files, newest first."""
        self.bar.set_recent(paths)
        self.empty.set_recent(paths)

    def show_message(self, error: UserError) -> None:
        """Say what went wrong; what was shown before stays."""
        self.error_strip.show_error(error)

    def go_to(self, index: int) -> bool:
        """Show the sample with this index, dropping filters that hide it.

        Returns
        -------
        bool
            False when the dataset has no such sample.
        """
        if self._dataset is None or not 0 <= index < len(self._dataset):
            return False
        if not self.grid.go_to(index):
            self.view_bar.reset()
            self.bar.chips.choose_all()
        return self.grid.go_to(index)

    def view_state(self) -> ViewState:
        """Return how the page looks, for `restore_view` at the next start."""
        return ViewState(
            cell_size=self.grid.cell_size,
            captions=self.view_bar.captions.isChecked(),
            inspector=self.view_bar.inspector.isChecked(),
            share=self._share,
            numbers=self.inspector.numbers_button.isChecked(),
        )

    def restore_view(self, state: ViewState) -> None:
        """Look as the page did when `state` was taken."""
        self.grid.set_cell_size(state.cell_size)
        self.view_bar.captions.setChecked(state.captions)
        self.view_bar.inspector.setChecked(state.inspector)
        self.inspector.show_numbers(state.numbers)
        self._share = state.share
        self._unfold_inspector(state.inspector)

    @Slot(bool)
    def _unfold_inspector(self, visible: bool) -> None:
        """Show the inspector as wide as it was, or hide it."""
        self.inspector.setVisible(visible)
        if visible:
            width = max(self.splitter.width(), 1000)
            self.splitter.setSizes([round(width * (1 - self._share)), round(width * self._share)])

    @Slot()
    def _on_splitter_moved(self) -> None:
        """Remember how wide the inspector was made."""
        grid, inspector = self.splitter.sizes()
        if inspector:
            self._share = inspector / (grid + inspector)

    def close_down(self) -> None:
        """End what runs beside the window, before the page goes away."""
        self.inspector.close_down()

    @Slot()
    def _on_classes(self) -> None:
        """Filter, and stay with the current sample as long as it is shown."""
        self._show_picked(self.grid.current_index())

    @Slot()
    def _show_picked(self, current: int | None = None) -> None:
        """Show the samples that chips and order ask for, the first of them or `current`."""
        if (dataset := self._dataset) is None:
            return
        picking = self.view_bar.picking(self.bar.chips.chosen())
        indices = pick(picking, count=len(dataset), labels=dataset.labels)
        self.grid.set_shown(Shown(dataset.images, dataset.labels, dataset.class_names, indices))
        if current is not None:
            self.grid.look_at(current)
        self._show_count()

    @Slot()
    def _show_count(self) -> None:
        """Say how many samples are shown and selected."""
        if self._dataset is None:
            return
        picking = self.view_bar.picking(self.bar.chips.chosen())
        text = shown_line(picking, self._dataset, shown=self.grid.shown.count)
        selected = self.grid.selection.size
        self.view_bar.shown.set_full_text(f"{text} · {selected:,} selected" if selected else text)

    def _show_notes(self, dataset: Dataset) -> None:
        """Tell what the dataset has to say of itself, and offer to add labels."""
        missing = dataset.labels is None and dataset.images_path is not None
        if dataset.notes or missing:
            first, *more = dataset.notes or ("These images have no labels",)
            self.notice_strip.show_message(
                first,
                " ".join(more),
                kind="careful" if missing else "info",
                actions=[CHOOSE_LABELS] if missing else [],
            )

    @Slot(object)
    def _on_current(self, index: int | None) -> None:
        self.inspector.set_index(index)
        self.view_bar.show_index(index)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        """Open the inspector for a sample, and tell that it was opened."""
        self.view_bar.inspector.setChecked(True)
        self.image_activated.emit(index)

    @Slot(int)
    def _enter_index(self, index: int) -> None:
        if self.grid.go_to(index):
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._hidden_index = index
        self.error_strip.show_message(
            f"Image {index:,} is not among those shown", kind="info", actions=[SHOW_ALL]
        )

    @Slot(str)
    def _on_action(self, action: str) -> None:
        """Do what a message offered."""
        if action == CHOOSE_LABELS and self._dataset is not None:
            self.labels_requested.emit(self._dataset.images_path)
        elif action == SHOW_ALL and self._hidden_index is not None:
            self.error_strip.dismiss()
            self.go_to(self._hidden_index)
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
