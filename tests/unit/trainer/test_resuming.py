"""What a run's folder keeps is enough to go on: the whole recipe, and the test split's files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.progress import finish
from mnist_desktop.trainer import runs
from mnist_desktop.trainer.job import resume_settings, train
from mnist_desktop.trainer.progress import TrainingSettings
from mnist_desktop.trainer.recipe_file import RecipeError, read_recipe
from mnist_desktop.trainer.recipes import RECIPES, Recipe
from mnist_desktop.trainer.run_settings import former_fingerprint
from mnist_desktop.trainer.runs import RunError, list_runs
from tests.unit.trainer.digits import blobs
from tests.unit.trainer.test_fit import RECIPE
from tests.unit.trainer.test_job import stop_after_epoch


@pytest.fixture
def settings(tmp_path: Path) -> TrainingSettings:
    return TrainingSettings(blobs(), tmp_path / "m.onnx", RECIPE, seed=3, runs=tmp_path / "runs")


def test_a_run_keeps_its_whole_recipe(settings: TrainingSettings) -> None:
    folder = stop_after_epoch(replace(settings, epochs=4, validation=0.25), 1)
    assert read_recipe(folder / runs.RECIPE) == replace(RECIPE, epochs=4, validation=0.25)
    resumed = resume_settings(folder, settings.dataset)
    assert resumed.recipe.network == RECIPE.network
    assert finish(train(resumed)).epochs == 4


def test_a_run_whose_recipe_was_changed_is_not_resumed(settings: TrainingSettings) -> None:
    folder = stop_after_epoch(settings, 1)
    text = (folder / runs.RECIPE).read_text()
    (folder / runs.RECIPE).write_text(text.replace("batch_size = 32", "batch_size = 16"))
    with pytest.raises(RunError, match="no longer the recipe"):
        resume_settings(folder, settings.dataset)
    (folder / runs.RECIPE).write_text(text.replace("batch_size = 32", "batch_size = 0"))
    with pytest.raises(RecipeError, match="batch_size: expected"):
        resume_settings(folder, settings.dataset)
    assert len(list_runs(settings.runs)) == 1


def as_before_recipes_were_kept(folder: Path, recipe: Recipe) -> None:
    """Turn a run's folder into what versions wrote that kept only the recipe's name."""
    (folder / runs.RECIPE).unlink()
    content = json.loads((folder / runs.SETTINGS).read_text())
    for name in ("test_images_path", "test_labels_path", "autoencoder"):
        del content[name]
    content["recipe_fingerprint"] = former_fingerprint(recipe)
    (folder / runs.SETTINGS).write_text(json.dumps(content))


def test_a_run_of_an_earlier_version_goes_on_by_its_recipes_name(
    settings: TrainingSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = stop_after_epoch(settings, 1)
    as_before_recipes_were_kept(folder, RECIPE)
    (kept,) = list_runs(settings.runs)
    assert kept.resumable
    assert not kept.is_autoencoder
    with pytest.raises(RunError, match="“tiny” that this version does not have"):
        resume_settings(folder, settings.dataset)
    monkeypatch.setitem(RECIPES, "tiny", replace(RECIPE, learning_rate=1.0))
    with pytest.raises(RunError, match="“tiny” that this version does not have"):
        resume_settings(folder, settings.dataset)
    monkeypatch.setitem(RECIPES, "tiny", RECIPE)
    assert finish(train(resume_settings(folder, settings.dataset))).epochs == 3


@pytest.fixture
def filed(settings: TrainingSettings, tmp_path: Path) -> TrainingSettings:
    """Return the settings with dataset and test split in files."""

    def write(dataset: Dataset, prefix: str) -> Dataset:
        assert dataset.labels is not None
        images = tmp_path / f"{prefix}-images-idx3-ubyte"
        write_idx(images, dataset.images)
        write_idx(tmp_path / f"{prefix}-labels-idx1-ubyte", dataset.labels.astype(np.uint8))
        return open_dataset(images)

    test = write(blobs(100, seed=9), "t10k")
    return replace(settings, dataset=write(blobs(), "train"), test=test)


def test_a_resumed_run_is_measured_on_its_test_split(filed: TrainingSettings) -> None:
    runs_folder = filed.output.parent
    expected = finish(train(replace(filed, runs=runs_folder))).test_accuracy
    assert expected is not None
    folder = stop_after_epoch(filed, 1)
    assert finish(train(resume_settings(folder))).test_accuracy == expected


def test_another_test_split_can_be_named_and_a_lost_one_is_left_out(
    filed: TrainingSettings,
) -> None:
    folder = stop_after_epoch(filed, 1)
    other = blobs(50, seed=8)
    assert resume_settings(folder, test=other).test is other
    assert filed.test is not None
    assert filed.test.images_path is not None
    filed.test.images_path.unlink()
    (kept,) = list_runs(filed.runs)
    assert kept.lost_test == str(filed.test.images_path)
    assert resume_settings(folder).test is None


def test_a_run_knows_whether_it_trains_an_autoencoder(settings: TrainingSettings) -> None:
    recipe = replace(RECIPES["autoencoder"], name="mine", batch_size=16)
    images = np.zeros((40, 28, 28), np.uint8)
    images[:, 8:20, 8:20] = 255
    job = train(replace(settings, dataset=Dataset("x", images, None, ("a",)), recipe=recipe))
    next(job)
    job.close()
    (kept,) = list_runs(settings.runs)
    assert kept.is_autoencoder
    as_before_recipes_were_kept(kept.folder, recipe)
    (kept,) = list_runs(settings.runs)
    assert not kept.is_autoencoder  # nothing told it then but the name


def test_the_recipe_that_a_run_keeps_makes_the_same_training_again(
    settings: TrainingSettings,
) -> None:
    first = finish(train(replace(settings, epochs=2, validation=0.25)))
    expected = first.model.read_bytes()
    recipe = read_recipe(first.run / runs.RECIPE)
    again = finish(
        train(replace(settings, recipe=recipe, output=settings.output.parent / "n.onnx"))
    )
    assert again.model.read_bytes() == expected
