"""Find out by trial how a model wants its input, when the file does not say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.known import EMNIST
from mnist_desktop.errors import UserError
from mnist_desktop.inference.class_matching import match_classes
from mnist_desktop.inference.contract import (
    PIXEL_RANGES,
    Contract,
    ModelError,
    Output,
    class_names_in,
)
from mnist_desktop.inference.interface import checked_contract, find_fits, only_input
from mnist_desktop.inference.running import (
    SMALLEST_PROBABILITY,
    as_probabilities,
    input_type,
    scores,
)

# Mean and standard deviation of MNIST's training pixels, 0 to 1: what most PyTorch examples
# subtract and divide by. Blank paper and full ink become these.
MNIST_MEAN, MNIST_DEVIATION = 0.1307, 0.3081
NORMALISED = (-MNIST_MEAN / MNIST_DEVIATION, (1 - MNIST_MEAN) / MNIST_DEVIATION)

# Values of blank paper and full ink, the more usual first; each is also tried the other way round.
SCALES = ((0.0, 1.0), (0.0, 255.0), (-1.0, 1.0), NORMALISED)

# Transposed, reversed; the more usual first.
ORIENTATIONS = ((False, False), (True, False), (False, True), (True, True))

# Pictures for the first look at every candidate, and for the choice among those that remain.
FIRST_LOOK, SECOND_LOOK = 60, 200

# A wrong orientation never reads this share of digits (0, 1 and 8 are much the same in others), so
# that nothing stranger need be tried once one does.
CLEAR = 0.8

# How far below the best a candidate's accuracy may lie to remain: three pictures of the first
# look, four of the second.
NEAR_FIRST, NEAR_SECOND = 0.05, 0.02

# Mean log-likelihoods this near are equal (the model does not care); then the more usual wins.
EQUAL = 1e-3

# Classes of a model without names, by their number: the published datasets.
_NAMES_BY_COUNT = {len(family.class_names): family.class_names for family in EMNIST.values()} | {
    36: EMNIST["byclass"].class_names[:36]
}


@dataclass(frozen=True, eq=False)
class _Trial:
    """How well a model reads under one contract.

    `accuracy` is of plain pictures, 0 to 1; `likelihood` the mean log-likelihood of the truth, of
    plain and of cut pictures, in nats.
    """

    contract: Contract
    accuracy: float
    likelihood: float


def find_out(session: onnxruntime.InferenceSession, samples: Dataset) -> Contract:
    """Return the contract of a model that carries none, by letting it read known pictures.

    Every layout the declared shape allows is tried with the usual scales, ink high or low, and
    where that does not read, with the pixels transposed or reversed. Among what reads best the
    greater likelihood decides: a model fed 255 times too strongly often reads as well, but is
    certain where it should hesitate. To see it hesitate, pictures with their top cut off are shown
    too; what was written stays the truth.

    A model that does not read these samples in any way (other letters, clothes) gets the most
    usual contract for its shape, with the origin `assumed`.

    Parameters
    ----------
    session
        The opened model.
    samples
        A few hundred labelled samples in mixed order; those of classes the model has are used.

    Raises
    ------
    ModelError
        When the model is no classifier of grey pictures.
    """
    bases = _bases(session)
    trials: list[_Trial] = []
    for transposed, reversed_ in ORIENTATIONS:
        for base in bases:
            turned = replace(base, transposed=transposed, reversed=reversed_)
            for contract in _scaled(session, turned):
                trials += _read(session, contract, samples, FIRST_LOOK)
        if any(trial.accuracy >= CLEAR for trial in trials):
            break
    remaining = [
        again
        for trial in _near_best(trials, NEAR_FIRST)
        for again in _read(session, trial.contract, samples, SECOND_LOOK)
    ]
    remaining = _near_best(remaining, NEAR_SECOND)
    if not remaining or remaining[0].accuracy < _enough(remaining[0].contract, samples):
        usual = next(_scaled(session, bases[0]))
        return replace(usual, origin="assumed", output=_kind_of(session, usual, samples.images))
    most = max(trial.likelihood for trial in remaining)
    chosen = next(trial for trial in remaining if trial.likelihood >= most - EQUAL).contract
    # Only EMNIST's files lie on their side, so that is what such a model was trained on.
    return replace(chosen, ink_recipe="emnist") if chosen.transposed else chosen


def _bases(session: onnxruntime.InferenceSession) -> list[Contract]:
    """Return a contract for each layout and output that may be meant, the more usual first."""
    name = only_input(session).name
    given = class_names_in(session.get_modelmeta().custom_metadata_map)
    found = []
    for fit in find_fits(session):
        for output in fit.outputs:
            names = given if given and len(given) == output.classes else output.class_names
            found.append(
                checked_contract(
                    names or usual_class_names(output.classes),
                    name,
                    output.name,
                    layout=fit.layout,
                    height=fit.height,
                    width=fit.width,
                    batch=fit.batch,
                    origin="trial",
                )
            )
    return found


def usual_class_names(count: int) -> tuple[str, ...]:
    """Return what `count` classes are usually called: as in EMNIST's datasets, else by number."""
    return _NAMES_BY_COUNT.get(count) or tuple(str(index) for index in range(count))


