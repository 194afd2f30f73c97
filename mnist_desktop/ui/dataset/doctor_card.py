"""The verdict on a file in large words, how much of it is whole, and the button that saves that."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from mnist_desktop.datasets.doctor import Diagnosis
from mnist_desktop.progress import Progress
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import button, figure, secondary
from mnist_desktop.ui.dataset.doctor_parts import Sign

VERDICTS = {
    "sound": ("good", "This file is sound"),
    "damaged": ("bad", "This file is damaged"),
    "not idx": ("bad", "This is no IDX file"),
}
_STEPS = 1000


class VerdictCard(QFrame):
    """Show a verdict, or the progress of finding one.

    `save_requested` asks to save what is whole, and tells whether its partner is wanted too;
    `cancel_requested` to end what runs, `open_requested` to open a file that is sound.
    """

    save_requested = Signal(bool)
    cancel_requested = Signal()
    open_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.sign = Sign(32)
        self.verdict = figure()
        self.prospect = QLabel()
        self.prospect.setWordWrap(True)
        self.facts = secondary(wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.cancel_button = button("Cancel")
        self.save_button = button("", "save", role="primary")
        self.with_partner = QCheckBox()
        self.open_button = button("Open it", "open")
        self.working, self.offers = QWidget(), QWidget()
        self._build()
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.save_button.clicked.connect(self._ask_to_save)
        self.open_button.clicked.connect(self.open_requested)

    def _build(self) -> None:
        """Put the parts into their places."""
        words = QVBoxLayout()
        words.setSpacing(4)
        for label in (self.verdict, self.prospect, self.facts):
            label.setTextFormat(Qt.TextFormat.PlainText)
            words.addWidget(label)
        work = QHBoxLayout(self.working)
        work.setContentsMargins(0, 4, 0, 0)
        work.setSpacing(theme.BETWEEN)
        work.addWidget(self.bar, 1)
        work.addWidget(self.cancel_button)
        words.addWidget(self.working)
        offer = QHBoxLayout(self.offers)
        offer.setContentsMargins(0, theme.INSIDE, 0, 0)
        offer.setSpacing(theme.BETWEEN)
        offer.addWidget(self.open_button)
        offer.addWidget(self.save_button)
        offer.addWidget(self.with_partner)
        offer.addStretch(1)
        words.addWidget(self.offers)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.BETWEEN, theme.BETWEEN, theme.BETWEEN, theme.BETWEEN)
        row.setSpacing(12)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def show_examining(self) -> None:
        """Say that a file is being examined."""
        self.sign.set_kind("search")
        self.verdict.setText("Examining the file …")
        self.prospect.hide()
        self.facts.hide()
        self.show_working()

    def show_working(self) -> None:
        """Show a bar that does not know yet how far it is, in place of the offers."""
        self.offers.hide()
        self.bar.setRange(0, 0)
        self.working.show()

    def show_progress(self, progress: Progress) -> None:
        """Show how far the examination or the saving is."""
        self.bar.setRange(0, _STEPS if progress.total else 0)
        self.bar.setValue(round(_STEPS * progress.fraction))

    def show_diagnosis(self, diagnosis: Diagnosis) -> None:
        """Show a verdict, and offer to save what is whole."""
        kind, words = VERDICTS[diagnosis.verdict]
        if diagnosis.verdict == "damaged" and diagnosis.savable:
            kind = "careful"
        self.sign.set_kind(kind)
        self.verdict.setText(words)
        self.prospect.setText(f"{diagnosis.prospect}.")
        self.prospect.show()
        facts = facts_line(diagnosis)
        self.facts.setText(facts)
        self.facts.setVisible(bool(facts))
        self.setAccessibleName(f"{words}. {diagnosis.prospect}.")
        self.show_offers(diagnosis)

    def show_offers(self, diagnosis: Diagnosis) -> None:
        """Offer to save what is whole, with what belongs to it where that is long enough."""
        self.working.hide()
        count, partner = diagnosis.savable, diagnosis.partner
        is_sound = diagnosis.verdict == "sound"
        self.offers.setVisible(count > 0 or is_sound)
        self.open_button.setVisible(is_sound)
        self.save_button.setVisible(count > 0)
        items = diagnosis.items(count)
        what = f"{count:,} {items}" if diagnosis.is_doubtful else f"{count:,} whole {items}"
        self.save_button.setText(f"Save the {what}…")
        enough = partner is not None and 0 < count <= (diagnosis.partner_count or 0)
        self.with_partner.setVisible(enough)
        if enough and partner is not None:
            self.with_partner.setText(f"and the first {count:,} of “{partner.name}”")
            self.with_partner.setChecked(True)

    @Slot()
    def _ask_to_save(self) -> None:
        """Ask to save what is whole."""
        offered = self.with_partner.isVisibleTo(self)
        self.save_requested.emit(offered and self.with_partner.isChecked())


def facts_line(diagnosis: Diagnosis) -> str:
    """Return what a file is: 10,000 × 28 × 28 · uint8 · packed with gzip · KMNIST · test."""
    if not diagnosis.type:
        return ""
    parts = [" × ".join(f"{size:,}" for size in diagnosis.shape), diagnosis.type]
    if diagnosis.compressed:
        parts.append("packed with gzip")
    if diagnosis.published:
        parts.append(f"{diagnosis.published}, recognised by checksum")
    return " · ".join(parts)
