"""Datasets, and hands, for the tests of the dataset page."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.ui.dataset.grid import SampleGrid
from mnist_desktop.ui.dataset.page import DatasetPage

NO_KEYS = Qt.KeyboardModifier.NoModifier


def move_mouse(
    widget: QWidget, at: QPoint, *, held: Qt.MouseButton = Qt.MouseButton.NoButton
) -> None:
    """Move the pointer over a widget, whatever windows lie upon one another."""
    place = QPointF(at)
    there = QPointF(widget.mapToGlobal(at))
    kind, none = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
    QApplication.sendEvent(widget, QMouseEvent(kind, place, there, none, held, NO_KEYS))


def turn_wheel(widget: QWidget, notches: float, *, at: QPoint, keys: Qt.KeyboardModifier) -> None:
    """Turn the mouse wheel over a point of a widget."""
    event = QWheelEvent(
        QPointF(at),
        QPointF(widget.mapToGlobal(at)),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def make_dataset(count: int = 300, *, classes: int = 10, labelled: bool = True) -> Dataset:
    """Return images whose ink tells their index, labelled in turn."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 4:24, 4:24] = (np.arange(count) % 200 + 50)[:, None, None]
    labels = np.arange(count, dtype=np.int64) % classes if labelled else None
    names = tuple(str(place) for place in range(classes))
    return Dataset(name="made", images=images, labels=labels, class_names=names)


class ReadCounter(np.ndarray):  # type: ignore[type-arg]
    """An array of images that counts how many of them are read."""

    read = 0

    def __getitem__(self, key: object) -> NDArray[np.uint8]:
        part = np.asarray(super().__getitem__(key))  # type: ignore[index]
        ReadCounter.read += len(part) if part.ndim == 3 else 1
        return part


def overlapping_images(count: int) -> NDArray[np.uint8]:
    """Return any number of different 28×28 images in hardly more than a byte each.

    Each begins a byte after the one before; together they could never be held in memory as they
    stand, which is the point.
    """
    line = np.random.default_rng(3).integers(0, 256, count + 784, dtype=np.uint8)
    return np.lib.stride_tricks.as_strided(
        line, shape=(count, 28, 28), strides=(1, 28, 1), writeable=False
    )


def centre(grid: SampleGrid, position: int) -> QPoint:
    """Return the middle of a cell in the view."""
    ratio = grid.devicePixelRatioF()
    box = grid.layout_geometry.box(position, grid.scroll())
    return QPoint(round((box.x + box.width / 2) / ratio), round((box.y + box.height / 2) / ratio))


def picture(grid: SampleGrid) -> np.ndarray:
    """Return what the view shows as (h, w, 3) uint8."""
    image = grid.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return lines[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def press(qtbot: QtBot, page: DatasetPage, text: str) -> None:
    """Click the visible button with this text."""
    buttons = [
        made for made in page.findChildren(QPushButton) if made.text() == text and made.isVisible()
    ]
    assert len(buttons) == 1, f"{len(buttons)} buttons say {text}"
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
