"""A morph page on the screen, with a small autoencoder and a small model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.morphing import Autoencoder
from mnist_desktop.ui.morph.page import MorphPage
from tests.ui.helpers import on_screen
from tests.unit.cli import small_model
from tests.unit.inference.onnx_autoencoder import small_autoencoder


@pytest.fixture(scope="session")
def autoencoder() -> Autoencoder:
    return small_autoencoder()


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    return Classifier.from_bytes(small_model(), name="small")


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    """Return two hundred digits, twenty of each class."""
    return sample_dataset(200, seed=12)


@pytest.fixture
def page(app: QApplication) -> Iterator[MorphPage]:
    """Return the page on the screen, with nothing in use."""
    yield from on_screen(MorphPage(), width=940, height=664)


@pytest.fixture
def filled(
    page: MorphPage,
    qtbot: QtBot,
    dataset: Dataset,
    autoencoder: Autoencoder,
    classifier: Classifier,
) -> MorphPage:
    """Return the page with a way on it."""
    page.set_classifier(classifier)
    page.set_dataset(dataset)
    with qtbot.waitSignal(page.way_shown):
        page.set_autoencoder(autoencoder)
    return page
