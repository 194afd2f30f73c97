"""What each format of an export looks like, and that what was promised is what is written."""

from __future__ import annotations

import csv
import errno
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.export import (
    FORMATS,
    ExportOptions,
    Format,
    Part,
    export_job,
    plan_export,
    split_part,
)
from mnist_desktop.datasets.exporting.sheet import MOST_SIDE
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.errors import UserError
from mnist_desktop.progress import finish

NAMES: dict[Format, str] = {
    "idx": "my-images-idx3-ubyte.gz",
    "npz": "a.npz",
    "npy": "a.npy",
    "csv": "a.csv",
    "text": "a.txt",
    "png": "pictures",
    "sheet": "a.png",
}
CLOTHES = Dataset(
    "clothes",
    np.random.default_rng(5).integers(0, 256, (7, 5, 9), dtype=np.uint8),
    np.array([0, 1, 1, 2, 0, 2, 2]),
    ("T-shirt/top", "Ankle boot", "Bag"),
)


def export(
    what: object, target: Path, format: Format | None = None, **options: object
) -> list[str]:
    """Export, and return the names of what was written."""
    chosen = ExportOptions(format, **options) if format else None  # type: ignore[arg-type]
    return [path.name for path in finish(export_job(what, target, chosen))]  # type: ignore[arg-type]


# Plans


@pytest.mark.parametrize("dataset", [sample_dataset(90), CLOTHES, replace(CLOTHES, labels=None)])
@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("is_split", [False, True])
def test_the_plan_is_what_is_written(
    tmp_path: Path, dataset: Dataset, format: Format, is_split: bool
) -> None:
    parts = split_part(Part(dataset), 0.4, seed=0) if is_split else {"": Part(dataset)}
    target = tmp_path / NAMES[format]
    options = ExportOptions(format, scale="standardised" if format in ("npz", "npy") else "bytes")
    plan = plan_export(parts, target, options)
    assert plan.existing() == ()
    written = finish(export_job(parts, target, options))
    assert sorted(plan.files) == sorted(written)
    assert sorted(os.listdir(tmp_path)) == sorted(path.name for path in written)
    assert plan.pictures == (len(dataset) if format == "png" else 0)
    if format != "png":
        assert sorted(plan.existing()) == sorted(written)


@pytest.mark.parametrize("format", FORMATS)
def test_the_plan_tells_about_how_large_it_gets(tmp_path: Path, format: Format) -> None:
    digits, target = sample_dataset(2000), tmp_path / NAMES[format]
    plan = plan_export({"": Part(digits)}, target, ExportOptions(format))
    files = finish(export_job(digits, target))
    if format == "png":
        real = sum(4096 for _ in target.rglob("*.png"))
    else:
        real = sum(path.stat().st_size for path in files)
    assert 0.8 < plan.size / real < 1.2


def test_a_plan_of_nothing_is_of_no_size(tmp_path: Path) -> None:
    nothing = {"": Part(CLOTHES, np.zeros(0, np.int64))}
    for format in FORMATS:
        options = ExportOptions(format)
        assert plan_export(nothing, tmp_path / NAMES[format], options).size == 0
        assert finish(export_job(nothing, tmp_path / NAMES[format], options))


# Formats


def test_standardised_images_have_the_train_parts_mean_and_sd(tmp_path: Path) -> None:
    digits = sample_dataset(300)
    parts = split_part(Part(digits), 0.2, seed=0)
    export(parts, tmp_path / "a.npz", "npz", scale="standardised")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as archive:
        mean, sd = float(archive["mean"]), float(archive["sd"])
        train, test = archive["x_train"], archive["x_test"]
    unit = digits.images[parts["train"].numbers] / 255
    assert (mean, sd) == (pytest.approx(unit.mean()), pytest.approx(unit.std()))
    assert train.dtype == np.float32
    assert train.mean(dtype=np.float64) == pytest.approx(0, abs=1e-5)
    assert train.std(dtype=np.float64) == pytest.approx(1, abs=1e-5)
    back = np.rint((test * sd + mean) * 255)
    assert np.array_equal(back, digits.images[parts["test"].numbers])


def test_images_of_one_grey_can_be_standardised(tmp_path: Path) -> None:
    grey = Dataset("grey", np.full((3, 4, 4), 51, np.uint8), None, ())
    export(grey, tmp_path / "a.npy", "npy", scale="standardised")
    assert not np.load(tmp_path / "a.npy").any()
    assert np.load(tmp_path / "a-mean-sd.npy").tolist() == [pytest.approx(0.2), 1.0]


def test_numpy_files_lie_beside_one_another(tmp_path: Path) -> None:
    files = export(CLOTHES, tmp_path / "a.npy", "npy", flat=True, one_hot=True)
    assert files == ["a-class-names.npy", "a-labels.npy", "a.npy"]
    assert np.load(tmp_path / "a.npy").shape == (7, 45)
    assert np.load(tmp_path / "a-labels.npy").argmax(axis=1).tolist() == [0, 1, 1, 2, 0, 2, 2]
    assert np.load(tmp_path / "a-class-names.npy").tolist() == list(CLOTHES.class_names)


@pytest.mark.skipif(shutil.which("od") is None, reason="there is no od on this system")
def test_the_text_is_what_od_prints(tmp_path: Path) -> None:
    digits = sample_dataset(30)
    export(digits, tmp_path / "my-images-idx3-ubyte")
    export(digits, tmp_path / "a.txt")
    for source, skip, width, text in (
        ("my-images-idx3-ubyte", 16, 784, "a.txt"),
        ("my-labels-idx1-ubyte", 8, 1, "a-labels.txt"),
    ):
        command = ["od", "-An", "-v", "-tu1", f"-j{skip}", f"-w{width}", str(tmp_path / source)]
        printed = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
        assert (tmp_path / text).read_bytes() == printed


