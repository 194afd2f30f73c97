"""What is known of each sample beyond its label: brightness, and what the model reads."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from weakref import ref

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from mnist_desktop.datasets.brightness import mean_brightness
from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.picking import Order, Picking, pick
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.predictions import Predictions, predict_samples, true_classes
from mnist_desktop.progress import Job, Progress
from mnist_desktop.ui.dataset.on_demand import OnDemand

BY_PREDICTION = (Order.LOSS, Order.CONFIDENCE)


class Measures(QObject):
    """Work out what sorting and filtering need, when it is first needed, and keep it.

    Brightness is kept as long as the dataset stays, predictions as long as the classifier does too.
    `arrived` tells that something that was wanted is there, `progressed` carries the `Progress` of
    it, `ended` tells that it will not come: the exception, or None where a person cancelled.
    """

    arrived = Signal()
    progressed = Signal(object)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dataset: Dataset | None = None
        self._classifier: Classifier | None = None
        # Weak: what was evaluated once must not stay in memory for that.
        self._known: tuple[ref[Dataset], ref[Classifier], Predictions] | None = None
        self.brightness, self.predictions = OnDemand(self), OnDemand(self)
        for part in (self.brightness, self.predictions):
            part.arrived.connect(self.arrived)
            part.failed.connect(self.ended)
            part.given_up.connect(self._on_given_up)
            part.runner.progressed.connect(self.progressed)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Measure the samples of this dataset from now on."""
        self._dataset = dataset
        self.brightness.reset(None if dataset is None else partial(mean_brightness, dataset.images))
        self._reset_predictions()

    def set_classifier(self, classifier: Classifier | None) -> None:
        """Let this model read the samples from now on."""
        if classifier is not self._classifier:
            self._classifier = classifier
            self._reset_predictions()

    def know(self, dataset: Dataset, classifier: Classifier, predictions: Predictions) -> None:
        """Use predictions that were made elsewhere, now or when dataset and model are in use."""
        self._known = ref(dataset), ref(classifier), predictions
        if dataset is self._dataset and classifier is self._classifier:
            was_wanted = self.predictions.is_wanted
            self.predictions.reset(None, value=predictions)
            if was_wanted:
                self.arrived.emit()

    def is_ready(self, picking: Picking) -> bool:
        """Say whether all that `picking` needs is known."""
        return not self._needed(picking)

    def want(self, picking: Picking) -> bool:
        """Begin to work out what `picking` needs, and nothing else.

        Returns
        -------
        bool
            Whether anything is missing for now.
        """
        needed = self._needed(picking)
        for part in (self.brightness, self.predictions):
            if part in needed:
                part.want()
            else:
                part.drop()
        return any(part.is_wanted for part in needed)

    def ready_part(self, picking: Picking) -> Picking:
        """Return the same without what is not known yet."""
        if self.is_ready(picking):
            return picking
        if self.predictions.value is None and picking.misread:
            return self.ready_part(replace(picking, misread=False))
        return replace(picking, order=Order.FILE)

    def pick(self, picking: Picking) -> NDArray[np.int64] | None:
        """Return the indices to show, see `picking.pick`; everything needed must be known."""
        dataset, predictions = self._dataset, self.predictions.value
        assert dataset is not None
        values = {
            Order.BRIGHTNESS: self.brightness.value,
            Order.LOSS: None if predictions is None else predictions.losses,
            Order.CONFIDENCE: None if predictions is None else predictions.confidence,
        }.get(picking.order)
        return pick(
            picking,
            count=len(dataset),
            labels=dataset.labels,
            values=values,
            misread=None if predictions is None else predictions.misread,
        )

    def predictions_for(self, picking: Picking) -> Predictions | None:
        """Return what the model reads, where `picking` goes by that."""
        told = picking.misread or picking.order in BY_PREDICTION
        predictions: Predictions | None = self.predictions.value if told else None
        return predictions

    def close_down(self) -> None:
        """End what runs."""
        self.brightness.close_down()
        self.predictions.close_down()

    def _needed(self, picking: Picking) -> list[OnDemand]:
        """Return what `picking` needs and is not there."""
        needed = []
        if picking.order is Order.BRIGHTNESS and self.brightness.value is None:
            needed.append(self.brightness)
        by_prediction = picking.misread or picking.order in BY_PREDICTION
        if by_prediction and self.predictions.value is None:
            needed.append(self.predictions)
        return needed

    def _reset_predictions(self) -> None:
        """Forget what another model said, or said of another dataset."""
        dataset, classifier = self._dataset, self._classifier
        if dataset is None or classifier is None:
            self.predictions.reset(None)
            return
        known = self._known
        value = None
        if known is not None and known[0]() is dataset and known[1]() is classifier:
            value = known[2]
        self.predictions.reset(partial(_predict, classifier, dataset), value=value)

    @Slot()
    def _on_given_up(self) -> None:
        """Tell that a person cancelled."""
        self.ended.emit(None)


def _predict(classifier: Classifier, dataset: Dataset) -> Job[Predictions]:
    """Let a classifier read a dataset; compare with its labels where that can be done."""
    yield Progress(0, len(dataset), "Asking the model")
    try:
        truth = true_classes(classifier, dataset)
    except UserError:
        truth = None
    return (yield from predict_samples(classifier, dataset, truth=truth))
