"""The ink recipes give networks the pictures they were trained on."""

from __future__ import annotations

import gzip
import json
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.datasets.idx import read_idx
from mnist_desktop.inference.classifier import Classifier, default_model_path
from mnist_desktop.inference.contract import InkRecipe
from mnist_desktop.inference.ink import RECIPES, Stroke, draw, prepare
from mnist_desktop.inference.resampling import blur, cubic_weights

RANDOM = np.random.default_rng(11)


def scribble(seed: int, size: tuple[int, int] = (120, 150)) -> np.ndarray:
    """Return a raster with a random line on it."""
    points = np.random.default_rng(seed).uniform((10, 10), (size[1] - 10, size[0] - 10), (5, 2))
    return draw([Stroke(points, 9)], size)


def mean_place(picture: np.ndarray) -> tuple[float, float]:
    """Return the centre of mass, row and column, where the first pixel's middle is 0."""
    rows, columns = picture.sum(axis=1, dtype=float), picture.sum(axis=0, dtype=float)
    places = np.arange(len(picture))
    return float(rows @ places / rows.sum()), float(columns @ places / columns.sum())


def test_every_recipe_a_contract_may_name_exists() -> None:
    assert tuple(RECIPES) == get_args(InkRecipe)
    for steps in RECIPES.values():
        assert len({step.name for step in steps}) == len(steps)


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_blank_raster_has_no_picture(recipe: InkRecipe) -> None:
    result = prepare(np.zeros((90, 120), np.uint8), recipe)
    assert result.empty
    assert result.picture.shape == (28, 28)
    assert not result.picture.any()


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("size", [20, 28, 32, 64])
@pytest.mark.parametrize(
    "raster",
    [
        np.full((560, 560), 255, np.uint8),
        np.full((1, 1), 1, np.uint8),
        np.full((300, 2), 255, np.uint8),
        np.pad(np.full((1, 1), 3, np.uint8), ((0, 99), (99, 0))),
        draw([Stroke(np.array([[-5.0, -5.0], [40.0, 30.0], [200.0, 30.0]]), 24)], (100, 140)),
        draw([Stroke(np.array([[50.0, 50.0]]), 20)], (100, 100)),
        draw([Stroke(np.array([[0.0, 0.0], [0.0, 99.0], [99.0, 99.0]]), 3)], (100, 100)),
    ],
    ids=["full", "one pixel", "thin", "faint corner", "off the edge", "dot", "big L"],
)
def test_any_ink_becomes_a_picture(recipe: InkRecipe, size: int, raster: np.ndarray) -> None:
    before = raster.copy()
    result = prepare(raster, recipe, size=size)
    assert not result.empty
    assert (result.picture.shape, result.picture.dtype) == ((size, size), np.uint8)
    assert result.picture.max() == 255 or recipe == "resize"
    assert np.array_equal(raster, before)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 1000), st.sampled_from(list(RECIPES)))
def test_noise_becomes_a_picture(height: int, width: int, seed: int, recipe: InkRecipe) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    result = prepare(noise, recipe)
    assert result.picture.shape == (28, 28)
    assert result.empty == (not noise.any())
    assert all(step.picture.dtype == np.uint8 for step in result.steps)


def test_what_is_no_raster_or_no_recipe_is_refused() -> None:
    for raster in (np.zeros((3, 3)), np.zeros((1, 3, 3), np.uint8), np.zeros((0, 3), np.uint8)):
        with pytest.raises(ValueError, match="a raster is"):
            prepare(raster)
    with pytest.raises(ValueError, match="no ink recipe"):
        prepare(np.zeros((3, 3), np.uint8), "burn")  # type: ignore[arg-type]


def test_the_mnist_recipe_step_by_step() -> None:
    raster = np.zeros((50, 60), np.uint8)
    raster[7:31, 40:45] = 100  # 24 high, 5 wide
    raster[7, 40] = 200
    steps = {step.name: step.picture for step in prepare(raster).steps}
    assert list(steps) == ["ink", "square", "small", "full", "centred"]
    assert steps["ink"] is raster
    assert steps["square"].shape == (24, 24)
    assert np.array_equal(steps["square"][:, 9:14], raster[7:31, 40:45])
    assert steps["square"].sum() == raster.sum()
    assert steps["small"].shape == (20, 20)
    assert steps["full"].max() == 255
    assert steps["centred"].shape == (28, 28)


@pytest.mark.parametrize(("side", "expected"), [(4, 20), (10, 20), (13, 26), (19, 38), (20, 20)])
def test_small_ink_is_doubled_by_repetition(side: int, expected: int) -> None:
    raster = np.zeros((60, 60), np.uint8)
    raster[5 : 5 + side, 9] = 255
    steps = {step.name: step.picture for step in prepare(raster).steps}
    sizes = {len(steps[name]) for name in ("square", "doubled") if name in steps}
    assert max(sizes) == expected
    if "doubled" in steps:
        assert np.array_equal(steps["doubled"][::2, 1::2], steps["square"])


