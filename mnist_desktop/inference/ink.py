"""Turn the pad's ink into the picture a network gets, one named step at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from mnist_desktop.inference.contract import InkRecipe
from mnist_desktop.inference.pen import Stroke, draw
from mnist_desktop.inference.resampling import blur, cubic_weights, resample

__all__ = ["RECIPES", "InkStep", "InkSteps", "Step", "Stroke", "draw", "prepare"]

# Of the 28 pixels of an MNIST picture the digit gets 20, of an EMNIST picture 24.
MNIST_SHARE = 20 / 28
EMNIST_SHARE = 24 / 28

# A square of ink in the MNIST recipe has at least this side, in pixels: a speck is not blown up.
SMALLEST_SQUARE = 10

# The EMNIST recipe blurs by one pixel of a 128×128 scan. With the longer side of the ink at 64 of
# them the edges come out as soft as in EMNIST's files (measured on its test digits: the longer side
# at grey 16, 64, 128, 200 is 23.9, 23.1, 22.0, 21.7 pixels there and 24.0, 22.0, 22.0, 21.1 so).
EMNIST_INK_SIDE = 64
EMNIST_BLUR = 1.0


@dataclass(frozen=True)
class Step:
    """One named step of an ink recipe.

    Parameters
    ----------
    name, title
        How the program and how a person calls it.
    apply
        Takes the picture so far, (h, w) uint8 or float32 with ink 0 to 255, and the side of the
        picture wanted in the end; returns the next picture. Where there is nothing to do it returns
        the very array it got.
    instead
        What stands in for `apply` when a person leaves the step out, where the next one, or the
        network, could not do with the picture as it was.
    needed
        Whether the step cannot be left out: it does nothing but bring the picture to its size.
    """

    name: str
    title: str
    apply: Callable[[np.ndarray, int], np.ndarray]
    instead: Callable[[np.ndarray, int], np.ndarray] | None = None
    needed: bool = False


@dataclass(frozen=True, eq=False)
class InkStep:
    """What one step of a recipe made.

    Parameters
    ----------
    name, title
        How the program and how a person calls the step.
    picture
        (h, w) uint8, ink high.
    left_out
        Whether a person left the step out: then `picture` is what went on without it.
    optional
        Whether it can be left out.
    """

    name: str
    title: str
    picture: np.ndarray
    left_out: bool = False
    optional: bool = False


@dataclass(frozen=True, eq=False)
class InkSteps:
    """A raster's way through a recipe.

    Parameters
    ----------
    steps
        The raster itself and what each step made of it; a step that had nothing to do is left out.
    picture
        (size, size) uint8, ink high: what the network gets.
    empty
        Whether there was no ink at all; then `picture` is blank and there is nothing to ask.
    """

    steps: tuple[InkStep, ...]
    picture: np.ndarray
    empty: bool


def prepare(
    raster: np.ndarray,
    recipe: InkRecipe = "mnist",
    *,
    size: int = 28,
    without: Collection[str] = (),
) -> InkSteps:
    """Return `raster` as the picture a network trained for `recipe` wants, with every step.

    Parameters
    ----------
    raster
        (h, w) uint8, ink high, at least one pixel; not changed.
    recipe
        Name of an ink recipe, see `RECIPES`.
    size
        Side of the picture in pixels; the recipes' measures, made for 28, grow with it.
    without
        Names of steps to leave out, to see what they do. The picture keeps its size: where a step
        that resizes is left out a plain resize stands in. Names the recipe does not have, and
        those of steps it cannot do without, change nothing.

    Raises
    ------
    ValueError
        When the raster is no such array or there is no such recipe.
    """
    if raster.ndim != 2 or raster.dtype != np.uint8 or raster.size == 0:
        raise ValueError(f"a raster is (h, w) uint8, not {raster.dtype} of shape {raster.shape}")
    if recipe not in RECIPES:
        raise ValueError(f"no ink recipe is called {recipe!r}; there are {', '.join(RECIPES)}")
    taken = [InkStep("ink", "Your ink", raster)]
    if not raster.any():
        return InkSteps(tuple(taken), np.zeros((size, size), np.uint8), empty=True)
    picture = raster
    for step in RECIPES[recipe]:
        left_out = step.name in without and not step.needed
        way = step.instead if left_out else step.apply
        result = picture if way is None else way(picture, size)
        if left_out or result is not picture:
            picture = result
            shown = _as_bytes(picture)
            taken.append(
                InkStep(step.name, step.title, shown, left_out=left_out, optional=not step.needed)
            )
    return InkSteps(tuple(taken), taken[-1].picture, empty=False)


def cut_square(picture: np.ndarray, _size: int) -> np.ndarray:
    """Return the square around the middle of the ink's box, blank where it leaves the picture.

    Its side is the longer side of the box, at least 10; where the difference is odd the extra pixel
    goes to the right and to the bottom.
    """
    top, bottom, left, right = _box(picture)
    height, width = bottom - top, right - left
    side = max(height, width, SMALLEST_SQUARE)
    square = np.zeros((side, side), picture.dtype)
    down, across = (side - height) // 2, (side - width) // 2
    square[down : down + height, across : across + width] = picture[top:bottom, left:right]
    return square


def double_small(picture: np.ndarray, size: int) -> np.ndarray:
    """Return a picture smaller than the digit is to be, doubled by repetition until it is not."""
    while len(picture) < _inner(size, MNIST_SHARE):
        picture = picture.repeat(2, axis=0).repeat(2, axis=1)
    return picture


def shrink_by_area(picture: np.ndarray, size: int) -> np.ndarray:
    """Return the square resampled by area to the digit's size, 20×20 for 28."""
    inner = _inner(size, MNIST_SHARE)
    return picture if len(picture) == inner else resample(picture, inner, inner)


