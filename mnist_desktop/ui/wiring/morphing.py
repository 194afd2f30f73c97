"""Connect the page that morphs with the autoencoder in use, the classifier, dataset and pad."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from mnist_desktop.inference.ink import prepare
from mnist_desktop.inference.morphing import Autoencoder, default_autoencoder_path
from mnist_desktop.progress import Job, Progress
from mnist_desktop.ui.opening import Opener
from mnist_desktop.ui.wiring.core import Core, as_user_error

if TYPE_CHECKING:
    from mnist_desktop.ui.draw.page import DrawPage
    from mnist_desktop.ui.morph.page import MorphPage
    from mnist_desktop.ui.train.page import TrainPage

RECIPE = "autoencoder"
"""The recipe that trains what this page needs."""


class MorphWiring(QObject):
    """Hold the autoencoder in use: loaded when its page is first shown, or another one chosen."""

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._core = core
        self.autoencoder: Autoencoder | None = None
        self._opening: Path | None = None
        self.opener = Opener(self)
        self.opener.opened.connect(self._use)
        self.opener.failed.connect(self._on_failed)
        core.jobs.add(self.opener.runner, title="Loading the autoencoder", page="morph")
        core.autoencoder_chosen.connect(self.open)
        core.window.page_made.connect(self._on_page_made)
        core.window.page_shown.connect(self._on_page_shown)

    @property
    def page(self) -> MorphPage | None:
        """Return the page, None before it is first shown."""
        return cast("MorphPage | None", self._core.window.page("morph"))

    @property
    def is_ready(self) -> bool:
        """Say whether the page, if it is on the screen, shows all that it will by itself."""
        page = self.page
        return page is None or not page.isVisible() or page.is_ready

    # The autoencoder

    @Slot(object)
    def open(self, path: Path) -> None:
        """Load an autoencoder and draw by it from then on."""
        self._opening = path
        self.opener.open(lambda: load_autoencoder_job(path))

    @Slot()
    def open_first(self) -> None:
        """Load the autoencoder that was used last, or else the one that comes along."""
        if self.autoencoder is not None or self.opener.runner.is_running:
            return
        chosen, own = self._core.settings.autoencoder, default_autoencoder_path()
        if chosen is not None and chosen.is_file():
            self.open(chosen)
        elif own.is_file():
            self.open(own)
        elif self.page is not None:
            self.page.set_autoencoder(None)

    @Slot(object)
    def _use(self, autoencoder: Autoencoder) -> None:
        """Draw by another autoencoder, and remember it."""
        self.autoencoder = autoencoder
        own = autoencoder.path == default_autoencoder_path()
        self._core.settings.autoencoder = None if own else autoencoder.path
        if self.page is not None:
            self.page.set_autoencoder(autoencoder)
            self._offer_drawing()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        """Say why a file cannot be used; the autoencoder before stays, or the own one steps in."""
        page = cast("MorphPage", self._core.window.show_page("morph"))
        failed, self._opening = self._opening, None
        own = default_autoencoder_path()
        if self.autoencoder is None and failed != own and own.is_file():
            self.open(own)
        elif self.autoencoder is None:
            page.set_autoencoder(None)
        page.show_message(as_user_error(error))

    # The page

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Connect the page when it is first shown, and give it what is in use."""
        if name == "morph":
            self._connect(cast("MorphPage", page))

    def _connect(self, page: MorphPage) -> None:
        """Connect the page's requests, and give it what is in use."""
        core = self._core
        page.autoencoder_wanted.connect(self.open_first)
        page.train_autoencoder_requested.connect(self._show_training)
        page.dataset_wanted.connect(core.show_dataset)
        core.classifier_changed.connect(page.set_classifier)
        core.dataset_changed.connect(page.set_dataset)
        page.set_classifier(core.classifier)
        if core.dataset is not None:
            page.set_dataset(core.dataset)
        if self.autoencoder is not None:
            page.set_autoencoder(self.autoencoder)

    @Slot(str)
    def _on_page_shown(self, name: str) -> None:
        """Know what is on the pad by now."""
        if name == "morph":
            self._offer_drawing()

    def _offer_drawing(self) -> None:
        """Offer what is on the pad as an end, prepared as the network gets it."""
        page, drawn = self.page, self._core.window.page("draw")
        if page is None or drawn is None or self.autoencoder is None:
            return
        classifier = self._core.classifier
        recipe = "mnist" if classifier is None else classifier.contract.ink_recipe
        raster = cast("DrawPage", drawn).pad.raster()
        steps = prepare(raster, recipe, size=self.autoencoder.height)
        page.set_drawing(None if steps.empty else steps.picture)

    @Slot()
    def _show_training(self) -> None:
        """Lead to the page that trains, with the recipe for an autoencoder chosen."""
        page = cast("TrainPage", self._core.window.show_page("train"))
        page.form.recipes.choose(RECIPE)


def load_autoencoder_job(path: Path) -> Job[Autoencoder]:
    """Load the autoencoder in two ONNX files."""
    yield Progress(0, 0, f"Loading {path.name}")
    return Autoencoder.load(path)
