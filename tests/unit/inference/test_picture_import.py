"""A folder of pictures becomes IDX files; pictures that cannot be read are listed, not lost."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_desktop.datasets.dataset import open_dataset
from mnist_desktop.datasets.export import ExportOptions, Part, export_job, split_part
from mnist_desktop.datasets.picture_folder import PictureFolder, scan_job
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.errors import UserError
from mnist_desktop.inference.ink import RECIPES, prepare
from mnist_desktop.inference.picture_import import Imported, ImportRecipe, fitted, import_job
from mnist_desktop.progress import finish

NAME = "mine-images-idx3-ubyte"


def ink(height: int = 60, width: int = 40) -> np.ndarray:
    """Return a stroke, (height, width) uint8, ink high."""
    picture = np.zeros((height, width), np.uint8)
    picture[10:-10, width // 2 - 2 : width // 2 + 3] = 255
    return picture


def save(path: Path, pixels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def scan(root: Path) -> PictureFolder:
    return finish(scan_job(root))


def take(root: Path, *, recipe: ImportRecipe = "mnist", size: int | None = None) -> Imported:
    """Import a folder called `p` below `root`, whose target stands beside it."""
    return finish(import_job(scan(root / "p"), root / NAME, recipe=recipe, size=size))


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("size", [None, 20])
def test_ink_goes_through_the_recipe(
    tmp_path: Path, recipe: ImportRecipe, size: int | None
) -> None:
    save(tmp_path / "p/1/dark.png", 255 - ink())
    save(tmp_path / "p/2/light.png", ink(50, 90))
    imported = take(tmp_path, recipe=recipe, size=size)
    side = size or 28
    assert imported.size == (side, side)
    back = open_dataset(tmp_path / NAME)
    for image, picture in zip(back.images, (ink(), ink(50, 90)), strict=True):
        assert np.array_equal(image, prepare(picture, recipe, size=side).picture)
    assert [back.class_name(index) for index in (0, 1)] == ["1", "2"]


def test_a_picture_without_ink_is_told(tmp_path: Path) -> None:
    save(tmp_path / "p/a.png", np.full((9, 9), 255, np.uint8))
    imported = take(tmp_path)
    assert imported.counts == {"": 1}
    assert "1 pictures show no ink" in imported.notes[0]


def test_grey_values_stay_as_they_are(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (3, 31, 17), dtype=np.uint8)
    for index, picture in enumerate(pixels):
        save(tmp_path / f"p/{index}.png", picture)
    imported = take(tmp_path, recipe="none")
    assert imported.size == (31, 17)
    assert imported.notes == ()
    assert np.array_equal(open_dataset(tmp_path / NAME).images, pixels)


def test_pictures_of_several_sizes_need_one(tmp_path: Path) -> None:
    save(tmp_path / "p/a.png", ink(28, 28))
    save(tmp_path / "p/b.png", ink(60, 30))
    with pytest.raises(UserError, match=r"b.png” is 30 × 60 pixels, but “a.png” is 28 × 28"):
        take(tmp_path, recipe="none")
    assert os.listdir(tmp_path) == ["p"]
    imported = take(tmp_path, recipe="none", size=28)
    assert imported.notes == ("1 pictures of another size were resized.",)
    first, second = open_dataset(tmp_path / NAME).images
    assert np.array_equal(first, ink(28, 28))
    assert np.array_equal(second, fitted(ink(60, 30), 28))


@pytest.mark.parametrize("shape", [(60, 30), (30, 60), (1, 500), (28, 27), (3, 3)])
def test_resizing_keeps_proportions_and_continues_the_edge(shape: tuple[int, int]) -> None:
    paper = np.full(shape, 200, np.uint8)
    assert (fitted(paper, 28) == 200).all()
    assert fitted(paper, 28).shape == (28, 28)


def test_splits_get_files_of_their_own_with_the_same_classes(tmp_path: Path) -> None:
    digits = sample_dataset(60)
    parts = split_part(Part(digits), 0.2, seed=0)
    parts["test"] = parts["test"].taken(np.arange(3))
    finish(export_job(parts, tmp_path / "p", ExportOptions("png")))
    imported = take(tmp_path, recipe="none")
    assert imported.counts == {"train": 48, "test": 3}
    train = open_dataset(tmp_path / "mine-train-images-idx3-ubyte")
    test = open_dataset(tmp_path / "mine-test-images-idx3-ubyte")
    assert (len(train), len(test)) == (48, 3)
    assert (train.split, test.split) == ("train", "test")


def bomb(side: int) -> bytes:
    """Return a PNG file of a few bytes that promises side × side pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("recipe", ["mnist", "none"])
def test_what_is_no_picture_is_skipped_with_its_reason(
    tmp_path: Path, recipe: ImportRecipe
) -> None:
    save(tmp_path / "p/a/good.png", ink(28, 28))
    whole = (tmp_path / "p/a/good.png").read_bytes()
    for name, content in {
        "b/cut.png": whole[: len(whole) // 2],
        "b/empty.png": b"",
        "b/text.png": b"hello",
        "b/bomb8000.png": bomb(8000),
        "b/bomb12000.png": bomb(12_000),
        "b/bomb60000.png": bomb(60_000),
    }.items():
        (tmp_path / "p" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "p" / name).write_bytes(content)
    imported = take(tmp_path, recipe=recipe)
    assert imported.counts == {"": 1}
    reasons = {skipped.path.name: skipped.reason for skipped in imported.skipped}
    assert len(reasons) == 6
    assert all("50 million pixels" in reasons[f"bomb{side}.png"] for side in (8000, 12000, 60000))
    assert reasons["text.png"].startswith("is no picture of a format known here")
    assert imported.class_names == ("a", "b")


def test_nothing_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "a.txt").write_text("hello")
    with pytest.raises(UserError, match=r"No picture in .* could be read; “a.txt” is no picture"):
        take(tmp_path)
    assert os.listdir(tmp_path) == ["p"]


def test_a_name_that_would_lose_the_labels_is_refused_at_once(tmp_path: Path) -> None:
    save(tmp_path / "p/1/a.png", ink())
    job = import_job(scan(tmp_path / "p"), tmp_path / "digits.bin")
    with pytest.raises(UserError, match="does not say that it holds images"):
        next(job)


def test_a_cancelled_import_leaves_nothing(tmp_path: Path) -> None:
    for index in range(4):
        save(tmp_path / f"p/{index % 2}/{index}.png", ink())
    job = import_job(scan(tmp_path / "p"), tmp_path / NAME)
    assert (next(job).done, next(job).total) == (1, 4)
    job.close()
    assert os.listdir(tmp_path) == ["p"]