@pytest.mark.parametrize("seed", range(6))
def test_the_mnist_recipe_equals_a_slow_exact_one(seed: int) -> None:
    raster = scribble(seed)
    wanted = slow_recipe(raster)
    assert np.abs(prepare(raster).picture.astype(int) - wanted).max() <= 1


def slow_recipe(raster: np.ndarray) -> np.ndarray:
    """Do the MNIST recipe in fractions, pixel by pixel, for ink of at least 20 pixels."""
    rows, columns = np.nonzero(raster)
    top, left = int(rows.min()), int(columns.min())
    height, width = int(rows.max()) + 1 - top, int(columns.max()) + 1 - left
    side = max(height, width)
    small = np.zeros((20, 20), dtype=object)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        y, x = row - top + (side - height) // 2, column - left + (side - width) // 2
        for i in range(y * 20 // side, min(20, (y + 1) * 20 // side + 1)):
            tall = min(Fraction(y + 1) * 20 / side, i + 1) - max(Fraction(y) * 20 / side, i)
            for j in range(x * 20 // side, min(20, (x + 1) * 20 // side + 1)):
                wide = min(Fraction(x + 1) * 20 / side, j + 1) - max(Fraction(x) * 20 / side, j)
                if tall > 0 and wide > 0:
                    small[i, j] += int(raster[row, column]) * tall * wide
    full = np.array(small / small.max() * 255 + Fraction(1, 2), dtype=float).astype(int)
    middle = np.arange(20) + 0.5
    down = int(15 - full.sum(axis=1) @ middle / full.sum())
    across = int(15 - full.sum(axis=0) @ middle / full.sum())
    picture = np.zeros((28, 28), int)
    for i, j in np.argwhere(full):
        if 0 <= i + down < 28 and 0 <= j + across < 28:
            picture[i + down, j + across] = full[i, j]
    return picture


@given(st.integers(0, 10_000))
def test_ink_is_centred_by_mass(seed: int) -> None:
    row, column = mean_place(prepare(scribble(seed)).picture)
    # Half-open as in MNIST's files; ink cut off at the edge may move it by a little.
    assert 13.3 < row < 14.7
    assert 13.3 < column < 14.7


def test_place_and_size_of_the_ink_do_not_matter() -> None:
    points = np.array([[20.0, 20.0], [60.0, 30.0], [30.0, 80.0], [75.0, 78.0]])
    once = prepare(draw([Stroke(points, 8)], (300, 300))).picture
    moved = prepare(draw([Stroke(points + np.array([150.0, 90.0]), 8)], (300, 300))).picture
    larger = prepare(draw([Stroke(points * 3, 24)], (300, 300))).picture
    assert np.array_equal(once, moved)
    assert np.abs(once.astype(int) - larger).mean() < 4


def test_the_resize_recipe_only_resizes() -> None:
    raster = RANDOM.integers(0, 256, (56, 56), dtype=np.uint8)
    blocks = raster.reshape(28, 2, 28, 2).mean(axis=(1, 3))
    assert np.abs(prepare(raster, "resize").picture - blocks).max() <= 0.5
    wide = prepare(np.full((28, 56), 255, np.uint8), "resize").picture
    assert np.array_equal(wide.any(axis=1), np.arange(28) // 7 % 3 != 0)


def test_the_emnist_recipe_fits_the_box_with_a_border() -> None:
    picture = prepare(scribble(3), "emnist").picture
    ink = picture > 16
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    assert not picture[:2].any()
    assert not picture[-2:].any()
    assert not picture[:, :2].any()
    assert not picture[:, -2:].any()
    assert 22 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 24
    # Centred by its box, not by its mass.
    assert abs((rows[0] + rows[-1]) / 2 - 13.5) <= 1
    assert abs((columns[0] + columns[-1]) / 2 - 13.5) <= 1


def test_blur_spreads_a_point_as_a_gaussian() -> None:
    point = np.zeros((21, 21))
    point[10, 10] = 1
    spread = blur(point, 1.0)
    assert spread.sum() == pytest.approx(1.0, abs=1e-3)
    assert spread[10, 10] / spread[10, 11] == pytest.approx(np.exp(0.5), rel=1e-4)
    assert spread[10, 12] == pytest.approx(spread[12, 10])


def test_cubic_resampling_keeps_flat_and_straight() -> None:
    ramp = np.arange(40.0)
    weights = cubic_weights(40, 20)
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, rtol=1e-5)
    np.testing.assert_allclose((weights @ ramp)[3:-3], (ramp[::2] + 0.5)[3:-3], atol=1e-4)


def test_mnist_pictures_lie_where_the_recipe_puts_ink(shared_data: Path) -> None:
    images = read_idx(shared_data / "mnist" / "t10k-images-idx3-ubyte.gz")
    places = np.array([mean_place(image) for image in images])
    assert places.min() > 13.499
    assert places.max() <= 14.5
    np.testing.assert_allclose(places.mean(axis=0), 14.0, atol=0.01)
    again = np.array([prepare(image).picture for image in images[::2]])
    change = np.abs(again.astype(int) - images[::2]).mean(axis=(1, 2))
    # A handful had ink cut off at the edge when they were made; their box is 19, not 20.
    assert np.mean(change < 0.5) > 0.999


def test_a_magnified_mnist_picture_comes_back(shared_data: Path) -> None:
    images = read_idx(shared_data / "mnist" / "t10k-images-idx3-ubyte.gz")[:200]
    differences = []
    for image in images:
        pad = np.zeros((400, 400), np.uint8)
        y, x = RANDOM.integers(0, 400 - 28 * 7, 2)
        pad[y : y + 28 * 7, x : x + 28 * 7] = image.repeat(7, 0).repeat(7, 1)
        differences.append(np.abs(prepare(pad).picture.astype(int) - image).mean())
    # An odd difference between the sides of the box is half a pixel that cannot be undone.
    assert np.median(differences) == 0
    assert np.mean(differences) < 3


@pytest.mark.parametrize(("model", "least"), [("zoo-mnist-8", 0.90), ("digits", 0.92)])
def test_real_pen_strokes_are_read(shared_data: Path, model: str, least: float) -> None:
    with gzip.open(shared_data / "strokes" / "pendigits-30-writers.jsonl.gz", "rt") as lines:
        digits = [json.loads(line) for line in lines]
    own = default_model_path()
    path = own if model == own.stem else shared_data / "models" / f"{model}.onnx"
    classifier = Classifier.load(path)
    random = np.random.default_rng(11)
    chosen = random.choice(len(digits), 300, replace=False)
    right = []
    for index in chosen:
        steps = classifier.prepare(written(digits[index]["strokes"], random))
        right.append(classifier.answer(steps.picture).label == str(digits[index]["label"]))
    assert np.mean(right) >= least


def written(strokes: list[list[list[float]]], random: np.random.Generator) -> np.ndarray:
    """Return tablet strokes as ink of random size at a random place on a 280×280 raster."""
    everything = np.concatenate([np.array(stroke, float) for stroke in strokes])
    low, extent = everything.min(axis=0), np.ptp(everything, axis=0).max()
    side = random.uniform(90, 220)
    place = random.uniform(20, 260 - side, 2)
    pen = []
    for stroke in strokes:
        points = (np.array(stroke, float) - low) / extent * side
        points[:, 1] = np.ptp(everything[:, 1]) / extent * side - points[:, 1]
        pen.append(Stroke(points + place, 20))
    return draw(pen, (280, 280))


@pytest.mark.parametrize("size", [20, 28, 32])
@pytest.mark.parametrize("recipe", RECIPES)
def test_whatever_is_left_out_the_picture_has_its_size(recipe: InkRecipe, size: int) -> None:
    names = [step.name for step in RECIPES[recipe]]
    speck = np.zeros((90, 120), np.uint8)
    speck[40:42, 60] = 3
    for raster in (scribble(1), speck, np.ascontiguousarray(scribble(2)[:200])):
        for count in range(len(names) + 1):
            for without in combinations(names, count):
                made = prepare(raster, recipe, size=size, without=without)
                assert made.picture.shape == (size, size)
                assert made.picture.dtype == np.uint8
                left_out = {step.name for step in made.steps if step.left_out}
                needed = {step.name for step in RECIPES[recipe] if step.needed}
                assert left_out == set(without) - needed


def test_leaving_a_step_out_shows_what_it_does() -> None:
    raster = draw([Stroke(np.array([[30.0, 40.0], [60.0, 120.0]]), 14)], (280, 280))
    whole = prepare(raster)
    unboxed = prepare(raster, without=["square"]).picture
    assert unboxed.sum() < whole.picture.sum() / 3, "a small digit stays small"
    filled = prepare(raster, without=["small"]).picture
    assert (filled > 0).any(axis=1).sum() >= 26, "no border"
    assert prepare(raster // 2, without=["full"]).picture.max() < 130
    assert np.array_equal(prepare(raster, without=["unknown"]).picture, whole.picture)
    assert prepare(np.zeros((9, 9), np.uint8), without=["square"]).empty