def stretch_to_full_ink(picture: np.ndarray, _size: int) -> np.ndarray:
    """Return the picture scaled so that its darkest ink is 255, in whole numbers."""
    scaled = _as_bytes(picture * (255.0 / float(picture.max())))
    same = picture.dtype == np.uint8 and np.array_equal(scaled, picture)
    return picture if same else scaled


def centre_by_mass(picture: np.ndarray, size: int) -> np.ndarray:
    """Return the digit pasted into the blank picture so that its barycentre is in the middle.

    The offset is whole, `trunc(15 − b)` for 28 pixels, with `b` the barycentre of the digit when
    the middle of its first pixel is 0.5. What would lie outside is cut off, as in MNIST's files.
    """
    weights = picture.astype(np.float64)
    places = np.arange(len(picture)) + 0.5
    total = weights.sum()
    down = int(size / 2 + 1 - weights.sum(axis=1) @ places / total)
    across = int(size / 2 + 1 - weights.sum(axis=0) @ places / total)
    # A margin as wide as the digit around the result catches what is cut off.
    margin = len(picture)
    wide = np.zeros((size + 2 * margin, size + 2 * margin), picture.dtype)
    wide[margin + down :, margin + across :][:margin, :margin] = picture
    return wide[margin : margin + size, margin : margin + size].copy()


def pad_to_square(picture: np.ndarray, _size: int) -> np.ndarray:
    """Return the picture in the middle of the smallest square that holds it."""
    height, width = picture.shape
    if height == width:
        return picture
    side = max(height, width)
    square = np.zeros((side, side), picture.dtype)
    down, across = (side - height) // 2, (side - width) // 2
    square[down : down + height, across : across + width] = picture
    return square


def place_in_middle(picture: np.ndarray, size: int) -> np.ndarray:
    """Return the picture in the middle of a blank one of the wanted side; a larger one resized."""
    side = len(picture)
    if side >= size:
        return shrink_whole(picture, size)
    before = (size - side) // 2
    return np.pad(picture, (before, size - side - before))


def shrink_whole(picture: np.ndarray, size: int) -> np.ndarray:
    """Return the whole picture resampled by area to the wanted side."""
    return picture if len(picture) == size else resample(picture, size, size)


def scale_to_scan(picture: np.ndarray, _size: int) -> np.ndarray:
    """Return the ink's box resampled to the scale of EMNIST's scans, with room for the blur."""
    top, bottom, left, right = _box(picture)
    share = EMNIST_INK_SIDE / max(bottom - top, right - left)
    height = max(1, round((bottom - top) * share))
    width = max(1, round((right - left) * share))
    return np.pad(resample(picture[top:bottom, left:right], height, width), round(4 * EMNIST_BLUR))


def blur_like_a_scan(picture: np.ndarray, _size: int) -> np.ndarray:
    """Return the picture blurred by a Gaussian of one pixel."""
    return blur(picture, EMNIST_BLUR)


def frame_box(picture: np.ndarray, size: int) -> np.ndarray:
    """Return the box of what is left to see, in the middle of a square."""
    seen = _as_bytes(picture)
    # The faintest specks vanish in a blur.
    top, bottom, left, right = _box(seen if seen.any() else picture)
    return pad_to_square(picture[top:bottom, left:right], size)


def shrink_by_cubic(picture: np.ndarray, size: int) -> np.ndarray:
    """Return the square resampled by cubic convolution, full ink 255, with its blank border."""
    inner = _inner(size, EMNIST_SHARE)
    weights = cubic_weights(len(picture), inner)
    small = np.clip(weights @ picture.astype(np.float32) @ weights.T, 0.0, None)
    border = (size - inner) // 2
    after = size - inner - border
    return np.pad(_as_bytes(small * (255.0 / float(small.max()))), (border, after))


RECIPES: Mapping[InkRecipe, tuple[Step, ...]] = {
    # How MNIST's pictures were made, as the QMNIST project reconstructed it from the files:
    # https://github.com/facebookresearch/qmnist (making_qmnist).
    "mnist": (
        Step("square", "Square around the ink", cut_square, instead=pad_to_square),
        Step("doubled", "Doubled", double_small),
        Step("small", "Digit of 20×20", shrink_by_area, instead=shrink_whole),
        Step("full", "Full ink", stretch_to_full_ink),
        Step("centred", "Centred by mass", centre_by_mass, instead=place_in_middle),
    ),
    # Cohen, Afshar, Tapson, van Schaik, “EMNIST: an extension of MNIST to handwritten letters”
    # (2017), section II.
    "emnist": (
        Step("scan", "Scale of a scan", scale_to_scan),
        Step("blurred", "Blurred", blur_like_a_scan),
        Step("framed", "Box in a square", frame_box, instead=pad_to_square),
        Step("centred", "Centred by box", shrink_by_cubic, instead=shrink_whole),
    ),
    "resize": (
        Step("square", "Square", pad_to_square, needed=True),
        Step("small", "Resized", shrink_whole, needed=True),
    ),
}


def _box(picture: np.ndarray) -> tuple[int, int, int, int]:
    """Return top, bottom, left, right of the ink, ends exclusive."""
    rows = np.flatnonzero(picture.any(axis=1))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(picture[top:bottom].any(axis=0))
    return top, bottom, int(columns[0]), int(columns[-1]) + 1


def _inner(size: int, share: float) -> int:
    """Return the side the digit gets in a picture of `size`."""
    return max(1, round(size * share))


def _as_bytes(picture: np.ndarray) -> np.ndarray:
    """Return ink of any dtype as uint8, rounded (a half goes up) and kept from 0 to 255."""
    if picture.dtype == np.uint8:
        return picture
    return np.clip(np.floor(picture + 0.5), 0, 255).astype(np.uint8)
