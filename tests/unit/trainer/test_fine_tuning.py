"""A model that is trained further begins as it was, learns, and forgets nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.progress import finish
from mnist_desktop.trainer import runs
from mnist_desktop.trainer.checkpoint import Samples, TrainingError
from mnist_desktop.trainer.export import INPUT, LOGITS, export_model
from mnist_desktop.trainer.fine_tuning import with_statistics
from mnist_desktop.trainer.fit import fit
from mnist_desktop.trainer.job import resume_settings, train
from mnist_desktop.trainer.networks import FAST, KERAS_SGD, Network
from mnist_desktop.trainer.optimizers import SGD
from mnist_desktop.trainer.progress import EpochProgress, TrainingSettings
from mnist_desktop.trainer.reading import read_trained
from mnist_desktop.trainer.recipes import RECIPES
from mnist_desktop.trainer.runs import RunError, list_runs
from tests.unit.trainer.digits import blobs
from tests.unit.trainer.networks import EVERYTHING, exported, trained
from tests.unit.trainer.running import run
from tests.unit.trainer.test_fit import RECIPE
from tests.unit.trainer.test_job import stop_after_epoch

FINE = replace(
    RECIPES["fine-tune"], epochs=6, samples_per_epoch=512, batch_size=32, learning_rate=2e-2
)
IMAGES = np.random.default_rng(1).integers(0, 256, (150, 28, 28)).astype(np.uint8)


def logits(model: onnx.ModelProto, images: np.ndarray) -> np.ndarray:
    return run(model, {INPUT: images[:, None].astype(np.float32) / 255.0})[LOGITS]


@pytest.mark.parametrize("network", [FAST, KERAS_SGD, EVERYTHING], ids=lambda n: n.name)
def test_statistics_change_nothing_that_the_network_computes(network: Network) -> None:
    model = exported(trained(network))
    read = read_trained(model.SerializeToString(), name="m").weights
    again = export_model(with_statistics(read, IMAGES))
    np.testing.assert_allclose(logits(again, IMAGES), logits(model, IMAGES), rtol=1e-3, atol=1e-4)


def test_statistics_are_those_of_what_a_batch_norm_is_given() -> None:
    read = read_trained(exported(trained(EVERYTHING)).SerializeToString(), name="m").weights
    model = export_model(read)
    written = {node.name: node for node in model.graph.node}
    given = {0: INPUT, 2: "1_conv", 20: written["20_mul"].input[0]}
    model.graph.output.extend(onnx.ValueInfoProto(name=n) for n in given.values() if n != INPUT)
    pictures = IMAGES[:, None].astype(np.float32) / 255.0
    found = run(model, {INPUT: pictures}) | {INPUT: pictures}
    arrays = with_statistics(read, IMAGES).arrays()
    for number, name in given.items():
        values = found[name].astype(np.float64)
        if number == 2:  # a folded one has its shift in what the convolution makes
            values -= read.arrays()["2.beta"].reshape(-1, 1, 1)
        axes = (0, *range(2, values.ndim))
        mean, variance = values.mean(axis=axes), values.var(axis=axes)
        np.testing.assert_allclose(arrays[f"{number}.mean"][0], mean, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(arrays[f"{number}.variance"][0], variance, rtol=1e-4)


def test_a_training_that_changes_nothing_keeps_what_the_model_computes() -> None:
    """At rate 0 only the running statistics move, and they already are those of the pictures."""
    model = exported(trained(FAST))
    read = read_trained(model.SerializeToString(), name="m").weights
    images = np.tile(IMAGES[:16], (6, 1, 1))
    samples = Samples(images, np.arange(len(images)) % 10)
    start = with_statistics(read, images)
    still = replace(
        RECIPE, network=start.architecture.network, optimizer=SGD, learning_rate=0.0, batch_size=16
    )
    still = replace(still, augmentation=RECIPES["keras-sgd"].augmentation, schedule="constant")
    fitted = finish(fit(samples, None, still, classes=10, start=start))
    np.testing.assert_array_equal(fitted.weights.parameters, start.parameters)
    np.testing.assert_allclose(
        logits(export_model(fitted.weights), images), logits(model, images), rtol=0.1, atol=0.1
    )


def test_another_network_is_no_start() -> None:
    start = trained(FAST, classes=4, side=12)
    samples = Samples(IMAGES[:, :12, :12].copy(), np.zeros(len(IMAGES), np.int64))
    with pytest.raises(TrainingError, match="another network"):
        next(fit(samples, None, RECIPE, classes=4, start=start))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a model that tells the four corners."""
    folder = tmp_path_factory.mktemp("base")
    output = folder / "角.onnx"
    finish(train(TrainingSettings(blobs(), output, RECIPE, seed=3, runs=folder / "runs")))
    return output


