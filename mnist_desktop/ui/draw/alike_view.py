"""The view “Alike”: the images of the dataset in use that are nearest to the drawing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.nearest import NearestSearch, Neighbours
from mnist_desktop.inference.resampling import resample
from mnist_desktop.ui.controls import button, count_text, secondary
from mnist_desktop.ui.workers import Answer, NewestWorker

if TYPE_CHECKING:
    from mnist_desktop.ui.dataset.neighbour_row import NeighbourRow

COUNT = 8
COLUMNS = (4, 8)
"""How many images are shown, and how many of them may stand in a line."""
LARGEST_UNASKED = 1 << 30
"""Pixels of a dataset above which nothing is looked for until a person asks."""
DATASETS = "Open a dataset"


@dataclass(frozen=True, eq=False)
class Alike:
    """The images nearest to a drawing.

    Parameters
    ----------
    search
        What looked for them.
    neighbours
        What was found.
    answer
        The class the drawing is read as, empty where that is not sure.
    """

    search: NearestSearch
    neighbours: Neighbours
    answer: str


class AlikeView(QWidget):
    """Show which images of the dataset look most like the drawing; a click goes to one.

    Nothing is looked for while it is hidden. `sample_chosen` tells the index of an image,
    `dataset_requested` that a person wants to open a dataset.
    """

    sample_chosen = Signal(int)
    dataset_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("alike")
        self._dataset: Dataset | None = None
        self._search: NearestSearch | None = None
        self._answer: Answer | None = None
        self._asked = False
        self.row: NeighbourRow | None = None
        self.note = secondary(wrap=True)
        self.link = button("", role="link")
        self.link.clicked.connect(self._on_link)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.note)
        self._column.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        self._worker = NewestWorker(self)
        self._worker.made.connect(self._on_made)
        self._worker.failed.connect(self._on_failed)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Look in another dataset from now on."""
        self._worker.forget()
        self._dataset, self._search, self._asked = dataset, None, False
        self._clear()
        self._begin()

    def show_answer(self, answer: Answer | None) -> None:
        """Look for what is like another drawing; None for a blank pad."""
        self._answer = None if answer is None or answer.steps.empty else answer
        self._begin()

    def close_down(self) -> None:
        """End the search that is on its way; no other follows."""
        self._dataset = None
        self._worker.stop()

    @Slot()
    def _begin(self) -> None:
        """Look for the images nearest to the newest drawing, if anybody can see them."""
        if not self.isVisible():
            return
        dataset, answer = self._dataset, self._answer
        if dataset is None or not len(dataset):
            self._clear("Open a dataset to see which of its images look like your drawing.")
            self._offer(DATASETS)
        elif dataset.images.size > LARGEST_UNASKED and not self._asked:
            self._clear(f"Looking through {count_text(len(dataset))} images takes a while.")
            self._offer("Look for what is alike")
        elif answer is None:
            self._worker.forget()
            self._clear(f"Draw, and see what is like it in “{dataset.name}”.")
        else:
            if self._search is None:
                self._search = NearestSearch(dataset)
            search, read = self._search, answer.prediction
            name = read.label if read is not None and read.is_sure else ""
            picture = fitted(answer.steps.picture, search.shape)
            self._worker.begin(lambda: search_task(search, picture, name))

    @Slot(object)
    def _on_made(self, found: object) -> None:
        """Show the images that were found."""
        dataset = self._dataset
        if not isinstance(found, Alike) or dataset is None or found.search is not self._search:
            return
        # The widgets of the dataset page, which a start must not wait for.
        from mnist_desktop.ui.dataset.neighbour import Neighbour
        from mnist_desktop.ui.dataset.neighbour_row import NeighbourRow

        if self.row is None:
            self.row = NeighbourRow(columns=COLUMNS)
            self.row.chosen.connect(self.sample_chosen)
            self._column.insertWidget(0, self.row)
        known = found.answer in dataset.class_names
        places = found.neighbours.indices.tolist()
        neighbours = [
            Neighbour(
                index=place,
                image=np.array(dataset.images[place]),
                class_name=dataset.class_name(place),
                distance=distance,
                differs=known and dataset.class_name(place) not in ("", found.answer),
            )
            for place, distance in zip(places, found.neighbours.distances.tolist(), strict=True)
        ]
        self._clear()
        self.row.set_neighbours(neighbours)
        self.row.show()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        """Say that the images cannot be read."""
        self._clear(f"The images could not be searched: {error}")

    @Slot()
    def _on_link(self) -> None:
        """Do what the link says."""
        if self.link.text() == DATASETS:
            self.dataset_requested.emit()
        else:
            self._asked = True
            self._clear()
            self._begin()

    def _offer(self, words: str) -> None:
        """Show the link with these words."""
        self.link.setText(words)
        self.link.show()

    def _clear(self, words: str = "") -> None:
        """Show a sentence, or nothing, in place of images."""
        if self.row is not None and words:
            self.row.hide()
        self.note.setText(words)
        self.note.setVisible(bool(words))
        self.link.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Look for what was not looked for while nobody could see it."""
        super().showEvent(event)
        self._begin()

    def hideEvent(self, event: QHideEvent) -> None:
        """Give up what nobody can see."""
        super().hideEvent(event)
        self._worker.forget()


def search_task(
    search: NearestSearch, picture: NDArray[np.uint8], answer: str
) -> Iterator[Alike | None]:
    """Yield None while the search goes on, then what it has found."""
    job = search.find_job(picture, count=COUNT)
    while True:
        try:
            next(job)
        except StopIteration as end:
            yield Alike(search, end.value, answer)
            return
        yield None


def fitted(picture: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return a picture in the size of a dataset's images, (h, w) uint8."""
    if picture.shape == shape:
        return picture
    found = resample(picture, shape[0], shape[1])
    return np.clip(np.rint(found), 0, 255).astype(np.uint8)
