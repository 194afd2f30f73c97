"""Classes merged and a test split set apart by the commands: not only digits."""

from __future__ import annotations

import json
import string
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_desktop.datasets.dataset import open_dataset
from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.datasets.known import EMNIST
from mnist_desktop.inference.classifier import Classifier
from tests.unit.cli import say

LETTERS = "AaBbCc"


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """Return the images of 300 samples of six letters: noise around a place for each."""
    random = np.random.default_rng(4)
    labels = np.arange(300) % len(LETTERS)
    images = random.integers(0, 60, (300, 16, 16)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        top, left = divmod(int(label), 3)
        image[top * 8 + 2 : top * 8 + 6, left * 5 + 1 : left * 5 + 5] = 250
    path = tmp_path / "some-images-idx3-ubyte.gz"
    write_idx(path, images)
    write_idx(tmp_path / "some-labels-idx1-ubyte.gz", labels.astype(np.uint8))
    lines = [f"{label} {ord(name)}\r\n" for label, name in enumerate(LETTERS)]
    (tmp_path / "some-mapping.txt").write_text("".join(lines), newline="")
    (tmp_path / "goal.txt").write_bytes(b"0 65 97\r\n1 98\r\n3 66\r\n2 67 99\r\n")
    return path


def test_train_merges_and_sets_apart_and_evaluate_repeats_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, letters: Path
) -> None:
    model, chosen = tmp_path / "m.onnx", ["--merge", tmp_path / "goal.txt", "--test-share", 0.2]
    argv = ["--images", letters, *chosen, "--recipe", "quick", "--epochs", 12, "--threads", 1]

    trained = say(capsys, "train", "--json", *argv, "--seed", 5, "--output", model)

    assert trained.code == 0
    assert any("a → A, c → C" in str(event.get("text")) for event in trained.events)
    accuracy = float(str(trained.done["test_accuracy"]))
    assert accuracy > 0.8
    contract = Classifier.load(model).contract
    assert contract.class_names == ("A", "b", "C", "B")
    assert (contract.height, contract.width) == (16, 16)
    assert contract.trained_on == (
        "some-images, merged into 4 classes, without 20 % set apart by seed 5"
    )

    asked = ["evaluate", "--json", "--model", model, "--images", letters]
    same = say(capsys, *asked, *chosen, "--seed", 5).done
    assert (same["accuracy"], same["count"]) == (accuracy, 60)
    assert same["dataset"] == "some-images, merged into 4 classes, 20 % set apart by seed 5"
    assert len(np.array(same["confusion"])) == len(same["class_names"]) == 4  # type: ignore[arg-type]
    # The model that tells b from B and not a from A knows all six classes of the files.
    unmerged = say(capsys, *asked).done
    assert unmerged["count"] == 300
    assert unmerged["class_names"] == ["A", "b", "C", "B"]


def test_a_stopped_training_remembers_its_classes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, letters: Path, home: Path
) -> None:
    names = tmp_path / "names.txt"
    names.write_text("".join(f"{i} {ord(name)}\n" for i, name in enumerate("DdEeFf")))
    goal = tmp_path / "goals.txt"
    goal.write_text("0 68\n1 69\n2 70\n")
    argv = ["--images", letters, "--recipe", "quick", "--epochs", 2, "--threads", 1]
    argv += ["--mapping", names, "--merge", goal, "--test-share", 0.1]
    first = say(capsys, "train", "--json", *argv, "--output", tmp_path / "a.onnx")
    (run,) = (home / "runs").iterdir()
    (run / "result.json").unlink()  # as if it had been killed before that was written

    again = say(capsys, "train", "--json", "--resume", run, "--output", tmp_path / "b.onnx")

    assert again.code == 0
    assert again.done["test_accuracy"] == first.done["test_accuracy"]
    assert Classifier.load(tmp_path / "b.onnx").contract.class_names == ("D", "E", "F")
    kept = json.loads((run / "settings.json").read_text(encoding="utf-8"))
    assert kept["test_share"] == 0.1


def test_export_writes_the_merged_classes_and_the_part(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, letters: Path
) -> None:
    target = tmp_path / "part-images-idx3-ubyte"
    said = say(
        capsys, "export", "--json", "--images", letters, "--merge", tmp_path / "goal.txt",
        "--test-share", 0.2, "--output", target,
    )  # fmt: skip

    assert said.done["count"] == 60
    part = open_dataset(target)
    assert part.class_counts().tolist() == [20, 10, 20, 10]  # stored as the mapping has them


