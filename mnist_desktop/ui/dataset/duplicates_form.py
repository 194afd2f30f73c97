"""The row that says what to compare and how strictly, and starts it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QProgressBar, QWidget

from mnist_desktop.progress import Progress
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import ElidedLabel, button, primary_button, secondary
from mnist_desktop.ui.dataset.duplicates_choices import LEVEL_TIPS, LEVELS, DuplicatesChoices


class DuplicatesForm(QWidget):
    """Choices, *Start*, and while it runs how far it is, and *Cancel*.

    `started` and `cancelled` ask.
    """

    started = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scope = QComboBox()
        self.scope.setObjectName("duplicates_scope")
        self.scope.setAccessibleName("What to compare")
        self.scope.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.level = QComboBox()
        self.level.setObjectName("duplicates_level")
        self.level.setAccessibleName("How much duplicates may differ")
        for level, text in LEVELS.items():
            self.level.addItem(text, level)
            tip = LEVEL_TIPS[level]
            self.level.setItemData(self.level.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.moved = QCheckBox("Moved by a pixel too")
        self.moved.setToolTip(
            "Also compares each image moved in eight directions: nine times the time"
        )
        self.start_button = primary_button("Start")
        self.start_button.clicked.connect(self.started)
        self.cancel_button = button("Cancel")
        self.cancel_button.clicked.connect(self.cancelled)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress")
        self.progress.setFixedWidth(240)
        self.doing = ElidedLabel()
        self.doing.setProperty("role", "secondary")
        self._both = True
        self._build()
        self.level.currentIndexChanged.connect(self._show_tip)
        self.scope.currentIndexChanged.connect(self._on_scope)
        self.set_choices(DuplicatesChoices())
        self.set_running(False)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.INSIDE)
        self._word = secondary("Compare")
        row.addWidget(self._word)
        for widget in (self.scope, self.level, self.moved):
            row.addWidget(widget)
        self._rest = QWidget()
        row.addWidget(self._rest, 1)
        row.addWidget(self.progress)
        row.addWidget(self.doing, 1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.start_button)

    def set_splits(self, name: str, other: str) -> None:
        """Offer to compare within the dataset, and with its other split unless that is empty."""
        with QSignalBlocker(self.scope):
            self.scope.clear()
            if other:
                self.scope.addItem(f"With {other}", True)
            self.scope.addItem("Within this dataset" if other else name, False)
            self._choose_scope(self._both)
        self.scope.setEnabled(bool(other))

    def choices(self) -> DuplicatesChoices:
        """Return what is chosen."""
        level = str(self.level.currentData())
        return DuplicatesChoices(both=self._both, level=level, moved=self.moved.isChecked())

    def set_choices(self, choices: DuplicatesChoices) -> None:
        """Choose this."""
        self.level.setCurrentIndex(self.level.findData(choices.level))
        self.moved.setChecked(choices.moved)
        self._choose_scope(choices.both)

    def set_running(self, running: bool) -> None:
        """Show what can be done while it runs, or while it does not."""
        for widget in (self._word, self.scope, self.level, self.moved, self._rest):
            widget.setVisible(not running)
        self.start_button.setVisible(not running)
        for widget in (self.doing, self.progress, self.cancel_button):
            widget.setVisible(running)
        if running:
            self.progress.setRange(0, 0)
            self.doing.set_full_text("")

    def show_progress(self, progress: Progress) -> None:
        """Show how far it is."""
        self.progress.setRange(0, 1000 if progress.total else 0)
        self.progress.setValue(round(1000 * progress.fraction))
        self.doing.set_full_text(progress.what)

    def _choose_scope(self, both: bool) -> None:
        self._both = both
        self.scope.setCurrentIndex(max(0, self.scope.findData(both)))

    @Slot()
    def _on_scope(self) -> None:
        """Keep what was chosen; a dataset without another split leaves no choice."""
        if self.scope.count() > 1:
            self._both = bool(self.scope.currentData())

    @Slot()
    def _show_tip(self) -> None:
        self.level.setToolTip(LEVEL_TIPS[str(self.level.currentData())])
