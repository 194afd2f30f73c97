"""Pages and grids for the tests of the dataset page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication

from mnist_desktop.ui.dataset.grid import SampleGrid
from mnist_desktop.ui.dataset.page import DatasetPage
from mnist_desktop.ui.dataset.shown import Shown
from tests.ui.dataset.dataset_helpers import make_dataset
from tests.ui.helpers import destroy, on_screen

GridMaker = Callable[..., SampleGrid]


@pytest.fixture
def make_grid(app: QApplication) -> Iterator[GridMaker]:
    """Return a function that shows images in a grid of 600×400 pixels."""
    made: list[SampleGrid] = []

    def make(
        images: NDArray[np.uint8],
        labels: NDArray[np.int64] | None = None,
        *,
        size: tuple[int, int] = (600, 400),
    ) -> SampleGrid:
        grid = SampleGrid()
        made.append(grid)
        grid.resize(*size)
        grid.set_shown(Shown(images, labels, tuple("0123456789")))
        grid.show()
        return grid

    yield make
    for grid in made:
        destroy(grid)


@pytest.fixture
def page(app: QApplication) -> Iterator[DatasetPage]:
    """Return a dataset page on the screen, empty."""
    yield from on_screen(DatasetPage(), width=940, height=666)


@pytest.fixture
def grid(make_grid: GridMaker) -> SampleGrid:
    """Return a grid of 300 labelled images."""
    dataset = make_dataset()
    return make_grid(dataset.images, dataset.labels)


@pytest.fixture
def filled(page: DatasetPage) -> DatasetPage:
    """Return a page that shows 300 labelled images."""
    page.set_dataset(make_dataset())
    return page
