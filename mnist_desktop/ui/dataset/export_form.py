"""The part of the export form that tells the format, and what only some formats know."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from mnist_desktop.datasets.exporting.options import (
    MOST_CELL,
    MOST_COLUMNS,
    SMALLEST_CELL,
    Format,
)
from mnist_desktop.ui.controls import secondary
from mnist_desktop.ui.dataset.export_choices import (
    LEAST_SHARE,
    MOST_SEED,
    MOST_SHARE,
    ExportChoices,
)
from mnist_desktop.ui.dataset.form_rows import Rows, choose, chooser, number_field

FORMATS: dict[Format, tuple[str, str]] = {
    "png": (
        "PNG pictures",
        "A grey picture for each image, to look at or to use in any program.",
    ),
    "sheet": (
        "Contact sheet (PNG)",
        "All pictures side by side on one page, or several, to print or to show.",
    ),
    "idx": (
        "IDX files",
        "The format of MNIST itself: images, labels, and class names where needed.",
    ),
    "npz": (
        "NumPy archive (.npz)",
        "One packed file for Python: numpy.load gives images and labels by name.",
    ),
    "npy": (
        "NumPy files (.npy)",
        "One file of images and one of labels, which Python can map into memory.",
    ),
    "csv": ("Table (.csv)", "A line for each image, its label first: for spreadsheets and R."),
    "text": (
        "Text lines (.txt)",
        "A line of numbers for each image, as the command od prints it; labels in a second file.",
    ),
}
SCALES = (
    ("0 to 255, as stored", "bytes"),
    ("0 to 1", "unit"),
    ("−1 to 1", "signed"),
    ("Standardised: mean 0, standard deviation 1", "standardised"),
)
ARRANGEMENTS = (
    ("A folder for each class", "folders"),
    ("One folder, the class in each name", "names"),
    ("One folder, with a table labels.csv", "table"),
)
_ROWS: dict[str, tuple[Format, ...]] = {
    "packed": ("idx",),
    "scale": ("npz", "npy"),
    "shape": ("npz", "npy"),
    "arrangement": ("png",),
    "sheet": ("sheet",),
}


class ExportForm(QWidget):
    """Choose a format; only what it knows is shown. `changed` tells that anything was chosen."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.format = chooser("Format", ((title, name) for name, (title, _) in FORMATS.items()))
        self.format.setObjectName("export_format")
        self.explanation = secondary(wrap=True)
        self.packed = QCheckBox("Packed with gzip")
        self.scale = chooser("Values", SCALES)
        self.flat = QCheckBox("Each image as one row")
        self.one_hot = QCheckBox("One-hot labels")
        self.arrangement = chooser("Arranged", ARRANGEMENTS)
        self.columns = number_field("Columns", 1, MOST_COLUMNS, suffix=" columns")
        self.cell = number_field("Size of a picture", SMALLEST_CELL, MOST_CELL, suffix=" px each")
        self.captions = QCheckBox("Captions")
        self.is_split = QCheckBox("Draw a test part of")
        self.share = number_field("Size of the test part", LEAST_SHARE, MOST_SHARE, suffix=" %")
        self.seed = number_field("Seed of the draw", 0, MOST_SEED, prefix="seed ")
        self._tell()
        self._build()
        self._connect()

    def _tell(self) -> None:
        """Say in tips what needs a word more."""
        self.scale.setToolTip("Mean and standard deviation are those of the train part")
        self.flat.setToolTip("28 × 28 pixels become 784 values in a row")
        self.one_hot.setToolTip("A label as a row of zeros with a one, not as a number")
        self.captions.setToolTip("Class and index below each picture")
        self.is_split.setToolTip("Every class in its share; train and test get files of their own")
        self.seed.setToolTip("The same seed draws the same samples")

    def _build(self) -> None:
        """Put the fields into rows."""
        self.rows = Rows(QGridLayout(self))
        named = QVBoxLayout()
        named.setSpacing(4)
        named.addWidget(self.format)
        named.addWidget(self.explanation)
        self.rows.add("Format", named)
        self.rows.add("", self.packed, name="packed")
        self.rows.add("Values", self.scale, name="scale")
        self.rows.add("", self.flat, self.one_hot, name="shape")
        self.rows.add("Arranged", self.arrangement, name="arrangement")
        self.rows.add("Page", self.columns, self.cell, self.captions, name="sheet")
        self.rows.add("Split", self.is_split, self.share, self.seed)

    def _connect(self) -> None:
        """Tell of every choice."""
        self.format.currentIndexChanged.connect(self._on_format)
        for field in (self.scale, self.arrangement):
            field.currentIndexChanged.connect(self.changed)
        for number in (self.columns, self.cell, self.share, self.seed):
            number.valueChanged.connect(self.changed)
        for box in (self.packed, self.flat, self.one_hot, self.captions):
            box.toggled.connect(self.changed)
        self.is_split.toggled.connect(self._on_split)

    def set_choices(self, choices: ExportChoices) -> None:
        """Show these choices."""
        choose(self.format, choices.format)
        choose(self.scale, choices.scale)
        choose(self.arrangement, choices.arrangement)
        self.packed.setChecked(choices.packed)
        self.flat.setChecked(choices.flat)
        self.one_hot.setChecked(choices.one_hot)
        self.columns.setValue(choices.columns)
        self.cell.setValue(choices.cell)
        self.captions.setChecked(choices.captions)
        self.share.setValue(choices.share)
        self.seed.setValue(choices.seed)
        self.is_split.setChecked(choices.is_split)
        self._on_format()
        self._on_split()

    def choices(self) -> ExportChoices:
        """Return what is chosen."""
        return ExportChoices(
            format=self.format.currentData(),
            scale=self.scale.currentData(),
            flat=self.flat.isChecked(),
            one_hot=self.one_hot.isChecked(),
            arrangement=self.arrangement.currentData(),
            columns=self.columns.value(),
            cell=self.cell.value(),
            captions=self.captions.isChecked(),
            packed=self.packed.isChecked(),
            is_split=self.is_split.isChecked(),
            share=self.share.value(),
            seed=self.seed.value(),
        )

    def set_labelled(self, labelled: bool) -> None:
        """Offer what needs labels only where there are some."""
        for field in (self.one_hot, self.arrangement):
            field.setEnabled(labelled)

    @Slot()
    def _on_format(self) -> None:
        """Explain the format, and show what it knows."""
        chosen: Format = self.format.currentData()
        self.explanation.setText(FORMATS[chosen][1])
        self.format.setAccessibleDescription(FORMATS[chosen][1])
        for name, formats in _ROWS.items():
            self.rows.show_row(name, chosen in formats)
        self.changed.emit()

    @Slot()
    def _on_split(self) -> None:
        """Let share and seed be chosen only for a split."""
        for field in (self.share, self.seed):
            field.setEnabled(self.is_split.isChecked())
        self.changed.emit()
