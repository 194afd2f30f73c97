"""Show classes by their own signs where the fonts of this computer have them."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics

from mnist_desktop.datasets.known import KANA_SIGNS, KMNIST
from mnist_desktop.ui import theme


def shown_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return class names as they are shown: KMNIST's as hiragana with their reading, `お o`.

    The names themselves stay the readings, so that files, folders and models keep plain letters.
    """
    if names != KMNIST.class_names:
        return names
    metrics = QFontMetrics(theme.font())
    if not all(metrics.inFontUcs4(ord(sign)) for sign in KANA_SIGNS.values()):
        return names
    return tuple(f"{KANA_SIGNS[name]} {name}" for name in names)
