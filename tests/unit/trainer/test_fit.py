"""A fit learns, can be paused, ended and resumed, and is decided by its seed."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mnist_desktop.progress import Request
from mnist_desktop.trainer import fit as fit_module
from mnist_desktop.trainer.augment import Augmentation
from mnist_desktop.trainer.checkpoint import Checkpoint, Samples, TrainingError
from mnist_desktop.trainer.fit import fit
from mnist_desktop.trainer.layers import Convolution, Dropout, Relu
from mnist_desktop.trainer.learner import Learner
from mnist_desktop.trainer.networks import Network, block
from mnist_desktop.trainer.optimizers import ADAMW, SGD
from mnist_desktop.trainer.progress import EpochProgress, Fitted, TrainingProgress
from mnist_desktop.trainer.recipes import RECIPES, Recipe
from mnist_desktop.trainer.watch import Watch
from mnist_desktop.trainer.weights import Architecture
from tests.unit.trainer.digits import blobs

RECIPE = Recipe(
    "tiny",
    "for tests",
    Network("tiny", (*block(8, 3, stride=2, padding=1), Dropout(0.25))),
    ADAMW,
    2e-2,
    3,
    schedule="one-cycle",
    batch_size=32,
    augmentation=Augmentation(shift=0.5),
)


@pytest.fixture(autouse=True)
def every_step_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Follow a fit step by step, however fast it is."""
    monkeypatch.setattr(fit_module, "TELL_EVERY", 0.0)


def samples(count: int = 240, *, seed: int = 0) -> Samples:
    dataset = blobs(count, seed=seed)
    assert dataset.labels is not None
    return Samples(dataset.images, dataset.labels)


def follow(
    recipe: Recipe = RECIPE, *, stop_in: tuple[int, int] | None = None, **options: Any
) -> tuple[list[TrainingProgress], Fitted]:
    """Run a fit to its end; ask to finish the epoch at (epoch, step) `stop_in`."""
    seen: list[TrainingProgress] = []
    validation = options.pop("validation", samples(80, seed=1))
    job = fit(options.pop("training", samples()), validation, recipe, classes=4, **options)
    request = None
    while True:
        try:
            progress = job.send(request)
        except StopIteration as end:
            return seen, end.value
        seen.append(progress)
        here = (progress.epoch, progress.step)
        request = Request.FINISH_EPOCH if here == stop_in else None


def checkpoints(seen: list[TrainingProgress]) -> list[Checkpoint]:
    return [p.checkpoint for p in seen if isinstance(p, EpochProgress) and p.checkpoint]


def test_it_learns_and_tells_how_far_it_is() -> None:
    seen, fitted = follow()
    epochs = [p for p in seen if p.kind == "epoch"]
    steps = [p for p in seen if p.kind == "step" and p.what.startswith("epoch")]
    assert seen[0].kind == "start"
    assert [p.epoch for p in epochs] == [1, 2, 3]
    assert [p.done for p in steps] == list(range(1, 22))
    assert {p.total for p in seen} == {21}
    assert epochs[-1].validation_accuracy == pytest.approx(1.0, abs=0.1)
    assert epochs[-1].loss < epochs[0].loss
    assert fitted.validation_accuracy == epochs[fitted.best_epoch - 1].validation_accuracy
    assert fitted.best_epoch == epochs[-1].best_epoch
    assert steps[-1].images_per_second > 0
    assert steps[-1].seconds_left == 0.0
    assert not fitted.finished_early


@pytest.mark.parametrize(
    ("scores", "chance", "kept"),
    [
        ([0.90, 0.95, 0.94, 0.945], 0.0, 2),
        ([0.90, 0.95, 0.94, 0.945], 0.01, 4),
        # Each step down is within chance, their sum is not: the best of all is what counts.
        ([0.95, 0.945, 0.94, 0.935], 0.006, 2),
        ([None, None], 0.0, 2),
    ],
)
def test_the_last_epoch_that_is_as_good_as_the_best_is_kept(
    scores: list[float | None], chance: float, kept: int
) -> None:
    architecture = Architecture(RECIPE.network, 12, 12, 4)
    parameters = np.zeros(architecture.layout().size, np.float32)
    learner = Learner(architecture, parameters, RECIPE, steps=9)
    for epoch, score in enumerate(scores, 1):
        parameters[:] = epoch
        learner.finish_epoch(epoch, score, chance=chance)
    assert learner.kept is not None
    assert learner.kept.epoch == kept
    assert (learner.kept.parameters == kept).all()


