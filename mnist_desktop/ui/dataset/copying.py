"""Put a sample on the clipboard."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage


def copy_picture(ink: NDArray[np.uint8]) -> None:
    """Put ink, (h, w) uint8, on the clipboard as a picture, dark on white, in its own size."""
    paper = np.ascontiguousarray(255 - ink)
    height, width = paper.shape
    picture = QImage(paper.data, width, height, width, QImage.Format.Format_Grayscale8)
    data = QMimeData()
    data.setImageData(picture.copy())
    QGuiApplication.clipboard().setMimeData(data)
