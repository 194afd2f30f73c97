"""Show the pictures of a dataset upright or as they are stored, and find out which is right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.judgement import Certainty, Orientation
from mnist_desktop.inference.classifier import Classifier, shipped_models
from mnist_desktop.progress import Job
from mnist_desktop.ui.opening import Opener
from mnist_desktop.ui.wiring.core import Core

if TYPE_CHECKING:
    from mnist_desktop.ui.dataset.page import DatasetPage

SURE = {Certainty.LIKELY: "This is likely", Certainty.GUESS: "This is only a guess"}


class TurningWiring(QObject):
    """Turn the dataset in use when a person asks for it, and offer it where it seems to lie.

    Unless the file was recognised, samples are judged beside the window. What a person chose by
    hand is kept for each file until the program ends, and nothing more is offered for it.
    """

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._core = core
        self._page: DatasetPage | None = None
        self._judged: Orientation | None = None
        self._looking = Opener(self)
        self._looking.opened.connect(self._on_judged)
        core.jobs.add(self._looking.runner, title="Looking how the pictures lie", page="dataset")
        core.dataset_changed.connect(self._on_dataset)
        core.window.page_made.connect(self._on_page_made)
        self.action = QAction("Turn the pictures", self)
        self.action.setObjectName("turn_pictures")
        self.action.setShortcut(Qt.Key.Key_T)
        self.action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.action.triggered.connect(self.turn)
        self._show_action()

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Put the switch on the dataset page."""
        if name != "dataset":
            return
        self._page = cast("DatasetPage", page)
        self._page.bar.menu.addAction(self.action)
        self._page.addAction(self.action)
        self._page.turn_strip.chosen.connect(self.turn)
        self._page.browser.side.summary.turn_requested.connect(self.turn)

    @Slot()
    def turn(self) -> None:
        """Show the dataset in use, and its test split, the other way."""
        known = self._known()
        if known is not None:
            shown = known.turned()
            self._core.turns.remember(shown)
            self._core.use_dataset(shown)

    def _known(self) -> Dataset | None:
        """Return the dataset in use with what was found out of it since it was opened."""
        dataset = self._core.dataset
        if dataset is None or self._judged is None:
            return dataset
        return replace(dataset, orientation=self._judged)

    @Slot(object)
    def _on_dataset(self, dataset: Dataset | None) -> None:
        """Say what the switch would do now, and judge a dataset of which nothing is certain."""
        self._judged = None
        self._show_action()
        if self._page is not None:
            self._page.turn_strip.dismiss()
        self._looking.forget()
        if dataset is None or dataset.orientation.certainty in (
            Certainty.CERTAIN,
            Certainty.LIKELY,
        ):
            return
        classifier = self._core.classifier
        self._looking.open(lambda: _judge(dataset, classifier))

    def _show_action(self) -> None:
        """Say what the switch would do."""
        dataset = self._known()
        self.action.setEnabled(dataset is not None)
        if dataset is not None:
            # Part of the dataset page, which a start that shows another one does not load.
            from mnist_desktop.ui.dataset.summary import turn_words

            self.action.setText(turn_words(dataset))

    @Slot(object)
    def _on_judged(self, found: tuple[Dataset, Orientation | None]) -> None:
        """Tell how the pictures lie, and offer to turn them if they are shown otherwise."""
        judged, orientation = found
        core, page = self._core, self._page
        if core.dataset is not judged or orientation is None:
            return
        self._judged = orientation
        self._show_action()
        if page is None:
            return
        dataset = replace(judged, orientation=orientation)
        page.show_orientation(dataset)
        if dataset.transposed == orientation.lying or core.turns.knows(dataset):
            return
        sure = f"{SURE[orientation.certainty]}. {orientation.reason}."
        text = "These pictures seem to lie on their side"
        if not orientation.lying:
            text = "These pictures were turned because of the file's name, but seem to be upright"
        page.turn_strip.show_message(text, sure, kind="careful", actions=[self.action.text()])


def _judge(
    dataset: Dataset, classifier: Classifier | None
) -> Job[tuple[Dataset, Orientation | None]]:
    """Judge a dataset by itself, by the classifier in use, and by those that come along."""
    # Imported for the first dataset that nobody recognises.
    from mnist_desktop.inference.orientation import judge_orientation_job

    def classifiers() -> Iterator[Classifier]:
        if classifier is not None:
            yield classifier
        for path in shipped_models():
            if classifier is None or classifier.path != path:
                yield Classifier.load(path)

    return dataset, (yield from judge_orientation_job(dataset, classifiers()))
