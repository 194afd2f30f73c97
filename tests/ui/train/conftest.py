"""A train page on the screen, and small datasets for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.ui.train.page import TrainPage
from tests.ui.helpers import on_screen


@pytest.fixture(scope="session")
def digits() -> Dataset:
    """Return some hundred generated digits with labels."""
    return sample_dataset(300, seed=3)


@pytest.fixture
def page(app: QApplication) -> Iterator[TrainPage]:
    """Return the page on the screen, without a dataset."""
    yield from on_screen(TrainPage(), width=950, height=640)
