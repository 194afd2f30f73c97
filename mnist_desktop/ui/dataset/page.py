"""The dataset page: the bar on top, messages, and below them one view of the dataset."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedLayout, QVBoxLayout, QWidget

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.early import Early
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.bar import DatasetBar
from mnist_desktop.ui.dataset.browser import Browser
from mnist_desktop.ui.dataset.empty import EmptyDataset
from mnist_desktop.ui.dataset.view_state import ViewState
from mnist_desktop.ui.messages import MessageStrip
from mnist_desktop.ui.turns import is_turned

CHOOSE_LABELS = "Choose labels file…"
SHOW_ALL = "Show all"


class DatasetPage(QWidget):
    """See every sample of a dataset, pick some of them, look at one closely.

    Signals ask: `open_requested` for a file (a Path, or None to let the person choose one),
    `get_requested` for MNIST from the network, `sample_requested` for the generated digits,
    `labels_requested` and `class_names_requested` for a file to go with the images at the Path
    they carry, `send_to_pad_requested` to put an (h, w) uint8 image with ink high on the pad.
    `image_activated` tells the index of a sample a person opened.
    """

    open_requested = Signal(object)
    get_requested = Signal()
    sample_requested = Signal()
    labels_requested = Signal(object)
    class_names_requested = Signal(object)
    image_activated = Signal(int)
    send_to_pad_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dataset_page")
        self._dataset: Dataset | None = None
        self._hidden_index: int | None = None
        self._early: Early | None = None
        self.error_strip = MessageStrip()
        self.notice_strip = MessageStrip()
        self.turn_strip = MessageStrip()
        self.empty = EmptyDataset()
        self.bar = DatasetBar()
        self.browser = Browser(self.bar.chips)
        self.view_bar = self.browser.view_bar
        self.grid = self.browser.grid
        self.inspector = self.browser.inspector
        self._build()
        self._connect()

    def _build(self) -> None:
        """Put the parts into their places."""
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.bar)
        self._views = QStackedLayout()
        self._views.addWidget(self.browser)
        column.addLayout(self._views, 1)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(content)
        page = QVBoxLayout(self)
        page.setContentsMargins(theme.EDGE, theme.BETWEEN, theme.EDGE, theme.INSIDE)
        page.setSpacing(12)
        page.addWidget(self.error_strip)
        page.addWidget(self.notice_strip)
        page.addWidget(self.turn_strip)
        page.addLayout(self._stack, 1)

    def _connect(self) -> None:
        """Wire the parts to one another."""
        for source in (self.empty, self.bar):
            source.open_requested.connect(self.open_requested)
            source.sample_requested.connect(self.sample_requested)
        self.empty.get_requested.connect(self.get_requested)
        self.bar.labels_requested.connect(self._ask_for_labels)
        self.bar.class_names_requested.connect(self._ask_for_class_names)
        self.browser.sample_activated.connect(self.image_activated)
        self.browser.index_hidden.connect(self._tell_hidden)
        self.browser.sorting_failed.connect(self._on_sorting_failed)
        self.browser.send_to_pad_requested.connect(self.send_to_pad_requested)
        self.notice_strip.chosen.connect(self._on_action)
        self.error_strip.chosen.connect(self._on_action)
        self._views.currentChanged.connect(self._on_view)

    def showEvent(self, event: QShowEvent) -> None:
        """Let keys go to the view, unless they already go to a part of the page."""
        super().showEvent(event)
        if not self._has_focus():
            self._focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the grid's keys work wherever on the page the focus is and they mean nothing."""
        seen = self._stack.currentIndex() == 1 and self._views.currentWidget() is self.browser
        if not (seen and self.browser.handle_key(event)):
            super().keyPressEvent(event)

    def _has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and focus.isVisible() and self.isAncestorOf(focus)

    def _focus(self) -> None:
        """Give the focus to the view that is shown, or to what an empty page offers first."""
        view = self._views.currentWidget()
        first = self.grid if view is self.browser else view
        if self._stack.currentIndex() == 0:
            first = self.empty.state.buttons[0]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    # What is shown

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Show this dataset, or the empty page; messages about the one before go away.

        What a person looks at stays where it is if an early form of the same dataset is shown, or
        the same one with its pictures turned.
        """
        shown = self._dataset if self._early is None else None
        if shown is not None and dataset is not None and is_turned(dataset, shown):
            self._refine(dataset, settled=True)
            return
        if self._early is not None and self._early.becomes(dataset):
            self._early = None
            self._refine(dataset, settled=True)
            self._show_notes(dataset)
            return
        self._early = None
        self._show(dataset)
        if dataset is not None:
            self._show_notes(dataset)

    def _show(self, dataset: Dataset | None, *, settled: bool = True) -> None:
        """Show this dataset from its first sample on."""
        self._dataset = dataset
        self.error_strip.dismiss()
        self.notice_strip.dismiss()
        # Where the focus is has to be asked first: hiding its widget moves it on.
        here = self._has_focus()
        self._views.setCurrentWidget(self.browser)
        self._stack.setCurrentIndex(0 if dataset is None else 1)
        self.bar.setVisible(dataset is not None)
        if here:
            self._focus()
        if dataset is not None:
            self.bar.set_dataset(dataset)
        self.browser.set_dataset(dataset, settled=settled)

    def show_early(self, early: Early) -> None:
        """Show what there is of a dataset that is still read; more of it may follow."""
        if self._early is not None and self._early.becomes(early.whole):
            self._refine(early.dataset, settled=False)
        else:
            self._show(early.dataset, settled=False)
        self._early = early
        self.bar.show_early(early)
        self.view_bar.set_count(early.count)

    @property
    def is_early(self) -> bool:
        """Tell whether the dataset shown is one that is still read."""
        return self._early is not None

    def end_early(self, dataset: Dataset | None) -> None:
        """Show `dataset` again in place of one that could not be read to its end."""
        if self._early is not None:
            self._early = None
            self._show(dataset)

    def show_orientation(self, dataset: Dataset) -> None:
        """Tell what was found out of how the pictures of the same dataset lie."""
        self.bar.show_facts(dataset)
        self.browser.side.summary.show_judgement(dataset)

    def _refine(self, dataset: Dataset, *, settled: bool) -> None:
        """Show more of the same dataset, or what is known better of it; nothing jumps."""
        self._dataset = dataset
        self.bar.refine(dataset)
        self.browser.refine(dataset, settled=settled)

    @property
    def dataset(self) -> Dataset | None:
        """Return the dataset shown."""
        return self._dataset

    def show_view(self, view: QWidget) -> None:
        """Show another view in place of the browser or the empty page, until `show_browser`."""
        if self._views.indexOf(view) < 0:
            self._views.addWidget(view)
        self._views.setCurrentWidget(view)
        self.bar.setVisible(self._dataset is not None)
        self._stack.setCurrentIndex(1)
        view.setFocus(Qt.FocusReason.OtherFocusReason)

    def add_strip(self, strip: MessageStrip) -> None:
        """Give another strip its place above the dataset; it tells what has lately been done."""
        page = self.layout()
        assert isinstance(page, QVBoxLayout)
        page.insertWidget(page.count() - 1, strip)

    @Slot()
    def _on_view(self) -> None:
        """Offer the chips that filter the grid only beside it."""
        self.bar.show_chips(self._views.currentWidget() is self.browser)

    @Slot()
    def show_browser(self) -> None:
        """Go back to the grid, or to the empty page."""
        self._views.setCurrentWidget(self.browser)
        self._stack.setCurrentIndex(0 if self._dataset is None else 1)
        self._focus()

    def show_whole(self, view: QWidget) -> None:
        """Show a widget in place of everything but messages, until a dataset is shown again."""
        self.error_strip.dismiss()
        self.notice_strip.dismiss()
        if self._stack.indexOf(view) < 0:
            self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)

    @Slot()
    def show_dataset(self) -> None:
        """Go back to the dataset, as it was looked at last."""
        self.error_strip.dismiss()
        self.notice_strip.dismiss()
        self._stack.setCurrentIndex(0 if self._dataset is None else 1)
        self._focus()

    def set_classifier(self, classifier: Classifier | None) -> None:
        """Let the page tell what this model says of samples."""
        self.browser.set_classifier(classifier)

    def set_recent_files(self, paths: Sequence[Path]) -> None:
        """Offer these files, newest first."""
        self.bar.set_recent(paths)
        self.empty.set_recent(paths)

    def show_message(self, error: UserError) -> None:
        """Say what went wrong; what was shown before stays."""
        self.error_strip.show_error(error)

    def go_to(self, index: int) -> bool:
        """Show the sample with this index in the grid; see `Browser.go_to`."""
        self._views.setCurrentWidget(self.browser)
        return self.browser.go_to(index)

    def view_state(self) -> ViewState:
        """Return how the page looks, for `restore_view` at the next start."""
        return self.browser.view_state()

    def restore_view(self, state: ViewState) -> None:
        """Look as the page did when `state` was taken."""
        self.browser.restore_view(state)

    def close_down(self) -> None:
        """End what runs beside the window, before the page goes away."""
        self.browser.close_down()

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

    @Slot()
    def _ask_for_labels(self) -> None:
        if self._dataset is not None:
            self.labels_requested.emit(self._dataset.images_path)

    @Slot()
    def _ask_for_class_names(self) -> None:
        if self._dataset is not None:
            self.class_names_requested.emit(self._dataset.images_path)

    @Slot(int)
    def _tell_hidden(self, index: int) -> None:
        """Say that a sample is not shown, and offer to show all."""
        if self._early is not None and index >= self._early.ready:
            self.error_strip.show_message(f"Image {index:,} is not there yet", kind="info")
            return
        self._hidden_index = index
        self.error_strip.show_message(
            f"Image {index:,} is not among those shown", kind="info", actions=[SHOW_ALL]
        )

    @Slot(object)
    def _on_sorting_failed(self, error: Exception) -> None:
        """Say why samples could not be sorted; those shown before stay."""
        told = error if isinstance(error, UserError) else UserError(f"Sorting failed: {error}")
        self.show_message(told)

    @Slot(str)
    def _on_action(self, action: str) -> None:
        """Do what a message offered."""
        if action == CHOOSE_LABELS:
            self._ask_for_labels()
        elif action == SHOW_ALL and self._hidden_index is not None:
            self.error_strip.dismiss()
            self.go_to(self._hidden_index)
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
