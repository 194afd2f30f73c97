"""Put a sample, or what is said of it, on the clipboard."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QKeySequence


class CopiesText:
    """What a view with a `text` has so that ctrl+C copies it; to be named before Qt's class."""

    text: Callable[[], str]

    def copy(self) -> None:
        """Put the text on the clipboard."""
        QGuiApplication.clipboard().setText(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy with ctrl+C."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            event.accept()
        else:
            super().keyPressEvent(event)


def copy_picture(ink: NDArray[np.uint8]) -> None:
    """Put ink, (h, w) uint8, on the clipboard as a picture, dark on white, in its own size."""
    paper = np.ascontiguousarray(255 - ink)
    height, width = paper.shape
    picture = QImage(paper.data, width, height, width, QImage.Format.Format_Grayscale8)
    data = QMimeData()
    data.setImageData(picture.copy())
    QGuiApplication.clipboard().setMimeData(data)
