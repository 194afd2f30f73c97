"""What is missing for some ways to filter and sort, and how to say so. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.picking import Order
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.predictions import true_classes


@dataclass(frozen=True)
class Lack:
    """Something that is missing.

    Parameters
    ----------
    short
        In two or three words: needs labels.
    sentence
        What is missing and what would help, for a tool tip.
    """

    short: str
    sentence: str


LABELS = Lack(
    "needs labels",
    "These images have no labels. Choose their labels file under More.",
)
MODEL = Lack("needs a model", "No model is loaded. Open one at the bottom of the window.")


@dataclass(frozen=True)
class Lacking:
    """What is missing; None where nothing is.

    Parameters
    ----------
    labels
        For what needs labels.
    answers
        For what needs a model.
    truth
        For what compares a model's answers with labels.
    """

    labels: Lack | None = LABELS
    answers: Lack | None = MODEL
    truth: Lack | None = MODEL

    def for_order(self, order: Order) -> Lack | None:
        """Return what is missing for an order."""
        return {
            Order.FIRST_OF_EACH: self.labels,
            Order.LOSS: self.truth,
            Order.CONFIDENCE: self.answers,
        }.get(order)


def lacking(dataset: Dataset | None, classifier: Classifier | None) -> Lacking:
    """Return what is missing beside a dataset and a model."""
    labels = LABELS if dataset is None or dataset.labels is None else None
    answers = MODEL if classifier is None else None
    truth = answers or labels
    if truth is None and dataset is not None and classifier is not None:
        try:
            true_classes(classifier, dataset)
        except UserError as error:
            truth = Lack("needs a model of these classes", str(error))
    return Lacking(labels, answers, truth)
