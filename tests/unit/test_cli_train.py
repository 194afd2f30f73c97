"""The command that trains: its result, its runs, and how it is stopped and resumed."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

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
    assert kinds[0] == "start"
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