def test_without_a_validation_part_the_last_epoch_is_kept() -> None:
    seen, fitted = follow(validation=None)
    assert fitted.best_epoch == 3
    assert fitted.validation_accuracy is None
    last = checkpoints(seen)[-1]
    np.testing.assert_array_equal(fitted.weights.parameters, last.arrays["parameters"])


@pytest.mark.parametrize("threads", [1, 2])
def test_the_seed_decides_every_bit(threads: int) -> None:
    first, again, other = (follow(seed=seed, threads=threads)[1] for seed in (5, 5, 6))
    np.testing.assert_array_equal(first.weights.parameters, again.weights.parameters)
    np.testing.assert_array_equal(first.weights.statistics, again.weights.statistics)
    assert (first.weights.parameters != other.weights.parameters).any()


def test_any_number_of_threads_finds_the_same_bits() -> None:
    one, two, three = (follow(threads=n)[1].weights for n in (1, 2, 3))
    for other in (two, three):
        np.testing.assert_array_equal(one.parameters, other.parameters)
        np.testing.assert_array_equal(one.statistics, other.statistics)


def test_the_weights_of_many_steps_are_averaged() -> None:
    """Until as many steps are done as it looks back over, the average is their plain mean."""
    seen, fitted = follow(replace(RECIPE, averaging=1.0, epochs=1), validation=None)
    last = checkpoints(seen)[-1].arrays
    np.testing.assert_array_equal(fitted.weights.parameters, last["average"])
    np.testing.assert_array_equal(fitted.weights.statistics, last["average_statistics"])
    begun = follow(replace(RECIPE, epochs=1, learning_rate=0.0), validation=None)[1]
    way = last["parameters"] - begun.weights.parameters
    part = last["average"] - begun.weights.parameters
    share = float(part @ way / (way @ way))
    assert 0.2 < share < 0.95


def test_an_average_goes_on_from_a_checkpoint_too() -> None:
    recipe = replace(RECIPE, averaging=0.3)
    seen, whole = follow(recipe, seed=7)
    _, resumed = follow(recipe, seed=7, checkpoint=checkpoints(seen)[0])
    np.testing.assert_array_equal(whole.weights.parameters, resumed.weights.parameters)
    np.testing.assert_array_equal(whole.weights.statistics, resumed.weights.statistics)


@pytest.mark.parametrize("after", [1, 2])
def test_it_goes_on_from_a_checkpoint_as_if_it_had_never_stopped(after: int) -> None:
    seen, whole = follow(seed=7)
    kept = checkpoints(seen)[after - 1]
    rest, resumed = follow(seed=7, checkpoint=kept)
    assert [p.epoch for p in rest if p.kind == "epoch"] == list(range(after + 1, 4))
    np.testing.assert_array_equal(whole.weights.parameters, resumed.weights.parameters)
    np.testing.assert_array_equal(whole.weights.statistics, resumed.weights.statistics)
    assert resumed.best_epoch == whole.best_epoch
    assert resumed.seconds > kept.seconds


def test_a_checkpoint_after_the_last_epoch_only_ends() -> None:
    seen, whole = follow()
    rest, resumed = follow(checkpoint=checkpoints(seen)[-1])
    assert [p.kind for p in rest] == ["start"]
    assert rest[0].done == rest[0].total
    np.testing.assert_array_equal(whole.weights.parameters, resumed.weights.parameters)


def test_finish_this_epoch_and_keep() -> None:
    seen, fitted = follow(stop_in=(2, 3))
    assert [p.epoch for p in seen if p.kind == "epoch"] == [1, 2]
    assert seen[-1].kind == "epoch"
    assert fitted.finished_early
    assert fitted.epochs == 2


