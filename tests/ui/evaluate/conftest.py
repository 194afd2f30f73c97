"""Evaluations of made-up answers, and the page on the screen."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.inference.evaluation import Evaluation
from mnist_desktop.ui.evaluate.page import EvaluatePage
from tests.ui.helpers import on_screen

NAMES = ("zero", "one", "two")


@pytest.fixture
def dataset() -> Dataset:
    """Return sixty small images of three classes."""
    random = np.random.default_rng(5)
    images = random.integers(0, 256, (60, 9, 7)).astype(np.uint8)
    return Dataset("three", images, np.arange(60) % 3, NAMES)


@pytest.fixture
def evaluation(dataset: Dataset) -> Evaluation:
    """Return answers to `dataset`: 0→1 three times, 2→0 once, all else right."""
    assert dataset.labels is not None
    predicted = dataset.labels.copy()
    predicted[[0, 3, 6]] = 1
    predicted[2] = 0
    confidence = np.full(60, 0.5, np.float32)
    confidence[[0, 3, 6, 2]] = (0.6, 0.99, 0.7, 0.8)
    return Evaluation(NAMES, dataset.labels, predicted, confidence, 0.1234)


@pytest.fixture
def page(app: QApplication) -> Iterator[EvaluatePage]:
    """Return the page on the screen, with nothing to evaluate."""
    yield from on_screen(EvaluatePage(), width=950, height=640)
