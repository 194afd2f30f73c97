"""Pictures that are of no class: the network learns to be unsure of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_desktop.datasets.dataset import NONE_OF_THEM, Dataset, open_dataset
from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.evaluation import evaluate
from mnist_desktop.progress import finish
from mnist_desktop.trainer import objectives
from mnist_desktop.trainer.checkpoint import TrainingError
from mnist_desktop.trainer.progress import TrainingSettings
from mnist_desktop.trainer.recipes import RECIPES
from tests.unit.trainer.digits import blobs
from tests.unit.trainer.running import check_gradients, compute, follow


def with_strangers(count: int = 480) -> Dataset:
    """Return blobs of four classes, and as many pictures of noise that are none of them."""
    known = replace(blobs(count), class_names=("A", "B", "C", "D"))
    assert known.labels is not None
    noise = np.random.default_rng(1).integers(0, 256, known.images.shape, np.uint8)
    return Dataset(
        "blobs and noise",
        np.concatenate([known.images, noise]),
        np.concatenate([known.labels, np.full(count, 4)]),
        (*known.class_names, NONE_OF_THEM),
    )


def test_a_picture_of_no_class_wants_all_classes_alike() -> None:
    feed = {"labels": np.array([0, 3, 2])}
    rows = compute(lambda g, t: objectives.smoothed_targets(g, t["labels"], 3, 0.3), feed)
    np.testing.assert_allclose(
        rows, [[0.8, 0.1, 0.1], [1 / 3, 1 / 3, 1 / 3], [0.1, 0.1, 0.8]], atol=1e-7
    )


def test_the_network_becomes_unsure_of_strangers_and_stays_sure_of_samples(tmp_path: Path) -> None:
    dataset = with_strangers()
    recipe = replace(RECIPES["quick"], validation=0.25)
    settings = TrainingSettings(
        dataset, tmp_path / "m.onnx", recipe, epochs=6, threads=1, runs=tmp_path / "runs"
    )

    seen, result = follow(settings)

    classifier = Classifier.load(result.model)
    assert classifier.contract.class_names == dataset.answers
    confidence = classifier.predict(dataset.images).max(axis=1)
    assert np.median(confidence[:480]) > 0.8
    assert np.median(confidence[480:]) < 0.4
    # Strangers have no right answer, so that they spoil no accuracy.
    assert seen[-1].accuracy > 0.9
    assert result.validation_accuracy is not None
    assert result.validation_accuracy > 0.9


def test_an_evaluation_counts_only_samples_of_a_class(tmp_path: Path) -> None:
    dataset = with_strangers()
    settings = TrainingSettings(
        dataset, tmp_path / "m.onnx", RECIPES["quick"], epochs=6, threads=1, runs=tmp_path / "runs"
    )
    classifier = Classifier.load(follow(settings)[1].model)

    found = finish(evaluate(classifier, dataset))
    alone = finish(evaluate(classifier, dataset.select(slice(480))))

    assert (found.count, found.count_outside) == (480, 480)
    assert found.accuracy == alone.accuracy
    assert found.loss == pytest.approx(alone.loss)
    assert found.interval() == alone.interval()
    np.testing.assert_array_equal(found.confusion, alone.confusion)
    np.testing.assert_array_equal(found.misread, alone.misread)


def test_a_model_is_trained_further_with_strangers(tmp_path: Path) -> None:
    both = with_strangers(320)
    known = replace(both.select(slice(320)), class_names=both.answers, label_values=())
    first = TrainingSettings(
        known, tmp_path / "m.onnx", RECIPES["quick"], epochs=4, threads=1, runs=tmp_path / "runs"
    )
    model = follow(first)[1].model
    before = Classifier.load(model).predict(both.images[320:]).max(axis=1)

    further = replace(
        first, dataset=both, output=tmp_path / "n.onnx", recipe=RECIPES["fine-tune"], start=model
    )
    after = Classifier.load(follow(further)[1].model)

    assert after.contract.class_names == known.class_names
    confidence = after.predict(both.images[320:]).max(axis=1)
    assert np.median(confidence) < min(0.4, float(np.median(before)))


def test_the_class_of_no_class_is_read_from_files(tmp_path: Path) -> None:
    dataset = with_strangers(20)
    assert dataset.labels is not None
    write_idx(tmp_path / "b-images-idx3-ubyte", dataset.images)
    write_idx(tmp_path / "b-labels-idx1-ubyte", dataset.labels.astype(np.uint8))
    lines = [f"{label} {ord(name)}" for label, name in enumerate(dataset.class_names)]
    (tmp_path / "b-mapping.txt").write_text("\n".join(lines))

    opened = open_dataset(tmp_path / "b-images-idx3-ubyte")

    assert opened.class_names[-1] == NONE_OF_THEM
    assert opened.answers == dataset.answers


def test_the_class_of_no_class_has_to_be_the_last(tmp_path: Path) -> None:
    dataset = replace(with_strangers(20), class_names=("0", NONE_OF_THEM, "2", "3", "4"))
    settings = TrainingSettings(
        dataset, tmp_path / "m.onnx", RECIPES["quick"], threads=1, runs=tmp_path / "runs"
    )
    with pytest.raises(TrainingError, match="not the last"):
        follow(settings)


def test_gradients_of_strangers_are_right() -> None:
    feed = {"logits": np.random.default_rng(0).normal(size=(5, 3)), "labels": np.arange(5) % 4}
    check_gradients(
        lambda g, t: objectives.softmax_cross_entropy(
            g, t["logits"], objectives.smoothed_targets(g, t["labels"], 3, 0.1)
        ),
        feed,
        by=("logits",),
        level="all",
    )
