"""The commands that ask a model: evaluate and predict."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_desktop.datasets.sample_digits import sample_dataset, sample_strokes
from mnist_desktop.inference.classifier import default_model_path
from mnist_desktop.inference.pen import Stroke, draw
from tests.unit.cli import say, write_digits, write_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder whose name no code page knows in full."""
    path = tmp_path / "数字 ディジット 숫자"
    path.mkdir()
    return path


def test_evaluate_reads_files_and_finds_the_labels(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    model, images = write_model(folder), write_digits(folder, 300, seed=8)

    said = say(capsys, "evaluate", "--json", "--model", model, "--images", images)

    assert said.code == 0
    done = said.done
    assert done["count"] == 300
    assert 0.8 < float(str(done["accuracy"])) <= 1
    confusion = np.array(done["confusion"])
    assert confusion.sum() == 300
    assert np.trace(confusion) / 300 == done["accuracy"]
    assert done["errors"] == 300 - np.trace(confusion) == len(done["misread"])  # type: ignore[arg-type]
    assert done["model"] == str(model)
    assert float(str(done["seconds"])) > 0


def test_evaluate_tells_a_person_one_line(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    model = write_model(folder)
    said = say(capsys, "evaluate", "--model", model, "--sample-digits", 100)
    again = say(capsys, "evaluate", "--json", "--model", model, "--sample-digits", 100)

    assert said.code == 0
    assert said.out.startswith(f"{again.done['accuracy']:.2%}".replace("%", " % right"))
    assert "100 samples" in said.out


def test_evaluate_needs_labels(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    images = write_digits(folder)
    (folder / "train-labels-idx1-ubyte").unlink()

    said = say(capsys, "evaluate", "--model", write_model(folder), "--images", images)

    assert said.code == 1
    assert "--labels" in said.err


def test_predict_reads_pictures_of_any_size_and_colour(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    ink = draw([Stroke(points * 200 + 40, 24) for points in sample_strokes(0, seed=4)], (300, 280))
    exact = sample_dataset(10, seed=5).images[0]
    names = ["dark.png", "light.png", "exact.png", "blank.png"]
    pictures = [255 - ink, ink, exact, np.full((60, 60), 255, np.uint8)]
    for name, picture in zip(names, pictures, strict=True):
        Image.fromarray(picture).save(folder / name)
    model = write_model(folder)

    said = say(capsys, "predict", "--json", "--model", model, *(folder / name for name in names))

    assert said.code == 0
    dark, light, as_is, blank = said.events[:-1]
    assert dark["label"] == light["label"] == "0"
    assert dark["probabilities"] == light["probabilities"]
    assert dark["picture"] == str(folder / "dark.png")
    assert as_is["label"] == str(sample_dataset(10, seed=5).labels[0])  # type: ignore[index]
    assert (blank["label"], blank["confidence"]) == ("", 0.0)
    assert (said.done["count"], said.done["failed"]) == (4, 0)


def test_predict_goes_on_after_a_picture_that_cannot_be_read(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    good, bad = folder / "good.png", folder / "bad.png"
    Image.fromarray(sample_dataset(10).images[1]).save(good)
    bad.write_text("<html>404</html>")

    said = say(capsys, "predict", "--model", write_model(folder), bad, good, folder / "missing.png")

    assert said.code == 1
    assert said.out.count("\n") == 1
    assert "good.png" in said.out
    assert said.err.count("\n") == 2
    assert "bad.png" in said.err
    assert "missing.png" in said.err


@pytest.mark.skipif(not default_model_path().exists(), reason="the program's model is not here yet")
def test_the_programs_own_model_is_the_default(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    said = say(capsys, "evaluate", "--json", "--sample-digits", 500)

    assert said.done["model"] == str(default_model_path())
    assert float(str(said.done["accuracy"])) > 0.9


def test_evaluate_real_digits(capsys: pytest.CaptureFixture[str], shared_data: Path) -> None:
    if not default_model_path().exists():
        pytest.skip("the program's model is not here yet")
    images = shared_data / "mnist" / "t10k-images-idx3-ubyte.gz"

    said = say(capsys, "evaluate", "--json", "--images", images)

    assert said.done["count"] == 10_000
    assert float(str(said.done["accuracy"])) >= 0.994
