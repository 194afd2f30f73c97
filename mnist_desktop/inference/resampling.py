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
    if pictures.dtype != np.uint8:
        pictures = pictures.astype(np.float32)
    if pictures.ndim == 2:
        return _weigh(columns, _weigh(rows, pictures).T).T
    result: np.ndarray = rows @ pictures @ columns.T
    return result


def _weigh(weights: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """Return `weights @ picture` of one picture, passing over the area weights that are zero.

    Not a plain matrix product: for a large raster the BLAS library would share it among threads,
    and beside a training they wait for each other, which turned 0.1 ms into 24 now and then.
    """
    target, source = weights.shape
    result = np.empty((target, picture.shape[1]), np.float32)
    for index in range(target):
        # The source pixels that target pixel `index` overlaps, in whole numbers: floor and ceiling.
        part = slice(index * source // target, -(-(index + 1) * source // target))
        np.einsum("i,ij->j", weights[index, part], picture[part], out=result[index])
    return result


def blur(picture: np.ndarray, sigma: float) -> np.ndarray:
    """Return `picture` blurred by a Gaussian, blank paper around it.

    Parameters
    ----------
    picture
        (h, w), any real dtype.
    sigma
        Standard deviation in pixels; beyond four of them the Gaussian is taken as zero.

    Returns
    -------
    numpy.ndarray
        (h, w) float32.
    """
    reach = round(4 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    result = picture.astype(np.float32)
    for axis in (0, 1):
        margins = [(0, 0), (0, 0)]
        margins[axis] = (reach, reach)
        wide = np.pad(result, margins)
        length = picture.shape[axis]
        result = np.zeros(picture.shape, np.float32)
        for start, weight in enumerate(kernel):
            part = [slice(None), slice(None)]
            part[axis] = slice(start, start + length)
            result += np.float32(weight) * wide[tuple(part)]
    return result


@lru_cache(maxsize=128)
def cubic_weights(source: int, target: int) -> np.ndarray:
    """Return the (target, source) float32 matrix that resamples one axis by cubic convolution.

    The kernel is that of R. Keys, “Cubic convolution interpolation for digital image processing”
    (1981), with a = −1/2, widened when the picture shrinks so that no source pixel is passed over.
    Every row sums to 1; some weights are negative, so a result may leave the range of its input.
    """
    ratio = source / target
    middles = (np.arange(target) + 0.5) * ratio - 0.5
    away = np.abs(np.arange(source) - middles[:, None]) / max(ratio, 1.0)
    near = (1.5 * away - 2.5) * away**2 + 1.0
    far = ((-0.5 * away + 2.5) * away - 4.0) * away + 2.0
    kernel = np.where(away <= 1.0, near, np.where(away < 2.0, far, 0.0))
    weights: np.ndarray = (kernel / kernel.sum(axis=1, keepdims=True)).astype(np.float32)
    weights.flags.writeable = False
    return weights
