"""A window that lists files which were not taken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from mnist_desktop.ui.controls import button, heading, primary_button
from mnist_desktop.ui.dataset.form_rows import lay_out


class SkippedList(QDialog):
    """Show a line for each file, to read and to copy; the main window stays usable."""

    def __init__(self, lines: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("skipped_list")
        self.setWindowTitle("Skipped files")
        self.resize(680, 420)
        self.text = QPlainTextEdit("\n".join(lines))
        self.text.setReadOnly(True)
        self.text.setAccessibleName("Skipped files")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        content = QVBoxLayout()
        title = "1 file was skipped" if len(lines) == 1 else f"{len(lines):,} files were skipped"
        content.addWidget(heading(title))
        content.addWidget(self.text, 1)
        copy = button("Copy all", "copy")
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QApplication.clipboard().setText(self.text.toPlainText()))
        close = primary_button("Close")
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(copy)
        foot.addWidget(close)
        lay_out(self, content, foot, grows=True)
