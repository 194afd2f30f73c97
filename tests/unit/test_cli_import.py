"""The command that makes IDX files of a folder of pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_desktop.datasets.dataset import open_dataset
from mnist_desktop.datasets.export import export_job
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.progress import finish
from tests.unit.cli import Said, say


def run(capsys: pytest.CaptureFixture[str], *argv: object) -> Said:
    return say(capsys, "import", *argv)


def test_pictures_become_idx_files_and_what_is_none_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    digits = sample_dataset(30)
    finish(export_job(digits, tmp_path / "数字"))
    (tmp_path / "数字" / "3" / "notes.docx").write_bytes(b"no picture")
    target = tmp_path / "mine-images-idx3-ubyte.gz"

    said = run(capsys, "--json", tmp_path / "数字", "--output", target, "--recipe", "none")

    assert said.code == 0
    assert said.done["count"] == 30
    assert said.done["class_names"] == list("0123456789")
    assert (said.done["skipped"], said.done["labels_from"]) == (1, "folders")
    (skipped,) = [event for event in said.events if event["event"] == "skipped"]
    assert str(skipped["path"]).endswith("notes.docx")
    assert "no picture of a format" in str(skipped["reason"])
    back = open_dataset(target)
    assert back.labels is not None
    assert back.class_counts().tolist() == digits.class_counts().tolist()


def test_a_person_is_told_in_lines(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    for index in range(15):
        (tmp_path / "p" / f"{index}.png").write_bytes(b"broken")
    ink = np.zeros((90, 70), np.uint8)
    ink[20:70, 30:40] = 255
    Image.fromarray(255 - ink).save(tmp_path / "p" / "scan.jpg")
    target = tmp_path / "mine-images-idx3-ubyte"

    said = run(capsys, tmp_path / "p", "--output", target)

    assert said.code == 0
    assert "1 of 28 × 28" in said.out
    assert "no labels" in said.out
    assert "skipped      15" in said.out
    assert "and 5 more" in said.out
    assert open_dataset(target).images.max() == 255


@pytest.mark.parametrize(
    ("argv", "code", "told"),
    [
        (["nowhere"], 1, "is no folder"),
        (["empty"], 1, "holds no files"),
        (["broken"], 1, "No picture in"),
        (["broken", "--labels-from", "folders"], 1, "holds no folders"),
        (["broken", "--labels-from", "names"], 1, "do not tell classes"),
        (["broken", "--labels-from", "table"], 1, "could not be read as a table"),
        (["broken", "--size", 2000], 2, "at most 1024"),
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
    Path("empty").mkdir()
    Path("broken").mkdir()
    Path("broken/a.png").write_bytes(b"broken")

    said = run(capsys, *argv, "--output", "my-images-idx3-ubyte")

    assert said.code == code
    assert told in said.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken", "empty"]
