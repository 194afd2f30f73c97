"""A model that misreads on purpose, and what tests of sorting and filtering do with the page."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.picking import Order
from mnist_desktop.inference.classifier import Prediction
from mnist_desktop.inference.contract import ModelError
from mnist_desktop.ui.dataset.page import DatasetPage

NAMES = tuple("0123456789")


class Reader:
    """Reads a sample as the class before its label, wrongly, where its ink is dark, else rightly.

    The samples of `make_dataset` tell by their ink which they are.
    """

    def __init__(self, names: tuple[str, ...] = NAMES) -> None:
        self.contract = SimpleNamespace(class_names=names)
        self.go = threading.Event()
        self.go.set()
        self.fails = False

    def predict(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        if not self.go.wait(10):
            raise TimeoutError
        if self.fails:
            raise ModelError("the model fell over")
        ink = images[:, 10, 10].astype(int)
        label = (ink - 50) % 10
        wrong = ink >= 240
        sure = 0.5 + ink / 600
        answers = np.full((len(images), len(self.contract.class_names)), 0.01, np.float32)
        answers[np.arange(len(images)), np.where(wrong, label - 1, label)] = sure
        return answers

    def answer(self, image: NDArray[np.uint8]) -> Prediction:
        names = self.contract.class_names
        return Prediction(np.full(len(names), 1 / len(names), np.float32), names)


def shown(page: DatasetPage) -> list[int]:
    grid = page.grid
    return grid.shown.indices_at(range(grid.shown.count)).tolist()


def inks(page: DatasetPage) -> list[int]:
    return [index % 200 for index in shown(page)]


def choose(page: DatasetPage, order: Order) -> None:
    box = page.view_bar.picker.order
    box.setCurrentIndex(box.findData(order))


def line(page: DatasetPage) -> str:
    return str(page.view_bar.shown.full_text())
