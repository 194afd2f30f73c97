"""The command that trains: its result, its runs, and how it is stopped and resumed."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.trainer.recipe_file import read_recipe
from mnist_desktop.trainer.recipes import RECIPES
from tests.unit.cli import Said, say, start, write_digits


def train(capsys: pytest.CaptureFixture[str], *argv: object) -> Said:
    """Run the quick recipe and ask for objects."""
    return say(capsys, "train", "--json", "--recipe", "quick", "--threads", 1, *argv)


def test_trains_on_files_and_evaluate_agrees(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    images = write_digits(tmp_path, 1500, seed=1)
    test_images = write_digits(tmp_path, 400, seed=2, prefix="t10k")
    model = tmp_path / "模型.onnx"

    said = train(
        capsys, "--images", images, "--output", model, "--epochs", 2, "--test-images", test_images
    )

    assert said.code == 0
    done = said.done
    assert (done["model"], done["epochs"]) == (str(model), 2)
    assert int(str(done["parameters"])) > 10_000
    assert 0 < float(str(done["train_seconds"])) < float(str(done["seconds"]))
    assert float(str(done["test_accuracy"])) > 0.8
    kinds = [event["event"] for event in said.events]
    # Opening the files may be told too, where it takes long.
    assert next(kind for kind in kinds if kind != "progress") == "start"
    assert kinds.count("epoch") == 2

    measured = say(capsys, "evaluate", "--json", "--model", model, "--images", test_images)
    assert measured.done["accuracy"] == done["test_accuracy"]


def test_tells_a_person_a_line_for_each_epoch(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    model = tmp_path / "m.onnx"
    argv = ["--sample-digits", 300, "--recipe", "quick", "--epochs", 2, "--output", model]

    said = say(capsys, "train", *argv)

    assert said.code == 0
    first, second, *rest = said.out.splitlines()
    assert first.startswith("epoch 1/2   loss ")
    assert second.startswith("epoch 2/2   loss ")
    assert any(str(model) in line for line in rest)
    assert said.err == ""


def test_an_autoencoder_needs_no_labels_and_has_no_accuracy(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    images = write_digits(tmp_path, 300)
    (tmp_path / "train-labels-idx1-ubyte").unlink()
    argv = ["train", "--images", images, "--recipe", "autoencoder", "--epochs", 1]

    said = say(capsys, *argv, "--json", "--output", tmp_path / "a.onnx")
    assert said.code == 0
    assert all(event.get("accuracy") is None for event in said.events)
    assert Path(str(said.done["decoder"])).exists()

    told = say(capsys, *argv, "--output", tmp_path / "b.onnx")
    assert "accuracy" not in told.out
    assert f"decoder    {tmp_path / 'b.decoder.onnx'}" in told.out


def test_the_same_seed_gives_the_same_model(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    models = [tmp_path / name for name in ("a.onnx", "b.onnx", "c.onnx")]
    for model, seed in zip(models, (5, 5, 6), strict=True):
        said = train(capsys, "--sample-digits", 200, "--seed", seed, "--output", model)
        assert said.code == 0

    first, again, other = (model.read_bytes() for model in models)
    assert first == again != other


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        ([], "Nothing to learn from"),
        (["--sample-digits", 9], "Nowhere to write"),
        (["--sample-digits", 9, "--output", "m", "--recipe", "slow"], "quick"),
        (["--sample-digits", 9, "--output", "m", "--epochs", 0], "at least 1"),
        (["--sample-digits", 9, "--output", "m", "--threads", -1], "at least 1"),
        (["--sample-digits", 9, "--output", "m", "--seed", -1], "--seed is -1"),
        (["--sample-digits", 9, "--output", "m", "--validation", 0.9], "--validation is 0.9"),
        (["--sample-digits", 9, "--output", "m", "--test-labels", "f"], "--test-images"),
        (["--sample-digits", 9, "--output", "m", "--mix-images", "f"], "--from"),
        (["--sample-digits", 9, "--output", "m", "--mix-labels", "f"], "--mix-images"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_done(
    capsys: pytest.CaptureFixture[str], argv: list[object], told: str, home: Path
) -> None:
    said = say(capsys, "train", *argv)

    assert said.code == 2
    assert told in said.err
    assert not (home / "runs").exists()


def test_every_recipe_is_told_by_a_wrong_name(capsys: pytest.CaptureFixture[str]) -> None:
    said = say(capsys, "train", "--sample-digits", 9, "--output", "m", "--recipe", "?")

    assert said.code == 2
    for recipe in RECIPES.values():
        assert recipe.summary in said.err


MINE = """
based_on = "quick"
name = "mine"
epochs = 3
network = ["relu", { kind = "convolution", filters = 4, size = 5, stride = 3 }, "relu"]
"""


def test_trains_by_a_recipe_of_ones_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file, model = tmp_path / "my.toml", tmp_path / "m.onnx"
    file.write_text(MINE)

    said = train(capsys, "--sample-digits", 200, "--output", model, "--recipe", file)

    assert said.code == 0
    assert said.done["epochs"] == 3
    # 4 filters of 25 weights and a bias, then 4 · 8 · 8 numbers to 10 classes.
    assert said.done["parameters"] == 4 * 26 + 4 * 8 * 8 * 10 + 10
    assert Classifier.load(model).contract.recipe == "mine"


def test_a_wrong_recipe_file_is_told_field_by_field(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, home: Path
) -> None:
    file = tmp_path / "my.toml"
    argv = ["--sample-digits", 200, "--output", tmp_path / "m.onnx", "--recipe", file]

    assert "There is no file" in say(capsys, "train", *argv).err
    file.write_text(MINE.replace("epochs = 3", "epoch = 3\nbatch_size = 1.5"))
    said = say(capsys, "train", *argv)

    assert said.code == 1
    assert said.out == ""
    assert f"“{file}” has 2 faults" in said.err
    assert "epoch: there is no such field. Perhaps “epochs” is meant" in said.err
    assert "batch_size: expected a whole number" in said.err
    told = say(capsys, "train", "--json", *argv).events
    assert [event["event"] for event in told] == ["error"]
    assert not (home / "runs").exists()


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_shown_to_begin_ones_own_from(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    shown = say(capsys, "train", "--show-recipe", name)

    assert (shown.code, shown.err) == (0, "")
    (tmp_path / "my.toml").write_text(shown.out)
    assert read_recipe(tmp_path / "my.toml") == RECIPES[name]
    whole = say(capsys, "train", "--show-recipe", tmp_path / "my.toml")
    assert whole.out == shown.out
    told = say(capsys, "train", "--show-recipe", name, "--json").done
    assert str(told["recipe"]).strip() == shown.out.strip()


def test_no_recipe_is_shown_of_a_wrong_name(capsys: pytest.CaptureFixture[str]) -> None:
    said = say(capsys, "train", "--show-recipe", "slow")

    assert said.code == 2
    assert "There is no recipe “slow”" in said.err


def test_a_run_by_ones_own_recipe_goes_on_without_its_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    model, images = tmp_path / "m.onnx", write_digits(tmp_path, 600, seed=1)
    test_images = write_digits(tmp_path, 200, seed=2, prefix="t10k")
    file = tmp_path / "my.toml"
    file.write_text(MINE)
    argv = ["--images", images, "--test-images", test_images, "--recipe", file]
    whole = train(capsys, *argv, "--output", tmp_path / "whole.onnx", "--epochs", 30).done

    process = start("train", "--json", *argv, "--output", model, "--epochs", 30, "--threads", 1)
    assert process.stdout is not None
    next(line for line in process.stdout if json.loads(line)["event"] == "epoch")
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    file.unlink()
    kept = next(json.loads(line) for line in out.splitlines() if '"kept"' in line)
    resumed = say(capsys, "train", "--json", "--resume", kept["run"])

    assert resumed.code == 0
    assert resumed.done["test_accuracy"] == whole["test_accuracy"]
    assert model.read_bytes() == (tmp_path / "whole.onnx").read_bytes()


def test_a_lost_test_split_is_told_and_the_run_goes_on(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    images = write_digits(tmp_path, 300, seed=1)
    test_images = write_digits(tmp_path, 100, seed=2, prefix="t10k")
    argv = ["--images", images, "--test-images", test_images, "--epochs", 2]
    run = Path(str(train(capsys, *argv, "--output", tmp_path / "m.onnx").done["run"]))
    (run / "result.json").unlink()  # as if it had been stopped just before the end
    test_images.unlink()

    said = say(capsys, "train", "--resume", run)

    assert said.code == 0
    assert f"The test split “{test_images}” is gone" in said.err
    assert "--test-images names another" in said.err


def test_a_stopped_training_tells_its_run_and_goes_on(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    model, images = tmp_path / "m.onnx", write_digits(tmp_path, 600, seed=1)
    argv = ["--images", images, "--recipe", "quick", "--epochs", 40, "--output", model]
    process = start("train", "--json", *argv)
    assert process.stdout is not None
    epochs = 0
    for line in process.stdout:
        epochs += json.loads(line)["event"] == "epoch"
        if epochs == 2:
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)

    assert process.returncode == 130
    kept = next(json.loads(line) for line in out.splitlines() if '"kept"' in line)
    assert kept["epochs"] >= 2
    assert f"--resume {kept['run']}" in err
    assert not model.exists()

    resumed = say(capsys, "train", "--json", "--resume", kept["run"])

    assert resumed.code == 0
    assert resumed.done["epochs"] == 40
    assert next(e["epoch"] for e in resumed.events if e["event"] == "epoch") == kept["epochs"] + 1
    assert model.exists()


def test_a_run_is_not_resumed_with_other_settings(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    said = train(capsys, "--sample-digits", 200, "--output", tmp_path / "m.onnx")

    for argv, told in ((["--sample-digits", 300], "dataset"), (["--sample-digits", 200], "finish")):
        again = say(capsys, "train", "--resume", said.done["run"], *argv)
        assert again.code == 1
        assert told in again.err

    nowhere = say(capsys, "train", "--resume", tmp_path)
    assert nowhere.code == 1
    assert "not the folder of a run" in nowhere.err
