"""What was chosen comes back at the next start, and nothing that is not sound."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.datasets.export import ExportPlan, Part
from mnist_desktop.datasets.exporting.options import ARRANGEMENTS, FORMATS, SCALES
from mnist_desktop.datasets.exporting.target_names import (
    bare_name,
    free_target,
    plain_name,
    target_name,
)
from mnist_desktop.datasets.pairing import read_name
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.inference.picture_import import IMPORT_RECIPES
from mnist_desktop.progress import finish
from mnist_desktop.ui.dataset.export_choices import (
    ExportChoices,
    ExportRequest,
    plan_text,
    replaced_text,
    size_text,
)
from mnist_desktop.ui.dataset.import_choices import AS_THEY_ARE, ImportChoices

EXPORTS = st.builds(
    ExportChoices,
    format=st.sampled_from(FORMATS),
    scale=st.sampled_from(SCALES),
    flat=st.booleans(),
    one_hot=st.booleans(),
    arrangement=st.sampled_from(ARRANGEMENTS),
    columns=st.integers(1, 400),
    cell=st.integers(8, 400),
    captions=st.booleans(),
    packed=st.booleans(),
    is_split=st.booleans(),
    share=st.integers(1, 50),
    seed=st.integers(0, 999_999_999),
    folder=st.text(max_size=20),
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(EXPORTS)
def test_choices_of_an_export_come_back(choices: ExportChoices) -> None:
    assert ExportChoices.from_text(choices.to_text()) == choices


@given(st.text() | st.dictionaries(st.sampled_from(list(asdict(ExportChoices()))), ANYTHING).map(
    lambda told: json.dumps(told)
))  # fmt: skip
def test_no_text_makes_choices_that_fail(text: str) -> None:
    choices = ExportChoices.from_text(text)
    assert choices.options().format in FORMATS
    assert ImportChoices.from_text(text).recipe in IMPORT_RECIPES


@given(st.sampled_from(IMPORT_RECIPES), st.integers(4, 1024), st.booleans())
def test_choices_of_an_import_come_back(recipe: str, size: int, packed: bool) -> None:
    choices = ImportChoices(recipe=recipe, size=size, packed=packed)  # type: ignore[arg-type]
    assert ImportChoices.from_text(choices.to_text()) == choices


def test_only_pictures_as_they_are_may_have_any_size() -> None:
    text = json.dumps({"recipe": "none", "size": AS_THEY_ARE})
    assert ImportChoices.from_text(text).size == AS_THEY_ARE
    text = json.dumps({"recipe": "emnist", "size": AS_THEY_ARE})
    assert ImportChoices.from_text(text) == ImportChoices(recipe="emnist")


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (54_321, "54.3 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (246_000_000, "246 MB"),
        (3_100_000_000, "3.1 GB"),
        (5_000_000_000_000, "5,000 GB"),
    ],
)
def test_sizes_are_written_short(size: int, text: str) -> None:
    assert size_text(size) == text


def test_a_plan_in_words(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"")
    files = tuple(tmp_path / name for name in "abcdef")
    assert plan_text(ExportPlan(files, 0, 2000)) == "6 files, about 2.0 kB: a, b, c, d and 2 more"
    assert replaced_text(ExportPlan(files, 0, 2000)) == "Replaces what is there: b."
    assert replaced_text(ExportPlan(files[:1], 0, 2000)) == ""
    pictures = ExportPlan((tmp_path / "b",), 1200, 5_000_000)
    assert plan_text(pictures) == "1,200 pictures in a new folder “b”, about 5.0 MB on disk."
    assert replaced_text(pictures) == ""


@pytest.mark.parametrize("is_split", [False, True])
def test_the_plan_of_a_request_is_what_its_job_writes(tmp_path: Path, is_split: bool) -> None:
    part = Part(sample_dataset(60), np.arange(50))
    choices = ExportChoices(format="idx", is_split=is_split, share=20, seed=4)
    request = ExportRequest(part, tmp_path / "a-images-idx3-ubyte.gz", choices)
    plan = request.plan()
    files = finish(request.job())
    assert sorted(plan.files) == sorted(files)
    real = sum(path.stat().st_size for path in files)
    assert 0.7 < plan.size / real < 1.3


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("digits.csv", "digits"),
        ("digits.NPZ", "digits"),
        ("digits", "digits"),
        ("my-images-idx3-ubyte.gz", "my"),
        ("train-images.idx3-ubyte", "train"),
        ("a.b.txt", "a.b"),
        (".csv", ".csv"),
    ],
)
def test_a_name_without_its_ending(name: str, bare: str) -> None:
    assert bare_name(name) == bare


@given(st.text(st.characters(codec="ascii", exclude_characters="/\0"), min_size=1, max_size=20))
def test_any_name_gets_the_ending_of_its_format_once(name: str) -> None:
    for format in FORMATS:
        made = target_name(name, format)
        assert target_name(made, format) == made
    packed = target_name(name, "idx", packed=True)
    assert packed.endswith(".gz")
    assert read_name(packed).kind == "images"
    assert target_name(packed, "idx") == packed[:-3]


def test_a_target_is_suggested_that_is_not_there(tmp_path: Path) -> None:
    for name in ("a.csv", "a-2.csv", "a"):
        assert free_target(tmp_path, "a", "png" if name == "a" else "csv") == tmp_path / name
        (tmp_path / name).write_bytes(b"")


def test_a_title_becomes_a_name() -> None:
    assert plain_name("MNIST · train") == "mnist-train"
    assert plain_name("数字 1/2") == "数字-1-2"
    assert plain_name("···") == "dataset"
