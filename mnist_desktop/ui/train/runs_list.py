"""The earlier runs: what came out of each, and what can be done with it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import button, icon_button, percent_text, secondary, subheading

if TYPE_CHECKING:
    from mnist_desktop.trainer.runs import RunSummary

HEADINGS = ("started", "recipe", "dataset", "epochs", "accuracy")
ROW_HEIGHT = 26


class RunsList(QWidget):
    """A table of runs, the newest first, with buttons for the selected one."""

    use_requested = Signal(object)
    resume_requested = Signal(object)
    folder_requested = Signal(object)
    delete_requested = Signal(object)
    selected = Signal(object)
    """The run that the person has selected, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs: list[RunSummary] = []
        self._locked = False
        self.table = _table()
        self.use_button = button("Use in the pad", "draw")
        self.resume_button = button("Resume", "play")
        self.folder_button = icon_button("open", "Open the run's folder")
        self.delete_button = icon_button("clear", "Delete this run…")
        self._build()
        self.use_button.clicked.connect(self._on_use)
        self.resume_button.clicked.connect(self._on_resume)
        self.folder_button.clicked.connect(self._on_folder)
        self.delete_button.clicked.connect(self._on_delete)
        self.table.itemSelectionChanged.connect(self._on_selection)
        self.table.itemActivated.connect(self._on_use)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.set_runs([])

    def _build(self) -> None:
        """Lay out the heading with the buttons, and the table below."""
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        row.addWidget(subheading("Earlier runs"))
        row.addStretch()
        for widget in (
            *(self.use_button, self.resume_button),
            *(self.folder_button, self.delete_button),
        ):
            row.addWidget(widget)
        self._empty = secondary("Every training is kept here, to be used, resumed or deleted.")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addLayout(row)
        column.addWidget(self._stack, 1)

    def set_runs(self, runs: list[RunSummary]) -> None:
        """List other runs; the selected one stays selected if it is still there."""
        chosen = self.current()
        self.runs = sorted(runs, key=lambda run: run.started, reverse=True)
        self.table.setRowCount(len(self.runs))
        for row, run in enumerate(self.runs):
            for column, text in enumerate(run_texts(run)):
                item = QTableWidgetItem(text)
                item.setToolTip(f"{run.name}\n{run.folder}")
                side = Qt.AlignmentFlag.AlignLeft if column < 3 else Qt.AlignmentFlag.AlignRight
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, item)
        self._stack.setCurrentWidget(self.table if self.runs else self._empty)
        self.select_folder(chosen.folder if chosen is not None else None)

    def select_folder(self, folder: Path | None) -> None:
        """Select the run kept in `folder`, if it is listed; nobody is told of it."""
        self.table.blockSignals(True)
        self.table.clearSelection()
        for row, run in enumerate(self.runs):
            if run.folder == folder:
                self.table.selectRow(row)
        self.table.blockSignals(False)
        self._offer()

    def current(self) -> RunSummary | None:
        """Return the selected run."""
        rows = self.table.selectionModel().selectedRows()
        return self.runs[rows[0].row()] if rows and rows[0].row() < len(self.runs) else None

    def set_locked(self, locked: bool) -> None:
        """Offer no resuming or deleting while a training runs."""
        self._locked = locked
        self._offer()

    @Slot()
    def _on_selection(self) -> None:
        self._offer()
        self.selected.emit(self.current())

    def _offer(self) -> None:
        """Offer what can be done with the selected run."""
        run = self.current()
        self.use_button.setEnabled(_is_for_the_pad(run))
        self.resume_button.setEnabled(run is not None and run.resumable and not self._locked)
        self.folder_button.setEnabled(run is not None)
        self.delete_button.setEnabled(run is not None and not self._locked)

    @Slot()
    def _on_use(self) -> None:
        run = self.current()
        if _is_for_the_pad(run):
            self.use_requested.emit(run)

    @Slot()
    def _on_resume(self) -> None:
        run = self.current()
        if run is not None and run.resumable and not self._locked:
            self.resume_requested.emit(run)

    @Slot()
    def _on_folder(self) -> None:
        if self.current() is not None:
            self.folder_requested.emit(self.current())

    @Slot()
    def _on_delete(self) -> None:
        if self.current() is not None and not self._locked:
            self.delete_requested.emit(self.current())

    @Slot(QPoint)
    def _show_menu(self, point: QPoint) -> None:
        """Offer the same under the right mouse button."""
        if self.table.itemAt(point) is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, wanted, slot in (
            ("Use in the pad", self.use_button, self._on_use),
            ("Resume", self.resume_button, self._on_resume),
            ("Open folder", self.folder_button, self._on_folder),
            ("Delete…", self.delete_button, self._on_delete),
        ):
            menu.addAction(text, slot).setEnabled(wanted.isEnabled())
        menu.popup(self.table.viewport().mapToGlobal(point))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete asks to delete the selected run."""
        if event.key() == Qt.Key.Key_Delete and self.table.hasFocus():
            self._on_delete()
        else:
            super().keyPressEvent(event)


def _is_for_the_pad(run: RunSummary | None) -> bool:
    """Tell whether a run has a model that the pad can use."""
    return run is not None and run.model is not None and not run.is_autoencoder


def run_texts(run: RunSummary) -> tuple[str, ...]:
    """Return what a run's row says."""
    accuracy, what = run.test_accuracy, "test"
    if accuracy is None:
        accuracy, what = run.validation_accuracy, "validation"
    return (
        when_text(run.started),
        run.recipe,
        run.dataset,
        f"{run.epochs_done} of {run.epochs}",
        "–" if accuracy is None else f"{what} {percent_text(accuracy, 2)}",
    )


def when_text(started: datetime) -> str:
    """Write when a run began."""
    return f"{started:%Y-%m-%d %H:%M}"


def _table() -> QTableWidget:
    """Return the empty table."""
    made = QTableWidget(0, len(HEADINGS))
    made.setObjectName("runs_table")
    made.setAccessibleName("Earlier runs")
    made.setHorizontalHeaderLabels(HEADINGS)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setShowGrid(False)
    made.setStyleSheet("QTableView::item { padding: 0 6px; }")
    made.setTabKeyNavigation(False)
    made.setWordWrap(False)
    made.verticalHeader().hide()
    made.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    header = made.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
    for column in range(len(HEADINGS)):
        side = Qt.AlignmentFlag.AlignLeft if column < 3 else Qt.AlignmentFlag.AlignRight
        made.horizontalHeaderItem(column).setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return made
