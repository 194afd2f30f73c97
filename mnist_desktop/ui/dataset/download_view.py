"""The view that fetches published datasets: a card for each, and how to do it by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mnist_desktop.datasets.download import DownloadError
from mnist_desktop.datasets.published import Published
from mnist_desktop.datasets.shelf import Holding
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Progress
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import ElidedLabel, button, heading, set_role
from mnist_desktop.ui.dataset.by_hand import ByHand
from mnist_desktop.ui.dataset.download_row import DownloadRow
from mnist_desktop.ui.messages import MessageStrip

TRY_AGAIN = "Try again"


class DownloadView(QWidget):
    """Choose a dataset, watch it come, open it.

    Signals ask: `get_requested` to fetch the dataset it carries, `cancel_requested`,
    `open_requested` for the path of images, `folder_requested` to show a folder, `look_requested`
    to look into the datasets folder, `closed` to leave this view.

    Parameters
    ----------
    datasets
        Those that can be fetched.
    folder
        The datasets folder.
    """

    get_requested = Signal(object)
    cancel_requested = Signal()
    open_requested = Signal(object)
    folder_requested = Signal(object)
    look_requested = Signal()
    closed = Signal()

    def __init__(
        self, datasets: Sequence[Published], folder: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("download_view")
        self._folder = folder
        self._fetched: Published | None = None
        self._failed: Published | None = None
        self._holdings: dict[str, Holding] = {}
        self.strip = MessageStrip()
        self.by_hand = ByHand()
        self.rows = {dataset.key: DownloadRow(dataset) for dataset in datasets}
        self.back_button = button("Back", "left")
        self.folder_button = button("Open folder", "open")
        self._build()
        self._connect()

    def _build(self) -> None:
        """Put the head above the cards."""
        head = QHBoxLayout()
        head.setSpacing(theme.BETWEEN)
        head.addWidget(self.back_button)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(heading("Get a dataset"))
        self.where = ElidedLabel(
            f"Nothing is fetched before you ask for it. Files go into {self._folder}"
        )
        set_role(self.where, "secondary")
        words.addWidget(self.where)
        head.addLayout(words, 1)
        head.addWidget(self.folder_button)
        inside = QWidget()
        inside.setProperty("role", "page")
        cards = QVBoxLayout(inside)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(theme.INSIDE)
        cards.addWidget(self.strip)
        cards.addWidget(self.by_hand)
        for row in self.rows.values():
            cards.addWidget(row)
        cards.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._area, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _connect(self) -> None:
        """Pass on what the parts ask for."""
        for row in self.rows.values():
            row.get_requested.connect(self.get_requested)
            row.cancel_requested.connect(self.cancel_requested)
            row.open_requested.connect(self.open_requested)
            row.by_hand_requested.connect(self._show_by_hand)
        self.by_hand.folder_requested.connect(self.folder_requested)
        self.by_hand.look_requested.connect(self.look_requested)
        self.back_button.clicked.connect(self.closed)
        self.folder_button.clicked.connect(lambda: self.folder_requested.emit(self._folder))
        self.strip.chosen.connect(self._on_chosen)

    def focusInEvent(self, event: QEvent) -> None:
        """Pass the keyboard on to what goes on from here."""
        super().focusInEvent(event)
        self.focus_row(next(iter(self.rows)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the view; a download goes on meanwhile."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Look again when the person comes back from another window: files may be there by now."""
        super().changeEvent(event)
        activated = event.type() == QEvent.Type.ActivationChange and self.isActiveWindow()
        if activated and self.isVisible():
            self.look_requested.emit()

    def focus_row(self, key: str) -> None:
        """Give the keyboard to what goes on in a dataset's row."""
        row = self.rows[key]
        row.first_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._area.ensureWidgetVisible(row)

    # What is there

    @Slot(object)
    def set_holdings(self, holdings: tuple[Holding, ...]) -> None:
        """Show what of each dataset is there."""
        self._holdings = {holding.dataset.key: holding for holding in holdings}
        for key, holding in self._holdings.items():
            if key in self.rows:
                self.rows[key].set_holding(holding)
        self.by_hand.set_holdings(holdings)

    # The download that runs

    def begin(self, dataset: Published) -> None:
        """Show that a dataset is being fetched."""
        self._fetched = dataset
        self.strip.dismiss()
        self.by_hand.hide()
        for row in self.rows.values():
            row.set_locked(True)
        self.rows[dataset.key].show_fetching()
        self.focus_row(dataset.key)

    @Slot(object)
    def on_progress(self, progress: Progress) -> None:
        """Show how far it is, and what a mirror did wrong."""
        if self._fetched is None:
            return
        self.rows[self._fetched.key].show_progress(progress)
        note = getattr(progress, "note", "")
        if note:
            self.strip.show_message(f"{note}; another way is tried", kind="info")

    def end(self) -> None:
        """Show that nothing is fetched any more."""
        fetched, self._fetched = self._fetched, None
        self._failed = fetched
        for row in self.rows.values():
            row.set_locked(False)
        if fetched is not None:
            had_focus = self.rows[fetched.key].cancel_button.hasFocus()
            self.rows[fetched.key].show_idle()
            if had_focus:
                self.focus_row(fetched.key)

    def show_failure(self, error: UserError) -> None:
        """Say why nothing came, what each place answered, and what to do by hand."""
        if isinstance(error, DownloadError):
            said = [f"{failure}." for failure in dict.fromkeys(map(str, error.failures))]
            # Without a network every place fails in the same way.
            shown = " ".join(said[:1] if error.offline else said)
            advice = f"{shown} {error.advice}"
            self.strip.show_message(error.message, advice, kind="bad", actions=[TRY_AGAIN])
            self.by_hand.show_for(error.holding)
        else:
            self.strip.show_error(error, actions=[TRY_AGAIN])
        self._area.ensureVisible(0, 0)

    @Slot(str)
    def _on_chosen(self, action: str) -> None:
        """Fetch again what failed."""
        if action == TRY_AGAIN and self._failed is not None:
            self.get_requested.emit(self._failed)

    @Slot(object)
    def _show_by_hand(self, dataset: Published) -> None:
        """Tell how to get a dataset without this program."""
        holding = self._holdings.get(dataset.key)
        if holding is not None:
            self.by_hand.show_for(holding)
            self._area.ensureVisible(0, 0)