def negative(count: int = 24, *, classes: int = 4, seed: int = 5) -> Dataset:
    """Return what a person may want to teach: the same, light on dark turned to dark on light."""
    plain = blobs(count, classes=classes, seed=seed)
    return replace(plain, name="negative", images=255 - plain.images)


@pytest.fixture
def settings(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TrainingSettings:
    monkeypatch.setitem(RECIPES, FINE.name, FINE)
    return TrainingSettings(
        negative(),
        tmp_path / "new.onnx",
        FINE,
        seed=1,
        threads=1,
        start=base,
        mix=blobs(200, seed=4),
        runs=tmp_path / "runs",
    )


def right(model: Path, dataset: Dataset) -> float:
    answers = Classifier.load(model).predict(np.asarray(dataset.images)).argmax(axis=1)
    return float(np.mean(answers == dataset.labels))


def test_it_learns_the_new_and_keeps_the_old(settings: TrainingSettings, base: Path) -> None:
    new, old = negative(200, seed=8), blobs(200, seed=9)
    assert right(base, new) < 0.8
    before = right(base, old)
    result = finish(train(settings))
    assert right(result.model, new) > 0.95
    assert right(result.model, old) >= before - 0.02
    contract = Classifier.load(result.model).contract
    assert contract.fine_tuned_from == "角, trained on blobs"
    assert contract.trained_on == "negative, mixed with blobs"
    assert contract.recipe == "fine-tune"
    assert "going on from 角" in onnx.load(result.model).graph.doc_string


def test_a_taught_model_can_be_taught_again(settings: TrainingSettings, tmp_path: Path) -> None:
    once = finish(train(settings)).model
    twice = replace(settings, start=once, output=tmp_path / "twice.onnx")
    result = finish(train(twice))
    assert right(result.model, negative(200, seed=8)) > 0.95


def test_the_ink_recipe_of_the_model_is_kept(settings: TrainingSettings, tmp_path: Path) -> None:
    names = ("corner 0", "corner 1", "corner 2", "corner 3")
    weights = trained(RECIPE.network, classes=4, side=12)
    start = tmp_path / "start.onnx"
    model = exported(weights, class_names=names, ink_recipe="emnist")
    start.write_bytes(model.SerializeToString())
    result = finish(train(replace(settings, start=start, epochs=1)))
    assert Classifier.load(result.model).contract.ink_recipe == "emnist"


def test_a_part_of_the_classes_keeps_them_all(settings: TrainingSettings) -> None:
    """A few samples of two classes, in an order of their own, teach a model of four."""
    few = negative()
    chosen = np.flatnonzero(few.labels >= 2)
    part = few.select(chosen)
    assert part.labels is not None
    part = replace(
        part,
        class_names=("corner 3", "corner 2"),
        labels=3 - part.labels,
        label_values=(),
    )
    result = finish(train(replace(settings, dataset=part)))
    assert len(Classifier.load(result.model).contract.class_names) == 4
    new = negative(200, seed=8)
    assert right(result.model, new.select(np.flatnonzero(new.labels >= 2))) > 0.9
    assert right(result.model, blobs(200, seed=9)) > 0.9


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"dataset": replace(negative(), class_names=("a", "b", "c", "d"))}, "does not know"),
        ({"dataset": blobs(side=14)}, "14×14 pixels"),
        ({"mix": blobs(side=14)}, "14×14 pixels"),
        ({"mix": Dataset("blind", blobs().images, None, ("a",))}, "have no labels"),
        ({"dataset": Dataset("blind", blobs().images, None, ("a",))}, "no labels"),
        ({"test": blobs(side=14)}, "14×14 pixels"),
        ({"start": None}, "none is chosen"),
        ({"start": None, "recipe": RECIPE}, "mixed in only"),
        ({"recipe": RECIPES["autoencoder"]}, "only classifiers"),
        ({"start": Path("nowhere.onnx")}, "could not be read"),
    ],
)
def test_what_does_not_fit_is_told_before_the_work(
    settings: TrainingSettings, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(UserError, match=said) as caught:
        finish(train(replace(settings, **change)))
    assert caught.value.advice
    assert list_runs(settings.runs) == []


def test_a_small_set_has_no_validation_part_unless_asked(settings: TrainingSettings) -> None:
    def first_epoch(**change: Any) -> EpochProgress:
        job = train(replace(settings, epochs=1, **change))
        found = next(p for p in job if isinstance(p, EpochProgress))
        job.close()
        return found

    assert first_epoch().validation_accuracy is None
    assert first_epoch(validation=0.25).validation_accuracy is not None
    assert first_epoch(dataset=negative(260)).validation_accuracy is not None


@pytest.mark.parametrize("after", [1, 2])
def test_a_stopped_run_goes_on_to_the_same_model(settings: TrainingSettings, after: int) -> None:
    whole = finish(train(replace(settings, runs=settings.output.parent)))
    expected = whole.model.read_bytes()
    folder = stop_after_epoch(settings, after)
    # The model it began with may be gone by then: the run keeps its own.
    resumed = resume_settings(folder, settings.dataset, mix=settings.mix)
    assert resumed.start == folder / runs.START
    assert finish(train(resumed)).model.read_bytes() == expected


def test_a_run_on_files_opens_them_again(settings: TrainingSettings, tmp_path: Path) -> None:
    for prefix, part in (("teach", settings.dataset), ("old", settings.mix)):
        assert part is not None
        assert part.labels is not None
        write_idx(tmp_path / f"{prefix}-images-idx3-ubyte", np.asarray(part.images))
        write_idx(tmp_path / f"{prefix}-labels-idx1-ubyte", part.labels.astype(np.uint8))
    opened = [open_dataset(tmp_path / f"{name}-images-idx3-ubyte") for name in ("teach", "old")]
    on_files = replace(settings, dataset=opened[0], mix=opened[1])
    expected = finish(train(replace(on_files, runs=settings.output.parent))).model.read_bytes()
    folder = stop_after_epoch(on_files, 1)
    assert finish(train(resume_settings(folder))).model.read_bytes() == expected


def test_only_the_same_model_and_mix_are_resumed(
    settings: TrainingSettings, tmp_path: Path
) -> None:
    folder = stop_after_epoch(settings, 1)
    again = replace(settings, resume=folder)
    with pytest.raises(RunError, match="another dataset to mix in"):
        finish(train(replace(again, mix=blobs(200, seed=6))))
    other = tmp_path / "other.onnx"
    weights = trained(RECIPE.network, classes=4, side=12)
    classes = tuple(f"corner {k}" for k in range(4))
    other.write_bytes(exported(weights, class_names=classes).SerializeToString())
    with pytest.raises(RunError, match="another model to go on from"):
        finish(train(replace(again, start=other)))
    with pytest.raises(RunError, match="no file"):
        resume_settings(folder, settings.dataset)
    runs.delete_run(folder)
    assert not folder.exists()
