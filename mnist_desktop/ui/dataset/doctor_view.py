"""The doctor's view: what is wrong with a file, what can be saved of it, and what was saved."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from mnist_desktop.datasets.doctor import Diagnosis
from mnist_desktop.datasets.rescue import Saved
from mnist_desktop.progress import Progress
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import ElidedLabel, button, subheading
from mnist_desktop.ui.dataset.doctor_card import VerdictCard
from mnist_desktop.ui.dataset.doctor_parts import PictureRow, ProblemRow
from mnist_desktop.ui.messages import MessageStrip

OPEN_IT = "Open it"


class DoctorView(QWidget):
    """Tell how a file is, and offer to save what is whole.

    `closed` asks to go back, `examine_requested` to examine another file (a Path),
    `save_requested` to save of the file shown what is whole (a Diagnosis, and whether its partner
    is wanted too), `open_requested` to open a sound file or what was saved (a Path),
    `cancel_requested` to end what runs.
    """

    closed = Signal()
    examine_requested = Signal(object)
    save_requested = Signal(object, bool)
    open_requested = Signal(object)
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("doctor_view")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.diagnosis: Diagnosis | None = None
        self._saved: Saved | None = None
        self.back_button = button("Back", "left", role="link")
        self.name = ElidedLabel()
        self.name.setProperty("role", "heading")
        self.folder = ElidedLabel()
        self.folder.setProperty("role", "secondary")
        self.folder.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.strip = MessageStrip()
        self.card = VerdictCard()
        self.findings = QVBoxLayout()
        self.findings.setSpacing(theme.BETWEEN)
        self.pictures_title = subheading("Its first images")
        self.pictures = PictureRow()
        self.partner = QLabel()
        self.partner_button = button("Examine it", role="link")
        self._build()
        self._connect()

    def _build(self) -> None:
        """Put the parts into their places."""
        top = QHBoxLayout()
        top.setSpacing(theme.INSIDE)
        top.addWidget(self.back_button)
        top.addWidget(self.name, 3)
        top.addWidget(self.folder, 2)
        inside = QWidget()
        inside.setProperty("role", "page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.BETWEEN)
        column.addWidget(self.card)
        column.addLayout(self.findings)
        column.addWidget(self._pictures_part())
        column.addWidget(self._partner_part())
        column.addStretch(1)
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setWidget(inside)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(12)
        page.addLayout(top)
        page.addWidget(self.strip)
        page.addWidget(self.scroll, 1)

    def _pictures_part(self) -> QWidget:
        """Return the first pictures with their title."""
        self.pictures_part = QWidget()
        part = QVBoxLayout(self.pictures_part)
        part.setContentsMargins(0, 0, 0, 0)
        part.setSpacing(theme.INSIDE)
        part.addWidget(self.pictures_title)
        part.addWidget(self.pictures)
        return self.pictures_part

    def _partner_part(self) -> QWidget:
        """Return the line about the file that belongs with it."""
        self.partner_part = QWidget()
        row = QHBoxLayout(self.partner_part)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.partner)
        row.addWidget(self.partner_button)
        row.addStretch(1)
        return self.partner_part

    def _connect(self) -> None:
        """Wire the parts to the requests."""
        self.back_button.clicked.connect(self.closed)
        self.card.cancel_requested.connect(self.cancel_requested)
        self.card.save_requested.connect(self._ask_to_save)
        self.card.open_requested.connect(self._ask_to_open)
        self.partner_button.clicked.connect(self._ask_for_partner)
        self.strip.chosen.connect(self._on_action)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    # What is shown

    def show_examining(self, path: Path) -> None:
        """Say that a file is being examined."""
        self.diagnosis = self._saved = None
        self.strip.dismiss()
        self.name.set_full_text(path.name)
        self.folder.set_full_text(str(path.parent))
        self.card.show_examining()
        self.pictures_part.hide()
        self.partner_part.hide()
        self._clear_findings()

    def show_progress(self, progress: Progress) -> None:
        """Show how far the examination or the saving is."""
        self.card.show_progress(progress)

    def show_diagnosis(self, diagnosis: Diagnosis) -> None:
        """Show what was found."""
        self.diagnosis = diagnosis
        self.card.show_diagnosis(diagnosis)
        self._clear_findings()
        for problem in diagnosis.problems:
            self.findings.addWidget(ProblemRow(problem))
        self.pictures.set_pictures(diagnosis.preview)
        self.pictures_part.setVisible(diagnosis.preview is not None)
        partner = diagnosis.partner
        self.partner_part.setVisible(partner is not None)
        if partner is not None:
            self.partner.setText(f"It belongs with “{partner.name}”.")
        self.scroll.verticalScrollBar().setValue(0)
        if diagnosis.savable and self.hasFocus():
            self.card.save_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_saving(self) -> None:
        """Say that what is whole is being saved."""
        self.strip.dismiss()
        self.card.show_working()

    def show_saved(self, saved: Saved) -> None:
        """Say what was saved, and offer to open it."""
        self._end_saving()
        self._saved = saved
        items = self.diagnosis.items(saved.count) if self.diagnosis else "items"
        also = ""
        if saved.partner_path is not None:
            also = f"{saved.partner_count:,} of its partner are in “{saved.partner_path.name}”."
        self.strip.show_message(
            f"{saved.count:,} {items} were saved in “{saved.path.name}”",
            also,
            kind="good",
            actions=[OPEN_IT],
        )

    def show_cancelled(self) -> None:
        """Offer to save again: nothing was written."""
        self._end_saving()
        self.strip.show_message("Saving was cancelled; nothing was written")

    def show_error(self, error: Exception) -> None:
        """Say why saving went wrong; what was found stays."""
        self._end_saving()
        self.strip.show_error(error)

    def _end_saving(self) -> None:
        """Take the progress away, and offer what can be done."""
        if self.diagnosis is not None:
            self.card.show_offers(self.diagnosis)

    def _clear_findings(self) -> None:
        """Take the problems of another file away."""
        while (item := self.findings.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()

    @Slot(bool)
    def _ask_to_save(self, with_partner: bool) -> None:
        """Ask to save what is whole."""
        if self.diagnosis is not None:
            self.save_requested.emit(self.diagnosis, with_partner)

    @Slot()
    def _ask_to_open(self) -> None:
        """Ask to open the file that is shown."""
        if self.diagnosis is not None:
            self.open_requested.emit(self.diagnosis.path)

    @Slot()
    def _ask_for_partner(self) -> None:
        """Ask to examine what belongs with the file."""
        if self.diagnosis is not None and self.diagnosis.partner is not None:
            self.examine_requested.emit(self.diagnosis.partner)

    @Slot(str)
    def _on_action(self, action: str) -> None:
        """Ask to open what was saved."""
        if action == OPEN_IT and self._saved is not None:
            self.open_requested.emit(self._saved.path)