def test_class_names_that_are_words_come_back(tmp_path: Path) -> None:
    export(CLOTHES, tmp_path / "my-images-idx3-ubyte")
    back = open_dataset(tmp_path / "my-images-idx3-ubyte")
    assert back.class_names == CLOTHES.class_names


def test_pictures_with_the_class_in_the_name(tmp_path: Path) -> None:
    part = Part(sample_dataset(120), np.array([7, 100]))
    export(part, tmp_path / "out", "png", arrangement="names")
    names = [part.dataset.class_name(index) for index in (7, 100)]
    assert sorted(os.listdir(tmp_path / "out")) == [f"007_{names[0]}.png", f"100_{names[1]}.png"]


def test_pictures_with_a_table(tmp_path: Path) -> None:
    export(CLOTHES, tmp_path / "out", "png", arrangement="table")
    with (tmp_path / "out" / "labels.csv").open(encoding="utf-8", newline="") as stream:
        head, *lines = csv.reader(stream)
    assert head == ["file", "label", "class"]
    assert lines[1] == ["1.png", "1", "Ankle boot"]
    assert len(lines) == 7


def test_a_contact_sheet_shows_each_picture_pixel_by_pixel(tmp_path: Path) -> None:
    digits = sample_dataset(7)
    export(digits, tmp_path / "a.png", "sheet", columns=3, cell=56, captions=False)
    with Image.open(tmp_path / "a.png") as page:
        assert page.mode == "L"
        sheet = np.asarray(page)
    assert sheet.shape == (16 + 3 * 60 - 4 + 16, 16 + 3 * 60 - 4 + 16)
    for index in range(7):
        top, left = 16 + index // 3 * 60, 16 + index % 3 * 60
        assert np.array_equal(sheet[top : top + 56 : 2, left : left + 56 : 2], digits.images[index])
    assert (sheet[-60:-16, 80:] == 255).all()


def test_captions_stand_below_the_pictures(tmp_path: Path) -> None:
    for captions in (True, False):
        export(CLOTHES, tmp_path / "a.png", "sheet", columns=2, cell=40, captions=captions)
        with Image.open(tmp_path / "a.png") as page:
            sheet = np.asarray(page)
        below = sheet[16 + 22 + 2 : 16 + 22 + 12, 16:56]
        if captions:
            assert (below < 128).sum() > 20
    assert sheet.shape[0] == 2 * 16 + 4 * (22 + 4) - 4


def test_a_large_contact_sheet_has_pages(tmp_path: Path) -> None:
    dots = Dataset("dots", np.full((700, 10, 10), 9, np.uint8), None, ())
    files = export(dots, tmp_path / "a.png", "sheet", columns=2, cell=100)
    assert files == [f"a-{page}.png" for page in range(1, 7)]
    shown = 0
    for name in files:
        with Image.open(tmp_path / name) as page:
            assert max(page.size) <= MOST_SIDE
            shown += int((np.asarray(page) == 9).sum()) // 100**2
    assert shown == 700
    with pytest.raises(UserError, match="wider than a page"):
        export(dots, tmp_path / "b.png", "sheet", columns=300, cell=100)


# What must not happen


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": 0},
        {"columns": 401},
        {"cell": 7},
        {"keys": ("x", "x")},
        {"keys": ("../x", "y")},
    ],
)
def test_options_that_cannot_be_meant(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - which one is told by its words alone
        ExportOptions("npz", **wrong)  # type: ignore[arg-type]


def test_the_files_that_are_read_are_not_replaced(tmp_path: Path) -> None:
    export(sample_dataset(20), tmp_path / "my-images-idx3-ubyte")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    opened = open_dataset(tmp_path / "my-images-idx3-ubyte")
    with pytest.raises(UserError, match="a file of the dataset"):
        export(opened.select([0]), tmp_path / "my-images-idx3-ubyte")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_move_that_fails_takes_back_those_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(CLOTHES, tmp_path / "a.txt")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    moved, replace_file = [], os.replace

    def refuse_last(source: Path, goal: Path) -> None:
        if Path(goal) == tmp_path / "a.txt" and not moved:
            moved.append(goal)
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        replace_file(source, goal)

    monkeypatch.setattr(os, "replace", refuse_last)
    with pytest.raises(UserError, match="Permission denied"):
        export(CLOTHES.select([1]), tmp_path / "a.txt")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


FULL_DISK = """
import resource, sys
from pathlib import Path
from mnist_desktop.datasets.export import export_job
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.errors import UserError
from mnist_desktop.progress import finish
digits = sample_dataset(1500)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    finish(export_job(digits, Path(sys.argv[1])))
except UserError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system cannot limit what is written")
@pytest.mark.parametrize("format", [format for format in FORMATS if format != "png"])
def test_a_disk_that_takes_no_more_leaves_the_old_file(tmp_path: Path, format: Format) -> None:
    target = tmp_path / NAMES[format]
    target.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(target)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert f"{tmp_path}{os.sep}" in done.stdout
    assert "could not be written" in done.stdout
    assert ".part" not in done.stdout
    assert os.listdir(tmp_path) == [target.name]
    assert target.read_bytes() == b"old"