def _scaled(session: onnxruntime.InferenceSession, contract: Contract) -> Iterator[Contract]:
    """Yield `contract` with every scale its input can take, the more usual first.

    A range the file declares under `Image.NominalPixelRange` is believed, but not what is ink.
    """
    declared = session.get_modelmeta().custom_metadata_map.get("Image.NominalPixelRange", "")
    scales: Sequence[tuple[float, float]] = SCALES
    if input_type(session, contract.input_name).kind in "iu":
        scales = ((0.0, 255.0),)
    elif declared in PIXEL_RANGES:
        scales = (PIXEL_RANGES[declared],)
    for low, high in scales:
        yield replace(contract, low=low, high=high)
    for low, high in scales:
        yield replace(contract, low=high, high=low)


def _read(
    session: onnxruntime.InferenceSession, contract: Contract, samples: Dataset, count: int
) -> list[_Trial]:
    """Return how the model reads `count` samples; nothing where it cannot, or shares no class."""
    shared = _shared(samples, contract.class_names)
    if shared is None or shared.labels is None:
        return []
    some = shared.select(slice(count))
    cut = some.images.copy()
    cut[:, : cut.shape[1] // 3] = 0
    try:
        plain, beheaded = (scores(session, contract, images) for images in (some.images, cut))
    except ModelError:
        return []
    if not np.isfinite(plain).all():
        return []
    contract = replace(contract, output=kind_of_scores(plain))
    rows = as_probabilities(np.concatenate([plain, beheaded]), contract.output)
    truth = np.tile(np.asarray(some.labels), 2)
    right = rows[: len(some)].argmax(axis=1) == truth[: len(some)]
    given = np.take_along_axis(rows, truth[:, None], axis=1).astype(np.float64)
    likelihood = np.log(np.maximum(given, SMALLEST_PROBABILITY)).mean()
    return [_Trial(contract, float(right.mean()), float(likelihood))]


def _shared(samples: Dataset, class_names: tuple[str, ...]) -> Dataset | None:
    """Return the samples of classes the model has too, labelled as the model counts them."""
    if samples.labels is None:
        return None
    known = np.isin(np.array(samples.class_names), np.array(class_names))
    if known.any():
        samples = samples.select(np.flatnonzero(known[samples.labels]))
    try:
        places = match_classes(samples.class_names, class_names, used=samples.class_counts())
    except UserError:
        return None
    labels = places[samples.labels]
    if len(np.unique(labels)) < 2:
        return None
    return Dataset(samples.name, samples.images, labels, class_names)


def kind_of_scores(rows: NDArray[np.float32]) -> Output:
    """Return whether rows of scores are probabilities already.

    They are when every row has the sum 1, or when all lie between 0 and 1 and mostly reach far up,
    as one sigmoid for each class does.
    """
    if rows.min() < -1e-6 or rows.max() > 1 + 1e-6:
        return "logits"
    sums_to_one = bool(np.abs(rows.sum(axis=1) - 1).max() < 1e-3)
    return "probabilities" if sums_to_one or rows.max(axis=1).mean() > 0.5 else "logits"


def _kind_of(
    session: onnxruntime.InferenceSession, contract: Contract, images: NDArray[np.uint8]
) -> Output:
    """Return whether the model puts out probabilities; ModelError when it reads no picture."""
    rows = scores(session, contract, images[:FIRST_LOOK])
    finite = rows[np.isfinite(rows).all(axis=1)]
    if len(finite) == 0:
        raise ModelError("The model answers every picture with values that are no numbers")
    return kind_of_scores(finite)


def _near_best(trials: list[_Trial], distance: float) -> list[_Trial]:
    """Return the trials whose accuracy is at most `distance` below the best, in their order."""
    best = max((trial.accuracy for trial in trials), default=0.0)
    return [trial for trial in trials if trial.accuracy >= best - distance]


def _enough(contract: Contract, samples: Dataset) -> float:
    """Return the accuracy that cannot be luck: half way from a guess to always right."""
    shared = _shared(samples, contract.class_names)
    classes = 2 if shared is None else len(np.unique(np.asarray(shared.labels)))
    return 0.5 + 0.5 / classes
