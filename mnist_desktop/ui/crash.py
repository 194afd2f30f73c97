"""No exception is lost: say in plain words that one happened, with a report to copy."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from mnist_desktop import __version__
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import button, heading, primary_button, secondary

PACKAGES = ("PySide6-Essentials", "onnxruntime", "numpy", "onnx", "matplotlib", "pillow")


class CrashHook(QObject):
    """Take exceptions that nobody caught, from any thread, and show them in the window's thread.

    While one is shown, others are only printed: an error in a timer must not bury the window.
    """

    _caught = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.dialog: CrashDialog | None = None
        self._caught.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._previous = (sys.excepthook, threading.excepthook, sys.unraisablehook)

    def install(self) -> Callable[[], None]:
        """Catch from now on; return what puts the hooks from before back."""
        self._previous = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        return self.uninstall

    def uninstall(self) -> None:
        """Put back the hooks from before."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._previous

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Print an exception and pass it to the window's thread."""
        sys.__excepthook__(kind, error, trace)
        if not issubclass(kind, KeyboardInterrupt | SystemExit):
            self._caught.emit(report(error))

    def _on_thread_exception(self, caught: threading.ExceptHookArgs) -> None:
        """Pass on what ended a thread."""
        if caught.exc_value is not None:
            self._on_exception(caught.exc_type, caught.exc_value, caught.exc_traceback)

    @Slot(str)
    def _show(self, text: str) -> None:
        """Show the report, unless one is shown already."""
        if self.dialog is None and QApplication.instance() is not None:
            self.dialog = CrashDialog(text, QApplication.activeWindow())
            self.dialog.finished.connect(self._forget)
            self.dialog.open()

    @Slot()
    def _forget(self) -> None:
        """Be ready to show the next one."""
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None


class CrashDialog(QDialog):
    """Say that something went wrong, what that means, and offer the report."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("crash_dialog")
        self.setWindowTitle("Something went wrong")
        self.resize(680, 460)
        words = QLabel(
            "The program met a fault of its own. Your files are as they were, and you can go on; "
            "if it behaves oddly now, close and start it again."
        )
        words.setWordWrap(True)
        self.report = QPlainTextEdit(text)
        self.report.setReadOnly(True)
        self.report.setAccessibleName("Report")
        self.report.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        copy = button("Copy the report", "copy")
        copy.setObjectName("copy_report")
        copy.clicked.connect(self.copy_report)
        quits = button("Close the program")
        quits.clicked.connect(self._quit)
        go_on = primary_button("Go on")
        go_on.setDefault(True)
        go_on.setFocus()
        go_on.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(quits)
        row.addWidget(go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.EDGE, theme.EDGE, theme.EDGE, theme.EDGE)
        column.setSpacing(theme.BETWEEN)
        column.addWidget(heading("Something went wrong"))
        column.addWidget(words)
        column.addWidget(self.report, 1)
        column.addWidget(
            secondary("The report holds versions and the place in the program, no files of yours.")
        )
        column.addLayout(row)

    @Slot()
    def copy_report(self) -> None:
        """Put the report on the clipboard."""
        QGuiApplication.clipboard().setText(self.report.toPlainText())

    @Slot()
    def _quit(self) -> None:
        """Close the window in the ordinary way, so that nothing is lost."""
        self.accept()
        QApplication.closeAllWindows()


def report(error: BaseException) -> str:
    """Return what helps to find a fault: versions, system, traceback; no name of a person."""
    # Imported here: a start that goes well must not wait for them.
    import platform
    import traceback
    from importlib.metadata import PackageNotFoundError, version

    lines = [f"MNIST Desktop {__version__}", f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            lines.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    lines += [f"{platform.system()} {platform.release()} {platform.machine()}"]
    app = QGuiApplication.instance()
    if isinstance(app, QGuiApplication):
        lines.append(f"screen plugin {app.platformName()}")
    lines += ["", *traceback.format_exception(error)]
    return without_name("\n".join(lines))


def without_name(text: str) -> str:
    """Return `text` with the home folder written as ~ and the user's name as *user*."""
    import getpass

    text = text.replace(str(Path.home()), "~")
    try:
        name = getpass.getuser()
    except (KeyError, OSError, ImportError):
        return text
    return re.sub(rf"\b{re.escape(name)}\b", "user", text) if len(name) > 1 else text
