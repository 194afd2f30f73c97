"""The command that trains, going on from a model; and the graph of its step."""

from __future__ import annotations

from pathlib import Path

import onnx
import onnxruntime
import pytest

from mnist_desktop.inference.classifier import Classifier
from tests.unit.cli import say, write_digits, write_model
from tests.unit.test_cli_train import train


def test_teaches_a_model_a_few_samples_more(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    old = write_digits(tmp_path, 1200, seed=1)
    few = write_digits(tmp_path, 40, seed=2, prefix="mine")
    base, taught = tmp_path / "base.onnx", tmp_path / "taught.onnx"
    assert train(capsys, "--images", old, "--output", base).code == 0
    argv = ["train", "--json", "--images", few, "--from", base, "--output", taught]
    argv += ["--epochs", 1, "--threads", 1]

    said = say(capsys, *argv, "--mix-images", old, "--test-images", old)

    assert said.code == 0
    assert said.err == ""
    assert float(str(said.done["test_accuracy"])) > 0.8
    contract = Classifier.load(taught).contract
    assert (contract.recipe, contract.fine_tuned_from) == (
        "fine-tune",
        "base, trained on train-images",
    )

    alone = say(capsys, *argv)
    assert alone.code == 0
    assert "--mix-images" in alone.err


def test_a_model_of_others_is_not_taught(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    argv = ["--sample-digits", 20, "--from", write_model(tmp_path), "--output", tmp_path / "m.onnx"]

    said = say(capsys, "train", *argv)

    assert said.code == 1
    assert "not a model of this program" in said.err
    assert "train a new one" in said.err


def test_saves_the_graph_of_the_step_that_is_run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    graph, model = tmp_path / "step.onnx", tmp_path / "m.onnx"

    said = train(capsys, "--sample-digits", 200, "--output", model, "--save-training-graph", graph)

    assert said.code == 0
    saved = onnx.load(graph)
    onnx.checker.check_model(saved, full_check=True)
    inputs = {value.name for value in saved.graph.input}
    assert {"images", "labels", "0.weight"} <= inputs
    onnxruntime.InferenceSession(graph.read_bytes(), providers=["CPUExecutionProvider"])

    nowhere = tmp_path / "no" / "step.onnx"
    refused = train(
        capsys, "--sample-digits", 99, "--output", model, "--save-training-graph", nowhere
    )
    assert refused.code == 1
    assert "could not be written" in refused.err
