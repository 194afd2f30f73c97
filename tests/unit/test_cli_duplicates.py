"""The command that finds duplicates."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from mnist_desktop.commands.duplicates import LEVELS
from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.duplicates import THRESHOLDS
from mnist_desktop.datasets.idx import write_idx
from tests.unit.cli import say
from tests.unit.datasets.twins import planted


def write(folder: Path, dataset: Dataset, prefix: str) -> Path:
    """Write a dataset as two IDX files; return that of the images."""
    images = folder / f"{prefix}-images-idx3-ubyte"
    assert dataset.labels is not None
    write_idx(images, dataset.images)
    write_idx(folder / f"{prefix}-labels-idx1-ubyte", dataset.labels.astype(np.uint8))
    return images


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Return the images files of two splits with planted duplicates."""
    train, test = planted()
    return write(tmp_path, train, "train"), write(tmp_path, test, "t10k")


def test_a_person_reads_the_counts_and_the_conflicts_first(
    capsys: pytest.CaptureFixture[str], files: tuple[Path, Path]
) -> None:
    said = say(
        capsys, "duplicates", "--images", files[0], "--test-images", files[1], "--near", "1%"
    )

    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == (
        "5 exact duplicates, 1 near duplicate, 2 with conflicting labels, "
        "2 leaks train → test; 1 blank image."
    )
    assert lines[1] == "note: Blank: train 60."
    assert lines[2] == "  ✗ train 30 “2” = test 11 “7”: exact, labels conflict, leak"
    assert lines[7].startswith("    train 7 “6” ≈ train 70 “6”: differ by 0.0")


def test_a_program_gets_every_pair_and_the_counts(
    capsys: pytest.CaptureFixture[str], files: tuple[Path, Path]
) -> None:
    said = say(
        capsys, "duplicates", "--json", "--images", files[0], "--test-images", files[1],
        "--near", "exact",
    )  # fmt: skip

    pairs = [event for event in said.events if event["event"] == "pair"]
    assert pairs[0] == {
        "event": "pair", "kind": "exact", "distance": 0.0, "conflict": True, "leak": True,
        "split": "train", "index": 30, "label": "2",
        "other_split": "test", "other_index": 11, "other_label": "7",
    }  # fmt: skip
    assert len(pairs) == said.done["exact"] == 5
    assert (said.done["near"], said.done["conflicts"], said.done["leaks"]) == (0, 2, 2)
    assert said.done["blank"] == [[60], []]


def test_all_pairs_go_into_a_table(
    capsys: pytest.CaptureFixture[str], files: tuple[Path, Path], tmp_path: Path
) -> None:
    table = tmp_path / "双.csv"

    said = say(capsys, "duplicates", "--json", "--images", files[0], "--near", "1",
               "--output", table)  # fmt: skip

    assert said.done["files"] == [str(table)]
    assert not [event for event in said.events if event["event"] == "pair"]
    with table.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["index"], row["other_index"], row["kind"]) for row in rows] == [
        ("3", "51", "exact"), ("3", "50", "exact"), ("7", "70", "near"),
    ]  # fmt: skip
    assert (rows[0]["conflict"], rows[0]["leak"]) == ("yes", "no")
    assert 0 < float(rows[2]["distance"]) < 0.01


def test_without_duplicates_it_says_how_sure_that_is(capsys: pytest.CaptureFixture[str]) -> None:
    said = say(capsys, "duplicates", "--sample-digits", 50, "--near", "nearly", "--moved")

    assert said.out == "No duplicates: every two images differ by more than 5 %.\n"


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["--near", "nowhere"], "none of exact, nearly, similar, alike"),
        (["--near", "51"], "not 0 to 50"),
        (["--test-labels", "x"], "--test-labels go with --test-images"),
    ],
)
def test_wrong_usage_is_told(
    capsys: pytest.CaptureFixture[str], argv: list[object], told: str
) -> None:
    said = say(capsys, "duplicates", "--sample-digits", 5, *argv)

    assert said.code == 2
    assert told in said.err


def test_the_levels_are_those_of_the_search() -> None:
    assert tuple(THRESHOLDS) == LEVELS
