"""The form of an export: what, as which format, where to; it stays open beside the grid."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QGridLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.export import Part
from mnist_desktop.datasets.exporting.target_names import free_target, plain_name, target_name
from mnist_desktop.errors import UserError
from mnist_desktop.ui.controls import heading, primary_button, secondary, set_role
from mnist_desktop.ui.dataset.export_choices import (
    ExportChoices,
    ExportRequest,
    plan_text,
    replaced_text,
)
from mnist_desktop.ui.dataset.export_form import ExportForm
from mnist_desktop.ui.dataset.form_rows import (
    MOST_NAME_BYTES,
    Rows,
    TargetField,
    ask_for_target,
    foot_with,
    lay_out,
)

WAIT_MS = 120
"""How long a person must pause before the plan is made anew."""
WIDTH = 600


@dataclass(frozen=True, eq=False)
class ExportSource:
    """What can be exported now.

    Parameters
    ----------
    dataset
        All samples.
    shown
        (k,) int64 indices of those shown, in their order; `None` for all as they stand.
    selected
        (m,) int64 indices of those selected.
    """

    dataset: Dataset
    shown: NDArray[np.int64] | None
    selected: NDArray[np.int64]

    def parts(self) -> dict[str, Part]:
        """Return the part that each choice stands for."""
        return {
            "selected": Part(self.dataset, self.selected),
            "shown": Part(self.dataset, self.shown),
            "everything": Part(self.dataset),
        }


class ExportDialog(QDialog):
    """Choose what is exported, how and where to; a line tells what will be written.

    `export_requested` carries an `ExportRequest`; `activated` tells that the form came to the
    front, when the grid may show or select something else than before.
    """

    export_requested = Signal(object)
    activated = Signal()

    def __init__(self, choices: ExportChoices, folder: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("export_dialog")
        self.setWindowTitle("Export")
        self._folder = Path(choices.folder) if choices.folder else folder
        self._parts: dict[str, Part] = {}
        self._title = ""
        self._is_busy = False
        self.what = {name: QRadioButton() for name in ("selected", "shown", "everything")}
        self.form = ExportForm()
        self.target = TargetField("File or folder to write")
        self.preview = secondary(wrap=True)
        self.preview.setObjectName("export_preview")
        self.warning = secondary(wrap=True)
        self.start_button = primary_button("Export", "save")
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._show_plan)
        self._build()
        self.form.set_choices(choices)
        self.form.changed.connect(self._on_form)
        self.target.changed.connect(self._timer.start)
        self.target.edit.editingFinished.connect(self._complete_name)
        self.target.browse_requested.connect(self._browse)
        self.start_button.clicked.connect(self._start)

    def _build(self) -> None:
        """Lay out the form."""
        group = QButtonGroup(self)
        which = QVBoxLayout()
        which.setSpacing(0)
        for name, made in self.what.items():
            made.setObjectName(f"export_{name}")
            group.addButton(made)
            which.addWidget(made)
            made.toggled.connect(self._timer.start)
        grid = QGridLayout()
        rows = Rows(grid)
        rows.add("What", which)
        content = QVBoxLayout()
        content.setSpacing(12)
        content.addWidget(heading("Export"))
        content.addLayout(grid)
        content.addWidget(self.form)
        below = QGridLayout()
        rows = Rows(below)
        rows.add("Write to", self.target)
        told = QVBoxLayout()
        told.setSpacing(4)
        told.addWidget(self.preview)
        told.addWidget(self.warning)
        rows.add("", told)
        content.addLayout(below)
        lay_out(self, content, foot_with(self, self.start_button))
        self.setMinimumWidth(WIDTH)

    # What is to be exported

    def set_source(self, source: ExportSource, *, choose: bool = False) -> None:
        """Offer these samples.

        Parameters
        ----------
        source
            What the grid has now.
        choose
            Whether to choose what a person most likely means: a selection of several, else what
            filters show, else everything. Otherwise the choice stays if it can.
        """
        self._parts = source.parts()
        self._title = source.dataset.name
        counts = {name: len(part) for name, part in self._parts.items()}
        words = {"selected": "Selected", "shown": "Shown", "everything": "Everything"}
        for name, made in self.what.items():
            made.setText(f"{words[name]}: {_images(counts[name])}")
            made.setEnabled(counts[name] > 0)
        if choose or not self._chosen_part():
            likely = "shown" if source.shown is not None and counts["shown"] else "everything"
            self.what["selected" if counts["selected"] > 1 else likely].setChecked(True)
        self.form.set_labelled(source.dataset.labels is not None)
        if choose:
            self._suggest_name()
            self.form.format.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_plan()

    def _chosen_part(self) -> Part | None:
        """Return the part that is chosen, None if it has no samples."""
        for name, made in self.what.items():
            if made.isChecked() and self._parts.get(name):
                return self._parts[name]
        return None

    def choices(self) -> ExportChoices:
        """Return what is chosen, for the next start."""
        return replace(self.form.choices(), folder=str(self._folder))

    def set_busy(self, busy: bool) -> None:
        """Let nothing begin while an export runs."""
        self._is_busy = busy
        self._show_plan()

    # Where to

    def _suggest_name(self) -> None:
        """Name a file after the dataset that is not there yet, in the folder used last."""
        choices, stem = self.form.choices(), plain_name(self._title)
        path = free_target(self._folder, stem, choices.format, packed=choices.packed)
        self.target.set_path(path)

    @Slot()
    def _on_form(self) -> None:
        """Give the target the ending of the format, and make the plan anew."""
        self._complete_name()
        self._timer.start()

    @Slot()
    def _complete_name(self) -> None:
        """Give the target the ending of the format."""
        path, choices = self.target.path(), self.form.choices()
        if path is not None and path.name:
            named = target_name(path.name, choices.format, packed=choices.packed)
            if named != path.name:
                self.target.set_path(path.with_name(named))

    @Slot()
    def _browse(self) -> None:
        """Let a person choose the target."""
        ask_for_target(self, "Export to", self.target.path() or self._folder, self._use_target)

    def _use_target(self, path: Path) -> None:
        """Write to another file or folder from now on."""
        self.target.set_path(path)
        self._complete_name()

    # What will be written

    def request(self) -> ExportRequest | None:
        """Return what is asked for, None while something is missing."""
        part, path = self._chosen_part(), self.target.path()
        if part is None or path is None:
            return None
        choices = self.form.choices()
        named = target_name(path.name, choices.format, packed=choices.packed)
        return ExportRequest(part, path.with_name(named), choices) if named else None

    @Slot()
    def _show_plan(self) -> None:
        """Say what will be written, or why nothing can be."""
        self._timer.stop()
        request = self.request()
        fault, text, replaced = "", "", ""
        if request is None:
            fault = "Nothing to export." if not self._chosen_part() else "Name a file or folder."
        else:
            try:
                plan = request.plan()
                text, replaced = plan_text(plan), replaced_text(plan)
                fault = _fault(request)
            except UserError as error:
                fault = str(error)
        self.preview.setText(fault or text)
        set_role(self.preview, "bad" if fault else "secondary")
        self.warning.setText(replaced)
        self.warning.setVisible(bool(replaced) and not fault)
        set_role(self.warning, "careful")
        self.start_button.setEnabled(not fault and not self._is_busy)
        self.start_button.setText("Replace and export" if replaced and not fault else "Export")
        self.start_button.setToolTip("An export is running" if self._is_busy else "")

    @Slot()
    def _start(self) -> None:
        """Ask for the export, unless the newest choices are at fault."""
        self._complete_name()
        self._show_plan()
        request = self.request()
        if request is not None and self.start_button.isEnabled():
            self._folder = request.target.parent
            self.export_requested.emit(request)

    def changeEvent(self, event: QEvent) -> None:
        """Tell when the form comes to the front."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.activated.emit()


def _fault(request: ExportRequest) -> str:
    """Return why an export cannot begin, empty if it can."""
    if not os.path.isdir(request.target.parent):
        return f"There is no folder “{request.target.parent}”."
    if len(os.fsencode(request.target.name)) > MOST_NAME_BYTES:
        return "The name is too long."
    if os.path.isdir(request.target) and request.choices.format != "png":
        return f"“{request.target.name}” is a folder: name a file."
    drawn = round(len(request.part) * request.choices.share / 100)
    if request.choices.is_split and not 0 < drawn < len(request.part):
        return "The test part would be empty: choose more samples or a larger share."
    return ""


def _images(count: int) -> str:
    """Write a number of images: 1 image, 60,000 images."""
    return "1 image" if count == 1 else f"{count:,} images"
