"""The dataset as a person looks through it: the grid, what decides its order, the inspector."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.picking import Order, Picking
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.progress import Progress
from mnist_desktop.ui.controls import percent_text
from mnist_desktop.ui.dataset.class_chips import ClassChips
from mnist_desktop.ui.dataset.colour_maps import ColourMap
from mnist_desktop.ui.dataset.grid import SampleGrid
from mnist_desktop.ui.dataset.grid_keys import handle_key
from mnist_desktop.ui.dataset.lacking import lacking
from mnist_desktop.ui.dataset.measures import Measures
from mnist_desktop.ui.dataset.shown import NOTHING, Shown
from mnist_desktop.ui.dataset.side import SidePanel
from mnist_desktop.ui.dataset.side_splitter import SideSplitter
from mnist_desktop.ui.dataset.summary import shown_line
from mnist_desktop.ui.dataset.view_bar import ViewBar
from mnist_desktop.ui.dataset.view_state import ViewState


class Browser(QWidget):
    """Go through the samples of a dataset, pick some of them, look at one closely.

    `sample_activated` tells the index of a sample a person opened, `index_hidden` one that was
    asked for and that filters hide; `send_to_pad_requested` carries an (h, w) uint8 image with ink
    high; `sorting_failed` the exception that kept samples from being sorted or filtered.

    Parameters
    ----------
    chips
        The chips that filter by class; they stand elsewhere on the page.
    """

    sample_activated = Signal(int)
    index_hidden = Signal(int)
    send_to_pad_requested = Signal(object)
    sorting_failed = Signal(object)

    def __init__(self, chips: ClassChips, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dataset: Dataset | None = None
        self._classifier: Classifier | None = None
        self._picked = Picking()
        self.measures = Measures(self)
        self.chips = chips
        self.view_bar = ViewBar()
        self.grid = SampleGrid()
        self.side = SidePanel()
        self.inspector = self.side.inspector
        self._build()
        self._connect()
        self.restore_view(ViewState())

    def _build(self) -> None:
        """Put the parts into their places."""
        self.splitter = SideSplitter(self.grid, self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.view_bar)
        column.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        """Wire the parts to one another."""
        self.measures.arrived.connect(self._show_picked)
        self.measures.progressed.connect(self._show_progress)
        self.measures.ended.connect(self._on_measures_ended)
        self.chips.changed.connect(self._on_classes)
        self.view_bar.picking_changed.connect(self._show_picked)
        self.view_bar.index_entered.connect(self._enter_index)
        self.view_bar.zoom_chosen.connect(self.grid.set_cell_size)
        self.view_bar.colours_chosen.connect(self._use_colours)
        self.view_bar.captions_toggled.connect(self.grid.set_captions)
        self.view_bar.inspector_toggled.connect(self.splitter.unfold)
        self.grid.current_changed.connect(self._on_current)
        self.grid.selection_changed.connect(self._show_count)
        self.grid.zoom_changed.connect(self.view_bar.show_zoom)
        self.grid.class_key_pressed.connect(self.chips.toggle_key)
        self.grid.go_to_requested.connect(self.view_bar.begin_go_to)
        self.grid.copy_requested.connect(self.inspector.copy_picture)
        self.grid.sample_activated.connect(self._on_activated)
        self.inspector.send_to_pad_requested.connect(self.send_to_pad_requested)
        self.side.summary.class_chosen.connect(self.chips.choose_only)
        self.inspector.sample_chosen.connect(self.go_to)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the grid's keys work wherever among the parts the focus is and they mean nothing."""
        if not self.handle_key(event):
            super().keyPressEvent(event)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Do what a key of the grid asks for, and tell whether it was one."""
        if self._dataset is None or not handle_key(self.grid, event):
            return False
        event.accept()
        return True

    # What is shown

    def set_dataset(self, dataset: Dataset | None, *, settled: bool = True) -> None:
        """Show all samples of this dataset from the first on, or none.

        Unless it is `settled`, more of it follows by `refine`.
        """
        self._dataset, self._picked = dataset, Picking()
        self.inspector.set_dataset(dataset)
        self.side.summary.set_dataset(dataset, settled=settled)
        self.measures.set_dataset(dataset)
        self.view_bar.reset()
        if dataset is None:
            self.grid.set_shown(NOTHING)
            return
        self.view_bar.set_count(len(dataset))
        self.view_bar.set_lacking(lacking(dataset, self._classifier))
        self._show_picked(anew=True)

    def refine(self, dataset: Dataset, *, settled: bool) -> None:
        """Show more of the same dataset: order, filters, current and selected samples stay.

        Parameters
        ----------
        dataset
            The samples there were, and more.
        settled
            Whether these are all. Before that what is sorted or drawn by chance is left alone.
        """
        self._dataset = dataset
        self.inspector.refine(dataset, settled=settled)
        self.view_bar.set_count(len(dataset))
        self.view_bar.set_lacking(lacking(dataset, self._classifier))
        asked = self._asked()
        if settled:
            self.side.summary.set_dataset(dataset)
            self.side.summary.set_chosen(asked.classes)
        if settled or (asked.order is Order.FILE and not asked.misread):
            self.measures.set_dataset(dataset)
            self._show_picked(anew=True, stay=True)

    def set_classifier(self, classifier: Classifier | None) -> None:
        """Let this model say what it reads in each sample."""
        self._classifier = classifier
        self.inspector.set_classifier(classifier)
        self.measures.set_classifier(classifier)
        lacks = lacking(self._dataset, classifier)
        self.view_bar.set_lacking(lacks)
        asked = self._asked()
        if (asked.misread and lacks.truth) or lacks.for_order(asked.order):
            self.view_bar.reset()
        if not self.measures.is_ready(self._picked):
            # What another model said of these samples says nothing of what this one would.
            self._picked = self.measures.ready_part(self._picked)
            self._show_picked(self.grid.current_index(), anew=True)

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
            self.chips.choose_all()
        return self.grid.go_to(index)

    def view_state(self) -> ViewState:
        """Return how things look, for `restore_view` at the next start."""
        return ViewState(
            cell_size=self.grid.cell_size,
            captions=self.view_bar.captions.isChecked(),
            inspector=self.view_bar.inspector.isChecked(),
            share=self.splitter.share,
            tab=self.side.tab,
            folded=self.inspector.folded(),
            marks=self.inspector.marks_button.isChecked(),
            colours=self.view_bar.colours.colour_map.value,
        )

    def restore_view(self, state: ViewState) -> None:
        """Look as it did when `state` was taken."""
        self.grid.set_cell_size(state.cell_size)
        self.view_bar.captions.setChecked(state.captions)
        self.view_bar.inspector.setChecked(state.inspector)
        self.side.show_tab(state.tab)
        self.inspector.set_folded(state.folded)
        self.inspector.marks_button.setChecked(state.marks)
        self._use_colours(ColourMap(state.colours))
        self.splitter.share = state.share
        self.splitter.unfold(state.inspector)

    def close_down(self) -> None:
        """End what runs beside the window, before the page goes away."""
        self.measures.close_down()
        self.side.close_down()

    @Slot()
    def _on_classes(self) -> None:
        """Filter, and stay with the current sample as long as it is shown."""
        self.side.summary.set_chosen(self.chips.chosen())
        self._show_picked(self.grid.current_index())

    def _asked(self) -> Picking:
        """Return what chips, order and filter ask for."""
        return self.view_bar.picking(self.chips.chosen())

    @Slot()
    def _show_picked(
        self, current: int | None = None, *, anew: bool = False, stay: bool = False
    ) -> None:
        """Show the samples that are asked for, the first of them or `current`.

        What has to be worked out first comes later; until then it is left out, and where nothing
        else has changed the grid stays as it is, unless it has to be filled `anew`. To `stay` means
        that the place, the current and the selected samples are kept.
        """
        if (dataset := self._dataset) is None:
            return
        asked, measures = self._asked(), self.measures
        waits = measures.want(asked)
        # An order that is not known yet leaves the present one in place.
        picking = asked if not waits else measures.ready_part(self._before(asked))
        if anew or not waits or picking != self._picked:
            self._picked = picking
            indices, predictions = measures.pick(picking), measures.predictions_for(picking)
            show = self.grid.refine if stay else self.grid.set_shown
            show(Shown(dataset.images, dataset.labels, dataset.class_names, indices, predictions))
        if current is not None:
            self.grid.look_at(current)
        self._show_count()

    def _before(self, asked: Picking) -> Picking:
        """Return what is asked for with the order and the filter that are shown now."""
        shown = self._picked
        return replace(
            asked, order=shown.order, largest_first=shown.largest_first, misread=shown.misread
        )

    @Slot()
    def _show_count(self) -> None:
        """Say how many samples are shown and selected."""
        if self._dataset is None:
            return
        text = shown_line(self._picked, self._dataset, shown=self.grid.shown.count)
        selected = self.grid.selection.size
        self.view_bar.shown.set_full_text(f"{text} · {selected:,} selected" if selected else text)

    @Slot(object)
    def _show_progress(self, progress: Progress) -> None:
        """Say how far what was asked for is."""
        if not self.measures.is_ready(self._asked()):
            self.view_bar.shown.set_full_text(
                f"{progress.what} … {percent_text(progress.fraction, 0)}"
            )

    @Slot(object)
    def _on_measures_ended(self, error: Exception | None) -> None:
        """Go back to what is shown, and tell why."""
        self.view_bar.show_picking(self._picked)
        self._show_count()
        if error is not None:
            self.sorting_failed.emit(error)

    @Slot(object)
    def _use_colours(self, colour_map: ColourMap) -> None:
        """Show pictures in these colours wherever they are."""
        self.view_bar.colours.set_colour_map(colour_map)
        self.grid.set_colour_map(colour_map)
        self.inspector.set_colour_map(colour_map)

    @Slot(object)
    def _on_current(self, index: int | None) -> None:
        self.inspector.set_index(index)
        self.view_bar.show_index(index)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        """Open the inspector for a sample, and tell that it was opened."""
        self.view_bar.inspector.setChecked(True)
        self.side.show_tab("sample")
        self.sample_activated.emit(index)

    @Slot(int)
    def _enter_index(self, index: int) -> None:
        """Go to the sample a person named, or tell that it is hidden."""
        if self.grid.go_to(index):
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.index_hidden.emit(index)
