"""What the dataset page shows before there is a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import button, secondary
from mnist_desktop.ui.messages import EmptyState

OPEN, GET, SAMPLE = "Open a file", "Get MNIST", "Show sample digits"
IMPORT = "Import a folder of pictures…"
SENTENCE = "Open an IDX file, MNIST for example, to see all its images."
MOST_RECENT = 5


class EmptyDataset(QWidget):
    """One sentence, what to do next, and the files opened lately.

    `open_requested` carries a path, or None to be asked for one; `get_requested` asks for MNIST
    from the network, `sample_requested` for the generated digits, `import_requested` for a folder
    of pictures.
    """

    open_requested = Signal(object)
    get_requested = Signal()
    sample_requested = Signal()
    import_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = EmptyState(SENTENCE, (OPEN, GET, SAMPLE), icon="dataset")
        self.state.sentence.setWordWrap(False)
        # As high as its content, so that the files stand right below its buttons.
        self.state.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.state.chosen.connect(self._on_chosen)
        self._recent = QWidget()
        self._links = QVBoxLayout(self._recent)
        self._links.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch(2)
        column.addWidget(self.state)
        self.import_link = button(IMPORT, role="link")
        self.import_link.clicked.connect(self.import_requested)
        column.addWidget(self.import_link, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(theme.BETWEEN)
        column.addWidget(self._recent)
        column.addStretch(3)
        self.set_recent(())

    def set_recent(self, paths: Sequence[Path]) -> None:
        """Offer these files, newest first."""
        while (item := self._links.takeAt(0)) is not None:
            if item.widget() is not None:
                item.widget().deleteLater()
        centre = Qt.AlignmentFlag.AlignHCenter
        self._links.addWidget(secondary("Opened lately"), 0, centre)
        for path in paths[:MOST_RECENT]:
            link = button(path.name.replace("&", "&&"), role="link")
            link.setToolTip(str(path))
            link.clicked.connect(lambda _=False, path=path: self.open_requested.emit(path))
            self._links.addWidget(link, 0, centre)
        self._recent.setVisible(bool(paths))

    @Slot(str)
    def _on_chosen(self, action: str) -> None:
        if action == OPEN:
            self.open_requested.emit(None)
        elif action == GET:
            self.get_requested.emit()
        else:
            self.sample_requested.emit()
