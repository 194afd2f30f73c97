"""Go on training a model of ours on a few samples more, without losing what it knows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.errors import UserError
from mnist_desktop.inference.class_matching import match_classes
from mnist_desktop.inference.model_file import read_model, session_options
from mnist_desktop.trainer.checkpoint import Samples, TrainingError
from mnist_desktop.trainer.export import INPUT, export_model
from mnist_desktop.trainer.layers import BatchNorm, Convolution, parameter_name
from mnist_desktop.trainer.normalization import EPSILON
from mnist_desktop.trainer.progress import TrainingSettings
from mnist_desktop.trainer.reading import TrainedModel, read_trained
from mnist_desktop.trainer.recipes import FINE_TUNE, Recipe
from mnist_desktop.trainer.runs import read_settings
from mnist_desktop.trainer.sampling import draw_order
from mnist_desktop.trainer.weights import Weights

CHUNK = 64
"""Pictures that go through the network at once; more only cost memory."""

STATISTICS_SAMPLES = 2_048
"""Pictures that batch norm statistics are taken from; some hundred thousand numbers a channel."""

SMALLEST_VALIDATION = 50
"""Samples a validation part must have to tell one epoch from another: one more is 2 points."""


def read_start(settings: TrainingSettings) -> TrainedModel | None:
    """Return the model whose training is to go on; None where a new one begins.

    Raises
    ------
    UserError
        When it cannot be read, or when the recipe does not go with that.
    """
    if settings.start is None:
        _refuse_what_needs_a_model(settings)
        return None
    if settings.recipe.network.is_autoencoder:
        raise TrainingError(
            f"The recipe “{settings.recipe.name}” trains an autoencoder, and only classifiers "
            "can be trained further",
            f"Choose the recipe “{FINE_TUNE}”, or train the autoencoder anew.",
        )
    name = settings.start.stem
    if settings.resume is not None:
        name = read_settings(settings.resume).start or name
    return read_trained(read_model(settings.start), name=name)


def _refuse_what_needs_a_model(settings: TrainingSettings) -> None:
    """Refuse what only makes sense where a model is trained further."""
    if settings.recipe.goes_on:
        raise TrainingError(
            f"The recipe “{settings.recipe.name}” goes on from a model, and none is chosen",
            "Choose the model to go on from, or another recipe.",
        )
    if settings.mix is not None:
        raise TrainingError(
            "Samples are mixed in only where a model is trained further, and none is chosen",
            "Choose the model to go on from, or leave the samples to mix in out.",
        )


def for_start(settings: TrainingSettings, model: TrainedModel) -> TrainingSettings:
    """Return the settings with datasets whose labels mean what the model's outputs mean.

    Raises
    ------
    TrainingError
        When a dataset does not fit the model.
    """
    if settings.mix is not None and settings.mix.labels is None:
        raise TrainingError(
            f"The samples to mix in, “{settings.mix.name}”, have no labels",
            "Choose the labels file that belongs with them, or mix nothing in.",
        )
    dataset, test, mix = (
        part if part is None or part.labels is None else for_the_model(part, model)
        for part in (settings.dataset, settings.test, settings.mix)
    )
    assert dataset is not None
    return replace(settings, dataset=dataset, test=test, mix=mix)


def recipe_for(model: TrainedModel, recipe: Recipe) -> Recipe:
    """Return `recipe` with the network of the model that is trained further."""
    return replace(recipe, network=model.weights.architecture.network)


def validation_share(recipe: Recipe, count: int) -> float:
    """Return the part of `count` samples that `recipe` keeps apart to choose the epoch.

    That is 0 where a model is trained further and the part would be too small to choose by.
    """
    too_small = recipe.goes_on and count * recipe.validation < SMALLEST_VALIDATION
    return 0.0 if too_small else recipe.validation


def for_the_model(dataset: Dataset, model: TrainedModel) -> Dataset:
    """Return a dataset, which has labels, with labels that mean what the model's outputs mean.

    A dataset with fewer classes than the model keeps all of the model's.

    Raises
    ------
    TrainingError
        When its pictures have another size, or a class that occurs is unknown to the model.
    """
    architecture, contract = model.weights.architecture, model.contract
    height, width = dataset.images.shape[1:]
    if (height, width) != (architecture.height, architecture.width):
        raise TrainingError(
            f"The pictures of “{dataset.name}” are {height}×{width} pixels, and “{model.name}” "
            f"reads {architecture.height}×{architecture.width}",
            "Choose pictures of the model's size, or train a new model on these.",
        )
    assert dataset.labels is not None
    try:
        places = match_classes(
            dataset.class_names, contract.class_names, used=dataset.class_counts()
        )
    except UserError as error:
        raise TrainingError(
            f"“{dataset.name}” has classes that “{model.name}” does not know: {error.message}",
            "Choose samples of the model's classes, with a mapping file where their labels are "
            "only numbers, or train a new model on these.",
        ) from error
    return replace(
        dataset,
        labels=places[dataset.labels],
        class_names=(*contract.class_names, *dataset.class_names[len(dataset.answers) :]),
        label_values=(),
    )


def first_weights(model: TrainedModel, samples: Samples, settings: TrainingSettings) -> Weights:
    """Return the model's weights, ready to go on training on `samples`.

    Every batch norm gets the statistics of pictures drawn as the recipe draws its batches.
    """
    recipe = settings.recipe
    random = np.random.Generator(np.random.Philox(key=[settings.seed, 0]))
    order = draw_order(samples, recipe, batch=recipe.batch_size, random=random)
    pictures = samples.images[order[:STATISTICS_SAMPLES]]
    return with_statistics(model.weights, pictures, threads=settings.threads or 1)


def with_statistics(weights: Weights, images: NDArray[np.uint8], *, threads: int = 1) -> Weights:
    """Return weights that compute the same, with the batch norm statistics of `images`.

    A batch norm that came out of a file is no more than a scale a and a shift b of each channel.
    With mean μ and variance v of what it is given, γ = a·√(v + ε) and β = b + a·μ make it that
    scale and shift again, and a training can go on as if it had never been folded.

    Parameters
    ----------
    weights
        As `read_trained` returns them.
    images
        `(n, h, w)` uint8, n at least 1.
    threads
        Cores to use.
    """
    made = Weights(weights.architecture, weights.parameters.copy(), weights.statistics.copy())
    arrays = made.arrays()
    for number, moments in _observe(weights, images, threads).items():
        gamma, beta, mean, variance = (
            arrays[parameter_name(number, kind)] for kind in ("gamma", "beta", "mean", "variance")
        )
        scale = gamma / np.sqrt(variance + np.float32(EPSILON))
        shift = beta - mean * scale
        seen_mean, seen_variance = moments.mean, moments.variance
        if _is_folded(weights, number):
            # What was seen has the scale and the shift in it.
            seen_mean, seen_variance = (seen_mean - shift) / scale, seen_variance / scale**2
        mean[...], variance[...] = seen_mean, seen_variance
        gamma[...] = scale * np.sqrt(variance + np.float32(EPSILON))
        beta[...] = shift + scale * mean
    return made


@dataclass
class _Moments:
    """Mean and variance of each channel over all that was added, `(c,)` float64."""

    count: int = 0
    mean: NDArray[np.float64] | float = 0.0
    variance: NDArray[np.float64] | float = 0.0

    def add(self, values: NDArray[np.float32]) -> None:
        """Take in `(n, c)` or `(n, c, h, w)` values more.

        Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample
        Variances" (1979).
        """
        axes = tuple(axis for axis in range(values.ndim) if axis != 1)
        count = values.size // values.shape[1]
        mean = values.mean(axis=axes, dtype=np.float64)
        variance = values.var(axis=axes, dtype=np.float64)
        share = count / (self.count + count)
        apart = mean - self.mean
        self.variance = (
            (1 - share) * self.variance + share * variance + share * (1 - share) * apart**2
        )
        self.mean = self.mean + share * apart
        self.count += count


def _observe(weights: Weights, images: NDArray[np.uint8], threads: int) -> dict[int, _Moments]:
    """Return the moments of what each batch norm is given, or makes where it is folded."""
    layers = weights.architecture.network.body
    seen = {n: _Moments() for n, layer in enumerate(layers) if isinstance(layer, BatchNorm)}
    if not seen:
        return seen
    model = export_model(weights)
    nodes = {node.name: node for node in model.graph.node}
    names = [
        nodes[f"{n - 1}_conv"].output[0] if _is_folded(weights, n) else nodes[f"{n}_mul"].input[0]
        for n in seen
    ]
    # A picture's pixels may go straight into a batch norm; they are known without an output.
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in set(names))
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), session_options(threads), providers=["CPUExecutionProvider"]
    )
    for begin in range(0, len(images), CHUNK):
        pictures = images[begin : begin + CHUNK, None].astype(np.float32) / 255.0
        for moments, answer in zip(
            seen.values(), session.run(names, {INPUT: pictures}), strict=True
        ):
            moments.add(answer)
    return seen


def _is_folded(weights: Weights, number: int) -> bool:
    """Return whether batch norm `number` is written as a part of the convolution before it."""
    layers = weights.architecture.network.body
    return number > 0 and isinstance(layers[number - 1], Convolution)