def test_asked_before_the_first_step_it_ends_with_the_first_epoch() -> None:
    job = fit(samples(), samples(80, seed=1), RECIPE, classes=4)
    assert next(job).kind == "start"
    progress = job.send(Request.FINISH_EPOCH)
    assert (progress.kind, progress.epoch) == ("step", 1)
    *_, last = job
    assert (last.kind, last.epoch) == ("epoch", 1)


def test_closing_it_stops_between_two_steps() -> None:
    job = fit(samples(), None, RECIPE, classes=4)
    for _ in range(4):
        next(job)
    job.close()
    with pytest.raises(StopIteration):
        next(job)


def test_the_arithmetic_of_its_caller_stays_as_it_was() -> None:
    """Denormal numbers are zero while it trains, and nowhere else."""
    tiny = np.float32(1e-30)
    follow(replace(RECIPE, epochs=1))
    assert tiny * np.float32(1e-10) > 0


def test_a_failure_arrives_where_it_is_driven() -> None:
    job = fit(samples(1), None, RECIPE, classes=4)
    with pytest.raises(TrainingError):
        next(job)
    with pytest.raises(StopIteration):
        next(job)


def test_a_checkpoint_of_another_network_is_refused() -> None:
    seen, _ = follow()
    other = replace(RECIPE, network=Network("other", block(9, 3)))
    with pytest.raises(TrainingError, match="another network"):
        follow(other, checkpoint=checkpoints(seen)[0])


def test_divergence_stops_with_a_reason() -> None:
    wild = replace(
        RECIPE,
        network=Network("plain", (Convolution(4, 3), Relu(), Convolution(4, 3), Relu())),
        optimizer=SGD,
        learning_rate=1e30,
        schedule="constant",
        augmentation=Augmentation(),
    )
    with pytest.raises(TrainingError, match="diverged") as caught:
        follow(wild)
    assert "recipe" in caught.value.advice


def test_divergence_after_an_epoch_keeps_the_weights_of_that_epoch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, good = follow(stop_in=(1, 1))
    check = Watch.check

    def second_epoch_fails(self: Watch, loss: float, epoch: int, step: int) -> None:
        check(self, math.nan if (epoch, step) == (2, 3) else loss, epoch, step)

    monkeypatch.setattr(Watch, "check", second_epoch_fails)
    seen, fitted = follow()
    assert fitted.stopped is not None
    assert "no longer a number in step 3 of epoch 2" in fitted.stopped
    assert fitted.best_epoch == 1
    assert [p.epoch for p in seen if p.kind == "epoch"] == [1]
    np.testing.assert_array_equal(fitted.weights.parameters, good.weights.parameters)


def test_pictures_too_small_for_the_network_are_told() -> None:
    small = Samples(np.zeros((9, 3, 3), np.uint8), np.zeros(9, np.int64))
    with pytest.raises(TrainingError, match="3×3 pixels"):
        follow(RECIPES["keras-rmsprop"], training=small)


@pytest.mark.parametrize("count", [2, 15, 33, 200])
def test_any_number_of_samples_can_be_learned_from(count: int) -> None:
    seen, fitted = follow(replace(RECIPE, epochs=1), training=samples(count), validation=None)
    assert fitted.epochs == 1
    assert all(np.isfinite(p.loss) for p in seen)


def test_one_sample_is_too_few() -> None:
    with pytest.raises(TrainingError, match="1 samples"):
        follow(training=samples(1))


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_trains_on_real_digit_shapes(name: str) -> None:
    """One epoch of 64 pictures: every layer of every network, forwards, backwards and exported."""
    random = np.random.default_rng(0)
    labels = np.arange(64) % 10
    images = random.integers(0, 60, (64, 28, 28)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[4 + 2 * label : 8 + 2 * label, 4:24] = 250
    part = Samples(images, labels)
    seen: list[TrainingProgress] = []
    job = fit(part, part, replace(RECIPES[name], epochs=2, batch_size=32), classes=10)
    for progress in job:
        seen.append(progress)
    assert np.isfinite(seen[-1].loss)
    assert seen[-1].validation_loss is not None
    assert np.isfinite(seen[-1].validation_loss)
