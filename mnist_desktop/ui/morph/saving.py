"""Write the row of steps as a picture, dark ink on white paper whatever the window's colours."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import (
    QBuffer,
    QIODevice,
    QObject,
    QRectF,
    QSize,
    QStandardPaths,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

from mnist_desktop.errors import UserError
from mnist_desktop.files import write_bytes
from mnist_desktop.inference.way import Way
from mnist_desktop.ui import theme
from mnist_desktop.ui.morph.end_picker import End
from mnist_desktop.ui.morph.row_painter import STEPS, paint_row, row_layout
from mnist_desktop.ui.morph.words import sentence

RATIO = 2
"""Pixels in the file for each that the row is laid out in, so that the words are sharp."""

CELL, MARGIN, WORDS = 128, 16, 32


class RowSaver(QObject):
    """Ask where a row is to be written, and write it there.

    `saved` carries the path, `failed` the error.

    Parameters
    ----------
    parent
        The widget that the dialog belongs to.
    """

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._folder = ""

    def ask(self, way: Way, *, first: End | None, second: End | None) -> None:
        """Show a file dialog that does not block; the two ends give the file a name."""
        pictures = QStandardPaths.StandardLocation.PicturesLocation
        folder = self._folder or QStandardPaths.writableLocation(pictures) or str(Path.home())
        path = Path(folder) / f"morph {_named(first)}-{_named(second)}.png"
        dialog = QFileDialog(self._parent, "Save the row", str(path), "PNG pictures (*.png)")
        dialog.setObjectName("file_dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.save(Path(chosen), way))
        dialog.open()

    def save(self, path: Path, way: Way) -> None:
        """Write a row, and tell whether that went well."""
        try:
            save_row(path, way)
        except UserError as error:
            self.failed.emit(error)
            return
        self._folder = str(path.parent)
        self.saved.emit(path)


def save_row(path: Path, way: Way) -> None:
    """Write the row of a way as a PNG file.

    Raises
    ------
    UserError
        When the file cannot be written; what stood there before then still does.
    """
    write_bytes(path, png_of(row_image(way)))


def row_image(way: Way) -> QImage:
    """Return the row with its answers, and the sentence about the way below it."""
    height, width = way.pictures.shape[1:]
    layout = row_layout(CELL * STEPS, most=10_000, pixels=max(height, width))
    size = QSize(round(layout.width), round(layout.height) + WORDS) + QSize(MARGIN, MARGIN) * 2
    image = QImage(size * RATIO, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(RATIO)
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.translate(MARGIN, MARGIN)
        paint_row(painter, way, layout, colours=theme.LIGHT)
        painter.setFont(theme.font(theme.TEXT_PX))
        painter.setPen(theme.LIGHT.text)
        words = QFontMetricsF(painter.font()).elidedText(
            sentence(way), Qt.TextElideMode.ElideRight, layout.width
        )
        area = QRectF(0, layout.height, layout.width, WORDS)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
    return image


def png_of(image: QImage) -> bytes:
    """Return an image as the content of a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def _named(end: End | None) -> str:
    """Return what to call an end in a file's name."""
    if end is None or end.index is None:
        return "drawing"
    name = end.class_name or str(end.index)
    return "".join(letter if letter.isalnum() else "_" for letter in name)
