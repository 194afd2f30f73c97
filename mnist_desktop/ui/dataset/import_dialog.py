"""The form of an import: a folder of pictures becomes IDX files."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QVBoxLayout, QWidget

from mnist_desktop.datasets.exporting.target_names import free_target, plain_name, target_name
from mnist_desktop.datasets.picture_folder import LabelSource, PictureFolder
from mnist_desktop.errors import UserError
from mnist_desktop.inference.picture_import import INK_SIZE, MOST_SIZE
from mnist_desktop.ui.controls import heading, primary_button, secondary, set_role
from mnist_desktop.ui.dataset.form_rows import (
    MOST_NAME_BYTES,
    Rows,
    TargetField,
    ask_for_folder,
    ask_for_target,
    choose,
    chooser,
    foot_with,
    lay_out,
    number_field,
)
from mnist_desktop.ui.dataset.import_choices import (
    AS_THEY_ARE,
    LEAST_SIZE,
    RECIPES,
    SOURCES,
    ImportChoices,
    ImportRequest,
    found_text,
)
from mnist_desktop.ui.dataset.picture_strip import PictureStrip

WAIT_MS = 200
WIDTH = 600


class ImportDialog(QDialog):
    """Choose a folder, how its pictures are taken, and the files to write.

    `folder_chosen` carries the folder and where labels shall come from (None: as found);
    `preview_wanted` an `ImportRequest` whose first pictures shall be shown; `import_requested` one
    to carry out.
    """

    folder_chosen = Signal(object, object)
    preview_wanted = Signal(object)
    import_requested = Signal(object)

    def __init__(self, choices: ImportChoices, folder: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("import_dialog")
        self.setWindowTitle("Import pictures")
        self._start_folder = folder
        self._found: PictureFolder | None = None
        self._fault = ""
        self._is_busy = False
        self.folder = TargetField("Folder of pictures")
        self.found_line = secondary(wrap=True)
        self.source = chooser("Labels", SOURCES)
        self.recipe = chooser("Taken", ((title, name) for name, (title, _) in RECIPES.items()))
        self.explanation = secondary(wrap=True)
        self.size = number_field("Size", LEAST_SIZE, MOST_SIZE, suffix=" pixels a side")
        self.strip = PictureStrip()
        self.target = TargetField("Images file to write")
        self.packed = QCheckBox("Packed with gzip")
        self.plan = secondary(wrap=True)
        self.start_button = primary_button("Import", "open")
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._ask_for_preview)
        self._build()
        self.set_choices(choices)
        self._connect()
        self._show_plan()

    def _build(self) -> None:
        """Lay out the form."""
        grid = QGridLayout()
        rows = Rows(grid)
        for words, fields in (
            ("Folder", (self.folder, self.found_line)),
            ("Labels", (self.source,)),
            ("Taken", (self.recipe, self.explanation)),
            ("Preview", (self.strip,)),
            ("Write to", (self.target, self.plan, self.packed)),
        ):
            column = QVBoxLayout()
            column.setSpacing(4)
            for field in fields:
                column.addWidget(field)
            rows.add(words, column)
            if words == "Taken":
                rows.add("Size", self.size)
        content = QVBoxLayout()
        content.setSpacing(12)
        content.addWidget(heading("Import a folder of pictures"))
        content.addLayout(grid)
        lay_out(self, content, foot_with(self, self.start_button))
        self.setMinimumWidth(WIDTH)

    def _connect(self) -> None:
        """Follow every choice."""
        self.folder.edit.editingFinished.connect(self._on_folder_typed)
        self.folder.browse_requested.connect(self._browse_folder)
        self.source.currentIndexChanged.connect(self._scan)
        self.recipe.currentIndexChanged.connect(self._on_recipe)
        self.size.valueChanged.connect(self._timer.start)
        self.packed.toggled.connect(self._complete_name)
        self.target.changed.connect(self._show_plan)
        self.target.edit.editingFinished.connect(self._complete_name)
        self.target.browse_requested.connect(self._browse_target)
        self.start_button.clicked.connect(self._start)

    # Choices

    def set_choices(self, choices: ImportChoices) -> None:
        """Show these choices."""
        choose(self.recipe, choices.recipe)
        self._show_recipe()
        self.size.setValue(choices.size)
        self.packed.setChecked(choices.packed)

    def choices(self) -> ImportChoices:
        """Return what is chosen."""
        return ImportChoices(
            recipe=self.recipe.currentData(),
            size=self.size.value(),
            packed=self.packed.isChecked(),
        )

    def _show_recipe(self) -> None:
        """Explain the recipe, and offer the sizes that it knows."""
        recipe = self.recipe.currentData()
        self.explanation.setText(RECIPES[recipe][1])
        self.recipe.setAccessibleDescription(RECIPES[recipe][1])
        self.size.setMinimum(AS_THEY_ARE if recipe == "none" else LEAST_SIZE)
        self.size.setSpecialValueText("the size they have" if recipe == "none" else "")

    @Slot()
    def _on_recipe(self) -> None:
        """Take another recipe with the size most people mean by it."""
        self._show_recipe()
        self.size.setValue(AS_THEY_ARE if self.recipe.currentData() == "none" else INK_SIZE)
        self._timer.start()

    # The folder

    def set_folder(self, folder: Path) -> None:
        """Take another folder, and name files after it that are not there yet."""
        self.folder.set_path(folder)
        stem, packed = plain_name(folder.name), self.packed.isChecked()
        self.target.set_path(free_target(folder.parent, stem, "idx", packed=packed))
        self._scan()

    @Slot()
    def _on_folder_typed(self) -> None:
        """Look at a folder that was typed, unless it is known already."""
        path = self.folder.path()
        if path is not None and (self._found is None or path != self._found.root):
            self.set_folder(path)

    @Slot()
    def _browse_folder(self) -> None:
        """Let a person choose the folder."""
        start = self.folder.path() or self._start_folder
        ask_for_folder(self, "Folder of pictures", start, self.set_folder)

    @Slot()
    def _scan(self) -> None:
        """Have the folder looked through."""
        path = self.folder.path()
        if path is not None:
            self._found, self._fault = None, ""
            self.strip.set_pictures(())
            self.found_line.setText("Looking through the folder …")
            self._show_plan()
            source: LabelSource | None = self.source.currentData()
            self.folder_chosen.emit(path, source)

    @Slot(object)
    def set_found(self, found: PictureFolder) -> None:
        """Show what the folder holds."""
        self._found, self._fault = found, ""
        self.found_line.setText(found_text(found))
        self._show_plan()
        self._ask_for_preview()

    @Slot(object)
    def set_fault(self, error: Exception) -> None:
        """Say why a folder cannot be taken."""
        self._found, self._fault = None, str(error)
        self._show_plan()

    @Slot()
    def _ask_for_preview(self) -> None:
        """Ask for the first pictures as they will be."""
        request = self.request()
        if request is not None:
            self.preview_wanted.emit(request)

    @Slot(object)
    def set_preview(self, pictures: tuple[NDArray[np.uint8], ...]) -> None:
        """Show the first pictures."""
        self.strip.set_pictures(pictures)

    # The files

    @Slot()
    def _complete_name(self) -> None:
        """Give the target the ending of IDX files."""
        path = self.target.path()
        if path is not None and path.name:
            named = target_name(path.name, "idx", packed=self.packed.isChecked())
            self.target.set_path(path.with_name(named))

    @Slot()
    def _browse_target(self) -> None:
        """Let a person choose where to write."""
        start = self.target.path() or self._start_folder
        ask_for_target(self, "Write the images to", start, self._use_target)

    def _use_target(self, path: Path) -> None:
        """Write to another file from now on."""
        self.target.set_path(path)
        self._complete_name()

    def request(self) -> ImportRequest | None:
        """Return what is asked for, None while something is missing."""
        path = self.target.path()
        if self._found is None or path is None or not path.name:
            return None
        named = target_name(path.name, "idx", packed=self.packed.isChecked())
        return ImportRequest(self._found, path.with_name(named), self.choices())

    def set_busy(self, busy: bool) -> None:
        """Let nothing begin while an import runs."""
        self._is_busy = busy
        self._show_plan()

    @Slot()
    def _show_plan(self) -> None:
        """Say which files will be written, or why none can be."""
        set_role(self.found_line, "bad" if self._fault else "secondary")
        if self._fault or self.folder.path() is None:
            self.found_line.setText(self._fault or "Choose a folder; folders in it are classes.")
        request = self.request()
        fault, there, text = "", False, ""
        if request is not None:
            try:
                files = request.files()
                there = any(os.path.exists(path) for path in files)
                text = ("Replaces " if there else "") + ", ".join(path.name for path in files)
                if len(os.fsencode(request.target.name)) > MOST_NAME_BYTES:
                    fault = "The name is too long."
                elif not os.path.isdir(request.target.parent):
                    fault = f"There is no folder “{request.target.parent}”."
            except UserError as error:
                fault = str(error)
        self.plan.setText(fault or text)
        set_role(self.plan, "bad" if fault else "careful" if there else "secondary")
        self.start_button.setEnabled(request is not None and not fault and not self._is_busy)
        self.start_button.setText("Replace and import" if there and not fault else "Import")
        self.start_button.setToolTip("An import is running" if self._is_busy else "")

    @Slot()
    def _start(self) -> None:
        """Ask for the import."""
        self._complete_name()
        request = self.request()
        if request is not None and self.start_button.isEnabled():
            self.import_requested.emit(request)