def test_sample_digits_can_be_among_more_classes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    mapping = tmp_path / "m.txt"
    names = (*string.digits, *string.ascii_uppercase)
    mapping.write_text("".join(f"{i} {ord(name)}\n" for i, name in enumerate(names)))
    output = tmp_path / "x.onnx"
    argv = ["--sample-digits", 100, "--recipe", "quick", "--merge", mapping, "--output", output]

    said = say(capsys, "train", *argv)

    assert said.code == 0
    assert Classifier.load(output).contract.class_names == names


@pytest.mark.parametrize(
    ("command", "argv", "code", "told"),
    [
        ("train", ["--test-share", 0.6], 2, "0.6 is not above 0"),
        ("train", ["--test-share", 0], 2, "0 is not above 0"),
        ("train", ["--test-share", "half"], 2, "half"),
        ("train", ["--test-share", 0.2, "--test-images", "f"], 2, "no --test-images"),
        ("train", ["--test-share", 0.001], 1, "300 samples"),
        ("evaluate", ["--test-share", 0.9], 2, "0.9 is not above 0"),
        ("evaluate", ["--test-share", 0.2, "--seed", -1], 2, "-1 is not 0 or more"),
        ("export", ["--stratified", 9, "--seed", -1], 2, "-1 is not 0 or more"),
        ("evaluate", ["--merge", "nowhere.txt"], 1, "nowhere.txt"),
    ],
)
def test_what_cannot_be_meant_is_told(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    letters: Path,
    command: str,
    argv: list[object],
    code: int,
    told: str,
    home: Path,
) -> None:
    more = [] if command == "evaluate" else ["--output", tmp_path / "m.onnx"]
    said = say(capsys, command, "--images", letters, *argv, *more)

    assert said.code == code
    assert told in said.err
    assert not (home / "runs").exists()


def test_a_class_that_has_nowhere_to_go_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, letters: Path
) -> None:
    goal = tmp_path / "goal.txt"
    goal.write_text("0 65\n1 66\n")

    said = say(capsys, "evaluate", "--images", letters, "--merge", goal)

    assert said.code == 1
    assert "the class “C”" in said.err


def test_characters_of_the_published_files(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, shared_data: Path
) -> None:
    """One quick epoch on a small part of byclass: upright, its classes merged and named."""
    emnist = shared_data / "emnist"
    images = emnist / "emnist-byclass-test-images-idx3-ubyte.gz"
    merge = ["--merge", emnist / "emnist-bymerge-mapping.txt"]
    part, model = tmp_path / "emnist-bymerge-part-images-idx3-ubyte", tmp_path / "m.onnx"
    argv = ["--images", images, *merge, "--stratified", 4000]
    assert say(capsys, "export", *argv, "--output", part).code == 0

    said = say(
        capsys, "train", "--json", "--images", part, "--recipe", "quick", "--threads", 1,
        "--epochs", 2, "--test-share", 0.15, "--output", model,
    )  # fmt: skip

    assert said.code == 0
    # 71 to 73 % with three other seeds when this was written; the most frequent class has 6 %.
    assert float(str(said.done["test_accuracy"])) > 0.5
    contract = Classifier.load(model).contract
    assert contract.class_names == EMNIST["bymerge"].class_names
    assert (contract.ink_recipe, contract.transposed) == ("emnist", False)
    measured = say(capsys, "evaluate", "--json", "--model", model, "--images", images, *merge)
    assert measured.done["count"] == 116_323
    assert float(str(measured.done["accuracy"])) > 0.5

    shown = open_dataset(images).select(range(40))
    pictures = []
    for index, image in enumerate(shown.images):
        pictures.append(tmp_path / f"{index}.png")
        Image.fromarray(255 - np.pad(image.repeat(3, 0).repeat(3, 1), 30)).save(pictures[-1])
    *answers, _ = say(capsys, "predict", "--json", "--model", model, *pictures).events
    names = [shown.class_name(index) for index in range(40)]
    right = [a["label"] in (n, n.upper()) for a, n in zip(answers, names, strict=True)]
    assert np.mean(right) > 0.5
