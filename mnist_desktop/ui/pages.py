"""The pages of the window, in the order of the rail; each is imported when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class PageEntry:
    """A page in the rail.

    Parameters
    ----------
    name
        How `--page` and the settings call it; also the name of its icon.
    title
        The word in the rail.
    make
        Import and make the page.
    """

    name: str
    title: str
    make: Callable[[], QWidget]


def _draw() -> QWidget:
    """Make the page to draw on."""
    from mnist_desktop.ui.draw.page import DrawPage

    return DrawPage()


def _dataset() -> QWidget:
    """Make the page that shows a dataset."""
    from mnist_desktop.ui.dataset.page import DatasetPage

    return DatasetPage()


def _train() -> QWidget:
    """Make the page that trains."""
    from mnist_desktop.ui.train.page import TrainPage

    return TrainPage()


def _evaluate() -> QWidget:
    """Make the page that evaluates."""
    from mnist_desktop.ui.evaluate.page import EvaluatePage

    return EvaluatePage()


def _morph() -> QWidget:
    """Make the page that goes from one image to another."""
    from mnist_desktop.ui.morph.page import MorphPage

    return MorphPage()


PAGES = (
    PageEntry("draw", "Draw", _draw),
    PageEntry("dataset", "Dataset", _dataset),
    PageEntry("train", "Train", _train),
    PageEntry("evaluate", "Evaluate", _evaluate),
    PageEntry("morph", "Morph", _morph),
)
