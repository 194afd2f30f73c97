"""Change the size of pictures so that ink is neither made nor lost."""

from __future__ import annotations

from functools import lru_cache

import numpy as np


@lru_cache(maxsize=128)
def area_weights(source: int, target: int) -> np.ndarray:
    """Return the (target, source) float32 matrix that resamples one axis by area.

    Row `t` holds the share of each source pixel in target pixel `t`: both axes are laid over the
    same length, and the weight is the length of the overlap, in units of a target pixel. Every row
    sums to 1, so a white picture stays white, whether it shrinks or grows.

    Parameters
    ----------
    source, target
        Number of pixels before and after; both at least 1.
    """
    ratio = source / target
    edges = np.arange(target + 1) * ratio
    pixels = np.arange(source)
    right = np.minimum(edges[1:, None], pixels + 1)
    left = np.maximum(edges[:-1, None], pixels)
    weights: np.ndarray = (np.clip(right - left, 0.0, None) / ratio).astype(np.float32)
    weights.flags.writeable = False
    return weights


def resample(pictures: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return `pictures` resampled by area to `height` × `width`, each stretched to fill it.

    Parameters
    ----------
    pictures
        (…, h, w), any real dtype.

    Returns
    -------
    numpy.ndarray
        (…, height, width) float32, in the range of the input.
    """
    rows = area_weights(pictures.shape[-2], height)
    columns = area_weights(pictures.shape[-1], width)
    result: np.ndarray = rows @ pictures.astype(np.float32) @ columns.T
    return result
