"""Make a classifier's confidence mean what it says, and find from where on an answer counts."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.trainer.layers import parameter_name
from mnist_desktop.trainer.validation import cross_entropy
from mnist_desktop.trainer.weights import Weights

FEWEST = 200
"""Samples of a class below which nothing is measured: some errors must be among them."""
COLDEST, HOTTEST = 0.2, 5.0
"""The temperatures looked at; beyond them the samples are too few or too easy to tell."""
LOST = 0.005
"""Share of the samples of a class that may be called unsure for the sake of strangers."""
SURE_RANGE = (0.4, 0.95)
"""What a confidence must reach to count lies between these, whatever the samples say."""

_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


@dataclass(frozen=True)
class Calibration:
    """What the validation part says about a classifier's confidence.

    Parameters
    ----------
    temperature
        The logits are divided by it (Guo et al. 2017, "On Calibration of Modern Neural Networks").
    sure
        The confidence from which an answer counts, 0 to 1; None where no stranger was shown.
    """

    temperature: float = 1.0
    sure: float | None = None


def calibrate(logits: NDArray[Any], labels: NDArray[np.int64]) -> Calibration:
    """Find the temperature at which the samples are likeliest, and the confidence that counts.

    Parameters
    ----------
    logits
        `(n, k)` of samples the weights were not trained on.
    labels
        `(n,)`, 0 to k; k for a picture that is of no class, which says nothing of the temperature.

    Returns
    -------
    Calibration
        Where `FEWEST` samples of a class are not reached, one that changes nothing.
    """
    classes = logits.shape[1]
    known = labels < classes
    if np.count_nonzero(known) < FEWEST:
        return Calibration()
    ours, truth = logits[known].astype(np.float64), labels[known]

    def surprise(log_temperature: float) -> float:
        return float(cross_entropy(ours * math.exp(-log_temperature), truth).mean())

    temperature = math.exp(_lowest(surprise, math.log(COLDEST), math.log(HOTTEST)))
    if known.all():
        return Calibration(temperature)
    scaled = ours / temperature
    likeliest = 1.0 / np.exp(scaled - scaled.max(axis=1, keepdims=True)).sum(axis=1)
    sure = float(np.clip(np.quantile(likeliest, LOST), *SURE_RANGE))
    return Calibration(temperature, round(sure, 3))


def cooled(weights: Weights, temperature: float) -> Weights:
    """Return weights whose logits are divided by `temperature`: the last layer's, scaled."""
    last = len(weights.architecture.network.layers(weights.architecture.classes)) - 1
    parameters = weights.parameters.copy()
    views = weights.architecture.layout().views(parameters)
    for kind in ("weight", "bias"):
        views[parameter_name(last, kind)] /= np.float32(temperature)
    return replace(weights, parameters=parameters)


def _lowest(value: Callable[[float], float], low: float, high: float) -> float:
    """Return where `value`, which falls and then rises, is lowest: golden section search."""
    inner = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    found = value(inner[0]), value(inner[1])
    while high - low > 1e-4:
        if found[0] <= found[1]:
            high = inner[1]
            inner = high - _GOLDEN * (high - low), inner[0]
            found = value(inner[0]), found[0]
        else:
            low = inner[0]
            inner = inner[1], low + _GOLDEN * (high - low)
            found = found[1], value(inner[1])
    return (low + high) / 2.0
