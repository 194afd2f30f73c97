"""Mix colours so that equal steps look equal."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtGui import QColor

TEXT_CONTRAST = 4.5
"""Least contrast of text with its ground (WCAG 2.2, level AA)."""

# Oklab: Björn Ottosson, "A perceptual color space for image processing" (2020), matrices as there.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def _linear(colour: QColor) -> np.ndarray:
    """Return a colour's (3,) float64 light, 0 to 1 (IEC 61966-2-1)."""
    value = np.array([colour.redF(), colour.greenF(), colour.blueF()])
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def _to_oklab(colour: QColor) -> np.ndarray:
    """Return a colour's (3,) float64 place in Oklab."""
    return np.asarray(_TO_LAB @ np.cbrt(_TO_CONES @ _linear(colour)))


def _from_oklab(lab: np.ndarray) -> QColor:
    """Return the colour at a place in Oklab; what no screen shows is clipped."""
    light = np.linalg.solve(_TO_CONES, np.linalg.solve(_TO_LAB, lab) ** 3).clip(0, 1)
    value = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    red, green, blue = (float(v) for v in value.clip(0, 1))
    return QColor.fromRgbF(red, green, blue)


def mix(first: QColor, second: QColor, share: float) -> QColor:
    """Return the colour that lies `share` (0..1) of the way from `first` to `second` in Oklab."""
    return _mix(first.rgba(), second.rgba(), round(min(1.0, max(0.0, share)), 3))


@lru_cache(maxsize=4096)
def _mix(first: int, second: int, share: float) -> QColor:
    start, end = _to_oklab(QColor(first)), _to_oklab(QColor(second))
    return _from_oklab(start + (end - start) * share)


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    lights = sorted(float(weights @ _linear(colour)) + 0.05 for colour in (first, second))
    return lights[1] / lights[0]


def readable_on(ground: QColor, *choices: QColor) -> QColor:
    """Return the first of `choices` that text can have on `ground`, else black or white.

    Of those two, one has a contrast of at least 4.58 on any ground.
    """
    fitting = (choice for choice in choices if contrast(ground, choice) >= TEXT_CONTRAST)
    extremes = QColor("black"), QColor("white")
    return next(fitting, max(extremes, key=lambda colour: contrast(ground, colour)))
