"""The images of the dataset that are nearest to a sample, looked for beside the window."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.nearest import ALIKE, NearestSearch, Neighbours
from mnist_desktop.progress import Job, Progress
from mnist_desktop.ui.controls import button, set_role
from mnist_desktop.ui.dataset.neighbour import Neighbour
from mnist_desktop.ui.dataset.neighbour_row import NeighbourRow
from mnist_desktop.ui.dataset.summary import counted
from mnist_desktop.ui.opening import Opener

REST_MS = 120
"""How long a person must stay with a sample before anything is looked for."""
STALE_MS = 250
"""How long after that the neighbours of the sample before may still be seen."""
LARGEST_UNASKED = 1 << 30
"""Pixels of a dataset above which nothing is looked for until a person asks."""


@dataclass(frozen=True, eq=False)
class Found:
    """The neighbours of a sample.

    Parameters
    ----------
    search
        What looked for them.
    index
        The sample's index.
    neighbours
        What was found.
    """

    search: NearestSearch
    index: int
    neighbours: Neighbours


class NearestPanel(QWidget):
    """Shows the nearest images of a sample, and tells which of them have another label.

    One search is on its way at a time, for the sample shown; it is given up when another is shown
    or the panel is hidden. `sample_chosen` tells the index of one to go to, `found` that the
    neighbours of the sample are shown.
    """

    sample_chosen = Signal(int)
    found = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dataset: Dataset | None = None
        self._index: int | None = None
        self._search: NearestSearch | None = None
        self._shown: Found | None = None
        self._asked = False
        self._searching = False
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self._button = button("", role="link")
        self._button.clicked.connect(self._on_button)
        self.row = NeighbourRow()
        self.row.chosen.connect(self.sample_chosen)
        above = QHBoxLayout()
        above.addWidget(self.words, 1)
        above.addWidget(self._button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(above)
        column.addWidget(self.row)
        self._opener = Opener(self)
        self._opener.opened.connect(self._on_found)
        self._opener.failed.connect(self._on_failed)
        self._opener.runner.progressed.connect(self._on_progress)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._begin)
        self._stale = QTimer(self, singleShot=True, interval=REST_MS + STALE_MS)
        self._stale.timeout.connect(self._forget_stale)
        self._clear()

    # What is shown

    @property
    def dataset(self) -> Dataset | None:
        """Return the dataset in which is looked."""
        return self._dataset

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Look in this dataset from now on."""
        self._give_up()
        self._dataset, self._index, self._search = dataset, None, None
        self._clear()

    def set_index(self, index: int | None) -> None:
        """Look for the neighbours of the sample with this index, or of none."""
        self._index = index
        self._asked = False
        self._give_up()
        if index is None or self._shown is None:
            self._clear()
        self._begin_soon()

    def close_down(self) -> None:
        """End the search that is on its way; no other follows."""
        self.set_dataset(None)
        self._opener.runner.wait_closed()

    def showEvent(self, event: QShowEvent) -> None:
        """Look for what was not looked for while nobody could see it."""
        super().showEvent(event)
        self._begin_soon()

    def hideEvent(self, event: QHideEvent) -> None:
        """Give up what nobody can see."""
        super().hideEvent(event)
        self._give_up()

    # Searching

    def _begin_soon(self) -> None:
        """Look for neighbours once the person stays with the sample."""
        if self._index is None or not self.isVisible() or self._is_shown():
            return
        self._rest.start()
        self._stale.start()

    def _is_shown(self) -> bool:
        """Say whether the neighbours of the sample are shown already."""
        shown = self._shown
        return shown is not None and (shown.search, shown.index) == (self._search, self._index)

    def _give_up(self) -> None:
        """Stop looking."""
        self._searching = False
        self._rest.stop()
        self._stale.stop()
        self._opener.forget()

    @Slot()
    def _begin(self) -> None:
        """Look for the neighbours of the sample, or offer to where that takes long."""
        dataset, index = self._dataset, self._index
        if dataset is None or index is None:
            return
        if dataset.images.size > LARGEST_UNASKED and not self._asked:
            self._clear()
            self._say("")
            self._offer(f"Search {counted(len(dataset), 'image')}")
            return
        if self._search is None:
            self._search = NearestSearch(dataset)
        search, image = self._search, np.array(dataset.images[index])
        self._searching = True
        self._opener.open(lambda: _search_job(search, image, index))

    @Slot()
    def _on_button(self) -> None:
        """Stop looking, or begin."""
        if self._searching:
            self._give_up()
            self._clear()
            self._say("Stopped.")
            self._offer("Search again")
        else:
            self._asked = True
            self._begin()

    @Slot(object)
    def _on_progress(self, progress: Progress) -> None:
        """Tell how far a search is that takes long; most end before anybody could read it."""
        if self._searching and self._shown is None and not self._stale.isActive():
            self._say(
                f"Looking through {counted(progress.total, 'image')}: {progress.fraction:.0%}"
            )
            self._offer("Stop")

    @Slot(object)
    def _on_found(self, found: Found) -> None:
        """Show what was found, unless the person has moved on."""
        if (found.search, found.index) != (self._search, self._index):
            return
        self._searching = False
        self._stale.stop()
        self._shown = found
        neighbours = self._described(found)
        self.row.set_neighbours(neighbours)
        self._button.hide()
        if neighbours:
            self._say(*verdict([n.class_name for n in neighbours], self._name(found.index)))
        else:
            self._say("There is no other image.")
        self.found.emit()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        """Say that the images cannot be read."""
        if self._searching:
            self._give_up()
            self._clear()
            self._say(f"The images could not be searched: {error}", "bad")
            self._offer("Search again")

    def _name(self, index: int) -> str:
        """Return the class name of a sample, empty without a label."""
        return "" if self._dataset is None else self._dataset.class_name(index)

    def _described(self, found: Found) -> list[Neighbour]:
        """Return what is shown of each neighbour."""
        dataset = self._dataset
        if dataset is None:
            return []
        own = self._name(found.index)
        places, distances = found.neighbours.indices.tolist(), found.neighbours.distances.tolist()
        return [
            Neighbour(
                index=place,
                image=np.array(dataset.images[place]),
                class_name=dataset.class_name(place),
                distance=distance,
                differs=dataset.class_name(place) != own,
            )
            for place, distance in zip(places, distances, strict=True)
        ]

    def _say(self, text: str, role: str = "secondary") -> None:
        """Show these words above the images."""
        self.words.setText(text)
        self.words.setVisible(bool(text))
        set_role(self.words, role)

    def _offer(self, text: str) -> None:
        """Show the button with these words."""
        self._button.setText(text)
        self._button.show()

    @Slot()
    def _forget_stale(self) -> None:
        """Take the neighbours of another sample away."""
        if self._shown is not None:
            self._clear()

    @Slot()
    def _clear(self) -> None:
        """Show no neighbours, but leave their room to those that are looked for."""
        self._shown = None
        self.row.clear(keep_room=self._index is not None)
        self._say("" if self._index is None else "Looking for similar images …")
        self._button.hide()


def verdict(names: list[str], own: str) -> tuple[str, str]:
    """Return what the labels of the neighbours say of a sample's own, and the role of the words.

    Parameters
    ----------
    names
        The class names of the neighbours.
    own
        The sample's; empty without a label, which makes the words empty.
    """
    others = Counter(name for name in names if name != own)
    count = sum(others.values())
    if not names or not own:
        return "", ""
    if not count:
        return f"✓ All have the same label, {own}", "good"
    alone = len(others) == 1
    told = ", ".join(
        name if alone or times == 1 else f"{name} ({times} ×)"
        for name, times in others.most_common(3)
    )
    rest = " …" if len(others) > 3 else ""
    many = f"All {count}" if count == len(names) else f"{count} of {len(names)}"
    text = f"≠ {many} {'has' if count == 1 else 'have'} another label: {told}{rest}"
    return text, "careful" if 2 * count > len(names) else ""


def _search_job(search: NearestSearch, image: np.ndarray, index: int) -> Job[Found]:
    """Look for the neighbours of a sample, leaving out the sample itself."""
    neighbours = yield from search.find_job(image, count=ALIKE, without=index)
    return Found(search, index, neighbours)
