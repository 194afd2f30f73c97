"""The command that draws what lies between two images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.inference.morphing import default_autoencoder_path
from tests.unit.cli import run_process, say, write_digits, write_model
from tests.unit.inference.onnx_autoencoder import small_autoencoder, write_halves


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a model, an autoencoder and 200 digits."""
    path = tmp_path / "変形 과정"
    path.mkdir()
    write_model(path)
    write_halves(path / "m.onnx")
    write_digits(path)
    return path


def arguments(folder: Path, *more: object) -> list[object]:
    """Return the command's arguments with everything in `folder`."""
    return [
        "morph",
        *("--encoder", folder / "m.onnx", "--model", folder / "模型.onnx"),
        *("--images", folder / "train-images-idx3-ubyte"),
        *("--output", folder / "out.png"),
        *more,
    ]


def test_rows_are_drawn_and_told(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    said = say(capsys, *arguments(folder, "--json", "--pairs", "3:5,10:20", "--steps", 5))

    assert said.code == 0
    one, other = (event for event in said.events if event["event"] == "morph")
    assert (one["first"], one["second"], other["first"], other["second"]) == (3, 5, 10, 20)
    assert len(one["answers"]) == len(one["confidences"]) == 5  # type: ignore[arg-type]
    for event in (one, other):
        turns = event["turns"]
        assert isinstance(turns, list)
        answers = event["answers"]
        assert isinstance(answers, list)
        if answers[0] != answers[-1]:
            assert turns[0]["before"] == answers[0]
            assert turns[-1]["after"] == answers[-1]
    assert (said.done["pairs"], said.done["steps"]) == (2, 5)
    assert said.done["output"] == str(folder / "out.png")


def test_picture_shows_the_ends_as_the_autoencoder_draws_them(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    from mnist_desktop.datasets.idx import read_idx

    assert say(capsys, *arguments(folder, "--pairs", "0:1,1:0", "--steps", 3)).code == 0

    with Image.open(folder / "out.png") as image:
        picture = 255 - np.asarray(image)
    images = read_idx(folder / "train-images-idx3-ubyte")[:2]
    autoencoder = small_autoencoder()
    ends = autoencoder.decode(autoencoder.encode(images))
    assert picture.shape == (2 * 120 + 8, 3 * 120 + 8)
    tiles = [
        picture[top : top + 112 : 4, left : left + 112 : 4]
        for top, left in ((8, 8), (8, 248), (128, 8), (128, 248))
    ]
    for tile, end in zip(tiles, (ends[0], ends[1], ends[1], ends[0]), strict=True):
        assert np.array_equal(tile, end)
    assert not picture[:8].any()
    assert not picture[120:128].any()


def test_a_person_reads_a_line_for_each_row(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    said = say(capsys, *arguments(folder, "--pairs", "7:7"))

    assert said.code == 0
    assert said.out.startswith("7:7  ")
    assert "no turn" in said.out
    assert said.out.splitlines()[-1].endswith("out.png")


@pytest.mark.parametrize(
    ("more", "code", "told"),
    [
        (("--pairs", "3-5"), 2, "“3-5” is no pair"),
        (("--pairs", "1:2,"), 2, "is no pair"),
        (("--pairs", "-1:2"), 2, "pair"),
        (("--pairs", "1:2", "--steps", "1"), 2, "--steps is 1"),
        (("--pairs", "1:200"), 1, "has no image 200"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    capsys: pytest.CaptureFixture[str], folder: Path, more: tuple[str, ...], code: int, told: str
) -> None:
    said = say(capsys, *arguments(folder, *more))

    assert said.code == code
    assert told in said.err
    assert not (folder / "out.png").exists()


def test_images_of_another_size_are_told(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    write_idx(folder / "train-images-idx3-ubyte", np.zeros((200, 20, 20), np.uint8))

    said = say(capsys, *arguments(folder, "--pairs", "0:1"))

    assert said.code == 1
    assert "28 × 28; these are 20 × 20" in said.err


def test_no_qt_in_a_terminal(folder: Path) -> None:
    (folder / "PySide6.py").write_text("raise AssertionError('Qt was imported')")

    said = run_process(*arguments(folder, "--pairs", "0:1"), folder=folder)

    assert said.code == 0, said.err
    assert (folder / "out.png").exists()


@pytest.mark.skipif(
    not default_autoencoder_path().exists(), reason="the program's autoencoder is not here yet"
)
def test_the_programs_own_autoencoder_is_the_default(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "out.png"
    said = say(
        capsys, "morph", "--json", "--sample-digits", 50, "--pairs", "0:1,2:3", "--output", out
    )

    assert said.done["encoder"] == str(default_autoencoder_path())
    assert out.exists()
