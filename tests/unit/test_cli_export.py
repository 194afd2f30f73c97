"""The command that writes a dataset in another format."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_desktop.datasets.dataset import open_dataset
from tests.unit.cli import Said, say, write_digits


def test_an_archive_with_the_keys_and_scale_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    images = write_digits(tmp_path, 40)
    test = write_digits(tmp_path, 20, seed=1, prefix="t10k")
    target = tmp_path / "mnist_scaled.npz"

    said = say(
        capsys, "export", "--json", "--images", images, "--test-images", test, "--output", target,
        "--scale", "signed", "--flat", "--one-hot", "--keys", "X", "y",
    )  # fmt: skip

    assert said.code == 0
    assert (said.done["files"], said.done["format"]) == ([str(target)], "npz")
    with np.load(target) as archive:
        assert sorted(archive) == ["X_test", "X_train", "y_test", "y_train"]
        assert archive["X_train"].shape == (40, 784)
        assert archive["X_test"].min() == -1
        assert archive["y_test"].shape == (20, 10)


def test_one_class_as_pictures(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    said = say(
        capsys, "export", "--sample-digits", 50, "--only", "7", "--output", tmp_path / "sevens"
    )

    assert said.code == 0
    pictures = sorted((tmp_path / "sevens" / "7").glob("*.png"))
    assert len(pictures) == 5
    with Image.open(pictures[0]) as picture:
        assert picture.size == (28, 28)


def test_a_stratified_part_as_idx(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "part-images-idx3-ubyte.gz"

    said = say(
        capsys, "export", "--json", "--sample-digits", 200, "--stratified", 30, "--output", target
    )

    assert said.code == 0
    part = open_dataset(target)
    assert part.labels is not None
    assert np.bincount(part.labels).tolist() == [3] * 10
    assert said.done["count"] == 30


@pytest.mark.parametrize(
    ("argv", "code", "told"),
    [
        (["--output", "a.csv", "--flat"], 2, "--flat only goes with"),
        (["--output", "a.npz", "--columns", 3], 2, "--columns only goes with a contact sheet"),
        (["--output", "a.npz", "--keys", "x", "x"], 2, "not two names"),
        (["--output", "a.png", "--cell", 4], 2, "not 8 to 400"),
        (["--output", "a.csv", "--split", 0.7], 2, "at most 0.5"),
        (["--output", "a.csv", "--split", 0.1, "--test-share", 0.1], 2, "so does"),
        (["--output", "a.csv", "--only", "B"], 1, "no class “B”"),
        (["--output", "a.csv", "--stratified", 99], 1, "only 20 samples"),
        (["--output", "no/where.csv"], 1, "could not be written"),
    ],
)
def test_what_cannot_be_done_is_told(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    argv: list[object],
    code: int,
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)

    try:
        said = say(capsys, "export", "--sample-digits", 20, *argv)
    except SystemExit as usage:
        said = Said(int(str(usage.code)), "", capsys.readouterr().err)

    assert said.code == code
    assert told in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("argv", "files"),
    [
        (["--output", "a.npy", "--scale", "standardised"],
         ["a-mean-sd.npy", "a-test-labels.npy", "a-test.npy", "a-train-labels.npy", "a-train.npy"]),
        (["--output", "a.txt"],
         ["a-test-labels.txt", "a-test.txt", "a-train-labels.txt", "a-train.txt"]),
        (["--output", "a.csv"], ["a-test.csv", "a-train.csv"]),
        (["--output", "a.png", "--columns", 5, "--cell", 28, "--no-captions"],
         ["a-test.png", "a-train.png"]),
        (["--output", "out", "--arrangement", "table"], ["out"]),
    ],
)  # fmt: skip
def test_two_parts_in_every_format(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    argv: list[object],
    files: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)

    said = say(capsys, "export", "--json", "--sample-digits", 50, "--split", 0.2, *argv)

    assert said.code == 0
    assert (said.done["train"], said.done["test"], said.done["count"]) == (40, 10, 50)
    assert sorted(path.name for path in tmp_path.iterdir()) == files
    assert said.done["files"] == files
