"""The morph page: two images, a slider between them, and the row of steps with its answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QLabel,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.morphing import Autoencoder
from mnist_desktop.inference.way import Way
from mnist_desktop.ui import theme
from mnist_desktop.ui.messages import EmptyState, MessageStrip
from mnist_desktop.ui.morph.finding import way_job
from mnist_desktop.ui.morph.head import Head
from mnist_desktop.ui.morph.missing import OPEN, TRAIN, WAITING, Missing, what_is_missing
from mnist_desktop.ui.morph.pairs import first_pair, random_pair
from mnist_desktop.ui.morph.saving import RowSaver
from mnist_desktop.ui.morph.stage import Stage
from mnist_desktop.ui.morph.words import sentence
from mnist_desktop.ui.opening import Opener, sample_job


class MorphPage(QWidget):
    """Go from one image to another through an autoencoder's codes.

    Signals ask: `autoencoder_wanted` when the page is first shown (answer by `set_autoencoder`),
    `train_autoencoder_requested` when none fits, `dataset_wanted` for a file to choose ends from.
    `way_shown` tells the `Way` whenever another one is on the screen.
    """

    autoencoder_wanted = Signal()
    train_autoencoder_requested = Signal()
    dataset_wanted = Signal()
    way_shown = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("morph_page")
        self._autoencoder: Autoencoder | None = None
        self._classifier: Classifier | None = None
        self._dataset: Dataset | None = None
        self._samples: Dataset | None = None
        self._drawing: NDArray[np.uint8] | None = None
        self._asked_for_autoencoder = False
        self._told_autoencoder = False
        self._holding = False
        self._missing: Missing | None = None
        self._random = np.random.default_rng()
        self._samples_opener, self._ways = Opener(self), Opener(self)
        self._saver = RowSaver(self)
        self.message = MessageStrip()
        self.head = Head()
        self.stage = Stage()
        self.sentence = QLabel()
        self._build()
        self._connect()
        self._show_missing(WAITING)

    def _build(self) -> None:
        """Put the parts into their places."""
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentence.setWordWrap(True)
        content, self._empty = QWidget(), QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addWidget(self.head)
        column.addWidget(self.stage, 1)
        column.addWidget(self.sentence)
        QVBoxLayout(self._empty).setContentsMargins(0, 0, 0, 0)
        self._faces = QStackedLayout()
        self._faces.addWidget(content)
        self._faces.addWidget(self._empty)
        page = QVBoxLayout(self)
        page.setContentsMargins(theme.EDGE, theme.BETWEEN, theme.EDGE, theme.BETWEEN)
        page.setSpacing(theme.INSIDE)
        page.addWidget(self.message)
        page.addLayout(self._faces, 1)
        self.setFocusProxy(self.stage.way_view.slider)

    def _connect(self) -> None:
        """Connect the parts with one another."""
        self.stage.first.changed.connect(self._find_way)
        self.stage.second.changed.connect(self._find_way)
        self.head.swap.clicked.connect(self.swap_ends)
        self.head.another.clicked.connect(self.choose_pair)
        self.head.save.clicked.connect(self.choose_file)
        self.head.open_dataset.clicked.connect(self.dataset_wanted)
        self._samples_opener.opened.connect(self._on_samples)
        self._samples_opener.failed.connect(self._on_failed)
        self._ways.opened.connect(self._on_way)
        self._ways.failed.connect(self._on_failed)
        self._saver.saved.connect(self._on_saved)
        self._saver.failed.connect(self._on_failed)

    # What the window gives

    def set_autoencoder(self, autoencoder: Autoencoder | None) -> None:
        """Draw by this autoencoder; None says that there is none."""
        self._autoencoder, self._told_autoencoder = autoencoder, True
        self._begin()

    def set_classifier(self, classifier: Classifier | None) -> None:
        """Have the steps read by this model."""
        self._classifier = classifier
        self._find_way()

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Choose ends from this dataset; from the sample digits where there is none."""
        self._dataset = dataset
        if self.isVisible():
            self._make_samples()
        self._begin()

    def set_drawing(self, image: NDArray[np.uint8] | None) -> None:
        """Offer the picture that a model gets of the pad, (h, w) uint8 with ink high, as an end."""
        self._drawing = image
        self._offer_drawing()

    def show_message(self, error: UserError) -> None:
        """Say what went wrong; what was shown before stays."""
        self.message.show_error(error)

    @property
    def way(self) -> Way | None:
        """Return the way that is shown."""
        return self.stage.way_view.way

    @property
    def used_dataset(self) -> Dataset | None:
        """Return the dataset that ends are chosen from: the open one, or the sample digits."""
        return self._samples if self._dataset is None else self._dataset

    @property
    def is_ready(self) -> bool:
        """Say whether nothing is on its way that would change what is shown."""
        busy = self._ways.runner.is_running or self._samples_opener.runner.is_running
        return not busy and self._missing != WAITING

    def close_down(self) -> None:
        """End what runs beside the window, before the page goes away."""
        for opener in (self._samples_opener, self._ways):
            opener.forget()
            opener.runner.wait_closed()

    # What is shown

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for what is needed, the first time."""
        super().showEvent(event)
        if not self._asked_for_autoencoder:
            self._asked_for_autoencoder = True
            self.autoencoder_wanted.emit()
        self._make_samples()

    def _make_samples(self) -> None:
        """Have sample digits made where there is nothing else to choose from."""
        busy = self._samples_opener.runner.is_running
        if self._dataset is None and self._samples is None and not busy:
            self._samples_opener.open(sample_job)

    @Slot(object)
    def _on_samples(self, samples: Dataset) -> None:
        """Know the sample digits."""
        self._samples = samples
        if self._dataset is None:
            self._begin()

    def _begin(self) -> None:
        """Begin anew with another dataset or autoencoder."""
        self.message.dismiss()
        dataset, autoencoder = self.used_dataset, self._autoencoder
        missing = what_is_missing(autoencoder, dataset, told=self._told_autoencoder)
        self._show_missing(missing)
        if missing is not None or dataset is None or autoencoder is None:
            return
        self.head.show_subject(dataset, autoencoder, is_open=self._dataset is not None)
        self.stage.first.set_dataset(dataset)
        self.stage.second.set_dataset(dataset)
        self.stage.set_pixels(max(autoencoder.height, autoencoder.width))
        self._offer_drawing()
        self._choose(*first_pair(dataset))

    def _show_missing(self, missing: Missing | None) -> None:
        """Say what is missing, or show the content."""
        self._faces.setCurrentIndex(0 if missing is None else 1)
        if missing == self._missing:
            return
        self._missing = missing
        layout = self._empty.layout()
        assert layout is not None
        while (item := layout.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        if missing is not None:
            state = EmptyState(missing.sentence, missing.actions, icon="morph")
            state.chosen.connect(self._on_chosen)
            layout.addWidget(state)

    @Slot(str)
    def _on_chosen(self, action: str) -> None:
        """Do, or ask for, what was chosen where something was missing."""
        if action == TRAIN:
            self.train_autoencoder_requested.emit()
        elif action == OPEN:
            self.dataset_wanted.emit()
        else:
            self.set_dataset(None)

    def _offer_drawing(self) -> None:
        """Offer the drawing where it has the size that is drawn here."""
        image, autoencoder = self._drawing, self._autoencoder
        fits = image is not None and autoencoder is not None and autoencoder.fits(image)
        for picker in (self.stage.first, self.stage.second):
            picker.set_drawing(image if fits else None)

    # The ends

    def _choose(self, first: int, second: int) -> None:
        """Take two images at once."""
        self._holding = True
        self.stage.first.choose_index(first)
        self.stage.second.choose_index(second)
        self._holding = False
        self._find_way()

    @Slot()
    def choose_pair(self) -> None:
        """Take two images at random, of different classes where there are such."""
        dataset = self.used_dataset
        if dataset is not None and len(dataset) > 1:
            self._choose(*random_pair(dataset, self._random))

    @Slot()
    def swap_ends(self) -> None:
        """Exchange the two ends, and go to the same picture from the other side."""
        first, second = self.stage.first.end, self.stage.second.end
        if first is None or second is None:
            return
        slider = self.stage.way_view.slider
        self._holding = True
        self.stage.first.choose_end(second)
        self.stage.second.choose_end(first)
        slider.setValue(slider.maximum() - slider.value())
        self._holding = False
        self._find_way()

    # The way

    @Slot()
    def _find_way(self) -> None:
        """Have the way between the ends worked out beside the window; the newest wins."""
        autoencoder, classifier = self._autoencoder, self._classifier
        first, second = self.stage.first.end, self.stage.second.end
        if self._holding or autoencoder is None or first is None or second is None:
            return
        self._ways.open(lambda: way_job(autoencoder, classifier, first, second))

    @Slot(object)
    def _on_way(self, way: Way) -> None:
        """Show a way."""
        self.stage.set_way(way)
        self.sentence.setText(sentence(way))
        self.way_shown.emit(way)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        """Say why there is no way, or no dataset."""
        self.message.show_error(error)

    # The file

    @Slot()
    def choose_file(self) -> None:
        """Let a person choose where the row is written."""
        if self.way is not None:
            self._saver.ask(self.way, first=self.stage.first.end, second=self.stage.second.end)

    @Slot(object)
    def _on_saved(self, path: Path) -> None:
        """Say where the row is."""
        self.message.show_message(f"The row is written to “{path}”", kind="good")
