"""What the files of a dataset say in their headers, and where in them a sample stands."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mnist_desktop.datasets.anatomy import read_anatomy
from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.header import IdxHeader
from mnist_desktop.datasets.idx import read_header
from mnist_desktop.errors import UserError
from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.byte_table import ByteTable, Layer
from mnist_desktop.ui.dataset.facts import FactList
from mnist_desktop.ui.dataset.summary import header_facts, item_bytes, sample_offset


class FilePanel(QWidget):
    """Lists the files of a dataset and takes their headers apart byte by byte."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dataset: Dataset | None = None
        self._images: IdxHeader | None = None
        self._labels: IdxHeader | None = None
        self.facts = FactList()
        self.bytes = ByteTable()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addWidget(self.facts)
        column.addWidget(self.bytes)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Show the files of this dataset."""
        self._dataset = dataset
        paths = (None, None) if dataset is None else (dataset.images_path, dataset.labels_path)
        self._images, self._labels = (_header(path) for path in paths)
        layers = [layer for path in paths for layer in _layers(path)]
        self.bytes.set_layers(layers)
        self.bytes.setVisible(bool(layers))
        self.set_index(None)

    def set_index(self, index: int | None) -> None:
        """Tell where in the files the sample with this index stands."""
        dataset = self._dataset
        if dataset is None:
            self.facts.set_facts([])
            return
        path = dataset.images_path
        facts = [("Images", path.name if path else "made in memory, no file")]
        if dataset.labels_path is not None:
            facts.append(("Labels", dataset.labels_path.name))
        if self._images is not None:
            facts += header_facts(self._images)
        if index is not None:
            axes = dataset.axes
            # A picture that is only a part of its item is not in one place.
            item = index if axes is None else axes.item_of(index)
            image = "This item" if axes is not None and axes.has_choice else "This image"
            for word, header in ((image, self._images), ("This label", self._labels)):
                if header is not None:
                    facts.append((word, _place(header, item)))
        self.facts.set_facts(facts)


def _place(header: IdxHeader, index: int) -> str:
    """Return where an item of a file stands, in words."""
    first, size = sample_offset(header, index), item_bytes(header)
    packed = " (unpacked)" if header.compressed else ""
    if size == 1:
        return f"byte {first:,}{packed}"
    return f"bytes {first:,} to {first + size - 1:,}{packed}"


def _header(path: Path | None) -> IdxHeader | None:
    """Return the header of a file, or None where that cannot be read any more."""
    try:
        return None if path is None else read_header(path)
    except (UserError, OSError):
        # The file went away after it was opened: what was read of it is still shown.
        return None


def _layers(path: Path | None) -> list[Layer]:
    """Return the explained bytes of a file, of its packing first."""
    if path is None:
        return []
    try:
        anatomy = read_anatomy(path)
    except (UserError, OSError):
        return []
    inside = f"{path.name}, unpacked" if anatomy.packing else path.name
    return [(f"{path.name}, gzip", anatomy.packing), (inside, anatomy.content)]
