"""Move and bend pictures: each gets a few random numbers, the training graph does the rest.

Where a pixel of the new picture is taken from is a sum of fixed maps: constant, x, y (together any
affine movement) and, for elastic bending, a bump around each point of a coarse grid. A picture's
warp is therefore a row of coefficients an axis, and the graph makes the sampling grid of a whole
piece by one matrix product before `GridSample` reads the pictures bilinearly.

Where a recipe only shifts, it shifts by whole pixels: that is done while the batch is put together,
blurs nothing and costs next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BUMPS = 5
"""Points of the elastic grid along each axis: about the size of a loop or a hook of a digit."""


@dataclass(frozen=True)
class Augmentation:
    """How far pictures are moved and bent; all zero leaves them as they are.

    Parameters
    ----------
    shift
        Largest shift along each axis, in pixels; whole ones where nothing else is asked for.
    rotation
        Largest turn, in degrees.
    zoom
        Largest change of size, as a share: 0.1 is 0.9 to 1.1 times.
    shear
        Largest slant, in pixels sideways for each pixel upwards.
    elastic
        Standard deviation of the bumps' displacement, in pixels.
    untouched
        Share of the pictures that stay as they are: reading between pixels blurs a little, and the
        pictures that are asked about later are not blurred.
    """

    shift: float = 0.0
    rotation: float = 0.0
    zoom: float = 0.0
    shear: float = 0.0
    elastic: float = 0.0
    untouched: float = 0.0

    @property
    def bends(self) -> bool:
        """Return whether pictures are read between their pixels, by the training graph."""
        return any((self.rotation, self.zoom, self.shear, self.elastic))

    @property
    def coefficients(self) -> int:
        """Return how many numbers a picture's warp has along each axis."""
        return 3 + (BUMPS**2 if self.elastic else 0)


PLAIN = Augmentation()
"""Pictures as they are."""


def basis(augmentation: Augmentation, height: int, width: int) -> NDArray[np.float64]:
    """Return the fixed maps that warps are sums of.

    Returns
    -------
    ndarray
        `(coefficients, height·width)` float64: x, y and 1 in the coordinates of `GridSample` with
        aligned corners (−1 the first pixel, 1 the last), then the bumps (Gaussians as wide as they
        stand apart, so that neighbours join smoothly).
    """
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    maps = [x, y, np.ones_like(x)]
    if augmentation.elastic:
        centres = np.linspace(-1, 1, BUMPS)
        apart = centres[1] - centres[0]
        for centre_y in centres:
            for centre_x in centres:
                distance = ((x - centre_x) ** 2 + (y - centre_y) ** 2) / apart**2
                maps.append(np.exp(-distance))
    return np.stack([m.reshape(-1) for m in maps])


def draw_warps(
    augmentation: Augmentation,
    count: int,
    *,
    height: int,
    width: int,
    random: np.random.Generator,
) -> NDArray[np.float32]:
    """Draw the warps of `count` pictures.

    Returns
    -------
    ndarray
        `(count, 2, coefficients)` float32; axis 1 is x, y. It says where each pixel is read from,
        so the picture moves the other way, which is all the same for symmetric distributions.
    """

    def within(limit: float) -> NDArray[np.float64]:
        return random.uniform(-limit, limit, count)

    turn, slant = np.deg2rad(within(augmentation.rotation)), within(augmentation.shear)
    zoom_x = np.exp(within(np.log1p(augmentation.zoom)))
    zoom_y = np.exp(within(np.log1p(augmentation.zoom)))
    warps = np.zeros((count, 2, augmentation.coefficients), np.float32)
    warps[:, 0, 0] = zoom_x * np.cos(turn)
    warps[:, 0, 1] = zoom_x * (slant * np.cos(turn) - np.sin(turn))
    warps[:, 1, 0] = zoom_y * np.sin(turn)
    warps[:, 1, 1] = zoom_y * (slant * np.sin(turn) + np.cos(turn))
    warps[:, 0, 2] = within(augmentation.shift) * 2.0 / max(1, width - 1)
    warps[:, 1, 2] = within(augmentation.shift) * 2.0 / max(1, height - 1)
    if augmentation.elastic:
        bumps = random.normal(0.0, augmentation.elastic, (count, 2, BUMPS**2))
        per_pixel = np.array([2.0 / max(1, width - 1), 2.0 / max(1, height - 1)])
        warps[:, :, 3:] = bumps * per_pixel[:, None]
    if augmentation.untouched:
        warps[random.random(count) < augmentation.untouched] = _nothing(augmentation)
    return warps


def _nothing(augmentation: Augmentation) -> NDArray[np.float32]:
    """Return the warp that leaves a picture as it is, `(2, coefficients)`."""
    return np.eye(2, augmentation.coefficients, dtype=np.float32)


def shift_pictures(
    pictures: NDArray[np.uint8],
    largest: int,
    *,
    random: np.random.Generator,
    out: NDArray[np.uint8],
) -> None:
    """Move each picture by whole pixels along each axis, drawn from −`largest` to `largest`.

    Parameters
    ----------
    pictures, out
        `(n, h, w)` uint8; what moves in from outside is 0.
    """
    count, height, width = pictures.shape
    if not largest:
        out[:] = pictures
        return
    padded = np.zeros((count, height + 2 * largest, width + 2 * largest), np.uint8)
    padded[:, largest:-largest, largest:-largest] = pictures
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(1, 2))
    y, x = random.integers(0, 2 * largest + 1, (2, count))
    out[:] = windows[np.arange(count), y, x]
